// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "gui/viewmodel/document.h"
#include "gui/viewmodel/job_runner.h"

#include <vector>

namespace repro::gui {

/// Rows around a focus: whose outputs it read (producers, at most `depth` hops), and the rows that
/// differ among those that read on (consumers). By overlap of bytes in run A; of a row of run B
/// alone in run B. Views and copies of nothing are no hops: bytes are followed, not tensors.
struct Lineage {
    struct Edge {
        int from = 0, to = 0; ///< indices of rows, producer first
    };
    std::vector<std::uint32_t> rows; ///< [0] is the focus
    std::vector<Edge> edges;
    bool cut = false; ///< there were more than `limit` rows
};

[[nodiscard]] Lineage lineageOf(const Document& document, std::uint32_t row, int depth,
                                std::size_t limit, const CancelFlag& cancel);

/// The row that last wrote what a row reads, of its first input that differs, else of its first
/// input; kNone32 where no row of the run wrote it.
[[nodiscard]] std::uint32_t producerOf(const Document& document, std::uint32_t row);
/// The first row that reads what a row wrote and differs; kNone32 where there is none.
[[nodiscard]] std::uint32_t consumerOf(const Document& document, std::uint32_t row);

} // namespace repro::gui
