// SPDX-License-Identifier: BSD-3-Clause
#include "net_trace.h"
#include "program.h"
#include "tests/support/trace_text.h"

#include <nlohmann/json.hpp>

namespace repro::cli::test {

namespace {

class InfoTest : public CliTest {
protected:
    InfoTest() { writeNet(in("net.h5")); }
};

} // namespace

TEST_F(InfoTest, CountsWhatIsThere) {
    const auto counts =
        nlohmann::json::parse(reprorec({"info", in("net.h5"), "--json"}).out)["counts"];
    EXPECT_EQ(counts["events"], 8);
    EXPECT_EQ(counts["ops"], 6);
    EXPECT_EQ(counts["outermost_ops"], 4);
    EXPECT_EQ(counts["steps"], 2);
    EXPECT_EQ(counts["uses_assumed"], 2);
    EXPECT_EQ(counts["uses_verified"], 8);
    EXPECT_EQ(counts["draws"], 2);
    EXPECT_EQ(counts["payload_bytes"], 24 * counts["values"].get<int>());
}

TEST_F(InfoTest, WhatFollowsTheLastStepOfAnOptimizerIsNoStep) {
    const auto stepsOf = [&](const std::string& text) {
        repro::test::buildTrace(in("steps.h5"), text);
        const Outcome outcome = reprorec({"info", in("steps.h5"), "--json"});
        return nlohmann::json::parse(outcome.out)["counts"]["steps"].get<int>();
    };
    const std::string training = "neg %x:f32[2]=x\noptimizer\nstep 1\nneg %x\noptimizer\n";
    EXPECT_EQ(stepsOf(training), 2);
    EXPECT_EQ(stepsOf(training + "step 2\nneg %x\n"), 2);
    EXPECT_EQ(stepsOf("neg %x:f32[2]=x\nstep 1\nneg %x\n"), 2);
}

TEST_F(InfoTest, TextNamesProgramEndingAndEnvironment) {
    const Outcome outcome = reprorec({"info", in("net.h5")});
    EXPECT_EQ(outcome.status, 0);
    for (const char* words : {"./train --epochs 2", "2023-11-14 22:13:20 UTC", "exit 0\n",
                              "8 (4 outermost ops, 6 ops in all)", "threads                  4"}) {
        EXPECT_NE(outcome.out.find(words), std::string::npos) << words << "\n" << outcome.out;
    }
    EXPECT_EQ(outcome.out.find('\x1b'), std::string::npos);
}

TEST_F(InfoTest, LayersAreATree) {
    EXPECT_EQ(reprorec({"info", in("net.h5"), "--layers"}).out,
              "Net  NetImpl  0 calls\n  Net.fc  LinearImpl  2 calls\n");
}

} // namespace repro::cli::test
