// SPDX-License-Identifier: BSD-3-Clause
#include "gui/plot/charts/overview_strip.h"

#include "gui/plot/kit/axis.h"
#include "gui/plot/kit/cell_style_paint.h"
#include "gui/plot/kit/marks.h"

#include <QMouseEvent>
#include <QWheelEvent>

#include <algorithm>
#include <cmath>
#include <utility>

namespace repro::gui::plot {
namespace {

constexpr qreal kEdge = 7;          // room for marks at either side of the strip
constexpr qint64 kTableParts = 256; // about as many as the picture has lines

bool isOrigin(CellStyleSet styles) {
    return styles.has(CellStyle::Origin) || styles.has(CellStyle::RngOrigin);
}

} // namespace

OverviewStrip::OverviewStrip(QWidget* parent) : Canvas(tr("Overview of all events"), parent) {
    const auto part = [this](int row) {
        const qint64 parts = std::min(kTableParts, m_rows->size());
        return std::pair(m_rows->size() * row / parts, m_rows->size() * (row + 1) / parts);
    };
    setTable(
        {tr("first row"), tr("last row"), tr("heaviest"), tr("origins")},
        [this] { return m_rows ? int(std::min(kTableParts, m_rows->size())) : 0; },
        [this, part](int row, int column) -> QVariant {
            const auto [first, last] = part(row);
            switch (column) {
            case 0:
                return first;
            case 1:
                return last - 1;
            case 2: {
                const CellStyleSet styles = m_rows->merged(first, last);
                return styles.empty() ? QString() : styleName(styles.heaviest());
            }
            default:
                return qint64(std::lower_bound(m_origins.begin(), m_origins.end(), last) -
                              std::lower_bound(m_origins.begin(), m_origins.end(), first));
            }
        });
    setMinimumWidth(24);
    dataChanged();
}

OverviewStrip::~OverviewStrip() = default;

void OverviewStrip::setRows(std::shared_ptr<const CellStylePyramid> rows) {
    m_rows = std::move(rows);
    m_origins.clear();
    m_differing = 0;
    if (m_rows) {
        const auto all = m_rows->rows();
        for (std::size_t row = 0; row < all.size(); ++row) {
            m_differing += all[row].notable() ? 1 : 0;
            if (isOrigin(all[row])) {
                m_origins.push_back(qint64(row));
            }
        }
    }
    dataChanged();
}

void OverviewStrip::setBookmarks(std::vector<qint64> rows) {
    m_bookmarks = std::move(rows);
    repaintPlot();
}

void OverviewStrip::setFindHits(std::vector<qint64> rows) {
    m_findHits = std::move(rows);
    repaintPlot();
}

void OverviewStrip::setViewport(qint64 first, qint64 count) {
    m_first = first;
    m_count = count;
    repaintPlot();
}

void OverviewStrip::setFocusRow(qint64 row) {
    m_focus = row;
    repaintPlot();
}

std::pair<qint64, qint64> OverviewStrip::rowsAt(qreal y, qreal height) const {
    const qint64 rows = m_rows ? m_rows->size() : 0;
    if (rows == 0 || height < 1) {
        return {0, 0};
    }
    const auto at = [&](qreal pixel) {
        return std::clamp(qint64(std::floor(double(rows) * pixel / height)), qint64(0), rows);
    };
    const qint64 first = std::min(at(std::floor(y)), rows - 1);
    return {first, std::max(at(std::floor(y) + 1), first + 1)};
}

void OverviewStrip::paintStyles(QPainter& painter, const PlotTheme& theme, const QRectF& place,
                                qreal dpr) const {
    const QSize pixels = (place.size() * dpr).toSize();
    if (pixels.isEmpty()) {
        return;
    }
    QImage image(pixels, QImage::Format_RGB32);
    const CellStylePalette palette(theme);
    std::vector<std::pair<CellStyleSet, bool>> lines; // and whether several rows share the line
    for (int y = 0; y < pixels.height(); ++y) {
        const auto [first, last] = rowsAt(y, pixels.height());
        lines.emplace_back(m_rows->merged(first, last), last - first > 1);
    }
    const int growth = int(std::ceil(2 * dpr)) - 1;
    for (int y = 0; y < pixels.height(); ++y) {
        auto [styles, merged] = lines[std::size_t(y)];
        // A row of note takes its line and the next ones; at the end those before it.
        const int from = std::max(0, y - growth);
        const int to = y >= pixels.height() - 1 - growth ? pixels.height() - 1 : y;
        for (int near = to; near >= from && !styles.notable(); --near) {
            styles =
                lines[std::size_t(near)].first.notable() ? lines[std::size_t(near)].first : styles;
        }
        auto* line = reinterpret_cast<QRgb*>(image.scanLine(y));
        const bool split = styles.has(CellStyle::OnlyA) || styles.has(CellStyle::OnlyB);
        for (int x = 0; x < pixels.width(); ++x) {
            CellStyleSet here = styles;
            if (split && !isOrigin(styles) &&
                !styles.has(CellStyle::NonFinite)) { // A's half, B's half
                const CellStyle side = x < pixels.width() / 2 ? CellStyle::OnlyA : CellStyle::OnlyB;
                here = styles.has(side) ? CellStyleSet(side) : CellStyleSet(CellStyle::Same);
            }
            line[x] = palette.pixel(here, int(x / dpr), int(y / dpr), merged);
        }
    }
    painter.drawImage(place, image);
}

void OverviewStrip::paintPlot(QPainter& painter, const PlotTheme& theme, QSizeF size,
                              qreal dpr) const {
    if (!m_rows || m_rows->size() == 0) {
        return;
    }
    const QRectF body(kEdge, 0, std::max<qreal>(4, size.width() - 2 * kEdge), size.height());
    painter.save();
    painter.setRenderHint(QPainter::Antialiasing, false);
    paintStyles(painter, theme, body, dpr);
    const auto y = [&](qint64 row) {
        return std::min((double(row) + 0.5) / double(m_rows->size()), 1.0) * size.height();
    };
    qreal free = -1;
    for (const qint64 row : m_findHits) {
        if (y(row) >= free) { // at most one for each 2 px
            painter.fillRect(QRectF(body.right() + 1, y(row) - 1, kEdge - 1, 2), theme.text);
            free = y(row) + 2;
        }
    }
    painter.setRenderHint(QPainter::Antialiasing);
    for (const qint64 row : m_bookmarks) {
        const QPointF tip(size.width() - kEdge - 1, y(row));
        painter.setPen(QPen(theme.background, 1));
        painter.setBrush(theme.runAText);
        painter.drawPolygon(QPolygonF({tip, tip + QPointF(kEdge, -4), tip + QPointF(kEdge, 4)}));
    }
    free = -1;
    for (const qint64 row : m_origins) {
        if (y(row) >= free) {
            drawMark(painter,
                     m_rows->at(row).has(CellStyle::Origin) ? Mark::Origin : Mark::RngOrigin,
                     {kEdge / 2 + 1, std::clamp(y(row), 4.0, size.height() - 4)}, 8, theme);
            free = y(row) + 6;
        }
    }
    paintViewport(painter, theme, size);
    painter.restore();
}

void OverviewStrip::paintViewport(QPainter& painter, const PlotTheme& theme, QSizeF size) const {
    const auto y = [&](qint64 row) { return double(row) / double(m_rows->size()) * size.height(); };
    painter.setRenderHint(QPainter::Antialiasing, false);
    if (m_focus >= 0) {
        painter.setPen(QPen(theme.background, 3));
        painter.drawLine(QPointF(0, y(m_focus)), QPointF(size.width(), y(m_focus)));
        painter.setPen(QPen(theme.selection, 1));
        painter.drawLine(QPointF(0, y(m_focus)), QPointF(size.width(), y(m_focus)));
    }
    if (m_count > 0) {
        QRectF box(1, y(m_first), size.width() - 2, std::max(6.0, y(m_count)));
        box.moveBottom(std::min(box.bottom(), size.height() - 1));
        painter.setBrush(Qt::NoBrush);
        painter.setPen(QPen(theme.background, 3));
        painter.drawRect(box);
        painter.setPen(QPen(theme.runAText, 1.5));
        painter.drawRect(box);
    }
}

QString OverviewStrip::sentence() const {
    if (!m_rows || m_rows->size() == 0) {
        return tr("No events.");
    }
    return tr("%1 of %2 events are of note, %3 of them origins; the list shows rows %4 to %5.")
        .arg(count(m_differing), count(m_rows->size()), count(qint64(m_origins.size())),
             count(m_first), count(std::min(m_first + m_count, m_rows->size())));
}

QString OverviewStrip::readout(QPointF position) const {
    const auto [first, last] = rowsAt(position.y(), height());
    if (last <= first) {
        return {};
    }
    const CellStyleSet styles = m_rows->merged(first, last);
    const QString what = styles.empty() ? tr("no event") : styleName(styles.heaviest());
    return last - first == 1 ? tr("row %1: %2").arg(count(first), what)
                             : tr("rows %1 to %2: %3").arg(count(first), count(last - 1), what);
}

QSize OverviewStrip::sizeHint() const {
    return {30, 300};
}

void OverviewStrip::activate(QPointF position, Qt::KeyboardModifiers /*modifiers*/) {
    const auto [first, last] = rowsAt(position.y(), height());
    qint64 best = -1;
    int weight = -1;
    for (qint64 row = first; row < last; ++row) {
        const CellStyleSet styles = m_rows->at(row);
        if (!styles.empty() && int(styles.heaviest()) > weight) {
            weight = int(styles.heaviest());
            best = row;
        }
    }
    if (best >= 0) {
        Q_EMIT rowActivated(best);
    }
}

// By a line of the picture, with Ctrl from one origin to the next.
void OverviewStrip::moveCursor(int /*dx*/, int dy, Qt::KeyboardModifiers modifiers) {
    if (!m_rows || m_rows->size() == 0 || dy == 0) {
        return;
    }
    if (modifiers & Qt::ControlModifier) {
        const auto after = std::upper_bound(m_origins.begin(), m_origins.end(), m_focus);
        const auto before = std::lower_bound(m_origins.begin(), m_origins.end(), m_focus);
        if (dy > 0 && after != m_origins.end()) {
            Q_EMIT rowActivated(*after);
        } else if (dy < 0 && before != m_origins.begin()) {
            Q_EMIT rowActivated(*std::prev(before));
        }
        return;
    }
    const qint64 line = std::max<qint64>(1, m_rows->size() / std::max(1, height()));
    Q_EMIT rowActivated(std::clamp(m_focus + dy * line, qint64(0), m_rows->size() - 1));
}

bool OverviewStrip::beginDrag(QPointF /*position*/, Qt::KeyboardModifiers /*modifiers*/,
                              Qt::MouseButton button) {
    return button == Qt::LeftButton;
}

void OverviewStrip::drag(QPointF position) {
    if (m_rows && m_rows->size() > 0) {
        Q_EMIT viewportRequested(std::clamp(
            rowsAt(std::clamp(position.y(), 0.0, height() - 1.0), height()).first - m_count / 2,
            qint64(0), std::max<qint64>(0, m_rows->size() - m_count)));
    }
}

void OverviewStrip::wheelEvent(QWheelEvent* event) {
    const qint64 last = m_rows ? std::max<qint64>(0, m_rows->size() - m_count) : 0;
    const qint64 by = -event->angleDelta().y() * std::max<qint64>(m_count, 3) / 360;
    Q_EMIT viewportRequested(std::clamp(m_first + by, qint64(0), last));
    event->accept();
}

} // namespace repro::gui::plot
