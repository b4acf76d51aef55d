// SPDX-License-Identifier: BSD-3-Clause
// Compiled once for each instruction set, under the name REPRO_ELEMENTS_NAME, hence nothing here
// that the linker could share with code for another one.
#include "replay/numbers/element_pairs.h"
#include "replay/numbers/elements.h"

#include <cstddef>
#include <cstdint>
#include <cstring>

namespace repro::replay {
namespace {

template <class Format>
std::uint64_t firstWith(const typename Format::Word* distances, std::uint64_t count,
                        std::uint64_t distance) {
    std::uint64_t i = 0;
    while (i + 1 < count && distances[i] != distance) {
        ++i;
    }
    return i;
}

/// Few distances are long: then as many passes as the longest has bits, each of which counts what
/// reaches a power of two. `count` is a multiple of the register.
template <class Format>
std::uint64_t addShort(ElementTotals& totals, const typename Format::Word* distances,
                       std::uint64_t count, int bits) {
    using R = Registers<Format>;
    std::uint64_t above = 0; // with the next bit set or a higher one
    for (int bit = bits - 1; bit >= 0; --bit) {
        const auto limit = static_cast<typename Format::SignedWord>((1ULL << bit) - 1);
        typename R::Words reached{};
#pragma GCC unroll 4
        for (std::uint64_t i = 0; i < count; i += R::kWidth) {
            const auto distance =
                load<typename R::Signed>(reinterpret_cast<const std::byte*>(distances + i));
            reached -= reinterpret_cast<typename R::Words>(distance > limit);
        }
        std::uint64_t all = 0;
        for (int lane = 0; lane < R::kWidth; ++lane) {
            all += reached[lane];
        }
        totals.ulps[static_cast<std::size_t>(bit) + 1] += all - above;
        above = all;
    }
    return above;
}

template <class Format>
std::uint64_t addLong(ElementTotals& totals, const typename Format::Word* distances,
                      std::uint64_t count) {
    // Several counters for each bucket: neighbours often share one, and would wait for each other.
    std::uint32_t counts[4][kUlpBuckets] = {};
    for (std::uint64_t i = 0; i < count; ++i) {
        const std::uint64_t distance = distances[i];
        ++counts[i % 4][distance == 0 ? 0 : 64 - __builtin_clzll(distance)];
    }
    std::uint64_t moved = 0;
    for (int bucket = 1; bucket < kUlpBuckets; ++bucket) {
        for (const auto& part : counts) {
            totals.ulps[static_cast<std::size_t>(bucket)] += part[bucket];
            moved += part[bucket];
        }
    }
    return moved;
}

/// Returns: how many are not 0.
template <class Format>
std::uint64_t addHistogram(ElementTotals& totals, const typename Format::Word* distances,
                           std::uint64_t count, std::uint64_t longest) {
    constexpr int kShort = 16;
    const int bits = longest == 0 ? 0 : 64 - __builtin_clzll(longest);
    return bits <= kShort ? addShort<Format>(totals, distances, count, bits)
                          : addLong<Format>(totals, distances, count);
}

/// Adds up the registers. `close` is a copy, or its lanes would never be in registers.
/// Returns: the longest distance.
template <class Format>
std::uint64_t addLanes(ElementTotals& totals, ClosePairs<Format> close,
                       const RarePairs<Format>& rare) {
    using R = Registers<Format>;
    constexpr int kHalf = R::kWidth / R::kHalves;
    const auto closeAbs = reinterpret_cast<typename R::Reals>(close.maxAbs);
    const auto raise = [](auto& most, auto number) { most = number > most ? number : most; };
    std::uint64_t maxUlp = 0;
    for (int lane = 0; lane < R::kWidth; ++lane) {
        raise(maxUlp, std::uint64_t{close.maxUlp[lane]});
        raise(maxUlp, std::uint64_t{rare.maxUlp[lane]});
        raise(totals.maxRel, double{close.maxRel[lane]});
        raise(totals.maxRel, double{rare.maxRel[lane]});
        raise(totals.maxAbs, double{closeAbs[lane]});
        raise(totals.maxAbs, double{rare.maxAbs[lane / kHalf][lane % kHalf]});
        totals.oneSided += rare.oneSided[lane];
        totals.differing += rare.still[lane];
        totals.sumAbs +=
            close.sumAbs[lane / kHalf][lane % kHalf] + rare.sumAbs[lane / kHalf][lane % kHalf];
    }
    return maxUlp;
}

/// Pairs of -0 and +0.
template <class Stored>
std::uint64_t countZeros(const std::byte* a, const std::byte* b, std::uint64_t count) {
    std::uint64_t zeros = 0;
    for (std::uint64_t k = 0; k < count; ++k) {
        Stored x, y;
        std::memcpy(&x, a + k * sizeof x, sizeof x);
        std::memcpy(&y, b + k * sizeof y, sizeof y);
        zeros += x != y && static_cast<Stored>((x | y) << 1) == 0;
    }
    return zeros;
}

std::uint64_t firstUnequal(const std::byte* a, const std::byte* b, std::uint64_t size) {
    std::uint64_t i = 0;
    while (std::memcmp(a + i * size, b + i * size, size) == 0) {
        ++i;
    }
    return i;
}

/// Distances of the elements in lines of a block, and sums and maxima of them.
template <class Format>
class Block {
public:
    using R = Registers<Format>;
    using Word = typename R::Word;
    using Stored = typename Format::Stored;
    static constexpr std::uint64_t kOfLine = kLineBytes / sizeof(Stored);

    void compare(ElementTotals& totals, const std::byte* a, const std::byte* b, std::uint64_t count,
                 std::uint64_t lines) {
        ClosePairs<Format> close(totals.maxRel);
        for (std::uint64_t rest = lines; rest != 0; rest &= rest - 1) {
            const auto line = static_cast<unsigned>(__builtin_ctzll(rest));
            const std::byte* x = a + line * kLineBytes;
            const std::byte* y = b + line * kLineBytes;
            __builtin_prefetch(x + kBlockBytes);
            __builtin_prefetch(y + kBlockBytes);
            std::byte lastX[kLineBytes], lastY[kLineBytes];
            if (count - line * kOfLine < kOfLine) {
                x = fillUp(lastX, x, count - line * kOfLine);
                y = fillUp(lastY, y, count - line * kOfLine);
            }
            for (std::size_t at = 0; at < kLineBytes; at += R::kWidth * sizeof(Stored)) {
                const auto distance = close.add(R::bitsAt(x + at), R::bitsAt(y + at), m_rare);
                std::memcpy(m_distances + m_held, &distance, sizeof distance);
                m_held += R::kWidth;
            }
        }
        m_maxUlp = addLanes<Format>(totals, close, m_rare);
        totals.differing += addHistogram<Format>(totals, m_distances, m_held, m_maxUlp);
    }
    [[nodiscard]] std::uint64_t maxUlp() const { return m_maxUlp; }
    /// Or NaN and infinity in both.
    [[nodiscard]] bool mayHoldZeros() const {
        return isAny(reinterpret_cast<typename R::Words>(m_rare.still != m_rare.oneSided));
    }
    /// Of the first with the longest distance.
    [[nodiscard]] std::uint64_t worst(std::uint64_t lines) const {
        const std::uint64_t place = firstWith<Format>(m_distances, m_held, m_maxUlp);
        for (std::uint64_t before = place / kOfLine; before > 0; --before) {
            lines &= lines - 1;
        }
        return static_cast<unsigned>(__builtin_ctzll(lines)) * kOfLine + place % kOfLine;
    }

private:
    /// Equal elements fill up the last line.
    static const std::byte* fillUp(std::byte* to, const std::byte* from, std::uint64_t count) {
        std::memset(to, 0, kLineBytes);
        std::memcpy(to, from, count * sizeof(Stored));
        return to;
    }

    Word m_distances[kBlockBytes / sizeof(Stored)];
    std::uint64_t m_held = 0;
    std::uint64_t m_maxUlp = 0;
    RarePairs<Format> m_rare;
};

template <class Format>
void compare(ElementTotals& totals, const std::byte* a, const std::byte* b, std::uint64_t count,
             std::uint64_t base, std::uint64_t lines) {
    using Stored = typename Format::Stored;
    if (totals.first == kNoElement) {
        totals.first = base + firstUnequal(a, b, sizeof(Stored));
    }
    Block<Format> block;
    block.compare(totals, a, b, count, lines);
    if (block.maxUlp() > totals.maxUlp) {
        totals.maxUlp = block.maxUlp();
        totals.worst = base + block.worst(lines);
    }
    if (block.mayHoldZeros()) {
        totals.ulps[0] += countZeros<Stored>(a, b, count);
    }
}

bool isEqual(const std::byte* a, const std::byte* b) {
    using Line = Vector<std::uint64_t, kRegister / 8>;
    Line other{};
    for (std::size_t at = 0; at < kLineBytes; at += kRegister) {
        other |= load<Line>(a + at) ^ load<Line>(b + at);
    }
    return !isAny(other);
}

std::uint64_t differingLines(const std::byte* a, const std::byte* b, std::size_t bytes) {
    if (std::memcmp(a, b, bytes) == 0) {
        return 0;
    }
    std::uint64_t lines = 0;
    std::size_t at = 0;
    for (; at + kLineBytes <= bytes; at += kLineBytes) {
        __builtin_prefetch(a + at + kBlockBytes);
        __builtin_prefetch(b + at + kBlockBytes);
        lines |= static_cast<std::uint64_t>(!isEqual(a + at, b + at)) << (at / kLineBytes);
    }
    if (at < bytes && std::memcmp(a + at, b + at, bytes - at) != 0) {
        lines |= std::uint64_t{1} << (at / kLineBytes);
    }
    return lines;
}

} // namespace

extern const ElementKernels REPRO_ELEMENTS_NAME;
const ElementKernels REPRO_ELEMENTS_NAME = {differingLines, compare<Float64>, compare<Float32>,
                                            compare<Float16>, compare<BFloat16>};

} // namespace repro::replay
