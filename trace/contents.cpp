// SPDX-License-Identifier: BSD-3-Clause
#include "trace/contents.h"

#include "trace/fingerprint.h"
#include "trace/reader_impl.h"

#include <fmt/format.h>

#include <algorithm>
#include <functional>
#include <numeric>
#include <utility>
#include <vector>

namespace repro::trace {
namespace {

bool isRepeated(std::int64_t size, std::int64_t stride) {
    return size > 1 && stride == 0;
}

/// Elements in the order in which the tensor shows them, from the innermost dimension outwards.
std::vector<std::byte> repeat(std::vector<std::byte> distinct, std::span<const std::int64_t> sizes,
                              std::span<const std::int64_t> strides, std::uint64_t itemBytes) {
    auto block = static_cast<std::ptrdiff_t>(itemBytes);
    for (std::size_t d = sizes.size(); d-- > 0; block *= sizes[d]) {
        if (!isRepeated(sizes[d], strides[d])) {
            continue;
        }
        std::vector<std::byte> repeated;
        repeated.reserve(distinct.size() * static_cast<std::size_t>(sizes[d]));
        for (auto from = distinct.begin(); from != distinct.end(); from += block) {
            for (std::int64_t i = 0; i < sizes[d]; ++i) {
                repeated.insert(repeated.end(), from, from + block);
            }
        }
        distinct = std::move(repeated);
    }
    return distinct;
}

} // namespace

struct Contents::State {
    const Reader::Impl& reader;
    const hdf5::Dataset& payload;
    Value value;
    std::uint64_t stored = 0; ///< elements in the file
    std::uint64_t done = 0;   ///< elements
    std::vector<std::byte> piece;
    std::vector<std::byte> whole;    ///< of a value that repeats elements
    std::vector<Fingerprint> leaves; ///< of contents that are more than one piece

    void check(const Fingerprint& fingerprint) const {
        if (fingerprint != value.fingerprint) {
            reader.tables.throwDamaged(fmt::format("elements {} to {} of {} differ from their "
                                                   "fingerprint",
                                                   value.payload, value.payload + stored,
                                                   payload.name()));
        }
    }

    void readRepeated(std::span<const std::int64_t> sizes, std::span<const std::int64_t> strides) {
        const auto all =
            std::accumulate(sizes.begin(), sizes.end(), std::int64_t{1}, std::multiplies<>());
        if (sizes.size() != strides.size() || static_cast<std::uint64_t>(all) != value.elements) {
            reader.tables.throwDamaged("a value has other sizes than elements");
        }
        std::vector<std::byte> distinct(stored * dtypeSize(value.dtype));
        payload.read(value.payload, stored, distinct.data());
        check(fingerprintOfContents(distinct));
        whole = repeat(std::move(distinct), sizes, strides, dtypeSize(value.dtype));
    }
};

Contents::Contents(const Reader& reader, const Value& value)
    : m_state(new State{*reader.m_impl,
                        reader.m_impl->payloadOf(value.dtype),
                        value,
                        storedElements(reader, value),
                        0,
                        {},
                        {},
                        {}}) {
    const hdf5::Dataset& payload = m_state->payload;
    const std::uint64_t stored = m_state->stored;
    if (value.payload > payload.rows() || stored > payload.rows() - value.payload) {
        m_state->reader.tables.throwDamaged(payload.name() + " ends within a value");
    }
    if (stored != value.elements) {
        m_state->readRepeated(reader.list(value.sizes), reader.list(value.strides));
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
    const bool isFirst = state.done == 0;
    if (!state.whole.empty()) {
        const auto piece = std::span(state.whole).subspan(state.done * size, count * size);
        state.done += count;
        return piece;
    }
    state.piece.resize(count * size);
    state.payload.read(value.payload + state.done, count, state.piece.data());
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

std::uint64_t storedElements(const Reader& reader, const Value& value) {
    if ((value.flags & value_flag::Overlapping) == 0) {
        return value.elements;
    }
    const auto sizes = reader.list(value.sizes);
    const auto strides = reader.list(value.strides);
    std::uint64_t repetitions = 1;
    for (std::size_t d = 0; d < std::min(sizes.size(), strides.size()); ++d) {
        repetitions *= isRepeated(sizes[d], strides[d]) ? static_cast<std::uint64_t>(sizes[d]) : 1;
    }
    return value.elements / repetitions;
}

} // namespace repro::trace
