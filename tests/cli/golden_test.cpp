// SPDX-License-Identifier: BSD-3-Clause
#include "net_trace.h"
#include "program.h"

#include <filesystem>
#include <fstream>
#include <iterator>

namespace repro::cli::test {

namespace {

std::string contents(const std::string& path) {
    std::ifstream file(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), {}};
}

class GoldenTest : public CliTest {
protected:
    GoldenTest() {
        writeNet(in("golden.h5"));
        writeNet(in("same.h5"));
        writeNet(in("other.h5"), {.outputOffset = 1});
        m_before = contents(in("golden.h5"));
    }
    [[nodiscard]] Outcome update(const std::string& run, std::vector<std::string> more = {}) const {
        more.insert(more.begin(), {"diff", "--update-golden", in("golden.h5"), in(run)});
        return reprorec(more);
    }
    [[nodiscard]] bool isKept() const {
        // Nothing lies about, either.
        for (const auto& entry : std::filesystem::directory_iterator(in(""))) {
            if (entry.path().extension() == ".new") {
                return false;
            }
        }
        return contents(in("golden.h5")) == m_before;
    }
    std::string m_before;
};

} // namespace

TEST_F(GoldenTest, ADivergedRunIsReportedAndTakesItsPlace) {
    const Outcome outcome = update("other.h5");
    EXPECT_EQ(outcome.status, 0) << outcome.err;
    EXPECT_TRUE(outcome.out.starts_with("diverged: first at aten::addmm"));
    EXPECT_NE(outcome.err.find("golden.h5: is now"), std::string::npos);
    EXPECT_EQ(contents(in("golden.h5")), contents(in("other.h5")));
    EXPECT_EQ(reprorec({"diff", in("golden.h5"), in("other.h5")}).status, 0);
}

TEST_F(GoldenTest, ARunThatSaysTheSameChangesNothing) {
    std::filesystem::permissions(in("golden.h5"), std::filesystem::perms::owner_read);
    const Outcome outcome = update("same.h5");
    EXPECT_EQ(outcome.status, 0);
    EXPECT_NE(outcome.err.find("kept"), std::string::npos);
    EXPECT_TRUE(isKept());
}

TEST_F(GoldenTest, WithinToleranceTheOldOneIsKept) {
    EXPECT_EQ(update("other.h5", {"--atol", "2"}).status, 0);
    EXPECT_TRUE(isKept());
}

TEST_F(GoldenTest, AMissingOneIsCreated) {
    std::filesystem::remove(in("golden.h5"));
    const Outcome outcome = update("same.h5");
    EXPECT_EQ(outcome.status, 0) << outcome.err;
    EXPECT_NE(outcome.err.find("golden.h5: created from"), std::string::npos);
    EXPECT_EQ(contents(in("golden.h5")), contents(in("same.h5")));
}

TEST_F(GoldenTest, AnotherProgramHasToBeInsistedOn) {
    writeNet(in("program.h5"), {.otherProgram = true});
    EXPECT_EQ(update("program.h5").status, 3);
    EXPECT_TRUE(isKept());
    EXPECT_EQ(update("program.h5", {"--force"}).status, 0);
    EXPECT_EQ(contents(in("golden.h5")), contents(in("program.h5")));
}

TEST_F(GoldenTest, AFailedProgramHasToBeInsistedOn) {
    writeNet(in("killed.h5"), {.outputOffset = 1, .ending = "signal 9"});
    EXPECT_TRUE(isTrouble(update("killed.h5"), "the program ended with: signal 9"));
    EXPECT_TRUE(isKept());
    EXPECT_EQ(update("killed.h5", {"-f"}).status, 0);
    EXPECT_FALSE(isKept());
}

TEST_F(GoldenTest, AnUnfinishedRecordingHasToBeInsistedOn) {
    writeNet(in("open.h5"), {.outputOffset = 1, .complete = false});
    EXPECT_TRUE(isTrouble(update("open.h5"), "not complete"));
    EXPECT_TRUE(isKept());
    EXPECT_EQ(update("open.h5", {"--force"}).status, 0);
}

TEST_F(GoldenTest, DamagedAndEmptyRunsNeverPass) {
    writeNet(in("cut.h5"));
    std::filesystem::resize_file(in("cut.h5"), std::filesystem::file_size(in("cut.h5")) / 2);
    EXPECT_TRUE(isTrouble(update("cut.h5", {"--force"}), "cut.h5"));
    writeNet(in("empty.h5"), {.steps = 0});
    EXPECT_TRUE(isTrouble(update("empty.h5", {"--force"}), "holds no event"));
    EXPECT_TRUE(isTrouble(update("none.h5", {"--force"}), "none.h5"));
    EXPECT_TRUE(isKept());
}

TEST_F(GoldenTest, AGoldenThatCannotBeReadIsReplacedByForceOnly) {
    std::ofstream(in("golden.h5")) << "notes";
    EXPECT_TRUE(isTrouble(update("same.h5"), "--force replaces it"));
    EXPECT_EQ(contents(in("golden.h5")), "notes");
    EXPECT_EQ(update("same.h5", {"--force"}).status, 0);
    EXPECT_EQ(contents(in("golden.h5")), contents(in("same.h5")));
}

TEST_F(GoldenTest, ALinkStaysALink) {
    std::filesystem::rename(in("golden.h5"), in("kept.h5"));
    std::filesystem::create_symlink("kept.h5", in("golden.h5"));
    EXPECT_EQ(update("other.h5").status, 0);
    EXPECT_TRUE(std::filesystem::is_symlink(in("golden.h5")));
    EXPECT_EQ(contents(in("kept.h5")), contents(in("other.h5")));
}

TEST_F(GoldenTest, ForceAloneIsAMistake) {
    EXPECT_TRUE(isTrouble(reprorec({"diff", "--force", in("golden.h5"), in("same.h5")}),
                          "--update-golden"));
}

} // namespace repro::cli::test
