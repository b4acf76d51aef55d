// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "replay/diff.h"
#include "replay/report/sentence.h"
#include "tests/support/trace_text.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <string>
#include <string_view>
#include <unistd.h>
#include <vector>

namespace repro::test {

/// A small run: a product, a sum, an activation, a loss.
inline const std::string kChain = R"(
    mul %x:f32[2,3]=x0 %w:f32[2,3]=w0 -> %m:f32[2,3]=m0
    add %m %w -> %s:f32[2,3]=s0
    relu %s -> %r:f32[2,3]=r0
    sum %r -> %l:f32[1]=l0
)";

/// Two runs in the notation of trace_text.h, compared. Each test has a folder of its own.
class DiffTest : public ::testing::Test {
protected:
    DiffTest() {
        const auto* info = ::testing::UnitTest::GetInstance()->current_test_info();
        m_folder = std::filesystem::temp_directory_path() /
                   (std::string("reprorec-") + info->test_suite_name() + "-" + info->name() + "-" +
                    std::to_string(::getpid()));
        std::filesystem::create_directories(m_folder);
    }
    ~DiffTest() override { std::filesystem::remove_all(m_folder); }

    [[nodiscard]] replay::DiffResult compare(std::string_view a, std::string_view b,
                                             replay::DiffOptions options = {}) const {
        const auto readerA = buildTrace(m_folder / "a.h5", a);
        const auto readerB = buildTrace(m_folder / "b.h5", b);
        options.keepRows = true;
        return replay::diff(readerA, readerB, options);
    }
    static std::string replaced(std::string text, const std::string& what, const std::string& by) {
        const std::size_t at = text.find(what);
        EXPECT_NE(at, std::string::npos) << what;
        return text.replace(at, what.size(), by);
    }
    static replay::RowClass classOfEvent(const replay::DiffResult& result, trace::EventId inA) {
        for (const replay::Row& row : result.rows) {
            if (row.a == inA) {
                return row.rowClass;
            }
        }
        return replay::RowClass::Unknown;
    }
    static void expectCause(const replay::DiffResult& result, replay::CauseClass cause,
                            trace::EventId event) {
        ASSERT_EQ(result.verdict, replay::Verdict::Diverged);
        ASSERT_FALSE(result.origins.empty());
        EXPECT_STREQ(replay::causeName(result.origins[0].cause.kind), replay::causeName(cause));
        EXPECT_EQ(result.origins[0].first.eventA, event);
        EXPECT_FALSE(result.origins[0].cause.evidence.empty());
        EXPECT_FALSE(result.origins[0].cause.remedy.empty());
    }
    static std::vector<std::string> sentences(const std::vector<replay::Evidence>& facts) {
        std::vector<std::string> lines;
        for (const replay::Evidence& fact : facts) {
            lines.push_back(sentence(fact));
        }
        return lines;
    }
    [[nodiscard]] const std::filesystem::path& folder() const { return m_folder; }

private:
    std::filesystem::path m_folder;
};

} // namespace repro::test
