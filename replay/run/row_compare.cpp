// SPDX-License-Identifier: BSD-3-Clause
#include "replay/run/row_compare.h"

namespace repro::replay {
namespace {

using trace::Direction;
namespace use_flag = trace::use_flag;

/// A use as it is compared: each column is read once, for packed ones take their time.
struct Seen {
    Seen(const Run& run, std::uint64_t use_)
        : use(use_), item(run.uses.item[use_]), slot(run.uses.slot[use_]),
          direction(static_cast<Direction>(run.uses.direction[use_])), flags(run.uses.flags[use_]) {
    }

    std::uint64_t use;
    std::uint32_t item;
    std::uint16_t slot;
    Direction direction;
    std::uint8_t flags;
};

/// An output that is a written argument counts by the argument's slot, and its flag tells it.
bool isSameSlot(const Seen& a, const Seen& b) {
    return a.slot == b.slot && a.direction == b.direction && a.item == b.item &&
           ((a.flags ^ b.flags) & use_flag::Written) == 0;
}

bool isObserved(const Seen& seen) {
    return seen.direction == Direction::In ? (seen.flags & use_flag::Verified) != 0
                                           : (seen.flags & use_flag::Assumed) == 0;
}

void comparePair(const Run& a, const Seen& inA, const Run& b, const Seen& inB,
                 RowComparison& result) {
    const auto valueA = a.uses.value[inA.use];
    const auto valueB = b.uses.value[inB.use];
    const std::uint16_t flagsA = a.values.flags[valueA];
    const std::uint16_t flagsB = b.values.flags[valueB];
    if ((flagsA & flagsB & trace::value_flag::Undefined) != 0) {
        return;
    }
    if (((inA.flags | inB.flags) & use_flag::Meaningless) != 0) {
        ++result.skipped;
        return;
    }
    const bool isOutput = inA.direction == Direction::Out;
    if (((flagsA | flagsB) & trace::value_flag::NoBytes) != 0 &&
        a.sizesHash(valueA) == b.sizesHash(valueB)) {
        ++result.skipped;
        result.allVerified = result.allVerified && isOutput;
        return;
    }
    const bool same = sameContents(a, valueA, b, valueB);
    if (isObserved(inA) && isObserved(inB)) {
        ++result.compared;
        if (!same) {
            (isOutput ? result.outputs : result.inputs).push_back({inA.use, inB.use});
        }
        return;
    }
    ++result.skipped;
    if (!isOutput) {
        result.allVerified = false;
        if (!same) {
            result.assumedInputs.push_back({inA.use, inB.use});
        }
    }
}

/// Returns: whether both runs have the same slots in the same order. Else it comes to nothing.
bool compareInOrder(const Run& a, trace::EventId inA, const Run& b, trace::EventId inB,
                    RowComparison& result) {
    const std::uint64_t count = a.events.useCount[inA];
    if (count != b.events.useCount[inB]) {
        return false;
    }
    const std::uint64_t firstA = a.usesBegin(inA);
    const std::uint64_t firstB = b.usesBegin(inB);
    for (std::uint64_t k = 0; k < count; ++k) {
        const Seen x(a, firstA + k), y(b, firstB + k);
        if (!isSameSlot(x, y)) {
            return false;
        }
        comparePair(a, x, b, y, result);
    }
    return true;
}

/// Slots in another order, or missing in one run: pairs by name of the slot.
void compareBySlot(const Run& a, trace::EventId inA, const Run& b, trace::EventId inB,
                   bool inputsOnly, RowComparison& result) {
    std::uint64_t paired = 0;
    for (const std::uint64_t i : a.usesOf(inA)) {
        const Seen x(a, i);
        if (inputsOnly && x.direction == Direction::Out) {
            continue;
        }
        for (const std::uint64_t j : b.usesOf(inB)) {
            if (const Seen y(b, j); isSameSlot(x, y)) {
                comparePair(a, x, b, y, result);
                ++paired;
                break;
            }
        }
    }
    const std::uint64_t countA = a.events.useCount[inA];
    const std::uint64_t countB = b.events.useCount[inB];
    result.slotsDiffer = !inputsOnly && (paired != countA || paired != countB);
}

/// What an op that never ended, or that an exception left in both runs, wrote is not known.
bool lacksOutputs(const Run& a, trace::EventId inA, const Run& b, trace::EventId inB) {
    const std::uint32_t flagsA = a.events.flags[inA];
    const std::uint32_t flagsB = b.events.flags[inB];
    return ((flagsA | flagsB) & trace::event_flag::Unfinished) != 0 ||
           (flagsA & flagsB & trace::event_flag::Threw) != 0;
}

void clear(RowComparison& result) {
    result.inputs.clear();
    result.assumedInputs.clear();
    result.outputs.clear();
    result.allVerified = true;
    result.slotsDiffer = false;
    result.compared = result.skipped = 0;
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
    return isObserved(Seen(run, use));
}

void compareRows(const Run& a, trace::EventId inA, const Run& b, trace::EventId inB,
                 RowComparison& result) {
    clear(result);
    const bool inputsOnly = lacksOutputs(a, inA, b, inB);
    if (inputsOnly || !compareInOrder(a, inA, b, inB, result)) {
        clear(result);
        compareBySlot(a, inA, b, inB, inputsOnly, result);
    }
    result.argumentsDiffer = a.argumentsHash(inA) != b.argumentsHash(inB);
    const trace::Context contextA = a.context(inA);
    const trace::Context contextB = b.context(inB);
    result.contextDiffers =
        contextA.threads != contextB.threads || contextA.flags != contextB.flags;
}

} // namespace repro::replay
