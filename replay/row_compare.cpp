// SPDX-License-Identifier: BSD-3-Clause
#include "replay/row_compare.h"

#include <tuple>

namespace repro::replay {
namespace {

using trace::Direction;
namespace use_flag = trace::use_flag;

using SlotKey = std::tuple<std::uint8_t, std::uint16_t, std::uint32_t, int>;

/// An output that is a written argument counts by the argument's slot, and its flag tells it.
SlotKey slotOf(const Run& run, std::uint64_t use) {
    return {run.uses.direction[use], run.uses.slot[use], run.uses.item[use],
            run.uses.flags[use] & use_flag::Written};
}

bool isUndefined(const Run& run, std::uint64_t use) {
    return (run.values.flags[run.uses.value[use]] & trace::value_flag::Undefined) != 0;
}

void comparePair(const Run& a, const Run& b, UsePair pair, RowComparison& result) {
    const auto direction = static_cast<Direction>(a.uses.direction[pair.a]);
    if (isUndefined(a, pair.a) && isUndefined(b, pair.b)) {
        return;
    }
    if (!isMeaningful(a, pair.a) || !isMeaningful(b, pair.b)) {
        ++result.skipped;
        return;
    }
    const auto valueA = a.uses.value[pair.a];
    const auto valueB = b.uses.value[pair.b];
    const auto unread = trace::value_flag::NoBytes;
    const bool observed = isObserved(a, pair.a) && isObserved(b, pair.b);
    if (((a.values.flags[valueA] | b.values.flags[valueB]) & unread) != 0 &&
        a.sizesHash(valueA) == b.sizesHash(valueB)) {
        ++result.skipped;
        result.allVerified = result.allVerified && direction == Direction::Out;
        return;
    }
    const bool same = sameContents(a, valueA, b, valueB);
    if (observed) {
        ++result.compared;
        if (!same) {
            (direction == Direction::Out ? result.outputs : result.inputs).push_back(pair);
        }
        return;
    }
    ++result.skipped;
    if (direction != Direction::Out) {
        result.allVerified = false;
        if (!same) {
            result.assumedInputs.push_back(pair);
        }
    }
}

/// Slots in another order, or missing in one run: pairs by name of the slot.
void compareBySlot(const Run& a, trace::EventId inA, const Run& b, trace::EventId inB,
                   RowComparison& result) {
    std::uint64_t paired = 0;
    for (std::uint64_t i = a.usesBegin(inA); i < a.usesEnd(inA); ++i) {
        for (std::uint64_t j = b.usesBegin(inB); j < b.usesEnd(inB); ++j) {
            if (slotOf(a, i) == slotOf(b, j)) {
                comparePair(a, b, {i, j}, result);
                ++paired;
                break;
            }
        }
    }
    const std::uint64_t countA = a.events.useCount[inA];
    const std::uint64_t countB = b.events.useCount[inB];
    result.slotsDiffer = paired != countA || paired != countB;
}

} // namespace

bool sameContents(const Run& a, trace::ValueId inA, const Run& b, trace::ValueId inB) {
    return a.values.fingerprintLow[inA] == b.values.fingerprintLow[inB] &&
           a.values.fingerprintHigh[inA] == b.values.fingerprintHigh[inB] &&
           a.values.dtype[inA] == b.values.dtype[inB] && a.sizesHash(inA) == b.sizesHash(inB);
}

bool isWrappedNumber(const Run& run, std::uint64_t use) {
    return (run.values.flags[run.uses.value[use]] & trace::value_flag::WrappedNumber) != 0;
}

bool isMeaningful(const Run& run, std::uint64_t use) {
    return (run.uses.flags[use] & use_flag::Meaningless) == 0;
}

bool isObserved(const Run& run, std::uint64_t use) {
    const auto flags = run.uses.flags[use];
    const bool isInput = static_cast<Direction>(run.uses.direction[use]) == Direction::In;
    return isInput ? (flags & use_flag::Verified) != 0 : (flags & use_flag::Assumed) == 0;
}

void compareRows(const Run& a, trace::EventId inA, const Run& b, trace::EventId inB,
                 RowComparison& result) {
    result.inputs.clear();
    result.assumedInputs.clear();
    result.outputs.clear();
    result.allVerified = true;
    result.slotsDiffer = false;
    result.compared = result.skipped = 0;
    result.argumentsDiffer = a.argumentsHash(inA) != b.argumentsHash(inB);
    const trace::Context contextA = a.context(inA);
    const trace::Context contextB = b.context(inB);
    result.contextDiffers =
        contextA.threads != contextB.threads || contextA.flags != contextB.flags;
    const std::uint64_t firstA = a.usesBegin(inA);
    const std::uint64_t firstB = b.usesBegin(inB);
    bool aligned = a.events.useCount[inA] == b.events.useCount[inB];
    for (std::uint64_t k = 0; aligned && k < a.events.useCount[inA]; ++k) {
        aligned = slotOf(a, firstA + k) == slotOf(b, firstB + k);
    }
    if (!aligned) {
        compareBySlot(a, inA, b, inB, result);
        return;
    }
    for (std::uint64_t k = 0; k < a.events.useCount[inA]; ++k) {
        comparePair(a, b, {firstA + k, firstB + k}, result);
    }
}

} // namespace repro::replay
