// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <gtest/gtest.h>

#include <filesystem>
#include <string>
#include <vector>

namespace repro::cli::test {

/// What a run of the program left behind.
struct Outcome {
    int status = -1; ///< 128 + signal when it was killed
    std::string out;
    std::string err;
};

/// Runs `reprorec` with these arguments and without a terminal.
Outcome reprorec(const std::vector<std::string>& arguments);

/// Number of lines; what is not ended by a newline does not count.
std::size_t lines(const std::string& text);

/// Whether it ended in trouble the way every verb must: nothing on stdout, one line on stderr that
/// begins with the program's name and holds `words`.
testing::AssertionResult isTrouble(const Outcome& outcome, const std::string& words,
                                   int status = 2);

/// A folder of its own for each test, removed at the end.
class CliTest : public testing::Test {
protected:
    CliTest();
    ~CliTest() override;
    /// Path of a file in that folder.
    [[nodiscard]] std::string in(const std::string& name) const { return m_folder / name; }

private:
    std::filesystem::path m_folder;
};

} // namespace repro::cli::test
