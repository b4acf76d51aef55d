// SPDX-License-Identifier: BSD-3-Clause
#include "net_trace.h"
#include "program.h"

#include <nlohmann/json.hpp>

namespace repro::cli::test {

namespace {

class ShowTest : public CliTest {
protected:
    ShowTest() { writeNet(in("net.h5")); }
    nlohmann::json event(const std::string& number) {
        return nlohmann::json::parse(
            reprorec({"show", in("net.h5"), "--event", number, "--json"}).out);
    }
};

} // namespace

TEST_F(ShowTest, NamesArgumentsAsTheSchemaDoes) {
    EXPECT_EQ(event("1")["arguments"].dump(),
              R"([{"name":"self","value":"Tensor"},{"name":"mat1","value":"Tensor"},)"
              R"({"name":"beta","value":"0.5"}])");
}

TEST_F(ShowTest, FindsTheOutermostProducer) {
    EXPECT_EQ(event("3")["tensors"][0]["producer"].dump(), R"({"event":1,"slot":"out0"})");
    EXPECT_TRUE(event("1")["tensors"][0]["producer"].is_null());
}

TEST_F(ShowTest, TellsStatisticsDrawsAndContext) {
    const auto report = event("1");
    EXPECT_EQ(report["tensors"][1]["statistics"]["max"], 4);
    EXPECT_EQ(report["draws"][0]["generator"], "default cpu");
    EXPECT_EQ(report["context"]["threads"], 4);
    EXPECT_EQ(report["site"]["file"], "train.cpp");
    EXPECT_EQ(report["site"]["line"], 42);
    EXPECT_EQ(report["site"]["function"], "step()");
    EXPECT_EQ(report["site"]["frames"].size(), 1U);
    EXPECT_EQ(report["tensors"][0]["name"], "Net.fc.weight");
}

TEST_F(ShowTest, TextHasTheSameFacts) {
    const Outcome outcome = reprorec({"show", in("net.h5"), "--event", "3"});
    EXPECT_EQ(outcome.status, 0);
    for (const char* words : {"event 3  aten::relu  (outermost, verified, drew)",
                              "layer     Net (NetImpl)", "in0  float32 [2, 3]  strides [3, 1]  cpu",
                              "written by event 1 out0 aten::addmm", "min 2 max 4 mean 3"}) {
        EXPECT_NE(outcome.out.find(words), std::string::npos) << words << "\n" << outcome.out;
    }
}

TEST_F(ShowTest, AnExpressionLeadsToTheFirstEventThatPasses) {
    const auto first = [&](const char* expression) {
        return nlohmann::json::parse(
            reprorec({"show", in("net.h5"), "--filter", expression, "--json"}).out)["event"];
    };
    EXPECT_EQ(first("relu"), 3);
    EXPECT_EQ(first("relu step:1"), 7);
    EXPECT_TRUE(isTrouble(reprorec({"show", in("net.h5"), "--filter", "conv"}),
                          "no event passes the filters"));
    EXPECT_TRUE(isTrouble(reprorec({"show", in("net.h5"), "--filter", "relu", "--event", "3"}),
                          "excludes"));
}

TEST_F(ShowTest, LayerListsItsCalls) {
    const Outcome outcome = reprorec({"show", in("net.h5"), "--layer", "Net.fc", "--json"});
    EXPECT_EQ(nlohmann::json::parse(outcome.out)["calls"].dump(), "[0,4]");
    EXPECT_TRUE(
        isTrouble(reprorec({"show", in("net.h5"), "--layer", "Net.x"}), "no layer 'Net.x'"));
}

TEST_F(ShowTest, EventOutOfRangeNamesTheRange) {
    EXPECT_TRUE(
        isTrouble(reprorec({"show", in("net.h5"), "--event", "8"}), "no event 8; it has 0 to 7"));
}

TEST_F(ShowTest, WantsOneThingToShow) {
    EXPECT_TRUE(
        isTrouble(reprorec({"show", in("net.h5")}), "--event N, --layer PATH or --filter TEXT"));
    EXPECT_TRUE(isTrouble(reprorec({"show", in("net.h5"), "--event", "1", "--layer", "Net"}),
                          "see: reprorec show --help"));
}

} // namespace repro::cli::test
