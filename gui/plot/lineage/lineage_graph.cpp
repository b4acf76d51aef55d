// SPDX-License-Identifier: BSD-3-Clause
#include "gui/plot/lineage/lineage_graph.h"

#include "gui/plot/kit/axis.h"
#include "gui/plot/kit/chart_frame.h"

#include <QFontMetricsF>
#include <QKeyEvent>
#include <QPainterPath>

#include <algorithm>
#include <cmath>
#include <utility>

namespace repro::gui::plot {
namespace {

// As much as can be read: a larger graph opens on its focus, and F shows all of it.
constexpr int kLayersRead = 8, kRowsRead = 16;

// "aten::add" is still known without its namespace.
QString shortened(const QString& title, const QFontMetricsF& metrics, qreal room) {
    const qsizetype at = title.lastIndexOf(QStringLiteral("::"));
    const bool whole = metrics.horizontalAdvance(title) <= room || at < 0;
    return metrics.elidedText(whole ? title : title.mid(at + 2), Qt::ElideMiddle, room);
}

} // namespace

LineageGraph::LineageGraph(QWidget* parent) : Canvas(tr("Lineage of the divergence"), parent) {
    setTable(
        {tr("layer"), tr("class"), tr("op"), tr("detail"), tr("folded"), tr("largest error"),
         tr("inputs")},
        [this] { return int(m_data.nodes.size()); },
        [this](int row, int column) -> QVariant {
            const LineageNode& node = m_data.nodes[std::size_t(row)];
            switch (column) {
            case 0:
                return m_layerOf[std::size_t(row)];
            case 1:
                return markName(node.mark);
            case 2:
                return node.title;
            case 3:
                return node.detail;
            case 4:
                return node.folded;
            case 5:
                return isOnMaxPath(row) ? tr("on its path") : QString();
            default: {
                QStringList inputs;
                for (const LineageEdge& edge : m_data.edges) {
                    if (edge.to == row) {
                        inputs += m_data.nodes[std::size_t(edge.from)].title;
                    }
                }
                return inputs.join(QStringLiteral(", "));
            }
            }
        });
    dataChanged();
}

void LineageGraph::setData(LineageData given) {
    m_data = std::move(given);
    std::erase_if(m_data.edges, [this](const LineageEdge& edge) {
        const int last = int(m_data.nodes.size()) - 1;
        return edge.from < 0 || edge.to < 0 || edge.from > last || edge.to > last;
    });
    m_layout = layOut(m_data);
    m_layerOf.assign(m_data.nodes.size(), 0);
    m_cursor = -1;
    for (std::size_t i = 0; i < m_layout.places.size(); ++i) {
        const LineageLayout::Place& place = m_layout.places[i];
        if (place.node >= 0) {
            m_layerOf[std::size_t(place.node)] = place.layer;
            m_cursor = place.node == m_data.focus ? int(i) : m_cursor;
        }
        for (const int node : place.rest) {
            m_layerOf[std::size_t(node)] = place.layer;
        }
    }
    fit();
    if (m_cursor >= 0 && (m_layout.layers > kLayersRead || m_layout.rows > kRowsRead)) {
        QRectF near(0, 0, kLayersRead, kRowsRead);
        near.moveCenter({m_layout.places[std::size_t(m_cursor)].layer + 0.5,
                         m_layout.places[std::size_t(m_cursor)].row});
        setView(near);
    }
    dataChanged();
}

void LineageGraph::setFocusNode(int node) {
    m_data.focus = node;
    for (std::size_t i = 0; i < m_layout.places.size(); ++i) {
        if (node >= 0 && m_layout.places[i].node == node) {
            m_cursor = int(i);
        }
    }
    repaintPlot();
}

QRectF LineageGraph::bounds() const {
    return m_layout.places.empty() ? QRectF()
                                   : QRectF(0, 0, m_layout.layers, std::max(1.0, m_layout.rows));
}

QSizeF LineageGraph::closest() const {
    return {2, 3};
}

QRectF LineageGraph::plotArea(QSizeF size, const PlotTheme& theme) const {
    const qreal line = QFontMetricsF(theme.font).height();
    return QRectF({}, size).adjusted(6, line + 16, -6, -6);
}

QPointF LineageGraph::centreOf(int place, const QRectF& area) const {
    const LineageLayout::Place& at = m_layout.places[std::size_t(place)];
    return toPixel({at.layer + 0.5, at.row}, area);
}

QSizeF LineageGraph::boxSize(const QRectF& area, const PlotTheme& theme) const {
    const qreal line = QFontMetricsF(theme.font).height();
    const qreal layer = area.width() / view().width(), row = area.height() / view().height();
    return {std::max<qreal>(theme.markSize + 4, std::min(layer * 0.82, line * 16)),
            std::max<qreal>(theme.markSize + 2, std::min(row * 0.8, line * 2.5))};
}

bool LineageGraph::isOnMaxPath(int node) const {
    return std::any_of(m_data.edges.begin(), m_data.edges.end(), [node](const LineageEdge& edge) {
        return edge.onMaxPath && (edge.from == node || edge.to == node);
    });
}

bool LineageGraph::isFocus(int place) const {
    return m_data.focus >= 0 && m_layout.places[std::size_t(place)].node == m_data.focus;
}

void LineageGraph::paintPlot(QPainter& painter, const PlotTheme& theme, QSizeF size,
                             qreal /*dpr*/) const {
    if (m_layout.places.empty()) {
        drawEmpty(painter, size, sentence(), theme);
        return;
    }
    const QRectF area = plotArea(size, theme);
    if (area.width() < 16 || area.height() < 16) {
        return;
    }
    drawChartHead(painter, area.adjusted(0, -2, 0, 0), sentence(), false, theme);
    painter.save();
    painter.setClipRect(area.adjusted(-4, -4, 4, 4), Qt::IntersectClip);
    for (const bool onMaxPath : {false, true}) { // the path of the largest error lies on top
        for (const LineageLayout::Line& line : m_layout.lines) {
            if (line.onMaxPath == onMaxPath) {
                paintLine(painter, theme, line, area);
            }
        }
    }
    for (int place = 0; place < int(m_layout.places.size()); ++place) {
        if (!m_layout.places[std::size_t(place)].isBend()) {
            paintPlace(painter, theme, place, area);
        }
    }
    painter.restore();
}

void LineageGraph::paintLine(QPainter& painter, const PlotTheme& theme,
                             const LineageLayout::Line& line, const QRectF& area) const {
    const QSizeF box = boxSize(area, theme);
    const QPointF half(box.width() / 2, 0);
    QPainterPath path(centreOf(line.places.front(), area) + half);
    for (std::size_t i = 1; i < line.places.size(); ++i) {
        const bool last = i + 1 == line.places.size();
        const QPointF to =
            centreOf(line.places[i], area) - (last ? half + QPointF(4, 0) : QPointF());
        const QPointF from = path.currentPosition();
        const qreal bow = (to.x() - from.x()) / 2;
        path.cubicTo(from + QPointF(bow, 0), to - QPointF(bow, 0), to);
    }
    const QColor colour = line.onMaxPath ? theme.text : theme.axis;
    const qreal thickest = std::max(0.5, box.height() / 10); // a crowd stays a drawing of lines
    const qreal wanted = (line.onMaxPath ? 2 : 1) + 4 * std::clamp(line.weight, 0.0, 1.0);
    painter.strokePath(path, QPen(colour, std::min(thickest, wanted)));
    const QPointF tip = path.currentPosition() + QPointF(4, 0);
    painter.setPen(Qt::NoPen);
    painter.setBrush(colour);
    const qreal wing = std::min(thickest, 3 + 2 * std::clamp(line.weight, 0.0, 1.0));
    painter.drawPolygon(QPolygonF({tip, tip + QPointF(-6, -wing), tip + QPointF(-6, wing)}));
}

void LineageGraph::paintPlace(QPainter& painter, const PlotTheme& theme, int place,
                              const QRectF& area) const {
    const LineageLayout::Place& at = m_layout.places[std::size_t(place)];
    QRectF box({}, boxSize(area, theme));
    box.moveCenter(centreOf(place, area));
    if (!box.intersects(area)) {
        return;
    }
    const bool focused = isFocus(place), cursor = place == m_cursor;
    painter.setBrush(theme.panel);
    const bool onPath = at.node >= 0 && isOnMaxPath(at.node);
    painter.setPen(QPen(focused || cursor ? theme.selection
                        : onPath          ? theme.text
                                          : theme.axis,
                        focused            ? 2.5
                        : cursor || onPath ? 1.5
                                           : 1,
                        at.node < 0 || (cursor && !focused) ? Qt::DashLine : Qt::SolidLine));
    painter.drawRoundedRect(box, 3, 3);
    painter.setFont(theme.font);
    const QFontMetricsF metrics(theme.font);
    const bool oneLine = box.height() >= metrics.height() * 0.9;
    if (at.node < 0) {
        painter.setPen(theme.mutedText);
        const QString text = QStringLiteral("+%1").arg(count(qint64(at.rest.size())));
        if (oneLine && metrics.horizontalAdvance(text) < box.width()) {
            painter.drawText(QPointF(box.center().x() - metrics.horizontalAdvance(text) / 2,
                                     box.center().y() + metrics.capHeight() / 2),
                             text);
        }
        return;
    }
    const LineageNode& node = m_data.nodes[std::size_t(at.node)];
    const qreal left = box.left() + theme.markSize + 9, room = box.right() - left - 4;
    if (!oneLine || room < metrics.height() * 2) { // too small for words
        drawMark(painter, node.mark, box.center(), theme.markSize, theme);
        return;
    }
    drawMark(painter, node.mark, {box.left() + theme.markSize / 2 + 5, box.center().y()},
             theme.markSize, theme);
    const bool twoLines =
        box.height() >= metrics.height() * 2 && !(node.detail.isEmpty() && node.folded == 0);
    const qreal base =
        box.center().y() + metrics.capHeight() / 2 - (twoLines ? metrics.height() / 2 : 0);
    painter.setPen(theme.text);
    painter.drawText(QPointF(left, base), shortened(node.title, metrics, room));
    if (twoLines) {
        const QString folded = node.folded > 0 ? tr(" (+%1)").arg(node.folded) : QString();
        painter.setPen(theme.mutedText);
        painter.drawText(QPointF(left, base + metrics.height()),
                         metrics.elidedText(node.detail + folded, Qt::ElideRight, room));
    }
}

int LineageGraph::placeAt(QPointF position) const {
    const QRectF area = plotArea(size(), theme());
    for (int place = 0; place < int(m_layout.places.size()); ++place) {
        QRectF box({}, boxSize(area, theme()));
        box.moveCenter(centreOf(place, area));
        if (!m_layout.places[std::size_t(place)].isBend() && box.contains(position)) {
            return place;
        }
    }
    return -1;
}

/// Enter is about the cursor, not about what happens to lie under the mouse.
void LineageGraph::keyPressEvent(QKeyEvent* event) {
    if (event->key() == Qt::Key_Return || event->key() == Qt::Key_Enter) {
        activate({-1, -1}, event->modifiers());
    } else {
        Canvas::keyPressEvent(event);
    }
}

void LineageGraph::activate(QPointF position, Qt::KeyboardModifiers modifiers) {
    const int hit = placeAt(position);
    const int place = hit >= 0 ? hit : m_cursor;
    if (place < 0) {
        return;
    }
    m_cursor = place;
    const LineageLayout::Place& at = m_layout.places[std::size_t(place)];
    if (at.node < 0) {
        Q_EMIT restActivated(at.rest);
    } else if (modifiers & (Qt::AltModifier | Qt::ShiftModifier)) {
        Q_EMIT foldRequested(at.node);
    } else {
        Q_EMIT nodeActivated(at.node);
    }
    repaintPlot();
}

void LineageGraph::moveTo(int place) {
    m_cursor = place;
    const QPointF at(m_layout.places[std::size_t(place)].layer + 0.5,
                     m_layout.places[std::size_t(place)].row);
    if (!view().contains(at)) {
        QRectF moved = view();
        moved.moveCenter(at);
        setView(moved);
    }
    Q_EMIT readoutChanged(words(place));
    if (const int node = m_layout.places[std::size_t(place)].node; node >= 0) {
        Q_EMIT nodeActivated(node);
    }
    repaintPlot();
}

// Left and right along the lines, the heaviest first; up and down within the layer.
void LineageGraph::moveCursor(int dx, int dy, Qt::KeyboardModifiers /*modifiers*/) {
    if (m_layout.places.empty()) {
        return;
    }
    if (m_cursor < 0) {
        moveTo(0);
        return;
    }
    int best = -1;
    double bestScore = -INFINITY;
    const auto offer = [&](int place, double score) {
        if (score > bestScore) {
            best = place;
            bestScore = score;
        }
    };
    if (dx != 0) {
        for (const LineageLayout::Line& line : m_layout.lines) {
            const int from = dx > 0 ? line.places.front() : line.places.back();
            if (from == m_cursor) {
                offer(dx > 0 ? line.places.back() : line.places.front(),
                      line.weight + (line.onMaxPath ? 1 : 0));
            }
        }
    } else {
        const LineageLayout::Place& now = m_layout.places[std::size_t(m_cursor)];
        for (int place = 0; place < int(m_layout.places.size()); ++place) {
            const LineageLayout::Place& at = m_layout.places[std::size_t(place)];
            if (!at.isBend() && at.layer == now.layer && (at.row - now.row) * dy > 0) {
                offer(place, -std::abs(at.row - now.row));
            }
        }
    }
    if (best >= 0) {
        moveTo(best);
    }
}

QString LineageGraph::words(int place) const {
    const LineageLayout::Place& at = m_layout.places[std::size_t(place)];
    if (at.node < 0) {
        return tr("%1 more, folded").arg(count(qint64(at.rest.size())));
    }
    const LineageNode& node = m_data.nodes[std::size_t(at.node)];
    return QStringLiteral("%1 %2 %3, %4")
        .arg(markLetter(node.mark), node.title, node.detail, markName(node.mark));
}

QString LineageGraph::readout(QPointF position) const {
    const int place = placeAt(position);
    return place >= 0 ? words(place) : QString();
}

QString LineageGraph::sentence() const {
    if (m_data.nodes.empty()) {
        return tr("No lineage: nothing differs here.");
    }
    qint64 origins = 0, infected = 0, healed = 0;
    for (const LineageNode& node : m_data.nodes) {
        origins += node.mark == Mark::Origin || node.mark == Mark::RngOrigin ? 1 : 0;
        infected += node.mark == Mark::Inherited || node.mark == Mark::Amplified ? 1 : 0;
        healed += node.mark == Mark::Healed ? 1 : 0;
    }
    return tr("%1 ops in %2 layers; origins %3, inherited %4, healed %5.")
        .arg(count(qint64(m_data.nodes.size())), count(m_layout.layers), count(origins),
             count(infected), count(healed));
}

} // namespace repro::gui::plot
