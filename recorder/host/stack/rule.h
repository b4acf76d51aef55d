// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "recorder/host/stack/eh_frame.h"

#include <array>
#include <cstdint>

namespace repro::stack {

/// The registers that a function keeps for its caller, in the order of Frame::registers, and the
/// return address as if it were one more.
enum Register : std::uint8_t { Rbx, Rbp, R12, R13, R14, R15, ReturnAddress };
constexpr std::size_t kRegisters = 6;
constexpr std::size_t kSlots = kRegisters + 1;

/// What an offset counts from.
enum class Base : std::uint8_t { None, Cfa, Sp, FramePointer };

/// How to get from one frame to its caller's, at one address.
struct Rule {
    enum class Kind : std::uint8_t {
        Unknown, ///< nothing says, or by means that are not known here
        End,     ///< the thread's first function
        Plain,   ///< CFA from a register, return address just below it, no register elsewhere
        General
    };
    std::uintptr_t address = 0; ///< what it was made for
    std::uintptr_t object = 0;  ///< Object::begin of what that is in
    std::int32_t cfaOffset = 0;
    std::array<std::int16_t, kSlots> offsets{};
    Kind kind = Kind::Unknown;
    Base cfaBase = Base::None; ///< Sp or FramePointer
    bool dereferenced = false; ///< the CFA is what lies there
    bool signalFrame = false;
    std::array<Base, kSlots> bases{}; ///< None: the register still has its value

    bool operator==(const Rule&) const = default;
};

/// The rule for the instruction at `address`, which is in `object`.
Rule makeRule(std::uintptr_t address, const std::optional<Object>& object);

} // namespace repro::stack
