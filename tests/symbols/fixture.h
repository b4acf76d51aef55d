// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "symbols/answer.h"

#include <gtest/gtest.h>

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

namespace repro::symbols::test {

/// What a program of fixture/places.cpp says of a place that it passed.
struct Passed {
    std::uint64_t returnOffset;
    std::uint32_t line;
    std::string function;
    std::uint32_t callLine; ///< of the function if it is inlined, else 0
    std::string around;     ///< the function that it is inlined into, or itself
    std::string compiled;   ///< the function around both that has a symbol
};

std::vector<std::string> split(const std::string& text, char separator);
/// A fixture in one of its forms ("gcc-O2-g1").
std::filesystem::path programOf(const std::string& form, const char* fixture = "places");
/// For the names of tests: without what names may not have.
std::string nameOfForm(const testing::TestParamInfo<std::string>& form);
/// Runs the program, or has a host load the library.
std::vector<Passed> placesOf(const std::filesystem::path& program, const std::string& form);
/// In hexadecimal, from readelf.
std::string buildIdOf(const std::filesystem::path& file);
/// Runs the shell command; fails the test if it fails. Returns: its output.
std::string shell(const std::string& command);

/// A test with a folder of its own.
class Files : public testing::Test {
protected:
    Files();
    ~Files() override { std::filesystem::remove_all(m_folder); }
    [[nodiscard]] const std::filesystem::path& folder() const { return m_folder; }

private:
    std::filesystem::path m_folder;
};

} // namespace repro::symbols::test
