// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace repro::replay {

/// Can a difference in this setting change numbers?
enum class EnvironmentRank {
    Numbers,  ///< known to change results: LibTorch, instruction set, threads, BLAS, device, flags
    Possible, ///< may: other libraries, environment variables, the program's own version
    Harmless, ///< cannot by itself: process id, time, host name
};
const char* rankName(EnvironmentRank rank);

/// What a difference is about, so that it can explain a divergence.
enum class EnvironmentTopic { Threads, Isa, Library, Device, Flags, Code, Seed, Other };

struct EnvironmentDifference {
    std::string key; ///< "cpu_capability", "env.OMP_NUM_THREADS", "library.libmkl_core.so"
    std::string a;   ///< text of the value; empty where there is none
    std::string b;
    EnvironmentRank rank = EnvironmentRank::Possible;
    EnvironmentTopic topic = EnvironmentTopic::Other;
};

/// Do the runs use different builds of LibTorch? Then any op may run another kernel, or other ops.
/// Returns: the difference that tells; null = the same build, as far as was recorded.
const EnvironmentDifference* otherTorch(std::span<const EnvironmentDifference> differences);

/// The program ran in a Python. Throws: Error (Format) when the text is not a JSON object.
bool isOfPython(std::string_view environment);

/// What differs between two Header::environment objects, what can change numbers first, then by
/// key. An empty string counts as an empty object. Throws: Error (Format) when a text is not a JSON
/// object.
std::vector<EnvironmentDifference> diffEnvironments(std::string_view a, std::string_view b);

} // namespace repro::replay
