// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <elfutils/libdw.h>

#include <optional>

namespace repro::symbols {

/// The first child of a DIE.
inline std::optional<Dwarf_Die> childOf(Dwarf_Die die) {
    Dwarf_Die child;
    return dwarf_child(&die, &child) == 0 ? std::optional(child) : std::nullopt;
}

/// The next DIE of the same parent. Always one of a greater offset, so that damage makes no loop.
inline std::optional<Dwarf_Die> siblingOf(Dwarf_Die die) {
    Dwarf_Die next;
    const bool isThere =
        dwarf_siblingof(&die, &next) == 0 && dwarf_dieoffset(&next) > dwarf_dieoffset(&die);
    return isThere ? std::optional(next) : std::nullopt;
}

} // namespace repro::symbols
