// SPDX-License-Identifier: BSD-3-Clause
#include "net_trace.h"
#include "program.h"
#include "tests/support/trace_text.h"

#include <nlohmann/json.hpp>

namespace repro::cli::test {
namespace {

class LinesTest : public CliTest {
protected:
    LinesTest() {
        repro::test::buildTrace(in("run.h5"), R"(
            step 0
            layer net.fc LinearImpl
            mm %x:f32[4]=x0 %w:f32[4]=w -> %y:f32[4]=y0 | site:/src/train.cpp:80:Net::forward<main.cpp:3:main
            end
            begin rand %y -> %r:f32[4]=r0 | site:/src/train.cpp:84:main
            uniform_ %y -> %u:f32[4]=u0 | draw:cpu:g0:g1 site:/src/train.cpp:84:main
            end
            step 1
            mm %x -> %z:f32[4]=y1 | site:/src/train.cpp:80:Net::forward<main.cpp:3:main
            relu %z -> %v:f32[4]=z1 | parameter:net.fc.weight site:/src/train.cpp:84:main
        )");
    }
    Outcome asked(std::vector<std::string> words) {
        words.insert(words.begin(), {"lines", in("run.h5")});
        return reprorec(words);
    }
};

TEST_F(LinesTest, TheLinesComeInTheOrderOfTheirFirstEvents) {
    const Outcome outcome = asked({});
    EXPECT_EQ(outcome.status, 0) << outcome.err;
    EXPECT_EQ(outcome.out, "  events       ops  layers     draws  line\n"
                           "       2         2       1         0  /src/train.cpp:80, Net::forward\n"
                           "       3         2       0         1  /src/train.cpp:84, main\n");
}

TEST_F(LinesTest, OfALineThereAreItsEventsDrawsLayersAndParameters) {
    EXPECT_EQ(asked({"train.cpp:84"}).out, "/src/train.cpp:84, main\n"
                                           "  aten::rand        step 0  1 event\n"
                                           "  aten::uniform_    step 0  1 event\n"
                                           "  aten::relu        step 1  1 event\n"
                                           "draws from cpu: 1\n"
                                           "parameters: net.fc.weight\n");
    EXPECT_EQ(asked({"src/train.cpp:80"}).out, "/src/train.cpp:80, Net::forward\n"
                                               "  aten::mm  net.fc  step 0  1 event\n"
                                               "  aten::mm          step 1  1 event\n"
                                               "layers: net.fc\n");
}

TEST_F(LinesTest, JsonHasTheSame) {
    const auto json = nlohmann::json::parse(asked({"train.cpp:80..84", "--json"}).out);
    EXPECT_EQ(json["lines"].size(), 2U);
    EXPECT_EQ(json["lines"][1]["line"], 84);
    EXPECT_EQ(json["events"][0]["name"], "aten::mm");
    EXPECT_EQ(json["draws"]["cpu"], 1);
    EXPECT_EQ(json["layers"], nlohmann::json({"net.fc"}));
    const std::string all = asked({"--json"}).out;
    EXPECT_EQ(lines(all), 2U);
    EXPECT_EQ(nlohmann::json::parse(all.substr(0, all.find('\n')))["ops"], 2);
}

TEST_F(LinesTest, WhatHasNoEventsNamesTheNearestThatHas) {
    EXPECT_TRUE(isTrouble(asked({"train.cpp:99"}), "the nearest is /src/train.cpp:84, main"));
    EXPECT_TRUE(isTrouble(asked({"train.cpp:1..79"}), "the nearest is /src/train.cpp:80"));
    EXPECT_TRUE(isTrouble(asked({"trian.cpp"}), "there are events from train.cpp"));
    EXPECT_TRUE(isTrouble(asked({"train.cpp:x"}), "names no lines of a file"));
    repro::test::buildTrace(in("bare.h5"), "mm %x:f32[2]=x -> %a:f32[2]=a");
    EXPECT_TRUE(isTrouble(reprorec({"lines", in("bare.h5")}), "no event has a recorded stack"));
}

} // namespace
} // namespace repro::cli::test
