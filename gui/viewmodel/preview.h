// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "gui/viewmodel/document.h"

#include <vector>

namespace repro::gui {

/// What a tolerance would hide of the rows that differ, as far as is known.
struct TolerancePreview {
    std::uint64_t ulp = 0;
    std::vector<std::uint32_t> hidden; ///< rows: all that they wrote is within it
    std::uint64_t unknown = 0; ///< no bytes, or only the first of several outputs was compared
    std::uint64_t all = 0;     ///< rows that differ in what they wrote
    /// "A tolerance of 3 ULP would hide 120 of 128 rows that differ; 5 stay, of 3 it is not known"
    [[nodiscard]] QString sentence() const;
};
/// Only numbers are excused: not arguments, generators or structure, nor integers, NaN and
/// infinity.
[[nodiscard]] TolerancePreview previewTolerance(const Document& document,
                                                const std::vector<RowDetail>* details,
                                                std::uint64_t ulp);

} // namespace repro::gui
