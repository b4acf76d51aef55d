// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace repro::cli {

/// What the dynamic loader will do with a program, read from its ELF file.
struct ElfProgram {
    bool interpreted = false;             ///< has a dynamic loader; else it is static
    std::vector<std::string> needed;      ///< libraries that it names itself
    std::optional<std::string> sanitizer; ///< "address", "thread", "memory"
};

/// None when the file is not ELF (a script, for example).
/// Throws: Error (Io) when it cannot be read.
std::optional<ElfProgram> readElf(const std::filesystem::path& path);

} // namespace repro::cli
