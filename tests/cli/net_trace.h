// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>

namespace repro::cli::test {

/// What a recording of the small network is to look like.
struct NetOptions {
    std::uint32_t steps = 2;
    bool bytes = true;         ///< with the bytes of the tensors
    float outputOffset = 0;    ///< added to what addmm computes in the last step
    bool otherProgram = false; ///< other ops, layers and shapes in the same places
    std::string ending = "exit 0";
    bool complete = true;
    std::string environment = R"({"threads":4,"pid":17})";
};

/// Writes a trace of a network of one layer: in each step a call of Net.fc (events 0, 4, ...) holds
/// addmm (1), which holds mul (2), and is followed by relu (3) in Net.
void writeNet(const std::filesystem::path& path, const NetOptions& options = {});

} // namespace repro::cli::test
