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

/// Calls `visit(element)` for each element of the lines that differ: its number in the block.
template <class Block, class Visit>
void eachElement(const Block& block, std::size_t size, Visit visit) {
    for (std::uint64_t rest = block.lines; rest != 0; rest &= rest - 1) {
        const std::size_t first = static_cast<std::size_t>(std::countr_zero(rest)) * kLineBytes;
        const std::size_t end = std::min(first + kLineBytes, block.a.size());
        for (std::size_t at = first; at + size <= end; at += size) {
            visit(at / size);
        }
    }
}

/// Where elements differ, unless that is in too many places to tell how they lie.
template <std::size_t size>
class Places {
public:
    /// Calls `visit(element of the block)` for each that is kept.
    template <class Block, class Visit>
    void add(const Block& block, Visit visit) {
        if (m_tooMany) {
            return;
        }
        eachElement(block, size, [&](std::size_t i) {
            if (std::memcmp(block.a.data() + i * size, block.b.data() + i * size, size) != 0) {
                const std::uint64_t index = block.base + i;
                if (m_stretches.empty() || m_stretches.back().end != index) {
                    m_stretches.push_back({index, index});
                }
                ++m_stretches.back().end;
                ++m_count;
                visit(i);
            }
        });
        m_tooMany = m_count > kMost;
    }
    [[nodiscard]] std::string pattern(Shape shape, std::uint64_t elements) const {
        const std::int64_t flat[] = {static_cast<std::int64_t>(elements)};
        return m_tooMany ? "" : patternOf(shape.empty() ? flat : shape, m_stretches);
    }
    [[nodiscard]] std::size_t count() const { return m_tooMany ? 0 : m_count; }

private:
    static constexpr std::size_t kMost = 1 << 20;

    std::vector<Stretch> m_stretches;
    std::size_t m_count = 0;
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

/// The definition; and faster than registers where few elements differ.
template <class Format, class Block>
void compareOneByOne(ElementTotals& totals, const Block& block) {
    using Bits = typename Format::Storage;
    eachElement(block, sizeof(Bits), [&](std::size_t i) {
        const auto [x, y] = pairAt<Bits>(block.a, block.b, i);
        if (x == y) {
            return;
        }
        totals.first = std::min(totals.first, block.base + i);
        ++totals.differing;
        const double u = Format::read(x);
        const double v = Format::read(y);
        if (!std::isfinite(u) || !std::isfinite(v)) {
            totals.oneSided += std::isfinite(u) != std::isfinite(v) ? 1 : 0;
            return;
        }
        const std::uint64_t ulps = ulpsBetween(x, y);
        ++totals.ulps[static_cast<std::size_t>(std::bit_width(ulps))];
        if (ulps > totals.maxUlp) {
            totals.maxUlp = ulps;
            totals.worst = block.base + i;
        }
        totals.maxAbs = std::max(totals.maxAbs, std::abs(u - v));
        totals.sumAbs += std::abs(u - v);
        totals.maxRel = u != 0 ? std::max(totals.maxRel, std::abs((u - v) / u)) : totals.maxRel;
    });
}

template <class Format>
class FloatComparison final : public Comparison {
public:
    using Bits = typename Format::Storage;
    /// Without a kernel: one by one.
    explicit FloatComparison(CompareElements kernel = nullptr)
        : Comparison(sizeof(Bits)), m_kernel(kernel) {}

    void addBlock(const Block& block) override {
        const auto [first, worst] = std::tuple(m_totals.first, m_totals.worst);
        if (m_kernel == nullptr || std::popcount(block.lines) <= kFewLines) {
            compareOneByOne<Format>(m_totals, block);
        } else {
            m_kernel(m_totals, block.a.data(), block.b.data(), block.a.size() / sizeof(Bits),
                     block.base, block.lines);
        }
        if (m_totals.first != first) {
            m_first = pairAt<Bits>(block.a, block.b, m_totals.first - block.base);
        }
        if (m_totals.worst != worst) {
            m_worst = pairAt<Bits>(block.a, block.b, m_totals.worst - block.base);
        }
        m_places.add(block,
                     [&](std::size_t i) { m_factor.add(pairAt<Bits>(block.a, block.b, i)); });
    }

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
        d.pattern = m_places.pattern(shape, elements());
        d.pattern += d.pattern.empty() ? "" : m_factor.text(m_places.count());
        return d;
    }

private:
    /// Lines of a block that are too few for registers to be worth adding up.
    static constexpr int kFewLines = 4;

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
    Pair<Bits> m_first, m_worst;
    Places<sizeof(Bits)> m_places;
    Factor<Format> m_factor;
};

/// The parts as floats, told by the number they belong to.
template <class Format>
class ComplexComparison final : public Comparison {
public:
    explicit ComplexComparison(CompareElements kernel) : Comparison(kSize), m_parts(kernel) {}

    Difference finish(Shape shape) override {
        Difference d = m_parts.finish({});
        if (d.elements == 0U) {
            return d;
        }
        d.elements = m_count;
        d.firstIndex = *d.firstIndex / 2;
        d.worstIndex = *d.worstIndex / 2;
        d.pattern = m_places.pattern(shape, elements());
        return d;
    }

private:
    static constexpr std::size_t kSize = 2 * sizeof(typename Format::Storage);

    void addBlock(const Block& block) override {
        m_parts.addBlock({block.a, block.b, block.lines, 2 * block.base});
        eachElement(block, kSize, [&](std::size_t i) {
            m_count +=
                std::memcmp(block.a.data() + i * kSize, block.b.data() + i * kSize, kSize) != 0;
        });
        m_places.add(block, [](std::size_t) {});
    }

    FloatComparison<Format> m_parts;
    std::uint64_t m_count = 0;
    Places<kSize> m_places;
};

template <class T>
class IntegerComparison final : public Comparison {
public:
    IntegerComparison() : Comparison(sizeof(T)) {}

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
            d.pattern = m_places.pattern(shape, elements());
        }
        return d;
    }

private:
    void addBlock(const Block& block) override {
        eachElement(block, sizeof(T), [&](std::size_t i) {
            const Pair<T> pair = pairAt<T>(block.a, block.b, i);
            if (pair.a == pair.b) {
                return;
            }
            const double distance =
                std::abs(static_cast<double>(pair.a) - static_cast<double>(pair.b));
            if (m_count == 0) {
                m_first = block.base + i;
                m_firstPair = pair;
            }
            if (m_count == 0 || distance > m_most) {
                m_most = distance;
                m_worst = block.base + i;
                m_worstPair = pair;
            }
            ++m_count;
            m_sum += distance;
        });
        m_places.add(block, [](std::size_t) {});
    }

    std::uint64_t m_count = 0, m_first = 0, m_worst = 0;
    double m_sum = 0, m_most = 0;
    Pair<T> m_firstPair, m_worstPair;
    Places<sizeof(T)> m_places;
};

/// Elements whose numbers we do not read (quantised, packed): counted by their bytes.
class OpaqueComparison final : public Comparison {
public:
    explicit OpaqueComparison(std::size_t size) : Comparison(size), m_size(size) {}

    Difference finish(Shape /*shape*/) override {
        if (m_size > 0) {
            m_difference.elements = m_count;
        }
        return m_difference;
    }

private:
    void addBlock(const Block& block) override {
        eachElement(block, m_size, [&](std::size_t i) {
            const std::size_t at = i * m_size;
            if (std::memcmp(block.a.data() + at, block.b.data() + at, m_size) != 0) {
                m_difference.firstIndex = m_difference.firstIndex.value_or(block.base + i);
                ++m_count;
            }
        });
    }

    std::size_t m_size;
    std::uint64_t m_count = 0;
    Difference m_difference;
};

template <class T, class... Arguments>
std::unique_ptr<Comparison> make(Arguments... arguments) {
    return std::make_unique<T>(arguments...);
}

} // namespace

void Comparison::add(Bytes a, Bytes b) {
    while (m_elementSize != 0 && !a.empty()) {
        const std::size_t size = std::min(a.size(), kBlockBytes);
        const std::uint64_t lines = differingLines(a.first(size), b.first(size));
        if (lines != 0) {
            addBlock({a.first(size), b.first(size), lines, m_elements});
        }
        m_elements += size / m_elementSize;
        a = a.subspan(size);
        b = b.subspan(size);
    }
}

/// Where all lines of a block differ, the next ones are taken as they are: to look costs as much as
/// to add them up.
std::uint64_t Comparison::differingLines(Bytes a, Bytes b) {
    constexpr int kTaken = 7;
    constexpr std::uint64_t kAll = ~std::uint64_t{0};
    if (m_taken > 0 && a.size() == kBlockBytes) {
        --m_taken;
        return kAll;
    }
    const std::uint64_t lines = elementKernels().differingLines(a.data(), b.data(), a.size());
    m_taken = lines == kAll ? kTaken : 0;
    return lines;
}

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
