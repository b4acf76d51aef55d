// SPDX-License-Identifier: BSD-3-Clause
#include "replay/report/sites.h"
#include "trace/fingerprint.h"

#include <gmock/gmock.h>
#include <nlohmann/json.hpp>

#include <filesystem>
#include <fstream>

namespace repro::replay {
namespace {

namespace fs = std::filesystem;

SourceLine at(const std::string& file, std::uint32_t line, const std::string& function) {
    return {file, line, function, "/bin/train", 0x40, {}};
}

TEST(Sites, ACallIsItsLineAndItsFunctionWithoutParameters) {
    EXPECT_EQ(
        callWords(at("/src/train.cpp", 87, "at::Tensor net::Block::forward(at::Tensor) const")),
        "/src/train.cpp:87, net::Block::forward");
    EXPECT_EQ(callWords(at("train.cpp", 9, "(anonymous namespace)::Net::forward(at::Tensor)")),
              "train.cpp:9, Net::forward");
    EXPECT_EQ(callWords(at("train.cpp", 9, "main::{lambda(int)#1}::operator()(int) const")),
              "train.cpp:9, main::{lambda(int)#1}::operator()");
    EXPECT_EQ(callWords(at("train.cpp", 9, "main")), "train.cpp:9, main");
    EXPECT_EQ(callWords(at("", 0, "")), "train+0x40");
    EXPECT_EQ(callWords(at("", 0, "main")), "train+0x40, main");
}

TEST(Sites, AFileBelowTheCurrentFolderIsShownFromThere) {
    EXPECT_EQ(shortPath((fs::current_path() / "src/train.cpp").string()), "src/train.cpp");
    EXPECT_EQ(shortPath("/elsewhere/train.cpp"), "/elsewhere/train.cpp");
}

TEST(Sites, BothRunsAreNamedWhereTheyDiffer) {
    Location place;
    EXPECT_EQ(siteWords(place), "");
    place.site = CallStack{{at("train.cpp", 9, "main")}, 0};
    EXPECT_EQ(siteWords(place), "train.cpp:9, main");
    place.siteB = CallStack{{at("train.cpp", 11, "main")}, 0};
    EXPECT_EQ(siteWords(place), "train.cpp:9, main in A; train.cpp:11, main in B");
}

TEST(Sites, CallersGoOutwardFromTheOwnCall) {
    const CallStack stack{{at("", 0, "at::mm"), at("n.cpp", 3, "f"), at("t.cpp", 9, "main")}, 1};
    EXPECT_THAT(callerWords(stack), testing::ElementsAre("t.cpp:9, main"));
    EXPECT_EQ(siteJson(stack)["line"], 3);
    EXPECT_EQ(siteJson(stack)["frames"].size(), 3U);
    EXPECT_TRUE(siteJson(stack)["frames"][0]["file"].is_null());
    EXPECT_TRUE(siteJson({}).is_null());
}

TEST(Sites, TheSourceIsShownIfItIsWhatItWas) {
    const fs::path file = fs::path(testing::TempDir()) / "excerpt.cpp";
    const std::string text = "one\ntwo\nthree\nfour\n";
    std::ofstream(file) << text;
    SourceLine call = at(file.string(), 2, "f");
    EXPECT_TRUE(excerptOf(call).empty()); // nobody knows what it was
    call.contents = trace::fingerprintOfBytes(std::as_bytes(std::span(text)));
    const auto lines = excerptOf(call);
    ASSERT_EQ(lines.size(), 3U);
    EXPECT_EQ(lines[0].text, "one");
    EXPECT_TRUE(lines[1].isTheLine);
    EXPECT_EQ(lines[2].number, 3U);
    call.line = 4;
    EXPECT_EQ(excerptOf(call).size(), 2U);
    call.line = 40;
    EXPECT_TRUE(excerptOf(call).empty());
    call.line = 2;
    std::ofstream(file, std::ios::app) << "five\n";
    EXPECT_TRUE(excerptOf(call).empty());
    fs::remove(file);
    EXPECT_TRUE(excerptOf(call).empty());
}

} // namespace
} // namespace repro::replay
