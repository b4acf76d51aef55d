// SPDX-License-Identifier: BSD-3-Clause
#include "replay/numbers/values.h"

#include "replay/numbers/comparison.h"
#include "trace/contents.h"

#include <algorithm>
#include <cmath>
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
    const trace::Statistics* x = a.statisticsOf(inA);
    const trace::Statistics* y = b.statisticsOf(inB);
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

std::optional<bool> areNearlyEqual(const trace::Reader& a, trace::ValueId inA,
                                   const trace::Reader& b, trace::ValueId inB) {
    // Sums of as many numbers as memory holds, in any order, agree better than this.
    constexpr double kNear = 1e-3;
    const trace::Statistics* x = a.statisticsOf(inA);
    const trace::Statistics* y = b.statisticsOf(inB);
    if (x == nullptr || y == nullptr) {
        return std::nullopt;
    }
    const trace::DType dtype = a.value(inA).dtype;
    if (dtype < trace::DType::Float16 || dtype > trace::DType::Complex128) {
        return false; // integers are not rounded
    }
    const double scale = std::max({std::abs(x->min), std::abs(x->max), std::abs(y->max)});
    const auto isNear = [&](double p, double q) { return std::abs(p - q) <= kNear * scale; };
    return x->nan == y->nan && x->inf == y->inf && isNear(x->min, y->min) &&
           isNear(x->max, y->max) && isNear(x->mean, y->mean) &&
           std::abs(x->l2 - y->l2) <= kNear * std::max(x->l2, y->l2);
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
