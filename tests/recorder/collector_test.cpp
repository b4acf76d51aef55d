// SPDX-License-Identifier: BSD-3-Clause
#include "recorder/collector/collector.h"
#include "tests/recorder/fake_host.h"
#include "tests/recorder/memory_sink.h"
#include "trace/reader.h"
#include "trace/writer.h"

#include <gtest/gtest.h>

#include <csignal>
#include <filesystem>
#include <fstream>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <thread>

namespace repro::collector {
namespace {

using namespace tests;
namespace fs = std::filesystem;

constexpr std::uint64_t kSmallRing = 64ULL << 10U;

/// Forked while the test has one thread; ends with the test's own verdict as its status.
struct Outcome {
    Rows rows;
    Result result;
    int status = -1;
};

Outcome recordHost(const std::function<int()>& body, SessionOptions options = {},
                   std::uint64_t mostEvents = trace::kNone64) {
    Outcome outcome;
    outcome.rows.mostEvents = mostEvents;
    FakeHost host(body);
    Collector collector(std::move(options), [&outcome](const Process&) {
        return std::make_unique<MemorySink>(outcome.rows);
    });
    host.start(collector.socketPath());
    host.awaitEnd();
    const auto results = collector.finish();
    outcome.status = host.wait();
    if (!results.empty()) {
        outcome.result = results.front();
    }
    return outcome;
}

SessionOptions smallRing() {
    SessionOptions options;
    options.ringBytes = kSmallRing;
    return options;
}

class SlowCollector {
public:
    SlowCollector() { setenv("REPROREC_TEST_DELAY_US", "3000", 1); }
    ~SlowCollector() { unsetenv("REPROREC_TEST_DELAY_US"); }
};

int sendOps(std::uint64_t count) {
    wire::Producer* producer = wire::Producer::open();
    if (producer == nullptr) {
        return 1;
    }
    sendRecord(*producer, threadRecord(0, 1));
    sendRecord(*producer, opRecord(0, "aten::add"));
    for (std::uint64_t i = 0; i < count; ++i) {
        sendOp(*producer, 0);
    }
    sendRecord(*producer, byeRecord());
    return 0;
}

TEST(Collector, TellsWhichNamesPassAFilter) {
    SessionOptions options;
    std::string_view("^aten::(mm|add)$").copy(options.recording.captureOps, 100);
    const auto outcome = recordHost(
        [] {
            const auto passes = [](wire::NameFilter filter, std::string_view name) {
                return wire::Session::passes(filter, name.data(), name.size());
            };
            const std::string longest(wire::kLongestName, 'x');
            const bool right =
                passes(wire::NameFilter::Op, "aten::mm") &&
                passes(wire::NameFilter::Op, "aten::add") &&
                !passes(wire::NameFilter::Op, "aten::addmm") && !passes(wire::NameFilter::Op, "") &&
                passes(wire::NameFilter::Layer, "") && passes(wire::NameFilter::Layer, longest) &&
                !passes(wire::NameFilter::Layer, longest + "x");
            return right ? sendOps(1) : 1;
        },
        options);
    EXPECT_EQ(outcome.status, 0);
}

TEST(Collector, ReceivesEveryRecordInOrderThoughTheRingWrapsManyTimes) {
    constexpr std::uint32_t kTexts = 2000;
    const auto outcome = recordHost(
        [] {
            wire::Producer* producer = wire::Producer::open();
            for (std::uint32_t i = 0; i < kTexts; ++i) {
                sendRecord(*producer, textRecord(i, std::to_string(i) + std::string(i % 501, 'x')));
            }
            return 0;
        },
        smallRing());
    EXPECT_EQ(outcome.status, 0);
    ASSERT_EQ(outcome.rows.texts.size(), kTexts);
    for (std::uint32_t i = 0; i < kTexts; ++i) {
        EXPECT_EQ(outcome.rows.texts[i], std::to_string(i) + std::string(i % 501, 'x'));
    }
    EXPECT_EQ(outcome.result.header.gaps, 0U);
}

TEST(Collector, HoldsTheHostUpRatherThanLoseARecord) {
    const SlowCollector slow;
    const auto outcome = recordHost([] { return sendOps(5000); }, smallRing());
    EXPECT_EQ(outcome.result.events, 5000U);
    EXPECT_GT(outcome.result.header.heldUpNs, 0U);
    EXPECT_EQ(outcome.result.header.drops, 0U);
    EXPECT_TRUE(outcome.result.header.complete);
    EXPECT_EQ(outcome.result.header.ending, "exit 0");
}

TEST(Collector, CountsWhatWasDroppedWhenDroppingWasAskedFor) {
    const SlowCollector slow;
    auto options = smallRing();
    options.recording.drop = 1;
    const auto outcome = recordHost([] { return sendOps(20'000); }, options);
    EXPECT_EQ(outcome.status, 0);
    EXPECT_EQ(outcome.result.error, "");
    EXPECT_GT(outcome.result.header.drops, 0U);
    EXPECT_LT(outcome.result.events, 20'000U);
    EXPECT_EQ(outcome.result.header.heldUpNs, 0U);
}

TEST(Collector, MergesFourProducersWithoutAGap) {
    constexpr std::uint64_t kOps = 5000;
    const auto outcome = recordHost(
        [] {
            wire::Producer* first = wire::Producer::open();
            sendRecord(*first, opRecord(0, "aten::add"));
            std::vector<std::thread> threads;
            for (std::uint32_t i = 0; i < 4; ++i) {
                threads.emplace_back([i] {
                    wire::Producer* producer = wire::Producer::open();
                    sendRecord(*producer, threadRecord(i, i, "worker"));
                    for (std::uint64_t op = 0; op < kOps; ++op) {
                        sendOp(*producer, 0);
                    }
                });
            }
            for (std::thread& thread : threads) {
                thread.join();
            }
            return 0;
        },
        smallRing());
    EXPECT_EQ(outcome.result.error, "");
    EXPECT_EQ(outcome.result.header.gaps, 0U);
    ASSERT_EQ(outcome.rows.events.size(), 4 * kOps);
    for (std::size_t i = 1; i < outcome.rows.events.size(); ++i) {
        ASSERT_LT(outcome.rows.events[i - 1].begin, outcome.rows.events[i].begin);
    }
}

TEST(Collector, GivesTheRingsOfEndedThreadsToNewOnes) {
    constexpr std::uint32_t kThreads = 500;
    const auto outcome = recordHost([] {
        sendOps(0);
        for (std::uint32_t i = 1; i <= kThreads; ++i) {
            std::thread([i] {
                wire::Producer* producer = wire::Producer::open();
                sendRecord(*producer, threadRecord(i, i, "short"));
                sendOp(*producer, 0);
            }).join();
        }
        std::ifstream maps("/proc/self/maps");
        int rings = 0;
        for (std::string line; std::getline(maps, line);) {
            rings += line.find("reprorec ring") != std::string::npos ? 1 : 0;
        }
        return rings < 400 ? 0 : 1; // each is mapped in two pieces
    });
    EXPECT_EQ(outcome.status, 0);
    EXPECT_EQ(outcome.result.error, "");
    EXPECT_EQ(outcome.result.events, kThreads);
}

TEST(Collector, KeepsTheBytesOfTwoThreadsApart) {
    constexpr std::uint64_t kTotal = 40 * 8192;
    const auto outcome = recordHost(
        [] {
            const auto send = [](std::uint32_t id) {
                wire::Producer* producer = wire::Producer::open();
                sendRecord(*producer, threadRecord(id, id));
                for (std::uint64_t at = 0; at < kTotal; at += 8192) {
                    sendRecord(*producer, payloadRecord(id, kTotal, at,
                                                        Bytes(8192, static_cast<std::byte>(id))));
                }
            };
            std::thread other(send, 1);
            send(2);
            other.join();
            return 0;
        },
        smallRing());
    EXPECT_EQ(outcome.result.error, "");
    const auto& bytes = outcome.rows.payload.at(trace::DType::Float32);
    ASSERT_EQ(bytes.size(), 2 * kTotal);
    for (const std::uint64_t half : {std::uint64_t{0}, kTotal}) {
        EXPECT_EQ(std::count(bytes.begin() + half, bytes.begin() + half + kTotal, bytes[half]),
                  kTotal);
    }
}

TEST(Collector, KeepsTheInputsOfTheOpThatAHostDiedIn) {
    const auto outcome = recordHost([] {
        sendOps(1);
        wire::Producer* producer = wire::Producer::open();
        sendRecord(*producer,
                   beginRecord(beginOf(trace::EventKind::Op, 0), {useOf(5, trace::Direction::In)}));
        raise(SIGKILL);
        return 0;
    });
    EXPECT_EQ(outcome.status, 128 + SIGKILL);
    ASSERT_EQ(outcome.rows.events.size(), 2U);
    EXPECT_TRUE(outcome.rows.ends[1].flags & trace::event_flag::Unfinished);
    EXPECT_EQ(outcome.rows.ends[1].useCount, 1U);
    EXPECT_EQ(outcome.result.header.ending, "signal 9");
}

TEST(Collector, AHoleThatAKilledThreadLeftIsCounted) {
    const auto outcome = recordHost([] {
        sendOps(1);
        std::atomic_ref(wire::Session::control()->ordinal).fetch_add(3);
        wire::Producer* producer = wire::Producer::open();
        sendOp(*producer, 0);
        return 0;
    });
    EXPECT_EQ(outcome.result.header.gaps, 3U);
    EXPECT_EQ(outcome.result.events, 2U);
    EXPECT_FALSE(outcome.result.header.complete);
}

TEST(Collector, CountsEachForkedChildThatRanAnOp) {
    const auto outcome = recordHost([] {
        sendOps(1);
        for (int ops = 0; ops < 3; ++ops) { // the first of the three runs none
            const pid_t child = fork();
            if (child == 0) {
                wire::Session::becomeChild();
                for (int i = 0; i < ops; ++i) {
                    wire::Session::missed();
                }
                _exit(wire::Session::live() ? 1 : 0);
            }
            wire::Session::missed(); // of the parent: it may be paused
            int status = 0;
            waitpid(child, &status, 0);
            if (status != 0) {
                return 1;
            }
        }
        return 0;
    });
    EXPECT_EQ(outcome.status, 0);
    EXPECT_EQ(outcome.result.header.unrecordedChildren, 2U);
}

TEST(Collector, AFullDiskStopsTheRecordingAndNotTheHost) {
    const auto outcome = recordHost([] { return sendOps(50'000); }, smallRing(), 100);
    EXPECT_EQ(outcome.status, 0);
    EXPECT_NE(outcome.result.error.find("no space left"), std::string::npos);
    EXPECT_EQ(outcome.result.events, 100U);
    EXPECT_TRUE(outcome.rows.finished);
    EXPECT_NE(outcome.rows.header.ending.find("collector:"), std::string::npos);
}

TEST(Collector, ARingFullOfNonsenseEndsTheRecordingAndNotTheHost) {
    const auto outcome = recordHost(
        [] {
            wire::Producer* producer = wire::Producer::open();
            for (int i = 0; i < 100'000 && wire::Session::live(); ++i) {
                if (std::byte* place = producer->reserve(64)) {
                    std::memset(place, 0xEE, 64);
                    producer->commit(64); // of a kind that nobody knows
                }
            }
            return 0;
        },
        smallRing());
    EXPECT_EQ(outcome.status, 0);
    EXPECT_NE(outcome.result.error, "");
}

TEST(Collector, ItsDeathEndsTheRecordingAndNotTheHost) {
    FakeHost host([] { return sendOps(2'000'000) + (wire::Session::live() ? 1 : 0); });
    std::array<int, 2> pipe{};
    ASSERT_EQ(::pipe(pipe.data()), 0);
    const pid_t collectorPid = fork();
    if (collectorPid == 0) {
        setenv("REPROREC_TEST_DELAY_US", "3000", 1);
        Rows rows;
        Collector collector(smallRing(),
                            [&rows](const Process&) { return std::make_unique<MemorySink>(rows); });
        const std::string path = collector.socketPath();
        host.start(path);
        while (collector.progress().events == 0) {
            std::this_thread::yield();
        }
        [[maybe_unused]] const auto told = write(pipe[1], path.data(), path.size());
        pause();
    }
    std::array<char, 256> path{};
    ASSERT_GT(read(pipe[0], path.data(), path.size() - 1), 0);
    kill(collectorPid, SIGKILL);
    waitpid(collectorPid, nullptr, 0);
    EXPECT_EQ(host.wait(), 0);
    fs::remove_all(fs::path(path.data()).parent_path());
    close(pipe[0]);
    close(pipe[1]);
}

TEST(Collector, LeavesNothingBehind) {
    fs::path folder;
    {
        Rows rows;
        const Collector collector(
            {}, [&rows](const Process&) { return std::make_unique<MemorySink>(rows); });
        folder = fs::path(collector.socketPath()).parent_path();
        EXPECT_TRUE(fs::exists(folder));
    }
    EXPECT_FALSE(fs::exists(folder));
}

/// From here on the calling process gets EPERM for both, as in a sandbox or from an old kernel.
void refuseEventfdAndPidfd() {
    sock_filter program[] = {
        BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(seccomp_data, nr)),
        BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_eventfd2, 1, 0),
        BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_pidfd_open, 0, 1),
        BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | EPERM),
        BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
    };
    const sock_fprog filter = {std::size(program), program};
    prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
    prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &filter);
}

TEST(Collector, DoesWithoutEventfdAndPidfd) {
    const pid_t sandboxed = fork();
    if (sandboxed == 0) {
        refuseEventfdAndPidfd();
        const bool refused = syscall(SYS_eventfd2, 0, 0) < 0 && errno == EPERM;
        const auto outcome = recordHost([] { return sendOps(10); });
        const bool whole = outcome.result.events == 10 && outcome.result.header.complete &&
                           outcome.result.header.ending == "exit 0";
        _exit(refused && whole ? 0 : 1);
    }
    int status = -1;
    waitpid(sandboxed, &status, 0);
    EXPECT_EQ(status, 0);
}

TEST(Collector, StopsRecordingAProcessThatGoesOn) {
    std::array<int, 2> pipe{};
    ASSERT_EQ(::pipe(pipe.data()), 0);
    FakeHost host([&] {
        wire::Producer* producer = wire::Producer::open();
        sendRecord(*producer, threadRecord(0, 1));
        sendRecord(*producer, opRecord(0, "aten::add"));
        sendOp(*producer, 0);
        char byte = 0;
        return read(pipe[0], &byte, 1) == 1 && !wire::Session::live() ? 0 : 1;
    });
    Rows rows;
    Collector collector({}, [&](const Process&) { return std::make_unique<MemorySink>(rows); });
    host.start(collector.socketPath());
    while (collector.progress().events == 0) {
        std::this_thread::yield();
    }
    EXPECT_EQ(collector.living(), std::vector<pid_t>{host.pid()});
    collector.stop();
    const auto results = collector.finish();
    EXPECT_EQ(write(pipe[1], "", 1), 1);
    EXPECT_EQ(host.wait(), 0);
    ASSERT_EQ(results.size(), 1U);
    EXPECT_NE(results[0].header.ending.find("stopped"), std::string::npos);
    EXPECT_FALSE(results[0].header.complete);
    close(pipe[0]);
    close(pipe[1]);
}

TEST(Collector, HearsOfAProcessThatCannotBeRecorded) {
    Collector collector({}, [](const Process&) { return std::unique_ptr<trace::Sink>(); });
    wire::Session::refuse(collector.socketPath().c_str(), "1.5.0");
    EXPECT_TRUE(collector.finish().empty());
    EXPECT_EQ(collector.refusals(), std::vector<std::string>{"1.5.0"});
}

TEST(Collector, AHostsErrnoAndDescriptorsAreItsOwn) {
    const auto outcome = recordHost([] {
        errno = ERANGE;
        wire::Producer* producer = wire::Producer::open();
        const bool kept = errno == ERANGE;
        for (int descriptor = 0; descriptor < 64; ++descriptor) {
            close(descriptor);
        }
        sendRecord(*producer, threadRecord(0, 1));
        sendRecord(*producer, opRecord(0, "aten::add"));
        const bool sent = sendOp(*producer, 0);
        return kept && sent ? 0 : 1;
    });
    EXPECT_EQ(outcome.status, 0);
    EXPECT_EQ(outcome.result.events, 1U);
}

TEST(Collector, WritesATraceThatTheReaderReads) {
    const fs::path path =
        fs::path(testing::TempDir()) / ("collector-" + std::to_string(getpid()) + ".h5");
    {
        FakeHost host([] { return sendOps(10); });
        Collector collector(SessionOptions(), [&path](const Process&) {
            return std::make_unique<trace::Writer>(path);
        });
        host.start(collector.socketPath());
        host.awaitEnd();
        const auto results = collector.finish();
        ASSERT_EQ(results.size(), 1U);
        EXPECT_EQ(results[0].error, "");
    }
    const trace::Reader reader(path);
    reader.verify();
    EXPECT_EQ(reader.events().count, 10U);
    EXPECT_EQ(reader.text(reader.ops().at(0).name), "aten::add");
    EXPECT_EQ(reader.header().ending, "exit 0");
    EXPECT_TRUE(reader.header().complete);
    fs::remove(path);
}

} // namespace
} // namespace repro::collector
