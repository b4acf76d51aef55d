// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "trace/vectors.h"

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <immintrin.h>

/// Pairs of numbers, compared a register at a time. For elements_kernel.cpp alone: what is here is
/// compiled once for each instruction set, and must not be shared.
namespace repro::replay {
namespace {

template <class V>
V load(const std::byte* from) {
    V v;
    std::memcpy(&v, from, sizeof v);
    return v;
}

using Doubles = Vector<double, kRegister / sizeof(double)>;

/// Floats become two registers of doubles. By hand: GCC 12 takes a detour for a generic conversion.
inline void widen(Vector<float, kRegister / sizeof(float)> x, Doubles* out) {
#if defined(__AVX512F__)
    out[0] = _mm512_cvtps_pd(_mm512_castps512_ps256(x));
    out[1] = _mm512_cvtps_pd(_mm256_castpd_ps(_mm512_extractf64x4_pd(_mm512_castps_pd(x), 1)));
#elif defined(__AVX2__)
    out[0] = _mm256_cvtps_pd(_mm256_castps256_ps128(x));
    out[1] = _mm256_cvtps_pd(_mm256_extractf128_ps(x, 1));
#else
    out[0] = _mm_cvtps_pd(x);
    out[1] = _mm_cvtps_pd(_mm_movehl_ps(x, x));
#endif
}
inline void widen(Doubles x, Doubles* out) {
    out[0] = x;
}

/// Is any bit set?
template <class V>
inline bool isAny(V bits) {
#if defined(__AVX512F__)
    const auto all = reinterpret_cast<__m512i>(bits);
    return _mm512_test_epi64_mask(all, all) != 0;
#elif defined(__AVX2__)
    const auto all = reinterpret_cast<__m256i>(bits);
    return _mm256_testz_si256(all, all) == 0;
#else
    const auto none = _mm_cmpeq_epi8(reinterpret_cast<__m128i>(bits), _mm_setzero_si128());
    return _mm_movemask_epi8(none) != 0xFFFF;
#endif
}

/// A float type as words of its own size or wider: its bits at the top, so that signs and orders
/// are those of the word; `shift` zeros below.
struct Float32 {
    using Word = std::uint32_t;
    using SignedWord = std::int32_t;
    using Real = float;
    using Stored = std::uint32_t;
    static constexpr int shift = 0;
    static constexpr Word exponent = 0x7F800000U;
    template <class Words, class Reals>
    static Reals number(Words bits) {
        return reinterpret_cast<Reals>(bits);
    }
};
struct Float64 {
    using Word = std::uint64_t;
    using SignedWord = std::int64_t;
    using Real = double;
    using Stored = std::uint64_t;
    static constexpr int shift = 0;
    static constexpr Word exponent = 0x7FF0000000000000ULL;
    template <class Words, class Reals>
    static Reals number(Words bits) {
        return reinterpret_cast<Reals>(bits);
    }
};
struct BFloat16 : Float32 {
    using Stored = std::uint16_t;
    static constexpr int shift = 16;
};
struct Float16 : Float32 {
    using Stored = std::uint16_t;
    static constexpr int shift = 16;
    static constexpr Word exponent = 0x7C000000U;
    /// Shifted into the place of a float32, the exponent is too small by 112, which a
    /// multiplication mends for normals and subnormals alike. NaN and Inf are not asked for.
    template <class Words, class Reals>
    static Reals number(Words bits) {
        const Words moved = (bits & 0x80000000U) | ((bits & 0x7FFFFFFFU) >> 3);
        return reinterpret_cast<Reals>(moved) * 0x1p112F;
    }
};

/// Does an element of `x` exceed that of `y`?
inline bool isAnyGreater(Vector<float, kRegister / sizeof(float)> x,
                         Vector<float, kRegister / sizeof(float)> y) {
#if defined(__AVX512F__)
    return _mm512_cmp_ps_mask(x, y, _CMP_GT_OQ) != 0;
#elif defined(__AVX2__)
    return _mm256_movemask_ps(_mm256_cmp_ps(x, y, _CMP_GT_OQ)) != 0;
#else
    return _mm_movemask_ps(_mm_cmpgt_ps(x, y)) != 0;
#endif
}
inline bool isAnyGreater(Doubles x, Doubles y) {
#if defined(__AVX512F__)
    return _mm512_cmp_pd_mask(x, y, _CMP_GT_OQ) != 0;
#elif defined(__AVX2__)
    return _mm256_movemask_pd(_mm256_cmp_pd(x, y, _CMP_GT_OQ)) != 0;
#else
    return _mm_movemask_pd(_mm_cmpgt_pd(x, y)) != 0;
#endif
}

template <class Format>
struct Registers {
    using Word = typename Format::Word;
    using Real = typename Format::Real;
    static constexpr int kWidth = kRegister / sizeof(Word);
    static constexpr int kHalves = sizeof(double) / sizeof(Real);
    using Words = Vector<Word, kWidth>;
    using Signed = Vector<typename Format::SignedWord, kWidth>;
    using Reals = Vector<Real, kWidth>;

    static Words bitsAt(const std::byte* from) {
        using Stored = Vector<typename Format::Stored, kWidth>;
        return __builtin_convertvector(load<Stored>(from), Words) << Format::shift;
    }
    static Reals numbersOf(Words bits) { return Format::template number<Words, Reals>(bits); }
    template <class V>
    static V sizeOf(V x) {
        using Bits = decltype(x < x);
        return reinterpret_cast<V>(reinterpret_cast<Bits>(x) & ~reinterpret_cast<Bits>(V{} * -1));
    }
    static Words larger(Words x, Words y) { return x > y ? x : y; }
    static Reals larger(Reals relative, Reals of, Reals than) {
        return (relative > than) & (of != 0) ? relative : than; // 0/0 is NaN: greater than nothing
    }

    /// One more in the exponent: numbers of one sign that are less than so many words apart have a
    /// difference that the type itself holds exactly (Sterbenz).
    static constexpr Word kOctave = Format::exponent & -Format::exponent;
    static constexpr Word kSign = ~(static_cast<Word>(~Word{0}) >> 1);
};

/// Any pairs: of two signs, far apart, or not finite. Seldom, and not in line: so that what is done
/// to all others stays in registers.
template <class Format>
struct RarePairs : Registers<Format> {
    using R = Registers<Format>;
    using typename R::Reals, typename R::Signed, typename R::Words;

    Words still{}, oneSided{}, maxUlp{}; ///< still: differing, but 0 ULP apart or not finite
    Doubles maxAbs[R::kHalves] = {}, sumAbs[R::kHalves] = {};
    Reals maxRel{};

    /// Returns: distances.
    [[gnu::noinline]] Words add(Words x, Words y) {
        const Words both = finite(x) & finite(y);
        oneSided -= finite(x) ^ finite(y);
        const Signed p = order(x), q = order(y);
        const Words up = reinterpret_cast<Words>(q) - reinterpret_cast<Words>(p);
        const Words distance = (p < q ? up : -up) >> Format::shift & both;
        still -= reinterpret_cast<Words>((x != y) & (distance == 0));
        maxUlp = R::larger(distance, maxUlp);
        const Reals u = R::numbersOf(x & both), v = R::numbersOf(y & both);
        Doubles wideU[R::kHalves], wideV[R::kHalves];
        widen(u, wideU);
        widen(v, wideV);
        for (int i = 0; i < R::kHalves; ++i) {
            const Doubles size = R::sizeOf(wideU[i] - wideV[i]);
            maxAbs[i] = size > maxAbs[i] ? size : maxAbs[i];
            sumAbs[i] += size;
        }
        maxRel = R::larger(R::sizeOf((u - v) / u), u, maxRel);
        return distance;
    }

private:
    /// All ones where finite.
    static Words finite(Words bits) {
        return reinterpret_cast<Words>((bits & Format::exponent) != Format::exponent);
    }
    /// Grows with the number; -0 and +0 are the same.
    static Signed order(Words bits) {
        const Signed sign = reinterpret_cast<Signed>(bits) >> (8 * sizeof(typename R::Word) - 1);
        const Signed magnitude = reinterpret_cast<Signed>(bits << 1 >> 1);
        return (magnitude ^ sign) - sign;
    }
};

/// Pairs of one sign, finite, and within a factor of two, as nearly all are; it hands on the
/// others.
template <class Format>
struct ClosePairs : Registers<Format> {
    using R = Registers<Format>;
    using typename R::Reals, typename R::Words;

    Words maxUlp{}, maxAbs{}; ///< maxAbs: bits of Reals, which order as those do from 0 on
    Doubles sumAbs[R::kHalves] = {};
    Reals maxRel{}, nearlyMaxRel{};

    explicit ClosePairs(double reached) {
        maxRel += static_cast<typename R::Real>(reached);
        nearlyMaxRel = maxRel * kNearly;
    }
    /// Returns: distances.
    Words add(Words x, Words y, RarePairs<Format>& others) {
        const Words up = x - y, down = y - x; // unsigned, for it may wrap: those far apart are rare
        const Words apart = up < down ? up : down;
        // The sum reaches the sign where a number is not finite, and for a few that are.
        const Words special = ((x | y) & Format::exponent) + R::kOctave;
        if (isAny((((x ^ y) | special) & R::kSign) | (apart & ~(R::kOctave - 1)))) {
            return others.add(x, y);
        }
        const Words distance = apart >> Format::shift;
        maxUlp = R::larger(distance, maxUlp);
        const Reals u = R::numbersOf(x);
        const Reals size = R::sizeOf(u - R::numbersOf(y));
        maxAbs = R::larger(reinterpret_cast<Words>(size), maxAbs);
        Doubles wide[R::kHalves];
        widen(size, wide);
        for (int i = 0; i < R::kHalves; ++i) {
            sumAbs[i] += wide[i];
        }
        // Divides only where the quotient may be the largest so far: seldom, and it is slow.
        if (isAnyGreater(size, R::sizeOf(u) * nearlyMaxRel)) {
            maxRel = R::larger(R::sizeOf(size / u), u, maxRel);
            nearlyMaxRel = maxRel * kNearly;
        }
        return distance;
    }

private:
    /// Below one by more than a product and a quotient are off.
    static constexpr auto kNearly = static_cast<typename R::Real>(1 - 1e-6);
};

} // namespace
} // namespace repro::replay
