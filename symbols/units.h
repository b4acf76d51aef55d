// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <elfutils/libdw.h>

#include <optional>
#include <string>
#include <vector>

namespace repro::symbols {

/// Addresses [low, high), of `what`.
template <class T>
struct Range {
    Dwarf_Addr low;
    Dwarf_Addr high;
    T what;
};

/// What debug information has at an address.
struct Place {
    Dwarf_Die lines; ///< the unit with the line table
    std::optional<Dwarf_Die> function;
};

/// Finds the function of an address. Of each unit only its addresses are read before one of them is
/// asked for, since a program may have thousands.
class Units {
public:
    /// `dwarf` may be null.
    explicit Units(Dwarf* dwarf);

    std::optional<Place> find(Dwarf_Addr address);
    /// The last file of split debug information that was wanted and not found; or empty.
    [[nodiscard]] const std::string& missing() const { return m_missing; }

private:
    struct Unit {
        Dwarf_Die die;
        bool indexed = false;
        std::vector<Range<Dwarf_Die>> functions;
    };
    void index(Unit& unit);

    std::vector<Unit> m_units;
    std::vector<Range<std::size_t>> m_ranges; ///< of m_units
    std::string m_missing;
};

} // namespace repro::symbols
