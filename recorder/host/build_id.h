// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <cstdint>
#include <link.h>
#include <span>
#include <string>

namespace repro::host {

/// The GNU build ID of a loaded object in hexadecimal; empty where it has none. `bias` is what the
/// loader moved it by.
std::string buildIdOf(std::uintptr_t bias, std::span<const ElfW(Phdr)> segments);

} // namespace repro::host
