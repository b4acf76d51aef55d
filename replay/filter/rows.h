// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "replay/result/result.h"
#include "replay/run/call_stack.h"
#include "trace/model.h"

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace repro::replay {

/// One row of a list of events: what a list, a filter and a map ask of it, in 24 bytes.
struct RowEntry {
    std::uint32_t a = trace::kNone32; ///< event of run A, kNone32 where it has none
    std::uint32_t b = trace::kNone32;
    std::uint32_t name = 0; ///< of the list's names
    std::uint32_t layer = 0;
    std::uint32_t step = 0;
    RowClass rowClass = RowClass::Same;
    Strategy strategy = Strategy::Exact;
    trace::EventKind kind = trace::EventKind::Op;
    trace::Phase phase = trace::Phase::Other;

    [[nodiscard]] bool differs() const { return rowClass != RowClass::Same; }
    [[nodiscard]] bool isOrigin() const {
        return rowClass == RowClass::Origin || rowClass == RowClass::RngOrigin ||
               rowClass == RowClass::ArgumentOrigin;
    }
};

/// How far apart the first output of a row is that differs; where the bytes of both runs are
/// recorded.
struct RowDetail {
    std::uint32_t row = 0;
    std::uint64_t elements = 0, maxUlp = 0;
    double maxAbs = 0, maxRel = 0;
    bool ulpKnown = false, nonFinite = false;
    std::uint64_t inUlp = 0; ///< the most of its inputs of the same dtype; 0: not known

    /// How many times as far apart as what it read is what it wrote.
    [[nodiscard]] std::optional<double> gain() const {
        return ulpKnown && inUlp > 0
                   ? std::optional(static_cast<double>(maxUlp) / static_cast<double>(inUlp))
                   : std::nullopt;
    }
};

/// What a filter looks at.
struct FilterRows {
    std::span<const RowEntry> all = {};
    std::span<const std::uint32_t> differing = {}; ///< rows that differ, rising
    std::vector<std::string> names = {};           ///< by RowEntry::name: "aten::addmm"
    std::vector<std::string> layers = {};          ///< by RowEntry::layer: "Net.fc", ""
    const OwnCalls* callsA = nullptr;              ///< by RowEntry::a; null: none are known
    const OwnCalls* callsB = nullptr;

    [[nodiscard]] std::uint32_t size() const { return static_cast<std::uint32_t>(all.size()); }
};

/// What a filter may ask that is not in the rows: distances of bytes, and which rows have notes.
struct FilterFacts {
    std::shared_ptr<const std::vector<RowDetail>> details; ///< shared with the worker that filters
    std::vector<std::uint32_t> noted;                      ///< rows, rising
};

} // namespace repro::replay
