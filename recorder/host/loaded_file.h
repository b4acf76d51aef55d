// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <cstdint>
#include <link.h>
#include <span>
#include <string>
#include <string_view>

/// Files that the loader has mapped: the program and its libraries.
namespace repro::host {

/// By the name that the loader has for it: of the program itself an empty one.
std::string pathOf(const char* loadersName);
/// It is a part of reprorec.
bool isOurs(std::string_view path);
/// Its GNU build ID in hexadecimal; empty where it has none. `bias` is what the
/// loader moved it by.
std::string buildIdOf(std::uintptr_t bias, std::span<const ElfW(Phdr)> segments);

} // namespace repro::host
