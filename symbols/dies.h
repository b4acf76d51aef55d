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

/// The first of the attributes (DW_AT_...) that the DIE has.
template <class... Names>
std::optional<Dwarf_Attribute> attributeOf(Dwarf_Die die, Names... names) {
    Dwarf_Attribute attribute;
    const bool isThere = ((dwarf_attr(&die, names, &attribute) != nullptr) || ...);
    return isThere ? std::optional(attribute) : std::nullopt;
}

/// The same for text, in the DIE or in what it is an instance of. Returns: null if there is none.
template <class... Names>
const char* textOf(Dwarf_Die die, Names... names) {
    Dwarf_Attribute attribute;
    const bool isThere = ((dwarf_attr_integrate(&die, names, &attribute) != nullptr) || ...);
    return isThere ? dwarf_formstring(&attribute) : nullptr;
}

} // namespace repro::symbols
