// SPDX-License-Identifier: BSD-3-Clause
// Compiled once for each instruction set, under the name REPRO_ELEMENTS_NAME, hence nothing here
// that the linker could share with code for another one.
#include "replay/numbers/elements.h"

#include <cstring>
#include <immintrin.h>

namespace repro::replay {
namespace {

/// Elements whose distances are held at a time: they stay in the first cache.
constexpr std::uint64_t kBlock = 1024;

#if defined(__AVX512F__)
constexpr int kRegister = 64;
#elif defined(__AVX2__)
constexpr int kRegister = 32;
#else
constexpr int kRegister = 16;
#endif

template <class T, int lanes>
struct VectorOf {
    typedef T Type __attribute__((vector_size(lanes * sizeof(T)))); // "using" drops the attribute
};
template <class T, int lanes>
using Vector = typename VectorOf<T, lanes>::Type;

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

template <class Format>
struct Comparer {
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
    /// All ones where finite.
    static Words finite(Words bits) {
        return reinterpret_cast<Words>((bits & Format::exponent) != Format::exponent);
    }
    template <class V>
    static V sizeOf(V x) {
        using Bits = decltype(x < x);
        return reinterpret_cast<V>(reinterpret_cast<Bits>(x) & ~reinterpret_cast<Bits>(V{} * -1));
    }
    /// Grows with the number; -0 and +0 are the same.
    static Signed order(Words bits) {
        const Signed sign = reinterpret_cast<Signed>(bits) >> (8 * sizeof(Word) - 1);
        const Signed magnitude = reinterpret_cast<Signed>(bits << 1 >> 1);
        return (magnitude ^ sign) - sign;
    }

    /// One more in the exponent: numbers of one sign that are less than so many words apart have a
    /// difference that the type itself holds exactly (Sterbenz).
    static constexpr Word kOctave = Format::exponent & -Format::exponent;
    static constexpr Word kSign = ~(static_cast<Word>(~Word{0}) >> 1);
    /// Below one by more than a product and a quotient are off.
    static constexpr Real kNearly = static_cast<Real>(1 - 1e-6);
    static constexpr Real kLargest = static_cast<Real>(kHalves == 2 ? __FLT_MAX__ : __DBL_MAX__);

    Words differing{}, oneSided{}, moved{}, close{}, maxUlp{};
    Doubles maxAbs[kHalves] = {}, sumAbs[kHalves] = {};
    Reals maxClose{}, maxRel{};

    void add(const std::byte* a, const std::byte* b, Word* distances) {
        const Words x = bitsAt(a), y = bitsAt(b);
        const Words other = x ^ y;
        Words distance{};
        if (isAny(other)) {
            const Words up = x - y; // unsigned, for it may wrap: those far apart are rare
            const Words apart = reinterpret_cast<Signed>(up) < 0 ? Words{} - up : up;
            // The sum reaches the sign where the number is not finite.
            const Words special =
                ((x & Format::exponent) + kOctave) | ((y & Format::exponent) + kOctave);
            const Words rare = ((other | special) & kSign) | (apart & ~(kOctave - 1));
            distance = isAny(rare) ? addRare(x, y) : addClose(x, y, apart);
        }
        std::memcpy(distances, &distance, sizeof distance);
    }
    /// Of one sign, finite, and within a factor of two, as nearly all are.
    Words addClose(Words x, Words y, Words apart) {
        close -= reinterpret_cast<Words>(x != y);
        const Words distance = apart >> Format::shift;
        maxUlp = distance > maxUlp ? distance : maxUlp;
        const Reals u = Format::template number<Words, Reals>(x);
        const Reals size = sizeOf(u - Format::template number<Words, Reals>(y));
        maxClose = size > maxClose ? size : maxClose;
        Doubles wide[kHalves];
        widen(size, wide);
        for (int i = 0; i < kHalves; ++i) {
            sumAbs[i] += wide[i];
        }
        // Divides only where the quotient may be the largest so far: seldom, and it is slow.
        const Reals reached = sizeOf(u) * (maxRel * kNearly);
        if (isAny(size > (reached < kLargest ? reached : Reals{} + kLargest))) {
            addRelative(size, u);
        }
        return distance;
    }
    void addRelative(Reals size, Reals of) {
        const Reals relative = sizeOf(size / of); // 0/0 is NaN: greater than nothing
        maxRel = (relative > maxRel) & (of != 0) ? relative : maxRel;
    }
    Words addRare(Words x, Words y) {
        const Words both = finite(x) & finite(y);
        differing -= reinterpret_cast<Words>(x != y);
        oneSided -= finite(x) ^ finite(y);
        const Signed p = order(x), q = order(y);
        const Words up = reinterpret_cast<Words>(q) - reinterpret_cast<Words>(p);
        const Words distance = (p < q ? up : -up) >> Format::shift & both;
        maxUlp = distance > maxUlp ? distance : maxUlp;
        moved -= reinterpret_cast<Words>(distance != 0);
        addDistances(Format::template number<Words, Reals>(x & both),
                     Format::template number<Words, Reals>(y & both));
        return distance;
    }
    void addDistances(Reals u, Reals v) {
        Doubles wideU[kHalves], wideV[kHalves];
        widen(u, wideU);
        widen(v, wideV);
        for (int i = 0; i < kHalves; ++i) {
            const Doubles size = sizeOf(wideU[i] - wideV[i]);
            maxAbs[i] = size > maxAbs[i] ? size : maxAbs[i];
            sumAbs[i] += size;
        }
        addRelative(u - v, u);
    }
};

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
void addShort(ElementTotals& totals, const typename Format::Word* distances, std::uint64_t count,
              int bits) {
    using C = Comparer<Format>;
    std::uint64_t above = 0; // with the next bit set or a higher one
    for (int bit = bits - 1; bit >= 0; --bit) {
        const auto limit = static_cast<typename Format::SignedWord>((1ULL << bit) - 1);
        typename C::Words reached{};
        for (std::uint64_t i = 0; i < count; i += C::kWidth) {
            const auto distance =
                load<typename C::Signed>(reinterpret_cast<const std::byte*>(distances + i));
            reached -= reinterpret_cast<typename C::Words>(distance > limit);
        }
        std::uint64_t all = 0;
        for (int lane = 0; lane < C::kWidth; ++lane) {
            all += reached[lane];
        }
        totals.ulps[static_cast<std::size_t>(bit) + 1] += all - above;
        above = all;
    }
}

template <class Format>
void addLong(ElementTotals& totals, const typename Format::Word* distances, std::uint64_t count) {
    // Several counters for each bucket: neighbours often share one, and would wait for each other.
    std::uint32_t counts[4][kUlpBuckets] = {};
    for (std::uint64_t i = 0; i < count; ++i) {
        const std::uint64_t distance = distances[i];
        ++counts[i % 4][distance == 0 ? 0 : 64 - __builtin_clzll(distance)];
    }
    for (int bucket = 1; bucket < kUlpBuckets; ++bucket) {
        for (const auto& part : counts) {
            totals.ulps[static_cast<std::size_t>(bucket)] += part[bucket];
        }
    }
}

template <class Format>
void addHistogram(ElementTotals& totals, const typename Format::Word* distances,
                  std::uint64_t count, std::uint64_t longest) {
    constexpr int kShort = 16;
    const int bits = longest == 0 ? 0 : 64 - __builtin_clzll(longest);
    if (bits <= kShort) {
        addShort<Format>(totals, distances, count, bits);
    } else {
        addLong<Format>(totals, distances, count);
    }
}

/// At most kBlock elements; the last register is filled up with equal ones.
template <class Format>
void addBlock(ElementTotals& totals, const std::byte* a, const std::byte* b, std::uint64_t count,
              std::uint64_t base) {
    using C = Comparer<Format>;
    using Word = typename Format::Word;
    constexpr std::uint64_t kSize = sizeof(typename Format::Stored);
    Word distances[kBlock + C::kWidth];
    C lanes;
    lanes.maxRel += static_cast<typename Format::Real>(totals.maxRel);
    std::uint64_t i = 0;
    for (; i + C::kWidth <= count; i += C::kWidth) {
        lanes.add(a + i * kSize, b + i * kSize, distances + i);
    }
    if (i < count) {
        std::byte restA[kRegister] = {}, restB[kRegister] = {};
        std::memcpy(restA, a + i * kSize, (count - i) * kSize);
        std::memcpy(restB, b + i * kSize, (count - i) * kSize);
        lanes.add(restA, restB, distances + i);
    }
    std::uint64_t differing = 0, moved = 0, maxUlp = 0, oneSided = 0;
    for (int lane = 0; lane < C::kWidth; ++lane) {
        differing += lanes.differing[lane] + lanes.close[lane];
        moved += lanes.moved[lane] + lanes.close[lane];
        oneSided += lanes.oneSided[lane];
        maxUlp = lanes.maxUlp[lane] > maxUlp ? lanes.maxUlp[lane] : maxUlp;
        const double relative = lanes.maxRel[lane];
        totals.maxRel = relative > totals.maxRel ? relative : totals.maxRel;
        const double size = lanes.maxClose[lane];
        totals.maxAbs = size > totals.maxAbs ? size : totals.maxAbs;
    }
    for (int lane = 0; lane < C::kWidth; ++lane) {
        constexpr int kHalf = C::kWidth / C::kHalves;
        const double size = lanes.maxAbs[lane / kHalf][lane % kHalf];
        totals.maxAbs = size > totals.maxAbs ? size : totals.maxAbs;
        totals.sumAbs += lanes.sumAbs[lane / kHalf][lane % kHalf];
    }
    totals.differing += differing;
    totals.oneSided += oneSided;
    if (maxUlp > totals.maxUlp) {
        totals.maxUlp = maxUlp;
        totals.worst = base + firstWith<Format>(distances, count, maxUlp);
    }
    std::uint64_t zeros = 0; // -0 and +0
    if (moved + oneSided < differing) {
        for (std::uint64_t k = 0; k < count; ++k) {
            typename Format::Stored x, y;
            std::memcpy(&x, a + k * kSize, kSize);
            std::memcpy(&y, b + k * kSize, kSize);
            zeros += x != y && static_cast<typename Format::Stored>((x | y) << 1) == 0;
        }
    }
    totals.ulps[0] += zeros;
    addHistogram<Format>(totals, distances, (count + C::kWidth - 1) / C::kWidth * C::kWidth,
                         maxUlp);
}

std::uint64_t firstUnequal(const std::byte* a, const std::byte* b, std::uint64_t count,
                           std::uint64_t size) {
    std::uint64_t i = 0;
    while (i < count && std::memcmp(a + i * size, b + i * size, size) == 0) {
        ++i;
    }
    return i;
}

template <class Format>
void compare(ElementTotals& totals, const std::byte* a, const std::byte* b, std::uint64_t count,
             std::uint64_t base) {
    constexpr std::uint64_t kSize = sizeof(typename Format::Stored);
    for (std::uint64_t i = 0; i < count; i += kBlock) {
        const std::uint64_t size = count - i < kBlock ? count - i : kBlock;
        const std::byte* x = a + i * kSize;
        const std::byte* y = b + i * kSize;
        if (std::memcmp(x, y, size * kSize) == 0) {
            continue;
        }
        if (totals.first == kNoElement) {
            totals.first = base + i + firstUnequal(x, y, size, kSize);
        }
        addBlock<Format>(totals, x, y, size, base + i);
    }
}

} // namespace

extern const ElementKernels REPRO_ELEMENTS_NAME;
const ElementKernels REPRO_ELEMENTS_NAME = {compare<Float64>, compare<Float32>, compare<Float16>,
                                            compare<BFloat16>};

} // namespace repro::replay
