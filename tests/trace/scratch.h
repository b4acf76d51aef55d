// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "trace/error.h"

#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>

namespace repro::trace::test {

/// A test with a directory of its own.
class Scratch : public ::testing::Test {
protected:
    Scratch() {
        std::string name = (std::filesystem::temp_directory_path() / "repro-trace-XXXXXX").string();
        m_folder = mkdtemp(name.data());
    }
    ~Scratch() override { std::filesystem::remove_all(m_folder); }
    [[nodiscard]] std::filesystem::path path(const char* name = "run.h5") const {
        return m_folder / name;
    }

private:
    std::filesystem::path m_folder;
};

inline std::string readFile(const std::filesystem::path& path) {
    std::ifstream in(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(in), {}};
}

inline void writeFile(const std::filesystem::path& path, const std::string& bytes) {
    std::ofstream(path, std::ios::binary) << bytes;
}

/// The kind and message of the Error that `act` throws; fails the test when it throws none.
template <class Act>
std::pair<ErrorKind, std::string> errorOf(Act&& act) {
    try {
        act();
    } catch (const Error& error) {
        return {error.kind(), error.what()};
    }
    ADD_FAILURE() << "no error";
    return {};
}

} // namespace repro::trace::test
