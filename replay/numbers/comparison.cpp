// SPDX-License-Identifier: BSD-3-Clause
#include "replay/numbers/comparison.h"

#include "replay/numbers/elements.h"
#include "replay/numbers/formats.h"
#include "replay/numbers/pattern.h"

#include <fmt/format.h>

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstring>
#include <tuple>
#include <vector>

namespace repro::replay {
namespace {

using trace::DType;
using Bytes = std::span<const std::byte>;
using Shape = std::span<const std::int64_t>;

template <class T>
T load(Bytes bytes, std::size_t index) {
    T value;
    std::memcpy(&value, bytes.data() + index * sizeof(T), sizeof(T));
    return value;
}

/// Where elements differ, unless that is in too many places to tell how they lie.
class Places {
public:
    explicit Places(std::size_t size) : m_size(size) {}

    /// A piece from element `base` on. Calls `visit(element of the piece)` for each that is kept.
    template <class Visit>
    void add(Bytes a, Bytes b, std::uint64_t base, Visit visit) {
        for (std::size_t at = 0; at < a.size() && !m_tooMany; at += kLine) {
            const std::size_t end = std::min(at + kLine, a.size());
            if (end == at + kLine && isEqualLine(a.data() + at, b.data() + at)) {
                continue;
            }
            for (std::size_t k = at; k < end; k += m_size) {
                if (std::memcmp(a.data() + k, b.data() + k, m_size) != 0) {
                    m_indices.push_back(base + k / m_size);
                    visit(k / m_size);
                }
            }
            m_tooMany = m_indices.size() > kMost;
        }
    }
    [[nodiscard]] std::string pattern(Shape shape, std::uint64_t elements) const {
        const std::int64_t flat[] = {static_cast<std::int64_t>(elements)};
        return patternOf(shape.empty() ? flat : shape,
                         m_tooMany ? std::vector<std::uint64_t>() : m_indices);
    }
    [[nodiscard]] std::size_t count() const { return m_tooMany ? 0 : m_indices.size(); }

private:
    static constexpr std::size_t kMost = 1 << 20;
    static constexpr std::size_t kLine = 64;

    static bool isEqualLine(const std::byte* a, const std::byte* b) {
        std::uint64_t x[kLine / 8], y[kLine / 8], other = 0;
        std::memcpy(x, a, kLine);
        std::memcpy(y, b, kLine);
        for (std::size_t k = 0; k < kLine / 8; ++k) {
            other |= x[k] ^ y[k];
        }
        return other == 0;
    }

    std::size_t m_size;
    std::vector<std::uint64_t> m_indices;
    bool m_tooMany = false;
};

/// The bits of an element in both runs.
template <class T>
struct Pair {
    T a{}, b{};
};
template <class T>
Pair<T> pairAt(Bytes a, Bytes b, std::size_t index) {
    return {load<T>(a, index), load<T>(b, index)};
}

/// One factor for all pairs, within the rounding of the type: a scale that differs.
template <class Format>
class Factor {
public:
    using Bits = typename Format::Storage;

    void add(Pair<Bits> pair) {
        const double factor = Format::read(pair.b) / Format::read(pair.a);
        m_least = std::min(m_least, factor);
        m_most = std::max(m_most, factor);
        m_holds =
            m_holds && std::isfinite(factor) && m_most - m_least <= kRounding * std::abs(m_least);
    }
    [[nodiscard]] std::string text(std::size_t pairs) const {
        const double middle = (m_least + m_most) / 2;
        // Neighbours in ULP all have a factor of about 1.
        const bool tells = m_holds && pairs > 2 && std::abs(middle - 1) > 4 * kRounding;
        return tells ? fmt::format(", all by the factor {:.6g}", middle) : "";
    }

private:
    static constexpr double kRounding = sizeof(Bits) == 8 ? 1e-14 : sizeof(Bits) == 4 ? 1e-6 : 1e-2;
    double m_least = INFINITY, m_most = -INFINITY;
    bool m_holds = true;
};

template <class Format>
void compareOneByOne(ElementTotals& totals, const std::byte* a, const std::byte* b,
                     std::uint64_t count, std::uint64_t base) {
    using Bits = typename Format::Storage;
    const Bytes inA(a, count * sizeof(Bits)), inB(b, count * sizeof(Bits));
    for (std::size_t i = 0; i < count; ++i) {
        const auto [x, y] = pairAt<Bits>(inA, inB, i);
        if (x == y) {
            continue;
        }
        totals.first = std::min(totals.first, base + i);
        ++totals.differing;
        const double u = Format::read(x);
        const double v = Format::read(y);
        if (!std::isfinite(u) || !std::isfinite(v)) {
            totals.oneSided += std::isfinite(u) != std::isfinite(v) ? 1 : 0;
            continue;
        }
        const std::uint64_t ulps = ulpsBetween(x, y);
        ++totals.ulps[static_cast<std::size_t>(std::bit_width(ulps))];
        if (ulps > totals.maxUlp) {
            totals.maxUlp = ulps;
            totals.worst = base + i;
        }
        totals.maxAbs = std::max(totals.maxAbs, std::abs(u - v));
        totals.sumAbs += std::abs(u - v);
        totals.maxRel = u != 0 ? std::max(totals.maxRel, std::abs((u - v) / u)) : totals.maxRel;
    }
}

template <class Format>
class FloatComparison final : public Comparison {
public:
    using Bits = typename Format::Storage;
    explicit FloatComparison(CompareElements kernel = compareOneByOne<Format>) : m_kernel(kernel) {}

    Difference finish(Shape shape) override {
        Difference d;
        d.elements = m_totals.differing;
        d.maxUlp = m_totals.maxUlp;
        d.maxAbs = m_totals.maxAbs;
        d.maxRel = m_totals.maxRel;
        d.nonFinite = m_totals.oneSided > 0;
        std::uint64_t finite = 0;
        for (std::size_t bucket = 0; bucket < m_totals.ulps.size(); ++bucket) {
            finite += m_totals.ulps[bucket];
            if (m_totals.ulps[bucket] != 0) {
                d.ulpHistogram.assign(m_totals.ulps.begin(),
                                      m_totals.ulps.begin() + static_cast<std::ptrdiff_t>(bucket) +
                                          1);
            }
        }
        d.meanAbs = finite > 0 ? m_totals.sumAbs / static_cast<double>(finite) : 0;
        if (m_totals.differing == 0) {
            return d;
        }
        const bool isOrdered = m_totals.worst != kNoElement;
        d.firstIndex = m_totals.first;
        d.firstPair = textOf(m_first);
        d.worstIndex = isOrdered ? m_totals.worst : m_totals.first;
        d.worstPair = textOf(isOrdered ? m_worst : m_first);
        d.pattern = m_places.pattern(shape, m_base);
        d.pattern += d.pattern.empty() ? "" : m_factor.text(m_places.count());
        return d;
    }

private:
    void addPiece(Bytes a, Bytes b) override {
        const auto [differing, first, worst] =
            std::tuple(m_totals.differing, m_totals.first, m_totals.worst);
        m_kernel(m_totals, a.data(), b.data(), a.size() / sizeof(Bits), m_base);
        if (m_totals.first != first) {
            m_first = pairAt<Bits>(a, b, m_totals.first - m_base);
        }
        if (m_totals.worst != worst) {
            m_worst = pairAt<Bits>(a, b, m_totals.worst - m_base);
        }
        if (m_totals.differing != differing) {
            m_places.add(a, b, m_base, [&](std::size_t i) { m_factor.add(pairAt<Bits>(a, b, i)); });
        }
        m_base += a.size() / sizeof(Bits);
    }

    static std::string digits(Bits bits) {
        const double number = Format::read(bits);
        // A float's own shortest digits, not those of the double that it became.
        return sizeof(bits) <= 4 ? fmt::format("{}", static_cast<float>(number))
                                 : fmt::format("{}", number);
    }
    static ElementPair textOf(Pair<Bits> pair) {
        constexpr int kDigits = 2 * sizeof(Bits);
        return {digits(pair.a), digits(pair.b), fmt::format("{:#0{}x}", pair.a, kDigits + 2),
                fmt::format("{:#0{}x}", pair.b, kDigits + 2)};
    }

    CompareElements m_kernel;
    ElementTotals m_totals;
    std::uint64_t m_base = 0; ///< elements so far
    Pair<Bits> m_first, m_worst;
    Places m_places{sizeof(Bits)};
    Factor<Format> m_factor;
};

/// The parts as floats, told by the number they belong to.
template <class Format>
class ComplexComparison final : public Comparison {
public:
    explicit ComplexComparison(CompareElements kernel) : m_parts(kernel) {}

    Difference finish(Shape shape) override {
        Difference d = m_parts.finish({});
        if (d.elements == 0U) {
            return d;
        }
        d.elements = m_count;
        d.firstIndex = *d.firstIndex / 2;
        d.worstIndex = *d.worstIndex / 2;
        d.pattern = m_places.pattern(shape, m_base);
        return d;
    }

private:
    static constexpr std::size_t kSize = 2 * sizeof(typename Format::Storage);

    void addPiece(Bytes a, Bytes b) override {
        m_parts.add(a, b);
        for (std::size_t at = 0; at < a.size(); at += kSize) {
            m_count += std::memcmp(a.data() + at, b.data() + at, kSize) != 0 ? 1 : 0;
        }
        m_places.add(a, b, m_base, [](std::size_t) {});
        m_base += a.size() / kSize;
    }

    FloatComparison<Format> m_parts;
    std::uint64_t m_base = 0, m_count = 0;
    Places m_places{kSize};
};

template <class T>
class IntegerComparison final : public Comparison {
public:
    Difference finish(Shape shape) override {
        Difference d;
        d.elements = m_count;
        d.maxAbs = m_most;
        d.meanAbs = m_count > 0 ? m_sum / static_cast<double>(m_count) : 0;
        d.nonFinite = false;
        const auto textOf = [](Pair<T> pair) {
            return ElementPair{fmt::format("{}", pair.a), fmt::format("{}", pair.b), "", ""};
        };
        if (m_count > 0) {
            d.firstIndex = m_first;
            d.worstIndex = m_worst;
            d.firstPair = textOf(m_firstPair);
            d.worstPair = textOf(m_worstPair);
            d.pattern = m_places.pattern(shape, m_base);
        }
        return d;
    }

private:
    void addPiece(Bytes a, Bytes b) override {
        for (std::size_t i = 0; i < a.size() / sizeof(T); ++i) {
            const Pair<T> pair = pairAt<T>(a, b, i);
            if (pair.a == pair.b) {
                continue;
            }
            const double distance =
                std::abs(static_cast<double>(pair.a) - static_cast<double>(pair.b));
            if (m_count == 0) {
                m_first = m_base + i;
                m_firstPair = pair;
            }
            if (m_count == 0 || distance > m_most) {
                m_most = distance;
                m_worst = m_base + i;
                m_worstPair = pair;
            }
            ++m_count;
            m_sum += distance;
        }
        m_places.add(a, b, m_base, [](std::size_t) {});
        m_base += a.size() / sizeof(T);
    }

    std::uint64_t m_base = 0, m_count = 0, m_first = 0, m_worst = 0;
    double m_sum = 0, m_most = 0;
    Pair<T> m_firstPair, m_worstPair;
    Places m_places{sizeof(T)};
};

/// Elements whose numbers we do not read (quantised, packed): counted by their bytes.
class OpaqueComparison final : public Comparison {
public:
    explicit OpaqueComparison(std::size_t size) : m_size(size) {}

    Difference finish(Shape /*shape*/) override {
        if (m_size > 0) {
            m_difference.elements = m_count;
        }
        return m_difference;
    }

private:
    void addPiece(Bytes a, Bytes b) override {
        for (std::size_t at = 0; m_size > 0 && at + m_size <= a.size(); at += m_size, ++m_base) {
            if (std::memcmp(a.data() + at, b.data() + at, m_size) != 0) {
                m_difference.firstIndex = m_difference.firstIndex.value_or(m_base);
                ++m_count;
            }
        }
    }

    std::size_t m_size;
    std::uint64_t m_base = 0, m_count = 0;
    Difference m_difference;
};

template <class T, class... Arguments>
std::unique_ptr<Comparison> make(Arguments... arguments) {
    return std::make_unique<T>(arguments...);
}

} // namespace

std::unique_ptr<Comparison> comparisonOf(DType dtype) {
    const ElementKernels& kernels = elementKernels();
    switch (dtype) {
    case DType::Float64:
        return make<FloatComparison<Float64Format>>(kernels.float64);
    case DType::Float32:
        return make<FloatComparison<Float32Format>>(kernels.float32);
    case DType::Float16:
        return make<FloatComparison<Float16Format>>(kernels.float16);
    case DType::BFloat16:
        return make<FloatComparison<BFloat16Format>>(kernels.bfloat16);
    case DType::Float8E5M2:
        return make<FloatComparison<Float8E5M2Format>>();
    case DType::Float8E4M3FN:
        return make<FloatComparison<Float8E4M3FNFormat>>();
    case DType::Float8E5M2FNUZ:
        return make<FloatComparison<Float8E5M2FNUZFormat>>();
    case DType::Float8E4M3FNUZ:
        return make<FloatComparison<Float8E4M3FNUZFormat>>();
    case DType::ComplexHalf:
        return make<ComplexComparison<Float16Format>>(kernels.float16);
    case DType::Complex64:
        return make<ComplexComparison<Float32Format>>(kernels.float32);
    case DType::Complex128:
        return make<ComplexComparison<Float64Format>>(kernels.float64);
    case DType::Bool:
    case DType::UInt8:
        return make<IntegerComparison<std::uint8_t>>();
    case DType::Int8:
        return make<IntegerComparison<std::int8_t>>();
    case DType::UInt16:
        return make<IntegerComparison<std::uint16_t>>();
    case DType::Int16:
        return make<IntegerComparison<std::int16_t>>();
    case DType::UInt32:
        return make<IntegerComparison<std::uint32_t>>();
    case DType::Int32:
        return make<IntegerComparison<std::int32_t>>();
    case DType::UInt64:
        return make<IntegerComparison<std::uint64_t>>();
    case DType::Int64:
        return make<IntegerComparison<std::int64_t>>();
    default:
        return make<OpaqueComparison>(trace::dtypeSize(dtype));
    }
}

} // namespace repro::replay
