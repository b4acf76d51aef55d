// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "trace/reader.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

/// Where a tensor stood in an event, as every tool writes and reads it: "out0", "in2", "in1[3]",
/// "arg3".
namespace repro::trace {

struct Slot {
    enum class Kind {
        In,      ///< an argument as the op found it; also contents before the op wrote them
        Out,     ///< a result
        Argument ///< an argument after the op wrote it, which the op does not return
    };
    Kind kind = Kind::In;
    std::uint64_t index = 0;
    std::uint64_t item = 0; ///< of a list of tensors

    bool operator==(const Slot&) const = default;
};

Slot slotOf(const UseColumns& uses, std::uint64_t use);
/// Nothing: the text is no slot. A lone tensor is its own first item.
std::optional<Slot> parseSlot(std::string_view text);
/// With the item where the argument is a list.
std::string slotName(const UseColumns& uses, std::uint64_t use);

} // namespace repro::trace
