// SPDX-License-Identifier: BSD-3-Clause
#include "trace/contents.h"

#include "trace/fingerprint.h"
#include "trace/reader_impl.h"

#include <fmt/format.h>

#include <algorithm>
#include <vector>

namespace repro::trace {

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
    // Contents up to the threshold have a fingerprint of their bytes, others of whole leaves: those
    // come a leaf at a time, which stays in the cache while others are read beside it.
    const bool isOne = value.elements <= kLeafThreshold / size;
    const std::uint64_t count =
        std::min((isOne ? kLeafThreshold : kLeafBytes) / size, value.elements - state.done);
    state.piece.resize(count * size);
    state.payload.read(value.payload + state.done, count, state.piece.data());
    const bool isFirst = state.done == 0;
    state.done += count;
    if (isOne && isFirst) {
        state.check(fingerprintOfBytes(state.piece));
    } else if (!isOne && count > 0) {
        state.leaves.push_back(fingerprintOfBytes(state.piece));
        if (state.done == value.elements) {
            state.check(fingerprintOfList(state.leaves));
        }
    }
    return state.piece;
}

} // namespace repro::trace
