// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "trace/model.h"

#include <QString>

#include <cstddef>
#include <vector>

namespace repro::gui {

/// How a number is written.
enum class NumberFormat {
    RoundTrip, ///< digits that always read back to the same number, aligned
    Shortest,  ///< as few digits as read back
    Fixed,
    Hex, ///< hexadecimal float: 0x1.8p+1
    Bits ///< the bits themselves, in hexadecimal
};
inline constexpr int kNumberFormatCount = 5;
[[nodiscard]] QString numberFormatName(NumberFormat format);

/// How to read elements of one dtype. Complex numbers are read as pairs of floats: see partOf().
struct ElementType {
    trace::DType dtype = trace::DType::Undefined;
    std::size_t size = 0;
    double (*read)(const std::byte*) = nullptr;
    /// Signed distance B - A in steps between neighbouring numbers. 0: equal bits. NaN: none (only
    /// one is finite, or NaN with another payload). kZeroSign: -0 against +0. Integers: the
    /// difference.
    double (*ulp)(const std::byte* a, const std::byte* b) = nullptr;
    QString (*write)(const std::byte*, NumberFormat) = nullptr;
    bool isFloat = false;

    static constexpr double kZeroSign = 0.5;
    [[nodiscard]] bool known() const { return read != nullptr; }
};

/// Of Undefined and packed types: not known().
[[nodiscard]] const ElementType& elementType(trace::DType dtype);
/// Of a complex type, that of its parts; else the type itself.
[[nodiscard]] trace::DType partOf(trace::DType dtype);

/// Of two numbers in one format, which characters of `b` differ from `a`.
[[nodiscard]] std::vector<bool> changedCharacters(const QString& a, const QString& b);

} // namespace repro::gui
