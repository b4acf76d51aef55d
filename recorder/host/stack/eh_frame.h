// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "recorder/host/stack/bytes.h"
#include "recorder/host/stack/objects.h"

#include <optional>

namespace repro::stack {

/// What .eh_frame says about one function: a program that tells, for each of its instructions,
/// where the caller's registers are (System V ABI, Linux Standard Base 5, 10.6).
struct Fde {
    std::uintptr_t begin = 0;
    std::uint64_t codeAlign = 1;
    std::int64_t dataAlign = 1;
    std::uint8_t encoding = 0; ///< of addresses
    bool signalFrame = false;  ///< the kernel's call of a signal handler
    Bytes common;              ///< instructions of its CIE
    Bytes own;
};

/// The entry of the function that `address` is in.
std::optional<Fde> findFde(const Object& object, std::uintptr_t address);

} // namespace repro::stack
