// SPDX-License-Identifier: BSD-3-Clause
#include "gui/plot/charts/channel_profile.h"

#include "gui/plot/kit/chart_frame.h"
#include "gui/plot/kit/line_path.h"
#include "gui/plot/kit/pixel_cells.h"
#include "gui/plot/kit/texture.h"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <utility>

namespace repro::gui::plot {

ChannelProfile::ChannelProfile(QWidget* parent) : Chart(tr("Profile per channel"), parent) {
    setTable(
        {tr("index"), tr("differing"), tr("max |\u0394|"), tr("mean |\u0394|"), tr("mean A"),
         tr("mean B")},
        [this] { return int(m_places.size()); },
        [this](int row, int column) -> QVariant {
            const auto i = std::size_t(m_places[std::size_t(row)]);
            switch (column) {
            case 0:
                return qint64(i);
            case 1:
                return m_data.differing[i];
            case 2:
                return m_data.maxDelta[i];
            case 3:
                return m_data.meanDelta[i];
            case 4:
                return m_data.a[i];
            default:
                return i < m_data.b.size() ? QVariant(m_data.b[i]) : QVariant();
            }
        });
    dataChanged();
}

void ChannelProfile::setData(ProfileData given) {
    m_data = std::move(given);
    m_focus = -1;
    sort();
    fit();
    dataChanged();
}

void ChannelProfile::setOrder(ProfileOrder order) {
    m_order = order;
    sort();
    dataChanged();
}

void ChannelProfile::setFocusChannel(qint64 index) {
    m_focus = index;
    repaintPlot();
}

void ChannelProfile::sort() {
    m_places.resize(m_data.differing.size());
    std::iota(m_places.begin(), m_places.end(), qint64(0));
    if (m_order != ProfileOrder::Index) { // the worst first, what is not finite before it
        const auto weight = [this](qint64 index) { return odd(index) ? INFINITY : metric(index); };
        std::stable_sort(m_places.begin(), m_places.end(),
                         [&](qint64 a, qint64 b) { return weight(a) > weight(b); });
    }
}

bool ChannelProfile::odd(qint64 index) const {
    const auto i = std::size_t(index);
    return (i < m_data.nonFinite.size() && m_data.nonFinite[i]) ||
           !std::isfinite(m_data.maxDelta[i]);
}

double ChannelProfile::metric(qint64 index) const {
    const auto i = std::size_t(index);
    return m_order == ProfileOrder::Differing   ? double(m_data.differing[i])
           : m_order == ProfileOrder::MeanDelta ? m_data.meanDelta[i]
                                                : m_data.maxDelta[i];
}

Axis ChannelProfile::metricAxis() const {
    double most = 0;
    for (std::size_t i = 0; i < m_places.size(); ++i) {
        most = std::isfinite(metric(qint64(i))) ? std::max(most, metric(qint64(i))) : most;
    }
    return {0, most > 0 ? most * 1.05 : 1, Scale::Linear,
            m_order == ProfileOrder::Differing   ? tr("differing")
            : m_order == ProfileOrder::MeanDelta ? tr("mean |\u0394|")
                                                 : tr("max |\u0394|")};
}

Axis ChannelProfile::meanAxis() const {
    Axis axis{INFINITY, -INFINITY, Scale::Linear, tr("mean")};
    for (const auto* values : {&m_data.a, &m_data.b}) {
        for (const double value : *values) {
            if (std::isfinite(value)) {
                axis.low = std::min(axis.low, value);
                axis.high = std::max(axis.high, value);
            }
        }
    }
    if (axis.low > axis.high) {
        return {0, 1, Scale::Linear, axis.title};
    }
    const double air = axis.high > axis.low ? (axis.high - axis.low) * 0.05 : 0.5;
    return {axis.low - air, axis.high + air, Scale::Linear, axis.title};
}

QRectF ChannelProfile::bounds() const {
    return m_places.empty() ? QRectF() : QRectF(0, 0, double(m_places.size()), 1);
}

QRectF ChannelProfile::plotArea(QSizeF size, const PlotTheme& theme) const {
    QRectF plot = chartArea(size, theme, metricAxis());
    plot.setLeft(std::max(plot.left(), chartArea(size, theme, meanAxis()).left()));
    return plot;
}

void ChannelProfile::paintChart(QPainter& painter, const QRectF& plot, const PlotTheme& theme,
                                qreal /*dpr*/) const {
    const Panels place = panels(plot, 0.55, theme);
    paintBars(painter, place.upper, theme);
    paintMeans(painter, place.lower, theme);
    const Axis axis{view().left(), view().right(), Scale::Linear,
                    m_order == ProfileOrder::Index ? m_data.axis
                                                   : tr("%1, worst first").arg(m_data.axis)};
    std::vector<Tick> marks;
    for (Tick tick : ticks(axis, wantedXTicks(plot.width(), theme), true)) {
        if (tick.value >= 0 && std::size_t(tick.value) < m_places.size() &&
            tick.value + 0.5 <= view().right()) {
            tick.label = count(m_places[std::size_t(tick.value)]);
            tick.value += 0.5;
            marks.push_back(tick);
        }
    }
    drawXTicks(painter, axis, marks, plot, theme);
}

void ChannelProfile::paintBars(QPainter& painter, const QRectF& place,
                               const PlotTheme& theme) const {
    const Axis axis = metricAxis();
    drawYAxis(painter, axis, place, theme, m_order == ProfileOrder::Differing);
    const PixelCells across(view().left(), view().right(), int(place.width()),
                            int(m_places.size()));
    painter.save();
    painter.setRenderHint(QPainter::Antialiasing, false);
    const bool apart = across.perCell() >= 4; // a gap between bars
    for (int x = 0; x < across.size(); ++x) {
        double highest = 0;
        bool notFinite = false, focused = false;
        for (int at = across.begin(x); at < across.end(x); ++at) {
            const qint64 index = m_places[std::size_t(at)];
            notFinite = notFinite || odd(index);
            focused = focused || index == m_focus;
            highest = std::isfinite(metric(index)) ? std::max(highest, metric(index)) : highest;
        }
        const bool gap = apart && x + 1 < across.size() && across.begin(x + 1) != across.begin(x);
        if (gap) {
            continue;
        }
        const qreal height = highest > 0 ? std::max(2.0, axis.toUnit(highest) * place.height()) : 0;
        if (notFinite) {
            const QRectF bar(place.left() + x, place.top(), 1, place.height());
            painter.fillRect(bar, (x / 2) % 2 == 0 ? theme.nonFinite : theme.hatch);
        } else {
            painter.fillRect(QRectF(place.left() + x, place.bottom() - height, 1, height),
                             theme.severity[2]);
        }
        if (focused) {
            painter.fillRect(QRectF(place.left() + x, place.bottom(), 1, 4), theme.selection);
            painter.fillRect(QRectF(place.left() + x, place.top() - 4, 1, 4), theme.selection);
        }
    }
    painter.restore();
}

void ChannelProfile::paintMeans(QPainter& painter, const QRectF& place,
                                const PlotTheme& theme) const {
    const Axis axis = meanAxis();
    drawYAxis(painter, axis, place, theme);
    painter.save();
    painter.setClipRect(place, Qt::IntersectClip);
    for (const Run run : {Run::B, Run::A}) {
        const auto& means = run == Run::A ? m_data.a : m_data.b;
        std::vector<double> sorted;
        for (std::size_t at = 0; at < m_places.size() && !means.empty(); ++at) {
            sorted.push_back(means[std::size_t(m_places[at])]);
        }
        painter.strokePath(linePath(sorted, view().left(), view().right(), place,
                                    [&axis](double v) { return axis.toUnit(v); }),
                           QPen(theme.fill(run), run == Run::A ? 1.4 : 3.4));
    }
    painter.restore();
}

qint64 ChannelProfile::placeAt(QPointF position) const {
    const QRectF plot = plotArea(size(), theme());
    if (m_places.empty() || !plot.contains(position)) {
        return -1;
    }
    const PixelCells across(view().left(), view().right(), int(plot.width()), int(m_places.size()));
    const int x = std::clamp(int(position.x() - plot.left()), 0, across.size() - 1);
    int best = across.begin(x);
    for (int at = across.begin(x); at < across.end(x); ++at) {
        best = metric(m_places[std::size_t(at)]) > metric(m_places[std::size_t(best)]) ? at : best;
    }
    return best;
}

void ChannelProfile::activate(QPointF position, Qt::KeyboardModifiers /*modifiers*/) {
    if (const qint64 place = placeAt(position); place >= 0) {
        Q_EMIT channelActivated(m_places[std::size_t(place)]);
    }
}

void ChannelProfile::moveCursor(int dx, int /*dy*/, Qt::KeyboardModifiers /*modifiers*/) {
    if (m_places.empty() || dx == 0) {
        return;
    }
    const auto now = std::find(m_places.begin(), m_places.end(), m_focus);
    const qint64 at = now == m_places.end() ? 0 : now - m_places.begin() + dx;
    Q_EMIT channelActivated(
        m_places[std::size_t(std::clamp(at, qint64(0), qint64(m_places.size()) - 1))]);
}

QString ChannelProfile::sentence() const {
    qint64 differing = 0, worst = -1, notFinite = 0;
    for (std::size_t i = 0; i < m_places.size(); ++i) {
        differing += m_data.differing[i] > 0 ? 1 : 0;
        notFinite += odd(qint64(i)) ? 1 : 0;
        if (m_data.maxDelta[i] > 0 &&
            (worst < 0 || m_data.maxDelta[i] > m_data.maxDelta[std::size_t(worst)])) {
            worst = qint64(i);
        }
    }
    if (m_places.empty()) {
        return tr("No channels.");
    }
    QString text = tr("%1 of %2 differ").arg(count(differing), count(qint64(m_places.size())));
    if (worst >= 0) {
        text += tr("; largest |\u0394| %1 at %2 %3")
                    .arg(number(m_data.maxDelta[std::size_t(worst)], 3), m_data.axis, count(worst));
    }
    return (notFinite > 0 ? tr("%1; NaN or Inf in %2").arg(text, count(notFinite)) : text) +
           QLatin1Char('.');
}

QString ChannelProfile::readout(QPointF position) const {
    const qint64 place = placeAt(position);
    if (place < 0) {
        return {};
    }
    const auto i = std::size_t(m_places[std::size_t(place)]);
    return tr("%1 %2: %3 differ, max |\u0394| %4, mean |\u0394| %5, mean A %6, mean B %7")
        .arg(m_data.axis, count(qint64(i)), count(qint64(m_data.differing[i])),
             number(m_data.maxDelta[i], 4), number(m_data.meanDelta[i], 4), number(m_data.a[i], 6),
             i < m_data.b.size() ? number(m_data.b[i], 6) : QStringLiteral("-"));
}

} // namespace repro::gui::plot
