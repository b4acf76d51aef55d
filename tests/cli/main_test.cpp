// SPDX-License-Identifier: BSD-3-Clause
#include "program.h"

namespace repro::cli::test {

TEST(Main, AloneItPrintsItsHelp) {
    const Outcome outcome = reprorec({});
    EXPECT_EQ(outcome.status, 0);
    EXPECT_NE(outcome.out.find("Usage:"), std::string::npos);
    EXPECT_EQ(outcome.out, reprorec({"--help"}).out);
    EXPECT_EQ(outcome.err, "");
}

TEST(Main, VersionTellsToolFormatAndProtocol) {
    const Outcome outcome = reprorec({"--version"});
    EXPECT_EQ(outcome.status, 0);
    EXPECT_TRUE(outcome.out.starts_with("reprorec "));
    EXPECT_NE(outcome.out.find("\ntrace format "), std::string::npos);
    EXPECT_NE(outcome.out.find("\nrecorder protocol "), std::string::npos);
}

TEST(Main, MistypedVerbsAreNotTakenForPrograms) {
    EXPECT_TRUE(isTrouble(reprorec({"dif", "a.h5", "b.h5"}), "did you mean: reprorec diff"));
    EXPECT_TRUE(isTrouble(reprorec({"verfiy", "a.h5"}), "did you mean: reprorec verify"));
}

TEST(Main, EveryVerbTeachesWithAnExample) {
    for (const char* verb :
         {"diff", "info", "ls", "show", "dump", "env-diff", "reexec", "verify", "doctor"}) {
        const Outcome outcome = reprorec({verb, "--help"});
        EXPECT_EQ(outcome.status, 0) << verb;
        EXPECT_NE(outcome.out.find(std::string("Example:\n  reprorec ") + verb), std::string::npos)
            << outcome.out;
    }
}

} // namespace repro::cli::test
