// SPDX-License-Identifier: BSD-3-Clause
#include "symbols/units.h"

#include "symbols/dies.h"

#include <dwarf.h>

namespace repro::symbols {
namespace {

template <class T>
void addRanges(Dwarf_Die die, T what, std::vector<Range<T>>& ranges) {
    Dwarf_Addr base = 0;
    Dwarf_Addr low = 0;
    Dwarf_Addr high = 0;
    std::ptrdiff_t next = 0;
    while ((next = dwarf_ranges(&die, next, &base, &low, &high)) > 0) {
        // Linkers give 0 or 1 to what they left out.
        if (low > 1) {
            ranges.push_back({low, high, what});
        }
    }
}

/// A function lies in scopes of names, and a local class in those of a function.
void addFunctions(Dwarf_Die parent, int depth, std::vector<Range<Dwarf_Die>>& functions) {
    constexpr int kDeepest = 64;
    for (auto die = childOf(parent); die && depth < kDeepest; die = siblingOf(*die)) {
        switch (dwarf_tag(&*die)) {
        case DW_TAG_subprogram:
            addRanges(*die, *die, functions);
            [[fallthrough]];
        case DW_TAG_namespace:
        case DW_TAG_class_type:
        case DW_TAG_structure_type:
        case DW_TAG_union_type:
        case DW_TAG_lexical_block:
            addFunctions(*die, depth + 1, functions);
            break;
        default:
            break;
        }
    }
}

} // namespace

Units::Units(Dwarf* dwarf) {
    Dwarf_CU* unit = nullptr;
    Dwarf_Die die;
    std::uint8_t type = 0;
    while (dwarf != nullptr &&
           dwarf_get_units(dwarf, unit, &unit, nullptr, &type, &die, nullptr) == 0) {
        if (type == DW_UT_compile || type == DW_UT_skeleton) {
            addRanges(die, m_units.size(), m_ranges);
            m_units.push_back({die, false, {}});
        }
    }
}

void Units::index(Unit& unit) {
    unit.indexed = true;
    std::uint8_t type = 0;
    Dwarf_Die split{};
    Dwarf_Die root = unit.die;
    const bool known =
        dwarf_cu_info(root.cu, nullptr, &type, nullptr, &split, nullptr, nullptr, nullptr) == 0;
    if (known && type == DW_UT_skeleton) {
        if (split.cu == nullptr) {
            const char* name = textOf(root, DW_AT_dwo_name, DW_AT_GNU_dwo_name);
            m_missing = name != nullptr ? name : "split debug information";
            return;
        }
        root = split;
    }
    addFunctions(root, 0, unit.functions);
}

std::optional<Place> Units::find(Dwarf_Addr address) {
    std::optional<Place> place;
    for (const Range<std::size_t>& range : m_ranges) {
        if (address < range.low || address >= range.high) {
            continue;
        }
        Unit& unit = m_units[range.what];
        if (!unit.indexed) {
            index(unit);
        }
        // An inline function that two units have is in both, but may be described in one.
        for (const Range<Dwarf_Die>& function : unit.functions) {
            if (address >= function.low && address < function.high) {
                return Place{unit.die, function.what};
            }
        }
        place = place ? place : Place{unit.die, std::nullopt};
    }
    return place;
}

} // namespace repro::symbols
