// SPDX-License-Identifier: BSD-3-Clause
#include "recorder/collector/process.h"
#include "trace/error.h"

#include <gtest/gtest.h>

#include <csignal>
#include <sys/wait.h>
#include <thread>
#include <unistd.h>

namespace repro::collector {
namespace {

/// A child that waits to be killed.
pid_t makeChild() {
    const pid_t child = fork();
    if (child == 0) {
        pause();
        _exit(1);
    }
    return child;
}

void awaitEnd(const ProcessWatch& watch) {
    while (!watch.gone()) {
        std::this_thread::yield();
    }
}

} // namespace

TEST(ProcessWatch, TellsHowAProcessEndedThatNobodyReaped) {
    for (const int signal : {SIGINT, SIGKILL}) {
        const pid_t child = makeChild();
        const ProcessWatch watch(child);
        EXPECT_FALSE(watch.gone());
        kill(child, signal);
        awaitEnd(watch);
        EXPECT_EQ(watch.ending(), "signal " + std::to_string(signal));
        waitpid(child, nullptr, 0);
    }
}

TEST(ProcessWatch, NeverTellsAWrongEnding) {
    const pid_t child = makeChild();
    const ProcessWatch watch(child);
    kill(child, SIGINT);
    waitpid(child, nullptr, 0);
    awaitEnd(watch);
    const std::string ending = watch.ending(); // empty before Linux 6.15
    EXPECT_TRUE(ending.empty() || ending == "signal 2") << ending;
}

TEST(ProcessWatch, RefusesAProcessThatCannotBeSeen) {
    const pid_t child = makeChild();
    kill(child, SIGKILL);
    waitpid(child, nullptr, 0);
    EXPECT_THROW(ProcessWatch{child}, Error);
}

} // namespace repro::collector
