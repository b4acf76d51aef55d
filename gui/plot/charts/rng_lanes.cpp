// SPDX-License-Identifier: BSD-3-Clause
#include "gui/plot/charts/rng_lanes.h"

#include "gui/plot/kit/axis.h"
#include "gui/plot/kit/marks.h"

#include <QFontMetricsF>

#include <algorithm>
#include <cmath>
#include <utility>

namespace repro::gui::plot {
namespace {

constexpr qreal kNear = 6; // px from a tick that still count as on it

const std::vector<RngDraw>& drawsOf(const RngGenerator& generator, Run run) {
    return run == Run::A ? generator.a : generator.b;
}

int mismatchOf(const RngGenerator& generator, Run run) {
    return run == Run::A ? generator.mismatchA : generator.mismatchB;
}

QString seeds(const RngGenerator& generator) {
    if (generator.seedA.isEmpty() && generator.seedB.isEmpty()) {
        return QStringLiteral("seed ?");
    }
    return generator.seedA == generator.seedB
               ? QStringLiteral("seed %1").arg(generator.seedA)
               : QStringLiteral("seed %1 \u2260 %2").arg(generator.seedA, generator.seedB);
}

} // namespace

RngLanes::RngLanes(QWidget* parent) : Chart(tr("Random number lanes"), parent) {
    // Row by row: the draws of A, then of B, generator after generator.
    const auto locate = [this](int row) {
        for (int generator = 0; generator < int(m_generators.size()); ++generator) {
            for (const Run run : {Run::A, Run::B}) {
                const int size = int(drawsOf(m_generators[std::size_t(generator)], run).size());
                if (row < size) {
                    return Hit{generator, run, row};
                }
                row -= size;
            }
        }
        return Hit{};
    };
    setTable(
        {tr("generator"), tr("run"), tr("draw"), tr("place"), tr("op"), tr("state")},
        [this] {
            std::size_t rows = 0;
            for (const RngGenerator& generator : m_generators) {
                rows += generator.a.size() + generator.b.size();
            }
            return int(rows);
        },
        [this, locate](int row, int column) -> QVariant {
            const Hit hit = locate(row);
            const RngGenerator& generator = m_generators[std::size_t(hit.generator)];
            const RngDraw& draw = drawsOf(generator, hit.run)[std::size_t(hit.draw)];
            switch (column) {
            case 0:
                return generator.name;
            case 1:
                return hit.run == Run::A ? QStringLiteral("A") : QStringLiteral("B");
            case 2:
                return hit.draw;
            case 3:
                return draw.place;
            case 4:
                return draw.op;
            default:
                return hit.draw == mismatchOf(generator, hit.run) ? tr("first mismatch")
                       : draw.same                                ? tr("same")
                                                                  : tr("differs");
            }
        });
    dataChanged();
}

void RngLanes::setGenerators(std::vector<RngGenerator> generators) {
    m_generators = std::move(generators);
    fit();
    dataChanged();
}

void RngLanes::setXTitle(const QString& title) {
    m_xTitle = title;
    repaintPlot();
}

void RngLanes::setFocusX(std::optional<qint64> x) {
    m_focusX = x;
    const QRectF shown = view();
    if (x && (double(*x) < shown.left() || double(*x) > shown.right())) {
        setView(QRectF(double(*x) - shown.width() / 2, shown.top(), shown.width(), shown.height()));
    }
    repaintPlot();
}

QRectF RngLanes::bounds() const {
    qint64 first = 0, last = -1;
    for (const RngGenerator& generator : m_generators) {
        for (const auto* draws : {&generator.a, &generator.b}) {
            if (!draws->empty()) {
                first = last < first ? draws->front().x : std::min(first, draws->front().x);
                last = std::max(last, draws->back().x);
            }
        }
    }
    if (last < first) {
        return {};
    }
    const double air = std::max(1.0, double(last - first) * 0.02);
    return {double(first) - air, 0, double(last - first) + 2 * air, double(m_generators.size())};
}

QSizeF RngLanes::closest() const {
    return {4, 1};
}

QRectF RngLanes::plotArea(QSizeF size, const PlotTheme& theme) const {
    const QFontMetricsF metrics(theme.font);
    qreal widest = 0;
    for (const RngGenerator& generator : m_generators) {
        widest = std::max({widest, metrics.horizontalAdvance(generator.name),
                           metrics.horizontalAdvance(seeds(generator))});
    }
    const qreal left = std::min(widest, size.width() * 0.3) + metrics.height() * 2.2 + 2 * kPad;
    return QRectF(QPointF(std::ceil(left), std::ceil(metrics.height() + 2 * kPad)),
                  QPointF(size.width() - metrics.height(),
                          std::floor(size.height() - xAxisHeight(theme) - 2)));
}

QRectF RngLanes::laneRect(int generator, Run run, const QRectF& plot) const {
    const qreal high = plot.height() / qreal(std::max<std::size_t>(1, m_generators.size()));
    const qreal lane = std::min(high * 0.36, 44.0);
    const qreal middle = plot.top() + (generator + 0.5) * high;
    return {plot.left(), run == Run::A ? middle - lane - 1 : middle + 1, plot.width(), lane};
}

void RngLanes::paintChart(QPainter& painter, const QRectF& plot, const PlotTheme& theme,
                          qreal /*dpr*/) const {
    for (int generator = 0; generator < int(m_generators.size()); ++generator) {
        paintLane(painter, theme, generator, Run::A, plot);
        paintLane(painter, theme, generator, Run::B, plot);
        paintLabels(painter, theme, generator, plot);
        paintMismatch(painter, theme, generator, plot);
    }
    drawXAxis(painter, {view().left(), view().right(), Scale::Linear, m_xTitle}, plot, theme, true);
}

void RngLanes::paintFocus(QPainter& painter, const QRectF& plot, const PlotTheme& theme) const {
    if (m_focusX) {
        paintFocusLine(painter, double(*m_focusX), plot, theme, Qt::DashLine);
    }
}

void RngLanes::paintLane(QPainter& painter, const PlotTheme& theme, int generator, Run run,
                         const QRectF& plot) const {
    const QRectF lane = laneRect(generator, run, plot);
    painter.save();
    painter.setRenderHint(QPainter::Antialiasing, false);
    painter.fillRect(lane, theme.panel);
    painter.setClipRect(lane, Qt::IntersectClip);
    qreal done = -1, doneOdd = -1; // pixels that have their tick
    for (const RngDraw& draw : drawsOf(m_generators[std::size_t(generator)], run)) {
        const qreal x = std::floor(toPixel({double(draw.x), 0}, plot).x());
        qreal& last = draw.same ? done : doneOdd;
        if (x <= last || x < lane.left() || x > lane.right()) {
            continue;
        }
        last = x;
        // A draw that has no equal is as high as the lane and 2 px wide; an equal one is shorter.
        const QRectF tick =
            draw.same ? QRectF(x, lane.center().y() - lane.height() * 0.3, 1, lane.height() * 0.6)
                      : QRectF(x - 0.5, lane.top(), 2, lane.height());
        painter.fillRect(tick, theme.fill(run));
    }
    painter.restore();
}

void RngLanes::paintLabels(QPainter& painter, const PlotTheme& theme, int generator,
                           const QRectF& plot) const {
    const RngGenerator& shown = m_generators[std::size_t(generator)];
    const QFontMetricsF metrics(theme.font);
    painter.save();
    painter.setFont(theme.font);
    const qreal room = plot.left() - 2 * kPad - metrics.height() * 2;
    for (const Run run : {Run::A, Run::B}) {
        const QRectF lane = laneRect(generator, run, plot);
        const qreal base = lane.center().y() + metrics.capHeight() / 2;
        const QString letter = run == Run::A ? QStringLiteral("A") : QStringLiteral("B");
        painter.setPen(theme.label(run));
        painter.drawText(QPointF(lane.left() - metrics.height() * 1.7, base), letter);
        drawRunMark(painter, run, {lane.left() - metrics.height() * 0.6, lane.center().y()},
                    metrics.height() * 0.5, theme);
        const QString text = run == Run::A ? shown.name : seeds(shown);
        painter.setPen(run == Run::A ? theme.text : theme.mutedText);
        painter.drawText(QPointF(kPad, base), metrics.elidedText(text, Qt::ElideRight, room));
    }
    painter.restore();
}

void RngLanes::paintMismatch(QPainter& painter, const PlotTheme& theme, int generator,
                             const QRectF& plot) const {
    const RngGenerator& shown = m_generators[std::size_t(generator)];
    for (const Run run : {Run::A, Run::B}) {
        const int at = mismatchOf(shown, run);
        if (at < 0 || std::size_t(at) >= drawsOf(shown, run).size()) {
            continue;
        }
        const QRectF lane = laneRect(generator, run, plot);
        const qreal x = toPixel({double(drawsOf(shown, run)[std::size_t(at)].x), 0}, plot).x();
        if (x >= plot.left() && x <= plot.right()) {
            drawMark(painter, Mark::RngOrigin, {x, lane.center().y()}, theme.markSize + 3, theme);
        }
    }
}

RngLanes::Hit RngLanes::hitAt(QPointF position) const {
    const QRectF plot = plotArea(size(), theme());
    Hit best;
    qreal nearest = kNear;
    for (int generator = 0; generator < int(m_generators.size()); ++generator) {
        for (const Run run : {Run::A, Run::B}) {
            if (!laneRect(generator, run, plot).adjusted(0, -2, 0, 2).contains(position)) {
                continue;
            }
            const auto& draws = drawsOf(m_generators[std::size_t(generator)], run);
            const double at = toData(position).x();
            auto next =
                std::lower_bound(draws.begin(), draws.end(), at,
                                 [](const RngDraw& draw, double x) { return double(draw.x) < x; });
            for (auto near = next == draws.begin() ? next : std::prev(next);
                 near != draws.end() && near <= next; ++near) {
                const qreal distance =
                    std::abs(toPixel({double(near->x), 0}, plot).x() - position.x());
                if (distance <= nearest) {
                    nearest = distance;
                    best = {generator, run, int(near - draws.begin())};
                }
            }
        }
    }
    return best;
}

void RngLanes::activate(QPointF position, Qt::KeyboardModifiers /*modifiers*/) {
    if (const Hit hit = hitAt(position); hit.generator >= 0) {
        Q_EMIT drawActivated(hit.generator, hit.run, hit.draw);
    }
}

// To the next draw of any generator; with Ctrl to the next first mismatch.
void RngLanes::moveCursor(int dx, int /*dy*/, Qt::KeyboardModifiers modifiers) {
    if (dx == 0) {
        return;
    }
    Hit best;
    qint64 bestX = 0;
    for (int generator = 0; generator < int(m_generators.size()); ++generator) {
        for (const Run run : {Run::A, Run::B}) {
            const RngGenerator& shown = m_generators[std::size_t(generator)];
            const auto& draws = drawsOf(shown, run);
            for (int draw = 0; draw < int(draws.size()); ++draw) {
                const qint64 x = draws[std::size_t(draw)].x;
                const bool wanted =
                    !(modifiers & Qt::ControlModifier) || draw == mismatchOf(shown, run);
                const bool beyond = !m_focusX || (dx > 0 ? x > *m_focusX : x < *m_focusX);
                if (wanted && beyond && (best.generator < 0 || (dx > 0 ? x < bestX : x > bestX))) {
                    best = {generator, run, draw};
                    bestX = x;
                }
            }
        }
    }
    if (best.generator >= 0) {
        Q_EMIT drawActivated(best.generator, best.run, best.draw);
    }
}

QString RngLanes::finding(const RngGenerator& generator) const {
    if (!generator.finding.isEmpty()) {
        return generator.finding;
    }
    if (generator.seedA != generator.seedB) {
        return tr("seeds differ");
    }
    const Run run = generator.mismatchB >= 0 ? Run::B : Run::A;
    if (const int at = mismatchOf(generator, run); at >= 0) {
        const RngDraw& draw = drawsOf(generator, run)[std::size_t(at)];
        return tr("streams diverge at draw %1 of %2, %3 %4")
            .arg(count(at), run == Run::A ? QStringLiteral("A") : QStringLiteral("B"), draw.op,
                 draw.place);
    }
    return {};
}

QString RngLanes::sentence() const {
    if (bounds().isEmpty()) {
        return tr("No random numbers were drawn.");
    }
    QStringList parts;
    for (const RngGenerator& generator : m_generators) {
        if (const QString text = finding(generator); !text.isEmpty()) {
            parts += QStringLiteral("%1: %2").arg(generator.name, text);
        }
    }
    return (parts.isEmpty() ? tr("All generators drew the same")
                            : parts.join(QStringLiteral("; "))) +
           QLatin1Char('.');
}

QString RngLanes::readout(QPointF position) const {
    const Hit hit = hitAt(position);
    if (hit.generator < 0) {
        return {};
    }
    const RngGenerator& generator = m_generators[std::size_t(hit.generator)];
    const RngDraw& draw = drawsOf(generator, hit.run)[std::size_t(hit.draw)];
    return tr("%1, draw %2 of %3: %4 %5, %6")
        .arg(generator.name, count(hit.draw),
             hit.run == Run::A ? QStringLiteral("A") : QStringLiteral("B"), draw.op, draw.place,
             hit.draw == mismatchOf(generator, hit.run) ? tr("first mismatch")
             : draw.same                                ? tr("same in both runs")
                                                        : tr("differs in the other run"));
}

} // namespace repro::gui::plot
