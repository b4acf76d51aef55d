// SPDX-License-Identifier: BSD-3-Clause
#include "gui/plot/kit/canvas.h"
#include "gui/plot/kit/data_table.h"

#include <QApplication>
#include <QClipboard>
#include <QKeyEvent>
#include <QMouseEvent>
#include <QWheelEvent>

#include <algorithm>
#include <cmath>

namespace repro::gui::plot {
namespace {

constexpr double kZoomStep = 1.25;
constexpr int kCopiedRows = 100'000; // more would choke whatever it is pasted into

QString tsv(const QAbstractTableModel& table) {
    QString text;
    const int rows = std::min(table.rowCount(), kCopiedRows);
    for (int row = -1; row < rows; ++row) {
        for (int column = 0; column < table.columnCount(); ++column) {
            text += column > 0 ? QStringLiteral("\t") : QString();
            text += (row < 0 ? table.headerData(column, Qt::Horizontal)
                             : table.index(row, column).data())
                        .toString();
        }
        text += QLatin1Char('\n');
    }
    return text;
}

} // namespace

void Canvas::hover(std::optional<QPointF> position) {
    if (position && !plotArea(size(), m_theme).contains(inMainPlot(*position))) {
        position.reset();
    }
    const std::optional<QPointF> place = position ? std::optional(toData(*position)) : std::nullopt;
    setCrosshair(place);
    Q_EMIT hovered(place);
    Q_EMIT readoutChanged(position ? readout(*position) : QString());
}

void Canvas::zoomAt(QPointF position, double factor, Qt::Orientations orientations) {
    const QRectF old = view();
    if (old.isEmpty()) {
        return;
    }
    const QPointF at = toData(position);
    const double fx = orientations & Qt::Horizontal ? factor : 1;
    const double fy = orientations & Qt::Vertical ? factor : 1;
    const QSizeF size(std::max(old.width() / fx, std::min(closest().width(), bounds().width())),
                      std::max(old.height() / fy, std::min(closest().height(), bounds().height())));
    // What is under the cursor stays there.
    setView({at.x() - (at.x() - old.left()) * size.width() / old.width(),
             at.y() - (at.y() - old.top()) * size.height() / old.height(), size.width(),
             size.height()});
}

void Canvas::panBy(QPointF pixels) {
    const QRectF plot = plotArea(size(), m_theme), old = view();
    if (old.isEmpty() || plot.isEmpty()) {
        return;
    }
    const double dx = zoomable() & Qt::Horizontal ? pixels.x() / plot.width() * old.width() : 0;
    const double dy = zoomable() & Qt::Vertical ? pixels.y() / plot.height() * old.height() : 0;
    setView(old.translated(-dx, upwards() ? dy : -dy));
}

void Canvas::wheelEvent(QWheelEvent* event) {
    if (bounds().isEmpty()) {
        event->ignore();
        return;
    }
    zoomAt(event->position(), std::pow(kZoomStep, event->angleDelta().y() / 120.0), zoomable());
    event->accept();
}

void Canvas::mousePressEvent(QMouseEvent* event) {
    m_pressed = m_last = event->position();
    m_dragged = false;
    m_ownDrag = beginDrag(event->position(), event->modifiers(), event->button());
}

void Canvas::mouseMoveEvent(QMouseEvent* event) {
    const QPointF position = event->position();
    if (m_pressed && !m_dragged) {
        m_dragged = (position - *m_pressed).manhattanLength() >= QApplication::startDragDistance();
    }
    if (m_pressed && m_dragged) {
        if (m_ownDrag) {
            drag(position);
        } else if (event->buttons() & Qt::LeftButton) {
            panBy(position - m_last);
        }
        m_last = position;
    }
    hover(position);
}

void Canvas::mouseReleaseEvent(QMouseEvent* event) {
    if (!m_pressed) {
        return;
    }
    if (m_ownDrag) {
        endDrag(event->position());
    }
    if (!m_dragged && event->button() == Qt::LeftButton) {
        activate(event->position(), event->modifiers());
    }
    m_pressed.reset();
    m_ownDrag = false;
}

void Canvas::mouseDoubleClickEvent(QMouseEvent* /*event*/) {
    fit();
}

void Canvas::moveCursor(int dx, int dy, Qt::KeyboardModifiers modifiers) {
    const QRectF plot = plotArea(size(), m_theme);
    const int step = modifiers & Qt::ShiftModifier ? 10 : 1;
    QPointF at = m_crosshair ? toPixel(*m_crosshair) : plot.center();
    at += QPointF(dx * step, dy * step);
    at.setX(std::clamp(at.x(), plot.left(), plot.right()));
    at.setY(std::clamp(at.y(), plot.top(), plot.bottom()));
    hover(at);
}

void Canvas::keyPressEvent(QKeyEvent* event) {
    const QRectF plot = plotArea(size(), m_theme);
    const QPointF centre = m_crosshair ? toPixel(*m_crosshair) : plot.center();
    if (event->matches(QKeySequence::Copy)) {
        QApplication::clipboard()->setText(tsv(*table()));
        return;
    }
    if (event->modifiers() & (Qt::AltModifier | Qt::MetaModifier)) {
        QWidget::keyPressEvent(event);
        return;
    }
    const bool control = event->modifiers() & Qt::ControlModifier;
    switch (event->key()) {
    case Qt::Key_Left:
        moveCursor(-1, 0, event->modifiers());
        return;
    case Qt::Key_Right:
        moveCursor(1, 0, event->modifiers());
        return;
    case Qt::Key_Up:
        moveCursor(0, -1, event->modifiers());
        return;
    case Qt::Key_Down:
        moveCursor(0, 1, event->modifiers());
        return;
    case Qt::Key_Return:
    case Qt::Key_Enter:
        activate(centre, event->modifiers());
        return;
    default:
        break;
    }
    if (control || bounds().isEmpty()) {
        QWidget::keyPressEvent(event);
        return;
    }
    switch (event->key()) {
    case Qt::Key_W:
    case Qt::Key_Plus:
        zoomAt(centre, kZoomStep, zoomable());
        return;
    case Qt::Key_S:
    case Qt::Key_Minus:
        zoomAt(centre, 1 / kZoomStep, zoomable());
        return;
    case Qt::Key_A:
        panBy({plot.width() / 8, 0});
        return;
    case Qt::Key_D:
        panBy({-plot.width() / 8, 0});
        return;
    case Qt::Key_F:
        fit();
        return;
    default:
        QWidget::keyPressEvent(event);
    }
}

} // namespace repro::gui::plot
