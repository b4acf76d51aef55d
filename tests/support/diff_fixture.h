// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "replay/diff.h"
#include "tests/support/trace_text.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <string_view>
#include <unistd.h>

namespace repro::test {

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

    [[nodiscard]] replay::DiffResult compare(std::string_view a, std::string_view b) const {
        const auto readerA = buildTrace(m_folder / "a.h5", a);
        const auto readerB = buildTrace(m_folder / "b.h5", b);
        return replay::diff(readerA, readerB, {.keepRows = true});
    }
    [[nodiscard]] const std::filesystem::path& folder() const { return m_folder; }

private:
    std::filesystem::path m_folder;
};

} // namespace repro::test
