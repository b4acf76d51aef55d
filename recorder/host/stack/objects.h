// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <cstdint>
#include <optional>

namespace repro::stack {

/// A program or library that is mapped. All of it is valid until it is unloaded.
struct Object {
    std::uintptr_t begin = 0; ///< of its mapping: tells it from any other that is mapped now
    std::uintptr_t end = 0;
    std::uintptr_t bias = 0;    ///< what to subtract from an address to find it in the file
    const char* path = nullptr; ///< "" for the program itself
    const std::uint8_t* unwindTable = nullptr; ///< its .eh_frame_hdr
};

/// The object that `address` is in. Safe in a signal handler and without a lock where glibc is 2.35
/// or newer; before, it takes the lock under which the loader changes its list.
std::optional<Object> objectAt(std::uintptr_t address);

} // namespace repro::stack
