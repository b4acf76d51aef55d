// SPDX-License-Identifier: BSD-3-Clause
#include "gui/jobs/job_runner.h"

#include <gtest/gtest.h>

#include <stdexcept>

namespace repro::gui {
namespace {

using namespace Qt::Literals::StringLiterals;

constexpr int kWaitMs = 10'000;

TEST(JobRunner, ANewerJobReplacesOneOfTheSameTag) {
    JobRunner jobs;
    std::vector<int> delivered;
    for (int i = 0; i < 3; ++i) {
        jobs.start(
            u"tag"_s, [i](const CancelFlag&) { return i; },
            [&](int result) { delivered.push_back(result); });
    }
    EXPECT_TRUE(jobs.waitUntilIdle(kWaitMs));
    EXPECT_EQ(delivered, std::vector{2});
}

TEST(JobRunner, AFailureIsToldOnce) {
    JobRunner jobs;
    QStringList failures;
    QObject::connect(&jobs, &JobRunner::failed, &jobs, [&](const QString& tag, const QString& why) {
        failures.append(tag + u": "_s + why);
    });
    jobs.start(
        u"tag"_s, [](const CancelFlag&) -> int { throw std::runtime_error("no"); },
        [](int) { FAIL(); });
    EXPECT_TRUE(jobs.waitUntilIdle(kWaitMs));
    EXPECT_EQ(failures, QStringList{u"tag: no"_s});
}

TEST(JobRunner, ACancelledJobDeliversNothing) {
    JobRunner jobs;
    jobs.start(
        u"tag"_s,
        [](const CancelFlag& cancel) {
            while (!cancel) {
            }
            return 1;
        },
        [](int) { FAIL(); });
    jobs.cancel(u"tag"_s);
    EXPECT_TRUE(jobs.idle());
    EXPECT_TRUE(jobs.waitUntilIdle(kWaitMs));
}

TEST(JobRunner, TheMostUrgentJobComesFirst) {
    JobRunner jobs(nullptr, 1);
    std::atomic<bool> go = false;
    std::vector<int> delivered;
    const auto done = [&](int result) { delivered.push_back(result); };
    jobs.start(
        u"busy"_s,
        [&](const CancelFlag&) {
            while (!go) {
            }
            return 0;
        },
        done);
    for (const int priority : {1, 3, 2}) {
        jobs.start(
            QString::number(priority), [priority](const CancelFlag&) { return priority; }, done,
            priority);
    }
    go = true;
    jobs.finish(); // without the event loop
    EXPECT_EQ(delivered, (std::vector{0, 3, 2, 1}));
    EXPECT_TRUE(jobs.idle());
}

} // namespace
} // namespace repro::gui
