// SPDX-License-Identifier: BSD-3-Clause
#include "replay/reexec/experiment.h"
#include "replay/reexec/worker.h"
#include "tests/support/trace_text.h"
#include "trace/error.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <array>
#include <cstring>
#include <fstream>
#include <sys/socket.h>
#include <unistd.h>

namespace repro::replay::exec {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;
using trace::DType;

std::vector<std::byte> bytesOf(const std::vector<float>& numbers) {
    std::vector<std::byte> bytes(numbers.size() * sizeof(float));
    std::memcpy(bytes.data(), numbers.data(), bytes.size());
    return bytes;
}

Outcome outcomeOf(const std::vector<float>& numbers) {
    return {1, "", {{0, 0, false, DType::Float32, {2}, bytesOf(numbers)}}};
}

class ReplayExec : public testing::Test {
protected:
    std::filesystem::path file(const char* name) {
        return std::filesystem::path(testing::TempDir()) /
               (testing::UnitTest::GetInstance()->current_test_info()->name() + std::string(name));
    }
    trace::Reader recording(std::string_view text) { return test::buildTrace(file(".h5"), text); }
    std::string refusal(std::string_view text, trace::EventId event = 0) {
        try {
            planOf(recording(text), event);
        } catch (const Error& error) {
            return error.what();
        }
        return "";
    }
    /// A program in place of repro-exec.
    std::filesystem::path script(const std::string& body) {
        std::ofstream(file(".sh")) << "#!/bin/sh\n" << body << "\n";
        std::filesystem::permissions(file(".sh"), std::filesystem::perms::owner_all);
        return file(".sh");
    }
    std::string ending(const std::filesystem::path& program) {
        try {
            Worker(program, {}, Job{}).next();
        } catch (const Error& error) {
            return error.what();
        }
        return "";
    }
};

constexpr const char* kAdd =
    "add_ %x:f32[2]=(1,2)! %y:f32[2]=(3,4)@x+8 -> %x=(4,6) | args:T,T,1 threads:4";

TEST_F(ReplayExec, PlanHoldsAllThatTheOpTook) {
    const Job job = planOf(recording(kAdd), 0).job;
    EXPECT_EQ(job.op, "aten::add_");
    EXPECT_EQ(job.threads, 4);
    ASSERT_THAT(job.operands, SizeIs(2));
    EXPECT_EQ(job.operands[0].contents, bytesOf({1, 2}));
    EXPECT_EQ(job.operands[1].contents, bytesOf({3, 4}));
    EXPECT_TRUE(job.operands[0].isWritten);
    EXPECT_FALSE(job.operands[1].isWritten);
}

TEST_F(ReplayExec, OperandsThatSharedAStorageShareOneAgain) {
    const Job job = planOf(recording(kAdd), 0).job;
    EXPECT_THAT(job.storages, ElementsAre(16));
    EXPECT_EQ(job.operands[0].storage, job.operands[1].storage);
    EXPECT_EQ(job.operands[1].offset - job.operands[0].offset, 8);
}

TEST_F(ReplayExec, WhatCannotBeRunAgainIsSaid) {
    EXPECT_THAT(refusal("add %x:f32[2]=x -> %y:f32[2]=y"), HasSubstr("reprorec --capture full"));
    EXPECT_THAT(refusal("layer Net NetImpl\nend"), HasSubstr("it is no op"));
    EXPECT_THAT(refusal("begin add %x:f32[1]=(1) -> %y:f32[1]=(2)\n"
                        "add_ %x! -> %x=(2)\nend",
                        1),
                HasSubstr("choose the op around it"));
    EXPECT_THAT(refusal("rnn_backward %w:u8[4]=w^ -> %y:f32[2]=y"), HasSubstr("workspace"));
}

TEST_F(ReplayExec, OneThreadAndDeterminismAreTriedWhereTheyAreAnother) {
    const auto names = [&](std::uint32_t threads, std::uint32_t flags) {
        Job job;
        job.threads = threads;
        job.flags = flags;
        std::vector<std::string> all;
        for (const Conditions& conditions : usualConditions(job)) {
            all.push_back(conditions.name);
        }
        return all;
    };
    EXPECT_THAT(names(4, 0), ElementsAre("as recorded", "1 thread", "deterministic"));
    EXPECT_THAT(names(1, trace::context_flag::Deterministic), ElementsAre("as recorded"));
}

TEST_F(ReplayExec, MessagesArriveWholeOrNotAtAll) {
    std::array<int, 2> sockets{};
    ASSERT_EQ(::socketpair(AF_UNIX, SOCK_STREAM, 0, sockets.data()), 0);
    const Job job = planOf(recording(kAdd), 0).job;
    send(sockets[0], job);
    const Job same = receiveJob(sockets[1]).value();
    EXPECT_EQ(same.arguments, job.arguments);
    EXPECT_EQ(same.operands[1].contents, job.operands[1].contents);
    EXPECT_EQ(same.operands[1].offset, job.operands[1].offset);
    send(sockets[1], outcomeOf({1, 2}));
    EXPECT_EQ(receiveOutcome(sockets[0])->results[0].contents, bytesOf({1, 2}));
    ASSERT_EQ(::write(sockets[1], "\x40\0\0\0\0\0\0\0half", 12), 12);
    ::close(sockets[1]);
    EXPECT_THROW(receiveOutcome(sockets[0]), Error);
    EXPECT_FALSE(receiveOutcome(sockets[0]).has_value());
    EXPECT_THROW(send(sockets[0], job), Error);
    ::close(sockets[0]);
}

TEST_F(ReplayExec, EqualBitsAreOneResult) {
    const trace::Reader reader = recording(kAdd);
    Tally tally({{&reader, 0}});
    EXPECT_EQ(tally.add(outcomeOf({4, 6})), 0);
    EXPECT_EQ(tally.add(outcomeOf({4, std::nextafter(6.0F, 7.0F)})), 1);
    EXPECT_EQ(tally.add(outcomeOf({4, 6})), 0);
    EXPECT_EQ(tally.runs(), 3);
    EXPECT_EQ(tally.asRecorded(0), 2);
    EXPECT_EQ(tally.spread().maxUlp, 1);
}

TEST_F(ReplayExec, ResultsThatTheRecordingDoesNotHaveDoNotCount) {
    const trace::Reader reader = recording(kAdd);
    Tally tally({{&reader, 0}});
    Outcome outcome = outcomeOf({4, 6});
    tally.add(outcome);
    outcome.results.push_back({1, 0, false, DType::Float32, {2}, bytesOf({7, 7})});
    EXPECT_EQ(tally.add(outcome), 0);
}

TEST_F(ReplayExec, VaryingIsProofAndRepeatingSpeaksAgainst) {
    Experiment varying{
        "aten::sum",
        20,
        false,
        {{{"as recorded", 4, 0}, "", 20, 3, {}, {0}}, {{"1 thread", 1, 0}, "", 20, 1, {}, {0}}}};
    Cause cause;
    addEvidence(varying, cause);
    EXPECT_EQ(cause.kind, CauseClass::NondeterministicKernel);
    EXPECT_EQ(cause.confidence, Confidence::Proven);
    EXPECT_THAT(sentence(cause.evidence[0]), HasSubstr("3 different results in 20 runs"));
    EXPECT_THAT(sentence(cause.evidence[0]), HasSubstr("one result with: 1 thread"));

    Experiment steady = varying;
    steady.findings[0].results = 1;
    Cause other;
    addEvidence(steady, other);
    EXPECT_EQ(other.kind, CauseClass::Unknown);
    EXPECT_THAT(other.evidence, SizeIs(0));
    EXPECT_THAT(sentence(other.against[0]), HasSubstr("one result in 20 runs"));
    EXPECT_THAT(sentence(other.against[0]), HasSubstr("not the recorded one"));
}

TEST_F(ReplayExec, ResultThatNeverComesAgainIsEvidence) {
    Experiment experiment{"aten::sum",
                          20,
                          false,
                          {{{"as recorded", 4, 0}, "", 20, 1, {}, {20, 0}},
                           {{"1 thread", 1, 0}, "", 20, 1, {}, {0, 0}}}};
    Cause cause;
    addEvidence(experiment, cause);
    EXPECT_THAT(cause.evidence, SizeIs(1));
    EXPECT_THAT(sentence(cause.evidence.at(0)), HasSubstr("A 20 of 20, B never; vary"));
    EXPECT_THAT(cause.against, IsEmpty());

    experiment.findings[1].asRecorded = {0, 20};
    Cause kernel;
    kernel.kind = CauseClass::NondeterministicKernel;
    addEvidence(experiment, kernel);
    EXPECT_THAT(kernel.evidence, IsEmpty());
    EXPECT_THAT(kernel.against, SizeIs(1));
    EXPECT_THAT(sentence(kernel.against.at(0)),
                HasSubstr("A 20 of 20, B never; B 20 of 20 with: 1 thread"));

    experiment.findings[1].conditions.name = "as recorded in B";
    Cause threads;
    threads.kind = CauseClass::Threads;
    addEvidence(experiment, threads);
    EXPECT_EQ(threads.confidence, Confidence::Proven);

    experiment.findings[0].asRecorded = {0, 0};
    EXPECT_THAT(sentence(conclusion(experiment)), HasSubstr("not the recorded one"));
}

TEST_F(ReplayExec, OpThatEndsTheProcessEndsNothingElse) {
    EXPECT_THAT(ending(script("kill -SEGV $$")), HasSubstr("ended by signal 11"));
    EXPECT_THAT(ending(script("exit 3")), HasSubstr("ended with status 3"));
    EXPECT_THAT(ending("/nonexistent"), HasSubstr("cannot be started"));
}

TEST_F(ReplayExec, HostIsThatOfTheRecording) {
    const Host host = hostOf(R"({"torch_version":"2.13.0+cpu","env":{"OMP_NUM_THREADS":"2",
        "LD_PRELOAD":"x"},"libraries":[{"path":"/nowhere/libtorch_cpu.so"}]})");
    EXPECT_EQ(host.torchVersion, "2.13");
    EXPECT_EQ(host.torchFolder, "");
    EXPECT_THAT(host.variables, ElementsAre(std::pair("OMP_NUM_THREADS", "2")));
    EXPECT_EQ(hostOf("no json").torchVersion, "");
}

} // namespace
} // namespace repro::replay::exec
