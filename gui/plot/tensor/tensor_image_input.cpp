// SPDX-License-Identifier: BSD-3-Clause
#include "gui/plot/tensor/tensor_image.h"
#include "gui/plot/tensor/tensor_panes.h"
#include "gui/plot/tensor/tile_cache.h"

#include <QKeyEvent>

#include <algorithm>
#include <cmath>

namespace repro::gui::plot {

std::optional<Element> TensorImage::elementAt(QPointF position) const {
    const QRectF main = plotArea(size(), theme());
    if (!m_source || bounds().isEmpty() || !main.contains(inMainPlot(position))) {
        return std::nullopt;
    }
    const QPointF at = toData(position);
    return Element{std::clamp(qint64(std::floor(at.y())), qint64(0), m_source->rows() - 1),
                   std::clamp(qint64(std::floor(at.x())), qint64(0), m_source->columns() - 1)};
}

void TensorImage::pick(Element element) {
    setCursor(element);
    Q_EMIT elementPicked(element.row, element.column);
    Q_EMIT readoutChanged(words(element));
}

void TensorImage::activate(QPointF position, Qt::KeyboardModifiers /*modifiers*/) {
    if (const auto element = elementAt(position)) {
        pick(*element);
    }
}

void TensorImage::search(Direction direction) {
    m_search.start(
        QStringLiteral("difference"),
        [source = m_source, from = m_cursor.value_or(Element{}), direction](
            const CancelFlag& cancel) { return nextDifference(*source, from, direction, cancel); },
        [this](std::optional<Element> element) {
            if (element) {
                pick(*element);
            } else {
                Q_EMIT noFurtherDifference();
            }
        });
    Q_EMIT busyChanged(true);
}

// Nudges by one element; Ctrl goes on to the next that differs, which a job looks for.
void TensorImage::moveCursor(int dx, int dy, Qt::KeyboardModifiers modifiers) {
    if (!m_source || bounds().isEmpty()) {
        return;
    }
    if (modifiers & Qt::ControlModifier) {
        if (m_source->has(Run::B)) {
            search(dx < 0   ? Direction::Left
                   : dx > 0 ? Direction::Right
                   : dy < 0 ? Direction::Up
                            : Direction::Down);
        }
        return;
    }
    const Element from = m_cursor.value_or(Element{});
    const int step = modifiers & Qt::ShiftModifier ? 10 : 1;
    pick({std::clamp(from.row + dy * step, qint64(0), m_source->rows() - 1),
          std::clamp(from.column + dx * step, qint64(0), m_source->columns() - 1)});
}

bool TensorImage::beginDrag(QPointF position, Qt::KeyboardModifiers /*modifiers*/,
                            Qt::MouseButton button) {
    m_drag = Drag::None;
    if (button == Qt::RightButton) {
        m_drag = Drag::Pick;
        activate(position, {});
    } else if (button == Qt::LeftButton && m_layout == TensorLayout::Split) {
        const QRectF main = plotArea(size(), theme());
        const bool sideways = m_wipeOrientation == Qt::Horizontal;
        const qreal at =
            sideways ? main.left() + m_wipe * main.width() : main.top() + m_wipe * main.height();
        if (main.contains(position) &&
            std::abs((sideways ? position.x() : position.y()) - at) < 8) {
            m_drag = Drag::Wipe;
        }
    }
    return m_drag != Drag::None;
}

void TensorImage::drag(QPointF position) {
    if (m_drag == Drag::Pick) {
        activate(position, {});
    } else if (m_drag == Drag::Wipe) {
        const QRectF main = plotArea(size(), theme());
        setWipe(m_wipeOrientation == Qt::Horizontal ? (position.x() - main.left()) / main.width()
                                                    : (position.y() - main.top()) / main.height(),
                m_wipeOrientation);
        Q_EMIT wipeChanged(m_wipe);
    }
}

void TensorImage::endDrag(QPointF /*position*/) {
    m_drag = Drag::None;
}

bool TensorImage::event(QEvent* event) {
    if (event->type() ==
        QEvent::ShortcutOverride) { // before a shortcut of the window takes the key
        const auto* key = static_cast<QKeyEvent*>(event);
        const bool digit = key->key() >= Qt::Key_0 && key->key() <= Qt::Key_4;
        if (key->modifiers() == Qt::NoModifier && (digit || key->key() == Qt::Key_Space)) {
            event->accept();
            return true;
        }
    }
    return Canvas::event(event);
}

void TensorImage::keyPressEvent(QKeyEvent* event) {
    if (event->key() == Qt::Key_Space) {
        m_held = true;
        repaintPlot();
        return;
    }
    if (event->modifiers() == Qt::NoModifier && event->key() >= Qt::Key_0 &&
        event->key() <= Qt::Key_4) {
        if (event->key() == Qt::Key_0) {
            oneToOne();
        } else {
            setChannel(Channel(event->key() - Qt::Key_1));
            Q_EMIT channelChanged(m_channel);
        }
        return;
    }
    Canvas::keyPressEvent(event);
}

void TensorImage::keyReleaseEvent(QKeyEvent* event) {
    if (event->key() == Qt::Key_Space && !event->isAutoRepeat()) {
        m_held = false;
        repaintPlot();
        return;
    }
    Canvas::keyReleaseEvent(event);
}

} // namespace repro::gui::plot
