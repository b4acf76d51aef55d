// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <QPainterPath>
#include <QRectF>

#include <functional>
#include <span>

namespace repro::gui::plot {

/// A curve through values[i] at x = i + 0.5, of which [first, last] spans `place`. `toUnit` gives 0
/// at its foot and 1 at its head. Not finite is a gap, a value alone a short dash; where several
/// values share a pixel the lowest and highest both show.
[[nodiscard]] QPainterPath linePath(std::span<const double> values, double first, double last,
                                    const QRectF& place,
                                    const std::function<double(double)>& toUnit);

/// The same at x = xs[i]. Requires: xs rises, and there is one for each value.
[[nodiscard]] QPainterPath linePath(std::span<const double> xs, std::span<const double> values,
                                    double first, double last, const QRectF& place,
                                    const std::function<double(double)>& toUnit);

} // namespace repro::gui::plot
