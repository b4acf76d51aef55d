// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "replay/result/result.h"

#include <cstddef>
#include <memory>
#include <span>

namespace repro::replay {

/// Adds up how far two contents are apart, a block at a time, so that each byte is read once and
/// while it is in the cache. What it finds does not depend on the pieces that come.
class Comparison {
public:
    virtual ~Comparison() = default;
    Comparison(const Comparison&) = delete;
    Comparison& operator=(const Comparison&) = delete;

    /// The next elements of both. Requires: as many whole ones in both; a multiple of kBlockBytes,
    /// but for the last.
    void add(std::span<const std::byte> a, std::span<const std::byte> b);
    /// Once, at the end. An empty shape is that of a list.
    [[nodiscard]] virtual Difference finish(std::span<const std::int64_t> shape) = 0;

protected:
    /// Part of both contents; outside of `lines` (elements.h) they are equal.
    struct Block {
        std::span<const std::byte> a, b;
        std::uint64_t lines = 0;
        std::uint64_t base = 0; ///< index of its first element
    };
    explicit Comparison(std::size_t elementSize) : m_elementSize(elementSize) {}
    [[nodiscard]] std::uint64_t elements() const { return m_elements; } ///< so far

private:
    virtual void addBlock(const Block& block) = 0;
    std::uint64_t differingLines(std::span<const std::byte> a, std::span<const std::byte> b);

    std::size_t m_elementSize;
    std::uint64_t m_elements = 0;
    int m_taken = 0; ///< blocks yet to take as they are
};

[[nodiscard]] std::unique_ptr<Comparison> comparisonOf(trace::DType dtype);

} // namespace repro::replay
