// SPDX-License-Identifier: BSD-3-Clause
#include "gui/plot/tensor/scatter.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cmath>
#include <functional>
#include <thread>

namespace repro::gui::plot {
namespace {

constexpr int kBandElements = 1 << 16; // read between two looks at `cancel`

/// log2 of a positive normal number to 1/500: a count needs no more, and std::log2 would take most
/// of the time.
double fastLog2(double value) {
    static const std::array<float, 512> kMantissa = [] {
        std::array<float, 512> table{};
        for (std::size_t i = 0; i < table.size(); ++i) {
            table[i] = float(std::log2(1 + (double(i) + 0.5) / 512));
        }
        return table;
    }();
    const auto bits = std::bit_cast<std::uint64_t>(value);
    const int exponent = int(bits >> 52 & 0x7FF);
    return exponent == 0 ? std::log2(value) : exponent - 1023 + double(kMantissa[bits >> 43 & 511]);
}

template <class Log2>
double ulpPlace(double ulp, Log2 log2) {
    const double size = std::abs(ulp);
    const double place = size <= 1 ? size : log2(size) + 1;
    return ulp < 0 ? -place : place;
}

struct Values {
    std::vector<double> a, b, ulp;
};

/// Calls use(values, first element) for blocks of whole rows, or parts of long ones. Returns: false
/// when cancelled.
bool forEachBlock(const TensorSource& source, bool withUlp, qint64 firstRow, qint64 lastRow,
                  const CancelFlag& cancel,
                  const std::function<bool(const Values&, const Block&)>& use) {
    const qint64 wide = std::min<qint64>(source.columns(), kBandElements);
    const qint64 high = std::max<qint64>(1, kBandElements / std::max<qint64>(1, wide));
    Values values;
    for (qint64 row = firstRow; row < lastRow; row += high) {
        for (qint64 column = 0; column < source.columns(); column += wide) {
            const Block block{row, column, int(std::min(high, lastRow - row)),
                              int(std::min(wide, source.columns() - column))};
            const auto size = std::size_t(block.rows) * std::size_t(block.columns);
            values.a.resize(size);
            values.b.resize(size);
            if (cancel) {
                return false;
            }
            source.read(Run::A, block, values.a);
            if (withUlp) {
                values.ulp.resize(size);
                source.readUlp(block, values.ulp);
            }
            source.read(Run::B, block, values.b);
            if (!use(values, block)) {
                return true;
            }
        }
    }
    return true;
}

/// The mode's coordinates of all elements of a block; NaN where one is not drawn, and out of count
/// where it does not differ (Residual only).
template <class Use>
void places(ScatterMode mode, const Values& values, Use use) {
    for (std::size_t i = 0; i < values.a.size(); ++i) {
        const double a = values.a[i], b = values.b[i];
        if (mode == ScatterMode::Values) {
            use(std::isfinite(a) && std::isfinite(b), a, b);
        } else if (values.ulp[i] != 0) {
            const bool drawn = a != 0 && std::isfinite(a) && std::isfinite(values.ulp[i]);
            use(drawn, drawn ? fastLog2(std::abs(a)) : 0,
                drawn ? ulpPlace(values.ulp[i], fastLog2) : 0);
        }
    }
}

struct Extent {
    double left = INFINITY, right = -INFINITY, bottom = INFINITY, top = -INFINITY;
    void add(double x, double y) {
        left = std::min(left, x);
        right = std::max(right, x);
        bottom = std::min(bottom, y);
        top = std::max(top, y);
    }
    void add(const Extent& other) {
        add(other.left, other.bottom);
        add(other.right, other.top);
    }
};

/// Runs work(part, first row, last row) on every core.
template <class Work>
void inParts(qint64 rows, std::size_t parts, Work work) {
    std::vector<std::jthread> threads;
    for (std::size_t part = 0; part < parts; ++part) {
        threads.emplace_back([=, &work] {
            work(part, rows * qint64(part) / qint64(parts),
                 rows * qint64(part + 1) / qint64(parts));
        });
    }
}

QRectF rangeOf(const Extent& extent, ScatterMode mode) {
    if (extent.left > extent.right) {
        return {0, 0, 1, 1};
    }
    Extent wide = extent;
    if (mode ==
        ScatterMode::Residual) { // zero stays in the picture, at the same distance from both ends
        wide.left = std::floor(wide.left);
        wide.right = std::floor(wide.right) + 1;
        wide.top = std::ceil(std::max({wide.top, -wide.bottom, 2.0})) + 0.5;
        wide.bottom = -wide.top;
    } else {
        wide.left = wide.bottom = std::min(wide.left, wide.bottom);
        wide.right = wide.top = std::max(wide.right, wide.top);
        const double air = wide.right > wide.left ? (wide.right - wide.left) * 0.01 : 0.5;
        wide.left = wide.bottom -= air;
        wide.right = wide.top += air;
    }
    return {wide.left, wide.bottom, wide.right - wide.left, wide.top - wide.bottom};
}

} // namespace

std::optional<QPointF> scatterPoint(ScatterMode mode, double a, double b, double ulp) {
    if (mode == ScatterMode::Values) {
        return std::isfinite(a) && std::isfinite(b) ? std::optional(QPointF(a, b)) : std::nullopt;
    }
    if (ulp == 0 || a == 0 || !std::isfinite(a) || !std::isfinite(ulp)) {
        return std::nullopt;
    }
    const auto log2 = [](double v) { return std::log2(v); };
    return QPointF(log2(std::abs(a)), ulpPlace(ulp, log2));
}

Density density(const TensorSource& source, ScatterMode mode, int columns, int rows,
                const CancelFlag& cancel) {
    const bool withUlp = mode == ScatterMode::Residual;
    const auto parts = std::size_t(std::clamp<qint64>(
        std::min<qint64>(std::thread::hardware_concurrency(), source.rows()), 1, 8));
    std::vector<Extent> extents(parts);
    inParts(source.rows(), parts, [&](std::size_t part, qint64 first, qint64 last) {
        forEachBlock(source, withUlp, first, last, cancel, [&](const Values& values, const Block&) {
            places(mode, values, [&](bool drawn, double x, double y) {
                if (drawn) {
                    extents[part].add(x, y);
                }
            });
            return true;
        });
    });
    Extent extent;
    for (const Extent& one : extents) {
        if (one.left <= one.right) {
            extent.add(one);
        }
    }
    Density result{rangeOf(extent, mode), columns, rows, {}, 0, 0};
    std::vector<Density> counted(parts, result);
    inParts(source.rows(), parts, [&](std::size_t part, qint64 first, qint64 last) {
        Density& own = counted[part];
        own.cells.resize(std::size_t(columns) * std::size_t(rows));
        const double perX = columns / own.range.width(), perY = rows / own.range.height();
        forEachBlock(source, withUlp, first, last, cancel, [&](const Values& values, const Block&) {
            places(mode, values, [&](bool drawn, double x, double y) {
                if (!drawn) {
                    ++own.outside;
                    return;
                }
                const int column = std::clamp(int((x - own.range.left()) * perX), 0, columns - 1);
                const int row =
                    std::clamp(rows - 1 - int((y - own.range.top()) * perY), 0, rows - 1);
                ++own.cells[std::size_t(row) * std::size_t(columns) + std::size_t(column)];
                ++own.shown;
            });
            return true;
        });
    });
    if (cancel) {
        return {};
    }
    result.cells.resize(std::size_t(columns) * std::size_t(rows));
    for (const Density& own : counted) {
        std::transform(own.cells.begin(), own.cells.end(), result.cells.begin(),
                       result.cells.begin(), std::plus<>());
        result.shown += own.shown;
        result.outside += own.outside;
    }
    return result;
}

std::function<bool(double a, double b, double ulp)> insideLasso(ScatterMode mode,
                                                                const QPolygonF& lasso) {
    return [mode, lasso, box = lasso.boundingRect()](double a, double b, double ulp) {
        const auto point = scatterPoint(mode, a, b, ulp);
        return point && box.contains(*point) && lasso.containsPoint(*point, Qt::OddEvenFill);
    };
}

} // namespace repro::gui::plot
