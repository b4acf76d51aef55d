// SPDX-License-Identifier: BSD-3-Clause
#include "gui/viewmodel/elements.h"

#include "replay/numbers/formats.h"

#include <fmt/format.h>

#include <array>
#include <cmath>
#include <cstring>
#include <limits>
#include <map>

namespace repro::gui {

using trace::DType;

QString numberFormatName(NumberFormat format) {
    constexpr std::array kNames = {"round trip", "shortest", "fixed", "hex float", "bits"};
    return QString::fromLatin1(kNames.at(static_cast<std::size_t>(format)));
}

namespace {

template <class Bits>
Bits load(const std::byte* at) {
    Bits bits;
    std::memcpy(&bits, at, sizeof bits);
    return bits;
}

template <class Bits>
QString bitsText(Bits bits) {
    return QString::fromStdString(
        fmt::format("{:0{}X}", static_cast<std::uint64_t>(bits), 2 * sizeof bits));
}

/// Significant digits after which every number of the type reads back.
template <class Format>
constexpr int roundTripDigits() {
    using Bits = typename Format::Storage;
    if constexpr (sizeof(Bits) == 8) {
        return 17;
    } else if constexpr (sizeof(Bits) == 4) {
        return 9;
    } else if constexpr (std::is_same_v<Format, replay::BFloat16Format>) {
        return 4;
    } else {
        return sizeof(Bits) == 2 ? 5 : 3;
    }
}

template <class Format>
struct FloatType {
    using Bits = typename Format::Storage;

    static double read(const std::byte* at) { return Format::read(load<Bits>(at)); }

    static double ulp(const std::byte* a, const std::byte* b) {
        const Bits x = load<Bits>(a), y = load<Bits>(b);
        if (x == y) {
            return 0;
        }
        const double u = Format::read(x), v = Format::read(y);
        if (!std::isfinite(u) || !std::isfinite(v)) {
            return std::numeric_limits<double>::quiet_NaN();
        }
        const auto steps = static_cast<double>(replay::ulpsBetween(x, y));
        return steps == 0 ? ElementType::kZeroSign : v < u ? -steps : steps;
    }

    static QString write(const std::byte* at, NumberFormat format) {
        const Bits bits = load<Bits>(at);
        const double value = Format::read(bits);
        if (format == NumberFormat::Bits) {
            return bitsText(bits);
        }
        switch (format) {
        case NumberFormat::RoundTrip:
            return QString::fromStdString(
                fmt::format("{:.{}e}", value, roundTripDigits<Format>() - 1));
        case NumberFormat::Fixed:
            return QString::fromStdString(fmt::format("{:.6f}", value));
        case NumberFormat::Hex:
            return QString::fromStdString(fmt::format("{:a}", value));
        default:
            return QString::fromStdString(sizeof(Bits) <= 4
                                              ? fmt::format("{}", static_cast<float>(value))
                                              : fmt::format("{}", value));
        }
    }

    static ElementType type(DType dtype) { return {dtype, sizeof(Bits), read, ulp, write, true}; }
};

template <class T>
struct IntegerType {
    static double read(const std::byte* at) { return static_cast<double>(load<T>(at)); }
    static double ulp(const std::byte* a, const std::byte* b) {
        const T x = load<T>(a), y = load<T>(b);
        const auto distance = x < y ? static_cast<std::uint64_t>(y) - static_cast<std::uint64_t>(x)
                                    : static_cast<std::uint64_t>(x) - static_cast<std::uint64_t>(y);
        return y < x ? -static_cast<double>(distance) : static_cast<double>(distance);
    }
    static QString write(const std::byte* at, NumberFormat format) {
        const T value = load<T>(at);
        using Bits = std::make_unsigned_t<T>;
        return format == NumberFormat::Bits || format == NumberFormat::Hex
                   ? bitsText(static_cast<Bits>(value))
                   : QString::fromStdString(fmt::format("{}", +value));
    }
    static ElementType type(DType dtype) { return {dtype, sizeof(T), read, ulp, write, false}; }
};

std::map<DType, ElementType> makeTypes() {
    using namespace replay;
    std::map<DType, ElementType> types;
    const auto add = [&](const ElementType& type) { types.emplace(type.dtype, type); };
    add(FloatType<Float64Format>::type(DType::Float64));
    add(FloatType<Float32Format>::type(DType::Float32));
    add(FloatType<Float16Format>::type(DType::Float16));
    add(FloatType<BFloat16Format>::type(DType::BFloat16));
    add(FloatType<Float8E5M2Format>::type(DType::Float8E5M2));
    add(FloatType<Float8E4M3FNFormat>::type(DType::Float8E4M3FN));
    add(FloatType<Float8E5M2FNUZFormat>::type(DType::Float8E5M2FNUZ));
    add(FloatType<Float8E4M3FNUZFormat>::type(DType::Float8E4M3FNUZ));
    add(IntegerType<std::uint8_t>::type(DType::Bool));
    add(IntegerType<std::uint8_t>::type(DType::UInt8));
    add(IntegerType<std::int8_t>::type(DType::Int8));
    add(IntegerType<std::uint16_t>::type(DType::UInt16));
    add(IntegerType<std::int16_t>::type(DType::Int16));
    add(IntegerType<std::uint32_t>::type(DType::UInt32));
    add(IntegerType<std::int32_t>::type(DType::Int32));
    add(IntegerType<std::uint64_t>::type(DType::UInt64));
    add(IntegerType<std::int64_t>::type(DType::Int64));
    return types;
}

} // namespace

const ElementType& elementType(DType dtype) {
    static const auto types = makeTypes();
    static const ElementType unknown;
    const auto found = types.find(dtype);
    return found == types.end() ? unknown : found->second;
}

DType partOf(DType dtype) {
    switch (dtype) {
    case DType::ComplexHalf:
        return DType::Float16;
    case DType::Complex64:
        return DType::Float32;
    case DType::Complex128:
        return DType::Float64;
    default:
        return dtype;
    }
}

std::vector<bool> changedCharacters(const QString& a, const QString& b) {
    std::vector<bool> changed(static_cast<std::size_t>(b.size()));
    for (qsizetype i = 0; i < b.size(); ++i) {
        // Numbers of other lengths line up nowhere: all of them has changed.
        changed[static_cast<std::size_t>(i)] = a.size() != b.size() || a[i] != b[i];
    }
    return changed;
}

} // namespace repro::gui
