// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "replay/align/align.h"
#include "replay/cause/explain_batch.h"
#include "replay/cause/explain_stream.h"
#include "replay/run/row_compare.h"
#include "replay/run/run.h"

#include <cstdint>
#include <optional>
#include <span>
#include <unordered_map>
#include <vector>

namespace repro::replay {

/// The origins of a comparison, each cause once: what the same place and cause bring again, in a
/// later step or through another op, is counted with the first.
class Origins {
public:
    Origins(const Sides& sides, const DiffOptions& options,
            std::span<const EnvironmentDifference> environment)
        : m_a(sides.a.run), m_b(sides.b.run), m_alignment(sides.alignment), m_options(options),
          m_batches(sides), m_streams(sides, environment) {}

    /// `row` is a row of the alignment, `slot` where in it the difference shows.
    void add(std::size_t row, std::optional<UsePair> slot, Cause cause);
    /// A difference that is no origin; the first one speaks where no origin is found.
    void differs(std::size_t row, std::optional<UsePair> slot);
    /// Has anything differed yet?
    [[nodiscard]] bool parted() const { return m_firstDifference.has_value(); }
    /// The first row that did.
    [[nodiscard]] std::optional<Row> firstDifference() const {
        return parted() ? std::optional(m_alignment.rows[m_firstDifference->row]) : std::nullopt;
    }

    /// Fills `origins`, `originCount` and, by whether anything differed, the verdict.
    void moveTo(DiffResult& result);

private:
    struct Found {
        std::size_t row = 0;
        std::optional<UsePair> slot;
        Cause cause;
        std::uint64_t again = 0;
        std::vector<std::size_t> places; ///< rows of the first few that came again
    };
    [[nodiscard]] std::vector<std::uint64_t>
    identitiesOf(std::size_t row, const std::optional<UsePair>& slot, const Cause& cause) const;
    [[nodiscard]] std::vector<OriginPlace> placesOf(const Found& found) const;

    const Run& m_a;
    const Run& m_b;
    const Alignment& m_alignment;
    const DiffOptions& m_options;
    const BatchExplainer m_batches;
    const StreamExplainer m_streams;
    std::vector<Found> m_found;
    std::uint64_t m_count = 0;
    std::unordered_map<std::uint64_t, std::size_t> m_known; ///< identity -> which origin
    std::optional<Found> m_firstDifference;
};

} // namespace repro::replay
