// SPDX-License-Identifier: BSD-3-Clause
#include "gui/plot/kit/axis.h"

#include <QFontMetricsF>
#include <QLocale>

#include <algorithm>
#include <array>
#include <cmath>

namespace repro::gui::plot {
namespace {

bool isLog(Scale scale) {
    return scale == Scale::Log2 || scale == Scale::Log10;
}

// 1, 2 or 5 times a power of ten, so that `span` holds at most `wanted` steps.
double niceStep(double span, int wanted) {
    const double raw = span / std::max(1, wanted);
    const double power = std::pow(10, std::floor(std::log10(raw)));
    for (const double factor : {1.0, 2.0, 5.0}) {
        if (factor * power >= raw * (1 - 1e-9)) {
            return factor * power;
        }
    }
    return 10 * power;
}

double timeStep(double span, int wanted) {
    static constexpr std::array<double, 12> kSteps{1,  2,   5,   10,  15,   30,
                                                   60, 120, 300, 600, 1800, 3600};
    const double raw = span / std::max(1, wanted);
    if (raw <= 1) {
        return niceStep(span, wanted);
    }
    const auto step = std::lower_bound(kSteps.begin(), kSteps.end(), raw);
    return step != kSteps.end() ? *step : std::ceil(raw / 3600) * 3600;
}

QString timeLabel(double seconds, double step) {
    struct Unit {
        double size;
        const char16_t* name;
    };
    static constexpr std::array<Unit, 6> kUnits{
        {{3600, u"h"}, {60, u"min"}, {1, u"s"}, {1e-3, u"ms"}, {1e-6, u"\u00B5s"}, {1e-9, u"ns"}}};
    const auto unit = std::find_if(kUnits.begin(), kUnits.end() - 1,
                                   [step](const Unit& u) { return step >= u.size * 0.999; });
    return number(seconds / unit->size, 6) + QLatin1Char(' ') + QString::fromUtf16(unit->name);
}

std::vector<Tick> linearTicks(const Axis& axis, int wanted, bool integers) {
    const double span = axis.high - axis.low;
    double step = axis.scale == Scale::Time ? timeStep(span, wanted) : niceStep(span, wanted);
    if (integers) {
        step = std::max(1.0, std::round(step));
    }
    std::vector<Tick> result;
    // Counted in whole steps: adding them up would drift.
    for (double k = std::ceil(axis.low / step - 1e-9); k * step <= axis.high + step * 1e-9; ++k) {
        const double value = k == 0 ? 0 : k * step;
        const int digits = std::clamp(
            int(std::ceil(std::log10(std::max(std::abs(value) / step, 1.0)))) + 2, 2, 15);
        result.push_back({value, axis.scale == Scale::Time ? timeLabel(value, step)
                                 : integers                ? count(qint64(std::llround(value)))
                                                           : number(value, digits)});
    }
    return result;
}

std::vector<Tick> logTicks(const Axis& axis, int wanted) {
    const double base = axis.scale == Scale::Log2 ? 2 : 10;
    const double first = std::ceil(std::log(axis.low) / std::log(base) - 1e-9);
    const double last = std::floor(std::log(axis.high) / std::log(base) + 1e-9);
    const int stride = std::max(1, int(std::ceil((last - first + 1) / std::max(1, wanted))));
    std::vector<Tick> result;
    for (double k = std::ceil(first / stride) * stride; k <= last; k += stride) {
        result.push_back({std::pow(base, k), number(std::pow(base, k), base == 2 ? 7 : 3)});
    }
    if (result.size() < 2) { // within one power: as on a linear axis
        Axis linear = axis;
        linear.scale = Scale::Linear;
        return linearTicks(linear, wanted, false);
    }
    return result;
}

} // namespace

double Axis::toUnit(double value) const {
    if (!(high > low)) {
        return 0.5;
    }
    if (!isLog(scale)) {
        return (value - low) / (high - low);
    }
    return value > 0 ? std::log(value / low) / std::log(high / low) : -1;
}

double Axis::fromUnit(double unit) const {
    return isLog(scale) ? low * std::pow(high / low, unit) : low + unit * (high - low);
}

std::vector<Tick> ticks(const Axis& axis, int wanted, bool integers) {
    if (!(axis.high > axis.low) || !std::isfinite(axis.high - axis.low) || wanted < 1) {
        return std::isfinite(axis.low) ? std::vector<Tick>{{axis.low, number(axis.low)}}
                                       : std::vector<Tick>{};
    }
    return isLog(axis.scale) && axis.low > 0 ? logTicks(axis, wanted)
                                             : linearTicks(axis, wanted, integers);
}

QString number(double value, int digits) {
    if (std::isnan(value)) {
        return QStringLiteral("NaN");
    }
    if (std::isinf(value)) {
        return value > 0 ? QStringLiteral("Inf") : QStringLiteral("-Inf");
    }
    const double size = std::abs(value);
    if (size == 0 && std::signbit(value)) {
        return QStringLiteral("-0");
    }
    if (size == std::floor(size) && size < 1e7) {
        return count(qint64(value));
    }
    return QLocale::c().toString(value, 'g', digits).remove(QLatin1Char(','));
}

QString count(qint64 value) {
    QString text = QString::number(value);
    for (qsizetype at = text.size() - 3; at > (value < 0 ? 1 : 0); at -= 3) {
        text.insert(at, QLatin1Char(','));
    }
    return text;
}

namespace {

constexpr qreal kTickLength = 4, kGap = 3;

int wantedTicks(qreal length, qreal room) {
    return std::clamp(int(length / room), 2, 20);
}

int wantedY(qreal height, const PlotTheme& theme) {
    return wantedTicks(height, QFontMetricsF(theme.font).height() * 2.2);
}

qreal lineHeight(const PlotTheme& theme) {
    return QFontMetricsF(theme.font).height();
}

} // namespace

qreal xAxisHeight(const PlotTheme& theme) {
    return kTickLength + kGap + 2 * lineHeight(theme);
}

qreal yAxisWidth(const Axis& axis, qreal height, const PlotTheme& theme) {
    const QFontMetricsF metrics(theme.font);
    qreal widest = 0;
    for (const bool integers : {false, true}) {
        for (const Tick& tick : ticks(axis, wantedY(height, theme), integers)) {
            widest = std::max(widest, metrics.horizontalAdvance(tick.label));
        }
    }
    const qreal title = axis.title.isEmpty() ? 0 : metrics.height() + kGap;
    return std::ceil(widest + kTickLength + 2 * kGap + title);
}

int wantedXTicks(qreal width, const PlotTheme& theme) {
    return wantedTicks(width, QFontMetricsF(theme.font).height() * 4.5);
}

void drawXAxis(QPainter& painter, const Axis& axis, const QRectF& plot, const PlotTheme& theme,
               bool integers, bool grid) {
    drawXTicks(painter, axis, ticks(axis, wantedXTicks(plot.width(), theme), integers), plot, theme,
               grid);
}

void drawXTicks(QPainter& painter, const Axis& axis, const std::vector<Tick>& marks,
                const QRectF& plot, const PlotTheme& theme, bool grid) {
    painter.save();
    painter.setFont(theme.font);
    const QFontMetricsF metrics(theme.font);
    const qreal baseline = plot.bottom() + kTickLength + kGap + metrics.ascent();
    qreal free = plot.left() - metrics.height(); // labels may stand out a little at either end
    for (const Tick& tick : marks) {
        const qreal x = plot.left() + axis.toUnit(tick.value) * plot.width();
        if (grid) {
            painter.setPen(QPen(theme.grid, 1));
            painter.drawLine(QPointF(x, plot.top()), QPointF(x, plot.bottom()));
        }
        painter.setPen(QPen(theme.axis, 1));
        painter.drawLine(QPointF(x, plot.bottom()), QPointF(x, plot.bottom() + kTickLength));
        const qreal width = metrics.horizontalAdvance(tick.label);
        const qreal left = std::min(x - width / 2, plot.right() + metrics.height() - width);
        if (left < free || tick.label.isEmpty()) {
            continue;
        }
        free = left + width + metrics.height() / 2;
        painter.setPen(theme.mutedText);
        painter.drawText(QPointF(left, baseline), tick.label);
    }
    painter.setPen(QPen(theme.axis, 1));
    painter.drawLine(plot.bottomLeft(), plot.bottomRight());
    painter.setPen(theme.text);
    painter.drawText(QPointF(plot.center().x() - metrics.horizontalAdvance(axis.title) / 2,
                             baseline + metrics.height()),
                     axis.title);
    painter.restore();
}

void drawYAxis(QPainter& painter, const Axis& axis, const QRectF& plot, const PlotTheme& theme,
               bool integers, bool grid) {
    drawYTicks(painter, axis, ticks(axis, wantedY(plot.height(), theme), integers), plot, theme,
               grid);
}

void drawYTicks(QPainter& painter, const Axis& axis, const std::vector<Tick>& marks,
                const QRectF& plot, const PlotTheme& theme, bool grid) {
    painter.save();
    painter.setFont(theme.font);
    const QFontMetricsF metrics(theme.font);
    qreal widest = 0, free = INFINITY;
    for (const Tick& tick : marks) {
        const qreal y = plot.bottom() - axis.toUnit(tick.value) * plot.height();
        if (grid) {
            painter.setPen(QPen(theme.grid, 1));
            painter.drawLine(QPointF(plot.left(), y), QPointF(plot.right(), y));
        }
        painter.setPen(QPen(theme.axis, 1));
        painter.drawLine(QPointF(plot.left() - kTickLength, y), QPointF(plot.left(), y));
        if (y > free) {
            continue; // no room for its label
        }
        free = y - metrics.height() * 0.9;
        painter.setPen(theme.mutedText);
        const qreal width = metrics.horizontalAdvance(tick.label);
        widest = std::max(widest, width);
        painter.drawText(
            QPointF(plot.left() - kTickLength - kGap - width, y + metrics.capHeight() / 2),
            tick.label);
    }
    painter.setPen(QPen(theme.axis, 1));
    painter.drawLine(plot.topLeft(), plot.bottomLeft());
    const qreal length = metrics.horizontalAdvance(axis.title);
    if (!axis.title.isEmpty() && length <= plot.height() + metrics.height()) {
        painter.translate(plot.left() - kTickLength - 2 * kGap - widest - metrics.descent(),
                          plot.center().y());
        painter.rotate(-90);
        painter.setPen(theme.text);
        painter.drawText(QPointF(-length / 2, 0), axis.title);
    }
    painter.restore();
}

} // namespace repro::gui::plot
