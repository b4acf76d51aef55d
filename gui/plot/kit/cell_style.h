// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <QString>

#include <cstdint>
#include <span>
#include <vector>

namespace repro::gui::plot {

/// What fills a cell of the map or a row of the strip, from the lightest to the heaviest.
enum class CellStyle : std::uint8_t {
    Same,
    Healed,
    Tolerated,
    Unknown,
    UnknownSize, // differs, but the bytes were not recorded
    Ulp1,        // 1-3 ULP
    Ulp4,        // 4-31
    Ulp32,       // 32-1023
    Ulp1024,     // 1024 and more
    Ulp1M,       // 2^20 and more: of float32 not even the first digit agrees
    Changed,
    OnlyA,
    OnlyB,
    NonFinite,
    RngOrigin,
    Origin,
};
inline constexpr int kCellStyleCount = 16;

/// "same", "1-3 ULP", "only in A", ...
[[nodiscard]] QString styleName(CellStyle style);
/// Requires: the bits differ. 0 ULP (a sign of zero) counts as 1.
[[nodiscard]] CellStyle styleOfUlp(std::uint64_t ulp);

/// Styles merged into one pixel: none is lost, the heaviest is painted. Empty: there is no event
/// here.
class CellStyleSet {
public:
    constexpr CellStyleSet() = default;
    constexpr CellStyleSet(CellStyle style)
        : m_bits(static_cast<std::uint16_t>(1U << unsigned(style))) {}
    [[nodiscard]] constexpr bool empty() const { return m_bits == 0; }
    [[nodiscard]] constexpr bool has(CellStyle style) const {
        return (m_bits >> unsigned(style) & 1U) != 0;
    }
    /// Requires: not empty.
    [[nodiscard]] CellStyle heaviest() const;
    [[nodiscard]] constexpr CellStyleSet without(CellStyle style) const {
        CellStyleSet rest = *this;
        rest.m_bits = static_cast<std::uint16_t>(m_bits & ~(1U << unsigned(style)));
        return rest;
    }
    /// Any style but Same: there is something to see here.
    [[nodiscard]] bool notable() const;
    constexpr CellStyleSet& operator|=(CellStyleSet other) {
        m_bits = static_cast<std::uint16_t>(m_bits | other.m_bits);
        return *this;
    }
    friend constexpr CellStyleSet operator|(CellStyleSet a, CellStyleSet b) { return a |= b; }
    bool operator==(const CellStyleSet&) const = default;

private:
    std::uint16_t m_bits = 0;
};

/// Up to 2^31 rows, merged by powers of 16, so that the union of any range costs a few dozen
/// look-ups. Immutable: build it in a worker, read it from any thread.
class CellStylePyramid {
public:
    CellStylePyramid() = default;
    explicit CellStylePyramid(std::vector<CellStyleSet> rows);

    [[nodiscard]] qint64 size() const {
        return m_levels.empty() ? 0 : qint64(m_levels.front().size());
    }
    [[nodiscard]] CellStyleSet at(qint64 row) const { return m_levels.front()[size_t(row)]; }
    /// Requires: 0 <= first <= last <= size(). Returns: all styles of [first, last).
    [[nodiscard]] CellStyleSet merged(qint64 first, qint64 last) const;
    [[nodiscard]] std::span<const CellStyleSet> rows() const;

private:
    std::vector<std::vector<CellStyleSet>> m_levels; // level n merges 16^n rows
};

} // namespace repro::gui::plot
