// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "replay/diff.h"

#include <cstddef>
#include <memory>
#include <span>

namespace repro::replay {

/// Adds up how far two contents are apart, a piece at a time, so that each byte is read once and
/// while it is in the cache. What it finds does not depend on the pieces.
class Comparison {
public:
    /// Bytes of a piece that share the cache with what is done to them; whole blocks of the
    /// kernels.
    static constexpr std::size_t kPieceBytes = 128U << 10U;

    virtual ~Comparison() = default;
    Comparison() = default;
    Comparison(const Comparison&) = delete;
    Comparison& operator=(const Comparison&) = delete;

    /// The next elements of both. Requires: as many whole ones in both; a multiple of kPieceBytes,
    /// but for the last.
    void add(std::span<const std::byte> a, std::span<const std::byte> b) {
        while (!a.empty()) {
            const std::size_t size = a.size() < kPieceBytes ? a.size() : kPieceBytes;
            addPiece(a.first(size), b.first(size));
            a = a.subspan(size);
            b = b.subspan(size);
        }
    }
    /// Once, at the end. An empty shape is that of a list.
    [[nodiscard]] virtual Difference finish(std::span<const std::int64_t> shape) = 0;

private:
    virtual void addPiece(std::span<const std::byte> a, std::span<const std::byte> b) = 0;
};

[[nodiscard]] std::unique_ptr<Comparison> comparisonOf(trace::DType dtype);

} // namespace repro::replay
