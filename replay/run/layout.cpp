// SPDX-License-Identifier: BSD-3-Clause
#include "replay/run/layout.h"

#include "replay/run/storage_uses.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace repro::replay {
namespace {

using trace::EventId;

bool haveOtherStrides(const Run& a, std::uint64_t inA, const Run& b, std::uint64_t inB) {
    const auto x = a.uses.value[inA];
    const auto y = b.uses.value[inB];
    const auto sizes = a.reader().list(a.values.sizes[x]);
    const auto stridesA = a.reader().list(a.values.strides[x]);
    const auto stridesB = b.reader().list(b.values.strides[y]);
    if (stridesA.size() != sizes.size() || stridesB.size() != sizes.size()) {
        return false; // sparse, or not recorded
    }
    if (a.values.elements[x] == 0) {
        return false;
    }
    for (std::size_t d = 0; d < sizes.size(); ++d) {
        if (sizes[d] > 1 && stridesA[d] != stridesB[d]) {
            return true;
        }
    }
    return false;
}

bool haveOtherAlignment(const Run& a, std::uint64_t inA, const Run& b, std::uint64_t inB) {
    const std::uint32_t x = trace::alignmentOf(a.values.flags[a.uses.value[inA]]);
    const std::uint32_t y = trace::alignmentOf(b.values.flags[b.uses.value[inB]]);
    return x != 0 && y != 0 && x != y;
}

/// The first pair of inputs with equal contents of which `differ` holds.
template <class Differ>
std::optional<UsePair> firstInput(const Run& a, const Run& b, const Row& row, Differ differ) {
    for (const std::uint64_t i : a.usesOf(row.a)) {
        for (const std::uint64_t j : b.usesOf(row.b)) {
            const bool sameSlot = !a.isOutput(i) && a.uses.direction[i] == b.uses.direction[j] &&
                                  a.uses.slot[i] == b.uses.slot[j] &&
                                  a.uses.item[i] == b.uses.item[j];
            if (sameSlot && isMeaningful(a, i) && isMeaningful(b, j) && hasBytes(a, i) &&
                sameContents(a, a.uses.value[i], b, b.uses.value[j]) && differ(a, i, b, j)) {
                return UsePair{i, j};
            }
        }
    }
    return std::nullopt;
}

} // namespace

std::optional<UsePair> inputOfOtherStrides(const Run& a, const Run& b, const Row& row) {
    return firstInput(a, b, row, haveOtherStrides);
}

std::optional<UsePair> inputOfOtherAlignment(const Run& a, const Run& b, const Row& row) {
    return firstInput(a, b, row, haveOtherAlignment);
}

std::string stridesWords(const Run& run, std::uint64_t use) {
    return fmt::format("[{}]",
                       fmt::join(run.reader().list(run.values.strides[run.uses.value[use]]), ", "));
}

std::optional<UsePair> relaidInput(const Run& run, EventId event) {
    for (const std::uint64_t out : run.usesOf(event)) {
        if (!run.isOutput(out)) {
            continue;
        }
        for (const std::uint64_t in : run.usesOf(event)) {
            if (!run.isOutput(in) && hasBytes(run, in) && hasBytes(run, out) &&
                sameContents(run, run.uses.value[in], run, run.uses.value[out]) &&
                haveOtherStrides(run, in, run, out)) {
                return UsePair{in, out};
            }
        }
        return std::nullopt;
    }
    return std::nullopt;
}

} // namespace repro::replay
