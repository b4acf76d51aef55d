// SPDX-License-Identifier: BSD-3-Clause
#include "replay/numbers.h"

#include "replay/numbers/comparison.h"
#include "trace/contents.h"

#include <algorithm>
#include <optional>

namespace repro::replay {
namespace {

Difference compareLeaves(const trace::Reader& a, const trace::Value& inA, const trace::Reader& b,
                         const trace::Value& inB) {
    Difference d;
    const auto leavesA = a.leaves(inA);
    const auto leavesB = b.leaves(inB);
    if (leavesA.empty() || leavesA.size() != leavesB.size()) {
        return d;
    }
    d.leaves = 0;
    for (std::size_t i = 0; i < leavesA.size(); ++i) {
        if (leavesA[i] != leavesB[i]) {
            d.firstLeaf = d.firstLeaf.value_or(i);
            d.leaves = *d.leaves + 1;
        }
    }
    return d;
}

Difference compareContents(const trace::Reader& a, const trace::Value& inA, const trace::Reader& b,
                           const trace::Value& inB) {
    const auto comparison = comparisonOf(inA.dtype);
    trace::Contents contentsA(a, inA), contentsB(b, inB);
    for (auto pieceA = contentsA.next(); !pieceA.empty(); pieceA = contentsA.next()) {
        comparison->add(pieceA, contentsB.next());
    }
    return comparison->finish(a.list(inA.sizes));
}

/// Counts of NaN and infinity, where both runs kept statistics.
std::optional<bool> nonFiniteByStatistics(const trace::Reader& a, trace::ValueId inA,
                                          const trace::Reader& b, trace::ValueId inB) {
    const auto find = [](const trace::Reader& reader, trace::ValueId value) {
        const auto& all = reader.statistics();
        const auto found = std::find_if(all.begin(), all.end(),
                                        [&](const auto& row) { return row.value == value; });
        return found == all.end() ? nullptr : &*found;
    };
    const trace::Statistics* x = find(a, inA);
    const trace::Statistics* y = find(b, inB);
    if (x == nullptr || y == nullptr) {
        return std::nullopt;
    }
    return (x->nan + x->inf == 0) != (y->nan + y->inf == 0);
}

} // namespace

Difference compareNumbers(trace::DType dtype, std::span<const std::byte> a,
                          std::span<const std::byte> b, std::span<const std::int64_t> shape) {
    const auto comparison = comparisonOf(dtype);
    comparison->add(a, b);
    return comparison->finish(shape);
}

Difference compareValues(const trace::Reader& a, trace::ValueId inA, const trace::Reader& b,
                         trace::ValueId inB) {
    const trace::Value x = a.value(inA);
    const trace::Value y = b.value(inB);
    Difference d;
    if (x.dtype != y.dtype || x.elements != y.elements) {
        return d;
    }
    if (x.payload != trace::kNone64 && y.payload != trace::kNone64) {
        d = compareContents(a, x, b, y);
    } else {
        d = compareLeaves(a, x, b, y);
    }
    if (!d.nonFinite) {
        d.nonFinite = nonFiniteByStatistics(a, inA, b, inB);
    }
    return d;
}

} // namespace repro::replay
