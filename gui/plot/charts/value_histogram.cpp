// SPDX-License-Identifier: BSD-3-Clause
#include "gui/plot/charts/value_histogram.h"

#include "gui/plot/kit/chart_frame.h"
#include "gui/plot/kit/pixel_cells.h"

#include <QPainterPath>

#include <algorithm>
#include <cmath>
#include <utility>

namespace repro::gui::plot {
namespace {

double most(const ValueBins& bins) {
    quint64 result = 0;
    for (const auto* counts : {&bins.a, &bins.b}) {
        for (const quint64 n : *counts) {
            result = std::max(result, n);
        }
    }
    return double(result);
}

Axis xAxis(const ValueBins& bins, const QRectF& view) {
    return bins.log ? Axis{std::pow(10, view.left()), std::pow(10, view.right()), Scale::Log10,
                           QStringLiteral("|%1|").arg(bins.title)}
                    : Axis{view.left(), view.right(), Scale::Linear, bins.title};
}

} // namespace

ValueHistogram::ValueHistogram(QWidget* parent) : Chart(tr("Histogram of values"), parent) {
    setTable(
        {tr("from"), tr("to"), QStringLiteral("A"), QStringLiteral("B")},
        [this] { return int(m_bins.a.size()); },
        [this](int row, int column) -> QVariant {
            const auto bin = std::size_t(row);
            switch (column) {
            case 0:
                return edge(row);
            case 1:
                return edge(row + 1);
            case 2:
                return m_bins.a[bin];
            default:
                return bin < m_bins.b.size() ? m_bins.b[bin] : 0;
            }
        });
    dataChanged();
}

double ValueHistogram::edge(int bin) const {
    const double at = m_bins.low + (m_bins.high - m_bins.low) * bin / double(m_bins.a.size());
    return m_bins.log ? std::pow(10, at) : at;
}

void ValueHistogram::setBins(ValueBins bins) {
    m_bins = std::move(bins);
    fit();
    dataChanged();
}

void ValueHistogram::setRange(double low, double high) {
    m_low = low;
    m_high = high;
    repaintPlot();
}

void ValueHistogram::setZeroLocked(bool locked) {
    m_zeroLocked = locked;
}

QRectF ValueHistogram::bounds() const {
    return m_bins.a.empty() || !(m_bins.high > m_bins.low)
               ? QRectF()
               : QRectF(m_bins.low, 0, m_bins.high - m_bins.low, 1);
}

QSizeF ValueHistogram::closest() const {
    return {(m_bins.high - m_bins.low) / 1000, 1};
}

QRectF ValueHistogram::plotArea(QSizeF size, const PlotTheme& theme) const {
    return chartArea(size, theme, countAxis(most(m_bins), tr("elements")));
}

void ValueHistogram::paintChart(QPainter& painter, const QRectF& plot, const PlotTheme& theme,
                                qreal /*dpr*/) const {
    const Axis counts = countAxis(most(m_bins), tr("elements"));
    drawYAxis(painter, counts, plot, theme);
    drawXAxis(painter, xAxis(m_bins, view()), plot, theme);
    const double perBin = (m_bins.high - m_bins.low) / double(m_bins.a.size());
    const PixelCells across((view().left() - m_bins.low) / perBin,
                            (view().right() - m_bins.low) / perBin, int(plot.width()),
                            int(m_bins.a.size()));
    for (const Run run : {Run::A, Run::B}) {
        const auto& values = run == Run::A ? m_bins.a : m_bins.b;
        if (values.empty()) {
            continue;
        }
        QPainterPath outline(plot.bottomLeft());
        for (int x = 0; x < across.size(); ++x) { // several bins of a pixel: the fullest
            const quint64 highest =
                *std::max_element(values.begin() + across.begin(x), values.begin() + across.end(x));
            const qreal y = plot.bottom() - countUnit(counts, double(highest)) * plot.height();
            outline.lineTo(plot.left() + x, y);
            outline.lineTo(plot.left() + x + 1, y);
        }
        outline.lineTo(plot.bottomRight());
        if (run == Run::A) { // A is an area, B a line: told apart where they cover each other
            QColor area = theme.runA;
            area.setAlphaF(0.45F);
            painter.fillPath(outline, area);
        }
        painter.strokePath(outline, QPen(theme.fill(run), run == Run::A ? 1 : 1.6));
    }
    paintRange(painter, plot, theme);
}

QString ValueHistogram::head() const {
    return m_bins.nonFiniteA + m_bins.nonFiniteB == 0
               ? QString()
               : tr("NaN/Inf: A %1, B %2")
                     .arg(count(qint64(m_bins.nonFiniteA)), count(qint64(m_bins.nonFiniteB)));
}

void ValueHistogram::paintRange(QPainter& painter, const QRectF& plot,
                                const PlotTheme& theme) const {
    QColor veil = theme.background;
    veil.setAlphaF(0.6F);
    const qreal low =
        std::clamp(toPixel({position(m_low), 0}, plot).x(), plot.left(), plot.right());
    const qreal high =
        std::clamp(toPixel({position(m_high), 0}, plot).x(), plot.left(), plot.right());
    painter.fillRect(QRectF(plot.topLeft(), QPointF(low, plot.bottom())), veil);
    painter.fillRect(QRectF(QPointF(high, plot.top()), plot.bottomRight()), veil);
    drawHandle(painter, low, plot, theme);
    drawHandle(painter, high, plot, theme);
}

// Where a value lies on the axis of the bins, and back.
double ValueHistogram::position(double value) const {
    return m_bins.log ? (value > 0 ? std::log10(value) : m_bins.low) : value;
}

double ValueHistogram::valueAt(double at) const {
    return m_bins.log ? std::pow(10, at) : at;
}

void ValueHistogram::moveHandle(int handle, double value) {
    if (m_zeroLocked) {
        m_high = std::abs(value);
        m_low = -m_high;
    } else if (handle == 0) {
        m_low = std::min(value, m_high);
    } else {
        m_high = std::max(value, m_low);
    }
    repaintPlot();
    Q_EMIT rangeChanged(m_low, m_high);
}

bool ValueHistogram::beginDrag(QPointF at, Qt::KeyboardModifiers /*modifiers*/,
                               Qt::MouseButton button) {
    const qreal low = std::abs(toPixel({position(m_low), 0}).x() - at.x());
    const qreal high = std::abs(toPixel({position(m_high), 0}).x() - at.x());
    m_handle = button != Qt::LeftButton || std::min(low, high) > 10 ? -1 : low < high ? 0 : 1;
    return m_handle >= 0;
}

void ValueHistogram::drag(QPointF at) {
    const QRectF all = view();
    moveHandle(m_handle, valueAt(std::clamp(toData(at).x(), all.left(), all.right())));
}

void ValueHistogram::moveCursor(int dx, int dy, Qt::KeyboardModifiers modifiers) {
    if (bounds().isEmpty() || dx == 0) {
        Canvas::moveCursor(dx, dy, modifiers);
        return;
    }
    const int handle = modifiers & Qt::ShiftModifier ? 0 : 1;
    const double at = position(handle == 0 ? m_low : m_high) + dx * view().width() / 200;
    moveHandle(handle, valueAt(std::clamp(at, m_bins.low, m_bins.high)));
}

QString ValueHistogram::sentence() const {
    quint64 a = 0, b = 0;
    for (const quint64 n : m_bins.a) {
        a += n;
    }
    for (const quint64 n : m_bins.b) {
        b += n;
    }
    if (m_bins.a.empty() || a + b + m_bins.nonFiniteA + m_bins.nonFiniteB == 0) {
        return tr("No values.");
    }
    return tr("%1 values of A and %2 of B between %3 and %4; not finite: %5 in A, %6 in B.")
        .arg(count(qint64(a)), count(qint64(b)), number(edge(0), 4),
             number(edge(int(m_bins.a.size())), 4), count(qint64(m_bins.nonFiniteA)),
             count(qint64(m_bins.nonFiniteB)));
}

QString ValueHistogram::readout(QPointF at) const {
    if (bounds().isEmpty() || !isOverPlot(at)) {
        return {};
    }
    const int bin = std::clamp(
        int((toData(at).x() - m_bins.low) / (m_bins.high - m_bins.low) * double(m_bins.a.size())),
        0, int(m_bins.a.size()) - 1);
    const auto index = std::size_t(bin);
    return tr("%1 to %2: A %3, B %4")
        .arg(number(edge(bin), 4), number(edge(bin + 1), 4), count(qint64(m_bins.a[index])),
             index < m_bins.b.size() ? count(qint64(m_bins.b[index])) : QStringLiteral("-"));
}

} // namespace repro::gui::plot
