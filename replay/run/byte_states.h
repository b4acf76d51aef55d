// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "replay/run/storage_uses.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <vector>

namespace repro::replay {

/// What is known of the bytes of every storage, at one moment of a pass over a run. Bytes that
/// were never spoken of have the state `Default`.
class ByteStates {
public:
    using State = std::uint8_t;

    /// `storages`: numbers of storages are below it, mostly. `initial`: the state of all bytes.
    ByteStates(std::uint64_t storages, State initial);

    /// Does `wanted(state)` hold of any byte of the span?
    template <class Wanted>
    [[nodiscard]] bool any(std::uint64_t storage, Span span, Wanted wanted) const {
        std::uint64_t covered = span.begin;
        for (const Piece& piece : listOf(storage)) {
            if (piece.storage != storage || piece.span.end <= span.begin) {
                continue;
            }
            if (piece.span.begin >= span.end) {
                break;
            }
            if ((covered < piece.span.begin && wanted(m_initial)) || wanted(piece.state)) {
                return true;
            }
            covered = piece.span.end;
        }
        return covered < span.end && wanted(m_initial);
    }

    /// Every byte of the span gets the state `next(its state)`.
    template <class Next>
    void change(std::uint64_t storage, Span span, Next next) {
        if (span.begin >= span.end) {
            return;
        }
        std::vector<Piece>& list = listOf(storage);
        if (list.size() == 1 && list.front().storage == storage &&
            list.front().span.begin == span.begin && list.front().span.end == span.end) {
            list.front().state = next(list.front().state); // as most are: whole tensors
            return;
        }
        m_scratch.clear();
        std::uint64_t covered = span.begin;
        const auto fill = [&](std::uint64_t end) {
            if (covered < end) {
                append({storage, {covered, end}, next(m_initial)});
                covered = end;
            }
        };
        for (const Piece& piece : list) {
            if (piece.storage != storage || piece.span.end <= span.begin) {
                append(piece);
                continue;
            }
            fill(std::min(piece.span.begin, span.end));
            const Span inside = {std::max(piece.span.begin, span.begin),
                                 std::min(piece.span.end, span.end)};
            if (inside.begin >= inside.end) {
                append(piece);
                continue;
            }
            append({storage, {piece.span.begin, inside.begin}, piece.state});
            append({storage, inside, next(piece.state)});
            covered = inside.end;
            append({storage, {inside.end, piece.span.end}, piece.state});
        }
        fill(span.end);
        list.swap(m_scratch);
    }

private:
    struct Piece {
        std::uint64_t storage;
        Span span;
        State state;
    };
    void append(const Piece& piece);
    [[nodiscard]] std::vector<Piece>& listOf(std::uint64_t storage) {
        return m_lists[storage & (m_lists.size() - 1)];
    }
    [[nodiscard]] const std::vector<Piece>& listOf(std::uint64_t storage) const {
        return m_lists[storage & (m_lists.size() - 1)];
    }

    State m_initial;
    std::vector<std::vector<Piece>> m_lists; ///< sorted by begin within a storage
    std::vector<Piece> m_scratch;
};

} // namespace repro::replay
