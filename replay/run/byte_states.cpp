// SPDX-License-Identifier: BSD-3-Clause
#include "replay/run/byte_states.h"

#include <algorithm>
#include <bit>

namespace repro::replay {
namespace {

constexpr std::uint64_t kMostLists = 1U << 22U;

} // namespace

ByteStates::ByteStates(std::uint64_t storages, State initial)
    : m_initial(initial),
      m_lists(std::bit_ceil(std::clamp<std::uint64_t>(storages, 1, kMostLists))) {}

void ByteStates::append(const Piece& piece) {
    if (piece.span.begin >= piece.span.end) {
        return;
    }
    if (!m_scratch.empty()) {
        Piece& last = m_scratch.back();
        if (last.storage == piece.storage && last.state == piece.state &&
            last.span.end == piece.span.begin) {
            last.span.end = piece.span.end;
            return;
        }
    }
    m_scratch.push_back(piece);
}

} // namespace repro::replay
