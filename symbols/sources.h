// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <filesystem>
#include <string>

namespace repro::symbols {

/// XXH3-128 of a source file as 32 hexadecimal digits, most significant first. Returns: empty when
/// it cannot be read, or was changed after `object` was built from it.
std::string hashOfSource(const std::filesystem::path& source, const std::filesystem::path& object);

} // namespace repro::symbols
