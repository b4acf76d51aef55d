// SPDX-License-Identifier: BSD-3-Clause
#include "program.h"

#include <filesystem>
#include <fstream>
#include <sys/stat.h>
#include <unistd.h>

namespace repro::cli::test {

using DoctorTest = CliTest;

TEST_F(DoctorTest, EveryLineHasALevel) {
    const Outcome outcome = reprorec({"doctor"});
    std::size_t levels = 0;
    for (std::size_t at = 0; at < outcome.out.size(); at = outcome.out.find('\n', at) + 1) {
        const std::string level = outcome.out.substr(at, 6);
        levels += level == "ok    " || level == "warn  " || level == "fail  " ? 1 : 0;
    }
    EXPECT_EQ(levels, lines(outcome.out)) << outcome.out;
    EXPECT_EQ(outcome.status, outcome.out.find("fail  ") == std::string::npos ? 0 : 2);
    EXPECT_NE(outcome.out.find("shared memory"), std::string::npos);
}

TEST_F(DoctorTest, ProgramWithoutLibTorchIsAWarning) {
    const std::string program = REPROREC_PROGRAM;
    EXPECT_NE(reprorec({"doctor", program})
                  .out.find("warn  " + program + " does not link LibTorch itself"),
              std::string::npos);
}

TEST_F(DoctorTest, ProgramsOfAnotherUserThatGainItsRightsFail) {
    std::filesystem::copy_file(REPROREC_PROGRAM, in("setuid"));
    constexpr uid_t kOther = 1;
    if (chown(in("setuid").c_str(), kOther, kOther) != 0) {
        GTEST_SKIP() << "only root can give a file away";
    }
    ASSERT_EQ(chmod(in("setuid").c_str(), 04755), 0);
    const Outcome outcome = reprorec({"doctor", in("setuid")});
    EXPECT_EQ(outcome.status, 2);
    EXPECT_NE(outcome.out.find("set-uid"), std::string::npos) << outcome.out;
}

TEST_F(DoctorTest, ScriptsAreFine) {
    std::ofstream(in("run.sh")) << "#!/bin/sh\nexec true\n";
    ASSERT_EQ(chmod(in("run.sh").c_str(), 0755), 0);
    EXPECT_NE(reprorec({"doctor", in("run.sh")}).out.find("is a script"), std::string::npos);
}

TEST_F(DoctorTest, ProgramsThatDoNotExistFail) {
    const Outcome outcome = reprorec({"doctor", in("none")});
    EXPECT_EQ(outcome.status, 2);
    EXPECT_NE(outcome.out.find("no such program"), std::string::npos);
}

} // namespace repro::cli::test
