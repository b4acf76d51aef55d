// SPDX-License-Identifier: BSD-3-Clause
#include "replay/numbers.h"

#include "replay/numbers/elements.h"
#include "replay/numbers/formats.h"
#include "replay/numbers/pattern.h"

#include <fmt/format.h>

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstring>
#include <optional>

namespace repro::replay {
namespace {

using trace::DType;

template <class T>
T load(std::span<const std::byte> bytes, std::size_t index) {
    T value;
    std::memcpy(&value, bytes.data() + index * sizeof(T), sizeof(T));
    return value;
}

/// Differing elements that are looked at for how they lie and by what factor they differ.
constexpr std::size_t kMostIndices = 1 << 20;

template <class Format>
ElementTotals compareOneByOne(std::span<const std::byte> a, std::span<const std::byte> b) {
    using Bits = typename Format::Storage;
    ElementTotals totals;
    for (std::size_t i = 0; i < a.size() / sizeof(Bits); ++i) {
        const Bits x = load<Bits>(a, i);
        const Bits y = load<Bits>(b, i);
        if (x == y) {
            continue;
        }
        totals.first = std::min(totals.first, static_cast<std::uint64_t>(i));
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
            totals.worst = i;
        }
        totals.maxAbs = std::max(totals.maxAbs, std::abs(u - v));
        totals.sumAbs += std::abs(u - v);
        totals.maxRel = u != 0 ? std::max(totals.maxRel, std::abs((u - v) / u)) : totals.maxRel;
    }
    return totals;
}

template <class Format>
ElementTotals compareFast(CompareElements kernel, std::span<const std::byte> a,
                          std::span<const std::byte> b) {
    ElementTotals totals;
    kernel(totals, a.data(), b.data(), a.size() / sizeof(typename Format::Storage), 0);
    return totals;
}

template <class Format>
std::string digits(typename Format::Storage bits) {
    const double number = Format::read(bits);
    // A float's own shortest digits, not those of the double that it became.
    return sizeof(bits) <= 4 ? fmt::format("{}", static_cast<float>(number))
                             : fmt::format("{}", number);
}

template <class Format>
ElementPair pairAt(std::span<const std::byte> a, std::span<const std::byte> b, std::size_t index) {
    using Bits = typename Format::Storage;
    const Bits x = load<Bits>(a, index), y = load<Bits>(b, index);
    constexpr int kDigits = 2 * sizeof(Bits);
    return {digits<Format>(x), digits<Format>(y), fmt::format("{:#0{}x}", x, kDigits + 2),
            fmt::format("{:#0{}x}", y, kDigits + 2)};
}

/// Where they differ, unless that is in too many places.
std::vector<std::uint64_t> differingIndices(std::span<const std::byte> a,
                                            std::span<const std::byte> b, std::size_t size,
                                            std::uint64_t count) {
    // Pieces that are equal are told at the speed of memory.
    constexpr std::size_t kPiece = 64;
    const auto areEqual = [&](std::size_t at) {
        std::uint64_t x[kPiece / 8], y[kPiece / 8], other = 0;
        std::memcpy(x, a.data() + at, kPiece);
        std::memcpy(y, b.data() + at, kPiece);
        for (std::size_t k = 0; k < kPiece / 8; ++k) {
            other |= x[k] ^ y[k];
        }
        return other == 0;
    };
    std::vector<std::uint64_t> indices;
    indices.reserve(count <= kMostIndices ? count : 0);
    for (std::size_t at = 0; count <= kMostIndices && indices.size() < count; at += kPiece) {
        const std::size_t end = std::min(at + kPiece, a.size());
        if (end == at + kPiece && areEqual(at)) {
            continue;
        }
        for (std::size_t k = at; k < end; k += size) {
            if (std::memcmp(a.data() + k, b.data() + k, size) != 0) {
                indices.push_back(k / size);
            }
        }
    }
    return indices;
}

/// One factor for all pairs, within the rounding of the type: a scale that differs.
template <class Format>
std::string factorText(std::span<const std::byte> a, std::span<const std::byte> b,
                       const std::vector<std::uint64_t>& indices) {
    using Bits = typename Format::Storage;
    constexpr double kRounding = sizeof(Bits) == 8 ? 1e-14 : sizeof(Bits) == 4 ? 1e-6 : 1e-2;
    double least = INFINITY, most = -INFINITY;
    for (const std::uint64_t i : indices) {
        const double factor = Format::read(load<Bits>(b, i)) / Format::read(load<Bits>(a, i));
        least = std::min(least, factor);
        most = std::max(most, factor);
        if (!(std::isfinite(factor) && most - least <= kRounding * std::abs(least))) {
            return {};
        }
    }
    const double middle = (least + most) / 2;
    // Neighbours in ULP all have a factor of about 1.
    const bool tells = indices.size() > 2 && std::abs(middle - 1) > 4 * kRounding;
    return tells ? fmt::format(", all by the factor {:.6g}", middle) : "";
}

template <class Format>
Difference compareFloats(std::span<const std::byte> a, std::span<const std::byte> b,
                         std::span<const std::int64_t> shape, CompareElements kernel) {
    const ElementTotals totals =
        kernel != nullptr ? compareFast<Format>(kernel, a, b) : compareOneByOne<Format>(a, b);
    Difference d;
    d.elements = totals.differing;
    d.maxUlp = totals.maxUlp;
    d.maxAbs = totals.maxAbs;
    d.maxRel = totals.maxRel;
    d.nonFinite = totals.oneSided > 0;
    std::uint64_t finite = 0;
    for (std::size_t bucket = 0; bucket < totals.ulps.size(); ++bucket) {
        finite += totals.ulps[bucket];
        if (totals.ulps[bucket] != 0) {
            d.ulpHistogram.assign(totals.ulps.begin(),
                                  totals.ulps.begin() + static_cast<std::ptrdiff_t>(bucket) + 1);
        }
    }
    d.meanAbs = finite > 0 ? totals.sumAbs / static_cast<double>(finite) : 0;
    if (totals.differing == 0) {
        return d;
    }
    d.firstIndex = totals.first;
    d.firstPair = pairAt<Format>(a, b, totals.first);
    d.worstIndex = totals.worst == kNoElement ? totals.first : totals.worst;
    d.worstPair = pairAt<Format>(a, b, *d.worstIndex);
    const auto indices = differingIndices(a, b, sizeof(typename Format::Storage), totals.differing);
    d.pattern = patternOf(shape, indices);
    d.pattern += d.pattern.empty() ? "" : factorText<Format>(a, b, indices);
    return d;
}

/// The parts as floats, told by the number they belong to.
template <class Format>
Difference compareComplex(std::span<const std::byte> a, std::span<const std::byte> b,
                          std::span<const std::int64_t> shape, CompareElements kernel) {
    constexpr std::size_t kSize = 2 * sizeof(typename Format::Storage);
    Difference d = compareFloats<Format>(a, b, {}, kernel);
    if (d.elements == 0U) {
        return d;
    }
    std::uint64_t count = 0;
    for (std::size_t i = 0; i < a.size() / kSize; ++i) {
        count += std::memcmp(a.data() + i * kSize, b.data() + i * kSize, kSize) != 0 ? 1 : 0;
    }
    d.elements = count;
    d.firstIndex = *d.firstIndex / 2;
    d.worstIndex = *d.worstIndex / 2;
    d.pattern = patternOf(shape, differingIndices(a, b, kSize, count));
    return d;
}

template <class T>
Difference compareIntegers(std::span<const std::byte> a, std::span<const std::byte> b,
                           std::span<const std::int64_t> shape) {
    Difference d;
    std::uint64_t count = 0;
    double sum = 0, most = 0;
    for (std::size_t i = 0; i < a.size() / sizeof(T); ++i) {
        const T x = load<T>(a, i);
        const T y = load<T>(b, i);
        if (x == y) {
            continue;
        }
        ++count;
        d.firstIndex = d.firstIndex.value_or(i);
        const double distance = std::abs(static_cast<double>(x) - static_cast<double>(y));
        sum += distance;
        if (distance > most) {
            most = distance;
            d.worstIndex = i;
        }
    }
    d.elements = count;
    d.maxAbs = most;
    d.meanAbs = count > 0 ? sum / static_cast<double>(count) : 0;
    d.nonFinite = false;
    const auto pair = [&](std::uint64_t i) {
        return ElementPair{fmt::format("{}", load<T>(a, i)), fmt::format("{}", load<T>(b, i)), "",
                           ""};
    };
    if (count > 0) {
        d.worstIndex = d.worstIndex.value_or(*d.firstIndex);
        d.firstPair = pair(*d.firstIndex);
        d.worstPair = pair(*d.worstIndex);
        d.pattern = patternOf(shape, differingIndices(a, b, sizeof(T), count));
    }
    return d;
}

/// Elements whose numbers we do not read (quantised, packed): counted by their bytes.
Difference compareOpaque(std::span<const std::byte> a, std::span<const std::byte> b,
                         std::size_t size) {
    Difference d;
    if (size == 0) {
        return d;
    }
    d.elements = 0;
    for (std::size_t i = 0; i < a.size() / size; ++i) {
        if (std::memcmp(a.data() + i * size, b.data() + i * size, size) != 0) {
            d.firstIndex = d.firstIndex.value_or(i);
            d.elements = *d.elements + 1;
        }
    }
    return d;
}

Difference compareLeaves(const trace::Reader& a, const trace::Value& inA, const trace::Reader& b,
                         const trace::Value& inB) {
    Difference d;
    const auto leavesA = a.leaves(inA);
    const auto leavesB = b.leaves(inB);
    if (leavesA.empty() || leavesA.size() != leavesB.size()) {
        return d;
    }
    d.leaves = 0;
    for (std::size_t i = 0; i < leavesA.size(); ++i) {
        if (leavesA[i] != leavesB[i]) {
            d.firstLeaf = d.firstLeaf.value_or(i);
            d.leaves = *d.leaves + 1;
        }
    }
    return d;
}

/// Counts of NaN and infinity, where both runs kept statistics.
std::optional<bool> nonFiniteByStatistics(const trace::Reader& a, trace::ValueId inA,
                                          const trace::Reader& b, trace::ValueId inB) {
    const auto find = [](const trace::Reader& reader, trace::ValueId value) {
        const auto& all = reader.statistics();
        const auto found = std::find_if(all.begin(), all.end(),
                                        [&](const auto& row) { return row.value == value; });
        return found == all.end() ? nullptr : &*found;
    };
    const trace::Statistics* x = find(a, inA);
    const trace::Statistics* y = find(b, inB);
    if (x == nullptr || y == nullptr) {
        return std::nullopt;
    }
    return (x->nan + x->inf == 0) != (y->nan + y->inf == 0);
}

} // namespace

Difference compareNumbers(DType dtype, std::span<const std::byte> a, std::span<const std::byte> b,
                          std::span<const std::int64_t> shape) {
    const std::size_t size = trace::dtypeSize(dtype);
    const std::int64_t flat[] = {static_cast<std::int64_t>(size == 0 ? 0 : a.size() / size)};
    shape = shape.empty() ? flat : shape;
    const ElementKernels& kernels = elementKernels();
    switch (dtype) {
    case DType::Float64:
        return compareFloats<Float64Format>(a, b, shape, kernels.float64);
    case DType::Float32:
        return compareFloats<Float32Format>(a, b, shape, kernels.float32);
    case DType::Float16:
        return compareFloats<Float16Format>(a, b, shape, kernels.float16);
    case DType::BFloat16:
        return compareFloats<BFloat16Format>(a, b, shape, kernels.bfloat16);
    case DType::Float8E5M2:
        return compareFloats<Float8E5M2Format>(a, b, shape, nullptr);
    case DType::Float8E4M3FN:
        return compareFloats<Float8E4M3FNFormat>(a, b, shape, nullptr);
    case DType::Float8E5M2FNUZ:
        return compareFloats<Float8E5M2FNUZFormat>(a, b, shape, nullptr);
    case DType::Float8E4M3FNUZ:
        return compareFloats<Float8E4M3FNUZFormat>(a, b, shape, nullptr);
    case DType::ComplexHalf:
        return compareComplex<Float16Format>(a, b, shape, kernels.float16);
    case DType::Complex64:
        return compareComplex<Float32Format>(a, b, shape, kernels.float32);
    case DType::Complex128:
        return compareComplex<Float64Format>(a, b, shape, kernels.float64);
    case DType::Bool:
    case DType::UInt8:
        return compareIntegers<std::uint8_t>(a, b, shape);
    case DType::Int8:
        return compareIntegers<std::int8_t>(a, b, shape);
    case DType::UInt16:
        return compareIntegers<std::uint16_t>(a, b, shape);
    case DType::Int16:
        return compareIntegers<std::int16_t>(a, b, shape);
    case DType::UInt32:
        return compareIntegers<std::uint32_t>(a, b, shape);
    case DType::Int32:
        return compareIntegers<std::int32_t>(a, b, shape);
    case DType::UInt64:
        return compareIntegers<std::uint64_t>(a, b, shape);
    case DType::Int64:
        return compareIntegers<std::int64_t>(a, b, shape);
    default:
        return compareOpaque(a, b, size);
    }
}

Difference compareValues(const trace::Reader& a, trace::ValueId inA, const trace::Reader& b,
                         trace::ValueId inB) {
    const trace::Value x = a.value(inA);
    const trace::Value y = b.value(inB);
    Difference d;
    if (x.dtype != y.dtype || x.elements != y.elements) {
        return d;
    }
    if (x.payload != trace::kNone64 && y.payload != trace::kNone64) {
        const auto bytesA = a.bytes(x);
        const auto bytesB = b.bytes(y);
        d = compareNumbers(x.dtype, bytesA, bytesB, a.list(x.sizes));
    } else {
        d = compareLeaves(a, x, b, y);
    }
    if (!d.nonFinite) {
        d.nonFinite = nonFiniteByStatistics(a, inA, b, inB);
    }
    return d;
}

} // namespace repro::replay
