// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "gui/jobs/job_runner.h"
#include "gui/viewmodel/document.h"

#include <set>
#include <vector>

namespace repro::gui {

/// Rows around a focus: whose outputs it read (producers, at most `depth` hops), and the rows that
/// differ among those that read on (consumers). By overlap of bytes in run A; of a row of run B
/// alone in run B. Views and copies are folded into the row whose bytes they hand on, and are no
/// hops.
struct Lineage {
    struct Edge {
        int from = 0, to = 0; ///< indices of rows, producer first
    };
    std::vector<std::uint32_t> rows; ///< [0] is the focus
    std::vector<Edge> edges;
    std::vector<std::vector<std::uint32_t>> folded; ///< by index of rows: copies of what it wrote
    bool cut = false;                               ///< there were more than `limit` rows
};

struct LineageOptions {
    int depth = 3;
    std::size_t limit = 400;           ///< rows
    bool fold = true;                  ///< views and copies
    std::set<std::uint32_t> open = {}; ///< rows whose copies are shown all the same
};
[[nodiscard]] Lineage lineageOf(const Document& document, std::uint32_t row,
                                const LineageOptions& options, const CancelFlag& cancel);

/// From where the error comes to where it is largest, through the focus: in each hop to the row
/// with the largest one. Indices of rows, in order; `errors` has one each, 0: none.
[[nodiscard]] std::vector<int> largestErrorPath(const Lineage& lineage,
                                                const std::vector<double>& errors);

/// The row that last wrote what a row reads, of its first input that differs, else of its first
/// input; kNone32 where no row of the run wrote it.
[[nodiscard]] std::uint32_t producerOf(const Document& document, std::uint32_t row);
/// The first row that reads what a row wrote and differs; kNone32 where there is none.
[[nodiscard]] std::uint32_t consumerOf(const Document& document, std::uint32_t row);

} // namespace repro::gui
