// SPDX-License-Identifier: BSD-3-Clause
#include "recorder/collector/collector.h"

#include <algorithm>
#include <csignal>
#include <cstdlib>
#include <poll.h>
#include <random>

namespace repro::collector {
namespace {

using std::chrono::microseconds;
constexpr microseconds kShortestSleep{50};
constexpr microseconds kLongestSleep{2000};

class TestDelay {
public:
    TestDelay() {
        const char* text = std::getenv("REPROREC_TEST_DELAY_US");
        m_most = text != nullptr ? std::atol(text) : 0;
    }
    void operator()() {
        if (m_most > 0) {
            std::this_thread::sleep_for(
                microseconds(std::uniform_int_distribution<long>(0, m_most)(m_random)));
        }
    }

private:
    long m_most = 0;
    std::minstd_rand m_random;
};

} // namespace

Collector::Collector(SessionOptions options, OutputFactory makeOutput)
    : m_options(std::move(options)), m_makeOutput(std::move(makeOutput)),
      m_listener([this](Process process) {
          auto made = std::make_unique<Session>(std::move(process), m_options, m_makeOutput);
          made->setEndingOf([this](pid_t pid) { return endingOf(pid); });
          return made;
      }) {
    sigset_t all;
    sigset_t before;
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    m_worker = std::thread([this] { run(); });
    pthread_sigmask(SIG_SETMASK, &before, nullptr);
}

Collector::~Collector() {
    if (m_worker.joinable()) {
        finish();
    }
}

void Collector::childEnded(pid_t pid, std::string ending) {
    const std::lock_guard lock(m_mutex);
    m_endings[pid] = std::move(ending);
}

std::string Collector::endingOf(pid_t pid) const {
    const std::lock_guard lock(m_mutex);
    const auto known = m_endings.find(pid);
    return known == m_endings.end() ? std::string() : known->second;
}

Progress Collector::progress() const {
    const std::lock_guard lock(m_mutex);
    Progress sum = m_finishedProgress;
    for (const Session* session : m_sessions) {
        sum.events += session->counts().events;
        sum.payloadBytes += session->counts().payloadBytes;
    }
    return sum;
}

std::vector<pid_t> Collector::living() const {
    const std::lock_guard lock(m_mutex);
    std::vector<pid_t> processes;
    for (const Session* session : m_sessions) {
        if (!session->watch().gone()) {
            processes.push_back(session->watch().pid());
        }
    }
    return processes;
}

void Collector::stop() {
    const std::lock_guard lock(m_mutex);
    for (Session* session : m_sessions) {
        session->stop();
    }
}

void Collector::adopt() {
    const auto added = m_listener.takeNew();
    const std::lock_guard lock(m_mutex);
    m_sessions.insert(m_sessions.end(), added.begin(), added.end());
    m_active = m_sessions.size();
}

void Collector::settle() {
    const std::lock_guard lock(m_mutex);
    std::erase_if(m_sessions, [this](Session* session) {
        if (!session->finished()) {
            return false;
        }
        m_results.push_back(session->result());
        m_finishedProgress.events += session->counts().events;
        m_finishedProgress.payloadBytes += session->counts().payloadBytes;
        return true;
    });
    m_active = m_sessions.size();
}

bool Collector::workOnAll() {
    bool progressed = false;
    for (Session* session : m_sessions) {
        progressed = session->work() || progressed;
    }
    settle();
    return progressed;
}

void Collector::run() {
    TestDelay delay;
    microseconds sleep = kShortestSleep;
    for (;;) {
        const bool closing = m_closing;
        adopt();
        delay();
        if (workOnAll()) {
            sleep = kShortestSleep;
            continue;
        }
        if (closing && m_sessions.empty()) {
            return;
        }
        sleepUntilSomething(sleep);
        sleep = std::min(2 * sleep, kLongestSleep);
    }
}

/// Hosts do not wake us, for that would cost them a system call; the end of one does.
void Collector::sleepUntilSomething(microseconds limit) const {
    std::vector<pollfd> entries;
    for (const Session* session : m_sessions) {
        entries.push_back({session->watch().descriptor(), POLLIN, 0});
    }
    const auto nanoseconds = std::chrono::nanoseconds(limit).count();
    const timespec wait = {0, static_cast<long>(nanoseconds)};
    ppoll(entries.data(), entries.size(), &wait, nullptr);
}

std::vector<Result> Collector::finish() {
    if (m_worker.joinable()) {
        m_closing = true;
        m_worker.join();
        m_listener.stop();
    }
    std::ranges::sort(m_results, {}, [](const Result& result) { return result.process.number; });
    return m_results;
}

} // namespace repro::collector
