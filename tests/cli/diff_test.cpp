// SPDX-License-Identifier: BSD-3-Clause
#include "net_trace.h"
#include "program.h"

#include <nlohmann/json.hpp>

#include <fstream>
#include <iterator>

namespace repro::cli::test {

namespace {

class DiffTest : public CliTest {
protected:
    DiffTest() {
        writeNet(in("a.h5"));
        writeNet(in("same.h5"));
        writeNet(in("other.h5"), {.outputOffset = 1});
    }
};

} // namespace

TEST_F(DiffTest, EqualRunsAreTheSame) {
    const Outcome outcome = reprorec({"diff", in("a.h5"), in("same.h5")});
    EXPECT_EQ(outcome.status, 0) << outcome.out << outcome.err;
    EXPECT_EQ(outcome.err, "");
    EXPECT_EQ(outcome.out.find('\x1b'), std::string::npos);
}

TEST_F(DiffTest, FirstDivergenceIsNamed) {
    const Outcome outcome = reprorec({"diff", in("a.h5"), in("other.h5"), "--json"});
    EXPECT_EQ(outcome.status, 1) << outcome.err;
    EXPECT_EQ(lines(outcome.out), 1U);
    const auto verdict = nlohmann::json::parse(outcome.out);
    EXPECT_EQ(verdict["verdict"], "diverged");
    EXPECT_EQ(verdict["exit"], 1);
    EXPECT_EQ(verdict["first"]["event_a"], 5);
    EXPECT_EQ(verdict["first"]["op"], "aten::addmm");
}

TEST_F(DiffTest, BytesThatFailTheirFingerprintAreTroubleAndNamed) {
    writeNet(in("damaged.h5"), {.outputOffset = 0.001F});
    std::fstream file(in("damaged.h5"), std::ios::in | std::ios::out | std::ios::binary);
    const std::string bytes{std::istreambuf_iterator<char>(file), {}};
    const std::size_t at = bytes.find("\x31\x08\x80\x40"); // 4.001
    ASSERT_NE(at, std::string::npos);
    file.clear();
    file.seekp(static_cast<std::streamoff>(at)).put('\x32');
    file.close();
    for (const char* options : {"-q", "--ulp=1"}) {
        EXPECT_TRUE(isTrouble(reprorec({"diff", options, in("a.h5"), in("damaged.h5")}),
                              "it is in0 of aten::relu (event 7)"));
    }
}

TEST_F(DiffTest, QuietIsTheVerdictAlone) {
    const Outcome whole = reprorec({"diff", in("a.h5"), in("other.h5")});
    const Outcome quiet = reprorec({"diff", "-q", in("a.h5"), in("other.h5")});
    EXPECT_EQ(quiet.status, 1);
    EXPECT_EQ(lines(quiet.out), 1U);
    EXPECT_TRUE(whole.out.starts_with(quiet.out));
    EXPECT_GT(whole.out.size(), quiet.out.size());
}

TEST_F(DiffTest, ColoursOnlyWhenAskedFor) {
    EXPECT_EQ(reprorec({"diff", in("a.h5"), in("other.h5")}).out.find('\x1b'), std::string::npos);
    EXPECT_NE(reprorec({"diff", "--color=always", in("a.h5"), in("other.h5")}).out.find('\x1b'),
              std::string::npos);
}

TEST_F(DiffTest, VerboseCountsGoToStderr) {
    const Outcome outcome = reprorec({"diff", "-v", in("a.h5"), in("other.h5")});
    EXPECT_EQ(outcome.out, reprorec({"diff", in("a.h5"), in("other.h5")}).out);
    EXPECT_NE(outcome.err.find("compared in"), std::string::npos);
}

TEST_F(DiffTest, OtherProgramsAreNotComparable) {
    writeNet(in("program.h5"), {.otherProgram = true});
    EXPECT_EQ(reprorec({"diff", in("a.h5"), in("program.h5")}).status, 3);
}

TEST_F(DiffTest, OneFileTwiceIsTrouble) {
    EXPECT_TRUE(isTrouble(reprorec({"diff", in("a.h5"), in("a.h5")}), "both are the same file"));
    std::filesystem::create_symlink(in("a.h5"), in("link.h5"));
    EXPECT_TRUE(isTrouble(reprorec({"diff", in("a.h5"), in("link.h5")}), "both are the same file"));
}

TEST_F(DiffTest, TroubleStatusIsTheCallersChoice) {
    EXPECT_TRUE(isTrouble(reprorec({"diff", in("a.h5"), in("none.h5"), "--trouble-status", "125"}),
                          "none.h5", 125));
}

TEST_F(DiffTest, TroubleStatusIsThatOfEveryLackOfAVerdict) {
    writeNet(in("program.h5"), {.otherProgram = true});
    EXPECT_EQ(reprorec({"diff", in("a.h5"), in("program.h5"), "--trouble-status", "125"}).status,
              125);
    EXPECT_EQ(reprorec({"diff", in("a.h5"), in("other.h5"), "--trouble-status", "125"}).status, 1);
}

TEST_F(DiffTest, JsonTellsOfTroubleToo) {
    for (const std::vector<std::string>& command : std::vector<std::vector<std::string>>{
             {"diff", "--json", in("a.h5"), in("none.h5")},
             {"diff", "--json", "--junit", "", in("a.h5"), in("same.h5")},
             {"info", "--json", in("none.h5")}}) {
        const Outcome outcome = reprorec(command);
        EXPECT_EQ(outcome.status, 2);
        EXPECT_EQ(lines(outcome.err), 1U);
        const auto object = nlohmann::json::parse(outcome.out);
        EXPECT_EQ(object["schema"], "reprorec." + command.front() + "/1");
        EXPECT_EQ(object["verdict"], "trouble");
        EXPECT_EQ(object["exit"], 2);
        EXPECT_EQ("reprorec: " + object["error"].get<std::string>() + "\n", outcome.err);
    }
}

TEST_F(DiffTest, JsonIsOneObjectEvenIfAReportCannotBeWritten) {
    const Outcome outcome =
        reprorec({"diff", "--json", "--junit", in("no/x.xml"), in("a.h5"), in("same.h5")});
    EXPECT_EQ(outcome.status, 2);
    EXPECT_EQ(nlohmann::json::parse(outcome.out)["verdict"], "same");
}

TEST_F(DiffTest, EnvironmentsThatCanChangeNumbersDiffer) {
    writeNet(in("process.h5"), {.environment = R"({"threads":4,"pid":99})"});
    writeNet(in("eight.h5"), {.environment = R"({"threads":8,"pid":17})"});
    const Outcome same = reprorec({"env-diff", in("a.h5"), in("process.h5")});
    EXPECT_EQ(same.status, 0) << same.out;
    EXPECT_TRUE(same.out.starts_with("same"));
    const Outcome differs = reprorec({"env-diff", in("a.h5"), in("eight.h5"), "--json"});
    EXPECT_EQ(differs.status, 1);
    EXPECT_EQ(nlohmann::json::parse(differs.out)["differences"][0]["key"], "threads");
}

} // namespace repro::cli::test
