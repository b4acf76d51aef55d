// SPDX-License-Identifier: BSD-3-Clause
#include "gui/plot/charts/ulp_histogram.h"

#include "gui/plot/kit/cell_style.h"
#include "gui/plot/kit/chart_frame.h"
#include "gui/plot/kit/texture.h"

#include <QFontMetricsF>
#include <QPainterPath>

#include <algorithm>
#include <bit>
#include <cmath>

namespace repro::gui::plot {
namespace {

quint64 lowerEdge(int bin) {
    return quint64(1) << bin;
}
quint64 upperEdge(int bin) {
    return bin >= 63 ? ~quint64(0) : (quint64(2) << bin) - 1;
}

QString range(int bin) {
    return bin == 0 ? QStringLiteral("1")
                    : QStringLiteral("%1-%2").arg(lowerEdge(bin)).arg(upperEdge(bin));
}

// 1, 2, ..., 512, 2^10: labels that stay narrow.
QString edgeLabel(int bin) {
    return bin < 10 ? QString::number(lowerEdge(bin)) : QStringLiteral("2^%1").arg(bin);
}

} // namespace

quint64 UlpBins::differing() const {
    quint64 sum = zeroSign + nonFiniteA + nonFiniteB + nanPayload;
    for (std::size_t bin = 0; bin < 64; ++bin) {
        sum += below[bin] + above[bin];
    }
    return sum;
}

quint64 UlpBins::within(quint64 ulp) const {
    quint64 sum = zeroSign;
    for (int bin = 0; bin < 64 && upperEdge(bin) <= ulp; ++bin) {
        sum += below[std::size_t(bin)] + above[std::size_t(bin)];
    }
    return sum;
}

UlpHistogram::UlpHistogram(QWidget* parent) : Chart(tr("Histogram of ULP distances"), parent) {
    setTable(
        {tr("distance"), tr("elements")}, [this] { return int(bars().size()); },
        [this](int row, int column) -> QVariant {
            const Bar bar = bars()[std::size_t(row)];
            return column == 0 ? QVariant(bar.name) : QVariant(bar.count);
        });
    dataChanged();
}

void UlpHistogram::setBins(const UlpBins& bins) {
    m_bins = bins;
    dataChanged();
}

void UlpHistogram::setSigned(bool isSigned) {
    m_signed = isSigned;
    dataChanged();
}

void UlpHistogram::setTolerance(std::optional<quint64> ulp) {
    // 2^k - 1 is all ones: the smallest such number that is not below.
    m_tolerance =
        ulp ? std::optional(*ulp == 0 ? 0 : upperEdge(int(std::bit_width(*ulp)) - 1)) : ulp;
    setAccessibleDescription(sentence());
    repaintPlot();
}

int UlpHistogram::topBin() const {
    int top = 3; // never so few that the axis looks empty
    for (int bin = 0; bin < 64; ++bin) {
        if (m_bins.below[std::size_t(bin)] + m_bins.above[std::size_t(bin)] > 0) {
            top = std::max(top, bin);
        }
    }
    return top;
}

std::vector<UlpHistogram::Bar> UlpHistogram::bars() const {
    const int top = topBin();
    const bool apart = m_signed && std::any_of(m_bins.below.begin(), m_bins.below.end(),
                                               [](quint64 n) { return n > 0; });
    std::vector<Bar> result;
    for (int bin = top; bin >= 0 && apart; --bin) {
        result.push_back({QStringLiteral("\u2212") + edgeLabel(bin),
                          tr("B below A by %1 ULP").arg(range(bin)), m_bins.below[std::size_t(bin)],
                          bin, -1, false});
    }
    result.push_back({QStringLiteral("="), tr("same bits"), m_bins.same, -1, 0, false});
    if (m_bins.zeroSign > 0) {
        result.push_back(
            {QStringLiteral("\u00B10"), tr("sign of zero, 0 ULP"), m_bins.zeroSign, -1, 0, false});
    }
    for (int bin = 0; bin <= top; ++bin) {
        const quint64 both =
            m_bins.above[std::size_t(bin)] + (apart ? 0 : m_bins.below[std::size_t(bin)]);
        result.push_back({edgeLabel(bin),
                          (apart ? tr("B above A by %1 ULP") : tr("%1 ULP")).arg(range(bin)), both,
                          bin, 1, false});
    }
    const auto odd = [&result](const QString& label, const QString& name, quint64 n) {
        if (n > 0) {
            result.push_back({label, name, n, -1, 0, true});
        }
    };
    odd(QStringLiteral("!A"), tr("NaN or Inf in A only"), m_bins.nonFiniteA);
    odd(QStringLiteral("!B"), tr("NaN or Inf in B only"), m_bins.nonFiniteB);
    odd(QStringLiteral("NaN"), tr("NaN with other bits"), m_bins.nanPayload);
    return result;
}

QRectF UlpHistogram::plotArea(QSizeF size, const PlotTheme& theme) const {
    QRectF plot = chartArea(size, theme, countAxis(double(m_bins.total()), tr("elements")));
    // The share has its axis at the right.
    plot.setRight(std::floor(
        size.width() - QFontMetricsF(theme.font).horizontalAdvance(QStringLiteral("100 %")) - 12));
    return plot;
}

void UlpHistogram::paintChart(QPainter& painter, const QRectF& plot, const PlotTheme& theme,
                              qreal /*dpr*/) const {
    const Axis counts = countAxis(double(m_bins.total()), tr("elements"));
    drawYAxis(painter, counts, plot, theme);
    const std::vector<Bar> all = bars();
    const qreal width = plot.width() / qreal(all.size());
    for (std::size_t i = 0; i < all.size(); ++i) {
        const qreal height = countUnit(counts, double(all[i].count)) * plot.height();
        const QRectF bar(plot.left() + qreal(i) * width + width * 0.1, plot.bottom() - height,
                         width * 0.8, height);
        if (height <= 0) {
            continue;
        }
        if (all[i].odd) {
            painter.fillRect(bar, theme.nonFinite);
            drawHatch(painter, bar, theme.hatch);
        } else {
            painter.fillRect(bar,
                             all[i].bin < 0
                                 ? theme.unknown
                                 : theme.severity[std::size_t(styleOfUlp(lowerEdge(all[i].bin))) -
                                                  std::size_t(CellStyle::Ulp1)]);
        }
        painter.setBrush(Qt::NoBrush);
        painter.setPen(QPen(theme.axis, 1));
        painter.drawRect(bar);
    }
    const Axis places{0, double(all.size()), Scale::Linear,
                      all.front().bin >= 0 ? tr("ULP, B \u2212 A") : tr("ULP")};
    drawXTicks(painter, places, labels(all, width, theme), plot, theme);
    paintShare(painter, plot, theme, all);
    paintTolerance(painter, plot, theme, all);
}

// Each nth distance, so that "=" and the odd ones always find room.
std::vector<Tick> UlpHistogram::labels(const std::vector<Bar>& all, qreal width,
                                       const PlotTheme& theme) {
    const QFontMetricsF metrics(theme.font);
    qreal widest = 0;
    for (const Bar& bar : all) {
        widest = std::max(widest, metrics.horizontalAdvance(bar.label));
    }
    const int stride = std::max(1, int(std::ceil((widest + metrics.height() * 0.5) / width)));
    std::vector<Tick> marks;
    for (std::size_t i = 0; i < all.size(); ++i) {
        const bool shown = all[i].bin < 0 || (all[i].bin + (stride > 1 ? 1 : 0)) % stride == 0;
        marks.push_back({double(i) + 0.5, shown ? all[i].label : QString()});
    }
    return marks;
}

// Which share of the differing elements lies within each distance.
void UlpHistogram::paintShare(QPainter& painter, const QRectF& plot, const PlotTheme& theme,
                              const std::vector<Bar>& all) const {
    const quint64 differing = m_bins.differing();
    if (differing == 0) {
        return;
    }
    const qreal width = plot.width() / qreal(all.size());
    QPainterPath path;
    for (std::size_t i = 0; i < all.size(); ++i) {
        if (all[i].bin < 0 || all[i].side < 0) {
            continue;
        }
        const double share = double(m_bins.within(upperEdge(all[i].bin))) / double(differing);
        const QPointF left(plot.left() + qreal(i) * width, plot.bottom() - share * plot.height());
        path.isEmpty() ? path.moveTo(left) : path.lineTo(left);
        path.lineTo(left + QPointF(width, 0));
    }
    painter.strokePath(path, QPen(theme.background, 4));
    painter.strokePath(path, QPen(theme.text, 1.5));
    painter.setFont(theme.font);
    painter.setPen(theme.mutedText);
    const QFontMetricsF metrics(theme.font);
    for (const int percent : {0, 50, 100}) {
        painter.drawText(QPointF(plot.right() + 6, plot.bottom() - percent / 100.0 * plot.height() +
                                                       metrics.capHeight() / 2),
                         QStringLiteral("%1 %").arg(percent));
    }
}

void UlpHistogram::paintTolerance(QPainter& painter, const QRectF& plot, const PlotTheme& theme,
                                  const std::vector<Bar>& all) const {
    if (!m_tolerance) {
        return;
    }
    const qreal width = plot.width() / qreal(all.size());
    qreal left = -1, right = -1;
    for (std::size_t i = 0; i < all.size(); ++i) {
        const bool hidden = all[i].bin >= 0 ? upperEdge(all[i].bin) <= *m_tolerance : !all[i].odd;
        if (hidden) {
            left = left < 0 ? plot.left() + qreal(i) * width : left;
            right = plot.left() + qreal(i + 1) * width;
        }
    }
    QColor veil = theme.background;
    veil.setAlphaF(0.55F);
    painter.fillRect(QRectF(QPointF(left, plot.top()), QPointF(right, plot.bottom())), veil);
    drawHandle(painter, right, plot, theme);
    if (all.front().bin >= 0) {
        drawHandle(painter, left, plot, theme);
    }
}

std::optional<quint64> UlpHistogram::toleranceAt(QPointF position) const {
    const std::vector<Bar> all = bars();
    const QRectF plot = plotArea(size(), theme());
    const double place = (position.x() - plot.left()) / plot.width() * double(all.size());
    const auto index = std::size_t(std::clamp(std::floor(place), 0.0, double(all.size() - 1)));
    const Bar& bar = all[index];
    if (bar.bin < 0) {
        return bar.odd ? upperEdge(topBin()) : 0;
    }
    // The nearer edge of the bar: outwards it is included.
    const bool outer = (place - double(index) >= 0.5) == (bar.side > 0);
    return outer ? upperEdge(bar.bin) : lowerEdge(bar.bin) - 1;
}

void UlpHistogram::change(quint64 ulp) {
    if (m_tolerance != ulp) {
        setTolerance(ulp);
        Q_EMIT toleranceChanged(*m_tolerance);
    }
}

bool UlpHistogram::beginDrag(QPointF position, Qt::KeyboardModifiers /*modifiers*/,
                             Qt::MouseButton button) {
    if (button != Qt::LeftButton || m_bins.total() == 0) {
        return false;
    }
    change(*toleranceAt(position));
    return true;
}

void UlpHistogram::drag(QPointF position) {
    change(*toleranceAt(position));
}

void UlpHistogram::moveCursor(int dx, int dy, Qt::KeyboardModifiers modifiers) {
    if (dx == 0 || m_bins.total() == 0) {
        Canvas::moveCursor(dx, dy, modifiers);
        return;
    }
    const quint64 now = m_tolerance.value_or(0);
    change(dx > 0 ? std::min(now * 2 + 1, upperEdge(topBin())) : now / 2);
}

QString UlpHistogram::sentence() const {
    const quint64 differing = m_bins.differing();
    if (m_bins.total() == 0) {
        return tr("No elements.");
    }
    if (m_tolerance && differing > 0) {
        return tr("A tolerance of %1 ULP would hide %2 of %3.")
            .arg(count(qint64(*m_tolerance)), count(qint64(m_bins.within(*m_tolerance))),
                 count(qint64(differing)));
    }
    const quint64 odd = m_bins.nonFiniteA + m_bins.nonFiniteB + m_bins.nanPayload;
    return odd == 0 ? tr("%1 of %2 elements differ.")
                          .arg(count(qint64(differing)), count(qint64(m_bins.total())))
                    : tr("%1 of %2 elements differ, %3 of them by NaN or Inf.")
                          .arg(count(qint64(differing)), count(qint64(m_bins.total())),
                               count(qint64(odd)));
}

QString UlpHistogram::readout(QPointF position) const {
    const QRectF plot = plotArea(size(), theme());
    if (m_bins.total() == 0 || !plot.contains(position)) {
        return {};
    }
    const std::vector<Bar> all = bars();
    const double place = (position.x() - plot.left()) / plot.width() * double(all.size());
    const Bar& bar = all[std::size_t(std::clamp(place, 0.0, double(all.size() - 1)))];
    return QStringLiteral("%1: %2").arg(bar.name, count(qint64(bar.count)));
}

} // namespace repro::gui::plot
