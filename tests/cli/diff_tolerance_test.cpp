// SPDX-License-Identifier: BSD-3-Clause
#include "net_trace.h"
#include "program.h"

#include <nlohmann/json.hpp>

#include <fstream>

namespace repro::cli::test {

namespace {

class DiffToleranceTest : public CliTest {
protected:
    DiffToleranceTest() {
        writeNet(in("a.h5"));
        writeNet(in("near.h5"), {.outputOffset = 0.001F});
    }
    [[nodiscard]] Outcome diff(std::vector<std::string> options) const {
        options.insert(options.begin(), {"diff", in("a.h5"), in("near.h5")});
        return reprorec(options);
    }
    [[nodiscard]] std::string rules(const std::string& text) const {
        std::ofstream(in("rules.txt")) << text;
        return in("rules.txt");
    }
};

} // namespace

TEST_F(DiffToleranceTest, WithinIsSameAndSaysSo) {
    const Outcome outcome = diff({"--atol", "0.01"});
    EXPECT_EQ(outcome.status, 0) << outcome.out << outcome.err;
    EXPECT_NE(outcome.out.find("none differs beyond tolerance; within: 3 values, 3 elements"),
              std::string::npos)
        << outcome.out;
    EXPECT_NE(outcome.out.find(" ulp"), std::string::npos);
    const auto verdict = nlohmann::json::parse(diff({"--atol", "0.01", "--json"}).out);
    EXPECT_EQ(verdict["tolerance"]["within"], 3);
    EXPECT_EQ(verdict["verdict"], "same");
}

TEST_F(DiffToleranceTest, BeyondDivergesAndSaysHowMuch) {
    const Outcome outcome = diff({"--atol", "0.0001"});
    EXPECT_EQ(outcome.status, 1);
    EXPECT_NE(outcome.out.find("1 element beyond the tolerance, the first at 0"),
              std::string::npos);
    EXPECT_EQ(diff({"--rtol", "1e-3"}).status, 0);
    EXPECT_EQ(diff({"--ulp", "1"}).status, 1);
    EXPECT_EQ(diff({"--cos", "0.9999"}).status, 0);
    EXPECT_EQ(diff({"--cos", "0.9999", "--ulp", "1"}).status, 1);
    EXPECT_EQ(diff({"--tolerance", "default"}).status, 1);
    EXPECT_EQ(diff({"--tolerance=bits"}).status, 1);
}

TEST_F(DiffToleranceTest, WithoutBytesItSaysHowToRecordThem) {
    writeNet(in("bare.h5"), {.bytes = false, .outputOffset = 0.001F});
    const Outcome outcome = reprorec({"diff", in("a.h5"), in("bare.h5"), "--atol", "100"});
    EXPECT_EQ(outcome.status, 1);
    EXPECT_NE(
        outcome.out.find("record both runs with --capture full: reprorec --capture full -o FILE "
                         "-- ./train --epochs 2"),
        std::string::npos);
}

TEST_F(DiffToleranceTest, RulesComeFromAFile) {
    EXPECT_EQ(diff({"--rules", rules("op=aten::addmm ignore\nop=aten::relu atol=0.01\n")}).status,
              0);
    EXPECT_EQ(diff({"--rules", rules("layer=Net\\.fc atol=0.01\n")}).status, 1);
}

TEST_F(DiffToleranceTest, BadTolerancesAreTrouble) {
    EXPECT_TRUE(isTrouble(diff({"--rules", in("none.txt")}), "none.txt"));
    EXPECT_TRUE(isTrouble(diff({"--rules", rules("")}), "holds no rule"));
    EXPECT_TRUE(isTrouble(diff({"--rules", rules("op=aten::nothing ulp=1")}),
                          "rules.txt:1: the rule applies to no value"));
    EXPECT_TRUE(isTrouble(diff({"--rtol", "-1"}), "'-1' is not a number of at least 0"));
    EXPECT_TRUE(isTrouble(diff({"--atol", "nan"}), "'nan' is not a number of at least 0"));
    EXPECT_TRUE(isTrouble(diff({"--cos", "2"}), "'2' is not a number of 0 to 1"));
    EXPECT_TRUE(isTrouble(diff({"--ulp", "-1"}), "'-1' is not a whole number"));
    EXPECT_TRUE(isTrouble(diff({"--tolerance=default", "--atol", "1"}), "--atol"));
}

} // namespace repro::cli::test
