// SPDX-License-Identifier: BSD-3-Clause
#include "trace/contents.h"

#include "trace/fingerprint.h"
#include "trace/reader_impl.h"

#include <fmt/format.h>

#include <algorithm>
#include <vector>

namespace repro::trace {

// Contents that are one piece have a fingerprint of their bytes, others of whole leaves.
static_assert(Contents::kPieceBytes == kLeafThreshold && kLeafThreshold % kLeafBytes == 0);

struct Contents::State {
    const Reader::Impl& reader;
    const hdf5::Dataset& payload;
    Value value;
    std::uint64_t done = 0; ///< elements
    std::vector<std::byte> piece;
    std::vector<Fingerprint> leaves; ///< of contents that are more than one piece

    void check(const Fingerprint& fingerprint) const {
        if (fingerprint != value.fingerprint) {
            reader.tables.throwDamaged(fmt::format("elements {} to {} of {} differ from their "
                                                   "fingerprint",
                                                   value.payload, value.payload + value.elements,
                                                   payload.name()));
        }
    }
};

Contents::Contents(const Reader& reader, const Value& value)
    : m_state(new State{*reader.m_impl, reader.m_impl->payloadOf(value.dtype), value, 0, {}, {}}) {
    const hdf5::Dataset& payload = m_state->payload;
    if (value.payload > payload.rows() || value.elements > payload.rows() - value.payload) {
        m_state->reader.tables.throwDamaged(payload.name() + " ends within a value");
    }
}

Contents::~Contents() = default;

std::span<const std::byte> Contents::next() {
    State& state = *m_state;
    const Value& value = state.value;
    const std::uint64_t size = dtypeSize(value.dtype);
    const std::uint64_t count = std::min(kPieceBytes / size, value.elements - state.done);
    state.piece.resize(count * size);
    state.payload.read(value.payload + state.done, count, state.piece.data());
    const bool isFirst = state.done == 0;
    state.done += count;
    // Fingerprints are taken while the piece is in the cache.
    if (isFirst && state.done == value.elements) {
        state.check(fingerprintOfBytes(state.piece));
    } else if (count > 0) {
        const auto leaves = leavesOf(state.piece);
        state.leaves.insert(state.leaves.end(), leaves.begin(), leaves.end());
        if (state.done == value.elements) {
            state.check(fingerprintOfList(state.leaves));
        }
    }
    return state.piece;
}

} // namespace repro::trace
