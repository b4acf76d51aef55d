// SPDX-License-Identifier: BSD-3-Clause
#include "gui/viewmodel/rerun.h"
#include "tests/gui/fixture.h"

#include <QFile>

namespace repro::gui {
namespace {

using namespace Qt::Literals::StringLiterals;

/// A program in place of `reprorec reexec`, so that it says what the test wants.
class RerunTest : public test::ViewerTest {
protected:
    RerunTest() {
        m_session.open(write("a.h5", test::kRunA), write("b.h5", test::runB()));
        wait();
    }
    void wait() { ASSERT_TRUE(m_session.jobs().waitUntilIdle(30'000)); }
    Rerun& rerun(const QByteArray& script) {
        QFile file(path("reprorec"));
        EXPECT_TRUE(file.open(QIODevice::WriteOnly));
        file.write("#!/bin/sh\n" + script + "\n");
        file.setPermissions(QFile::ReadOwner | QFile::ExeOwner);
        file.close();
        m_rerun = std::make_unique<Rerun>(m_session, path("reprorec"));
        return *m_rerun;
    }
    Session m_session;
    std::unique_ptr<Rerun> m_rerun;
};

constexpr const char* kRacing = R"(
    echo '{"schema":"reprorec.reexec/1"}'
    for result in 0 1 0; do echo '{"conditions":"as recorded","result":'$result',"ns":5}'; done
    echo '{"conditions":"as recorded","refused":null,"runs":3,"results":2,"max_ulp":3,"as_recorded":[2]}'
    echo '{"conditions":"1 thread","refused":"it may not","runs":0,"results":0,"max_ulp":null,"as_recorded":[]}'
    echo '{"varies":true,"conclusion":"mm gave 2 different results"}'
    exit 1)";

TEST_F(RerunTest, CountsTheResultsOfEachOfTheConditions) {
    Rerun& again = rerun(kRacing);
    EXPECT_EQ(again.of(1), nullptr);
    again.start(1, false, 3);
    EXPECT_TRUE(again.isRunning());
    wait();
    const RerunResult* result = again.of(1);
    ASSERT_NE(result, nullptr);
    EXPECT_EQ(result->error, QString());
    EXPECT_TRUE(result->varies);
    EXPECT_EQ(result->conclusion, u"mm gave 2 different results"_s);
    ASSERT_EQ(result->findings.size(), 2U);
    EXPECT_EQ(result->findings[0].runs, (std::vector<quint64>{2, 1}));
    EXPECT_EQ(result->findings[0].spread, u"up to 3 ULP"_s);
    EXPECT_EQ(result->findings[0].asRecorded, 2);
    EXPECT_EQ(result->findings[1].refused, u"it may not"_s);
    EXPECT_EQ(again.of(2), nullptr);
}

TEST_F(RerunTest, IsAskedForTheEventOfTheRunThatWasChosen) {
    Rerun& again = rerun("echo \"reprorec: $*\" >&2; exit 2");
    again.start(1, true, 7);
    wait();
    const QString event = QString::number(m_session.document()->rows().all[1].b);
    EXPECT_EQ(again.of(1)->error,
              u"reexec --json "_s + path("b.h5") + u" --event "_s + event + u" --runs 7"_s);
}

TEST_F(RerunTest, TroubleIsOneLine) {
    Rerun& again = rerun("echo 'reprorec: a.h5: no bytes' >&2; exit 2");
    again.start(1, false, 3);
    wait();
    EXPECT_EQ(again.of(1)->error, u"a.h5: no bytes"_s);
    Rerun missing(m_session, path("nothing"));
    missing.start(1, false, 3);
    wait();
    EXPECT_TRUE(missing.of(1)->error.contains(u"cannot be started"_s))
        << qPrintable(missing.of(1)->error);
}

TEST_F(RerunTest, StopEndsTheProgram) {
    Rerun& again = rerun("exec sleep 600");
    again.start(1, false, 3);
    again.stop();
    EXPECT_FALSE(again.isRunning());
}

TEST_F(RerunTest, AnotherPairForgetsTheResults) {
    Rerun& again = rerun(kRacing);
    again.start(1, false, 3);
    wait();
    m_session.open(path("a.h5"));
    wait();
    EXPECT_EQ(again.of(1), nullptr);
}

} // namespace
} // namespace repro::gui
