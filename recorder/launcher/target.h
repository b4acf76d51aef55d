// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <filesystem>
#include <stdexcept>
#include <string>

namespace repro::launcher {

/// The program cannot be recorded. The message is one line with the remedy; the status is what
/// `reprorec` exits with: 125 cannot be recorded, 126 cannot be executed, 127 not found.
class LaunchError : public std::runtime_error {
public:
    LaunchError(int status, const std::string& message)
        : std::runtime_error(message), m_status(status) {}
    [[nodiscard]] int status() const { return m_status; }

private:
    int m_status;
};

/// A program that can be executed and preloaded.
struct Target {
    std::filesystem::path path;
    std::string sanitizer; ///< runtime that must be loaded first ("libasan.so.8"), or empty
    std::string obstacle;  ///< why it can run, but not be recorded, with the remedy; or empty
};

/// Looks `program` up as a shell does and tells before it runs what would go wrong.
/// Throws: LaunchError.
Target findTarget(const std::string& program);

} // namespace repro::launcher
