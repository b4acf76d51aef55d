// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "replay/align/side.h"

#include <cstdint>
#include <span>

namespace repro::replay {

/// Who wrote, in one run, the bytes that a use reads.
struct History {
    bool fromDifference = false;
    bool unknownWriter = false;
    bool opWrote = false;
    bool allocated = false; ///< some bytes come from an allocation and no op wrote them since
    bool foreign = false;   ///< some bytes were there before any op
    bool scratch = false;   ///< some bytes are an op's workspace
    bool fresh = false;     ///< the last op that wrote made the tensor, of no other one
    trace::EventId producer = trace::kNone64;
    trace::EventId adopter =
        trace::kNone64; ///< of foreign bytes: the op that took their storage over
    std::uint64_t allocation = trace::kNone64; ///< the use that allocated
};

/// Follows the writes of a storage back from where it is read. Borrows what it is given.
class Histories {
public:
    explicit Histories(const Sides& sides) : m_sides(sides) {}

    /// Requires: the rows before the reader's are classified in the alignment.
    [[nodiscard]] History of(const Side& side, std::uint64_t use) const;
    /// Does a row differ, or is it of one run alone?
    [[nodiscard]] bool rowDiffers(const Side& side, trace::EventId row) const;

private:
    void judgeWrite(const Side& side, std::uint64_t write, History& history) const;
    void judgeRowsWrite(const Side& side, std::uint64_t write, History& history) const;
    void judgeNestedWrite(const Side& side, std::uint64_t write, History& history) const;
    [[nodiscard]] bool isBornInDifference(const Side& side, std::uint64_t storage) const;

    const Sides& m_sides;
};

/// Uses of a storage (and maybe of others) by events before that of the use.
std::span<const std::uint32_t> usesBefore(Run& run, std::uint64_t use);

} // namespace repro::replay
