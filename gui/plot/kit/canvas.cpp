// SPDX-License-Identifier: BSD-3-Clause
#include "gui/plot/kit/canvas.h"

#include "gui/plot/kit/canvas_accessible.h"
#include "gui/plot/kit/data_table.h"
#include "gui/plot/kit/svg.h"

#include <QEvent>
#include <QHelpEvent>
#include <QKeyEvent>
#include <QPainter>
#include <QPdfWriter>
#include <QSaveFile>
#include <QToolTip>

#include <algorithm>
#include <array>

namespace repro::gui::plot {
namespace {

QString saved(const QString& path, const QByteArray& bytes) {
    QSaveFile file(path);
    if (file.open(QIODevice::WriteOnly) && file.write(bytes) == bytes.size() && file.commit()) {
        return {};
    }
    return QStringLiteral("cannot write %1: %2").arg(path, file.errorString());
}

bool ownsKey(const QKeyEvent& event) {
    constexpr std::array kKeys{Qt::Key_W,     Qt::Key_A,    Qt::Key_S,     Qt::Key_D,
                               Qt::Key_F,     Qt::Key_Plus, Qt::Key_Minus, Qt::Key_Left,
                               Qt::Key_Right, Qt::Key_Up,   Qt::Key_Down};
    const auto modifiers = event.modifiers() & ~Qt::KeypadModifier;
    const bool arrow = event.key() >= Qt::Key_Left && event.key() <= Qt::Key_Down;
    return std::find(kKeys.begin(), kKeys.end(), event.key()) != kKeys.end() &&
           (modifiers == Qt::NoModifier ||
            (arrow && (modifiers == Qt::ControlModifier || modifiers == Qt::ShiftModifier)));
}

} // namespace

Canvas::Canvas(const QString& name, QWidget* parent)
    : QWidget(parent), m_theme(PlotTheme::matching(QWidget::palette())) {
    installAccessibleCanvas();
    setAccessibleName(name);
    setFocusPolicy(Qt::StrongFocus);
    setMouseTracking(true);
    setMinimumSize(48, 32);
    setAttribute(Qt::WA_OpaquePaintEvent);
}

void Canvas::setTheme(const PlotTheme& theme) {
    m_theme = theme;
    repaintPlot();
}

QRectF Canvas::view() const {
    const QRectF all = bounds();
    return m_view.isEmpty() ? all : m_view;
}

void Canvas::setView(const QRectF& wanted) {
    const QRectF all = bounds(), old = view();
    m_view = {};
    if (!wanted.isEmpty() && !all.isEmpty()) {
        QRectF fitted = wanted;
        fitted.setSize(
            wanted.size().expandedTo(closest().boundedTo(all.size())).boundedTo(all.size()));
        fitted.moveCenter(wanted.center());
        fitted.moveLeft(std::clamp(fitted.left(), all.left(), all.right() - fitted.width()));
        fitted.moveTop(std::clamp(fitted.top(), all.top(), all.bottom() - fitted.height()));
        if (fitted != all) {
            m_view = fitted;
        }
    }
    if (view() != old) {
        repaintPlot();
        Q_EMIT viewChanged(view());
    }
}

void Canvas::setCrosshair(std::optional<QPointF> place) {
    if (m_crosshair != place) {
        m_crosshair = place;
        update();
    }
}

QString Canvas::readout(QPointF /*position*/) const {
    return {};
}

QRectF Canvas::plotArea(QSizeF size, const PlotTheme& /*theme*/) const {
    return {{}, size};
}

QPointF Canvas::toData(QPointF position) const {
    position = inMainPlot(position);
    const QRectF plot = plotArea(size(), m_theme), shown = view();
    const qreal x = (position.x() - plot.left()) / std::max<qreal>(plot.width(), 1);
    const qreal y = (position.y() - plot.top()) / std::max<qreal>(plot.height(), 1);
    return {shown.left() + x * shown.width(),
            shown.top() + (upwards() ? 1 - y : y) * shown.height()};
}

QPointF Canvas::toPixel(QPointF place, const QRectF& plot) const {
    const QRectF all = view();
    const qreal x = all.width() > 0 ? (place.x() - all.left()) / all.width() : 0;
    const qreal y = all.height() > 0 ? (place.y() - all.top()) / all.height() : 0;
    return {plot.left() + x * plot.width(), plot.top() + (upwards() ? 1 - y : y) * plot.height()};
}

QPointF Canvas::toPixel(QPointF place) const {
    return toPixel(place, plotArea(size(), m_theme));
}

void Canvas::setTable(QStringList header, std::function<int()> rows, DataTable::Cell cell) {
    m_table = new DataTable(std::move(header), std::move(rows), std::move(cell), this);
}

void Canvas::dataChanged() {
    m_table->refresh();
    setAccessibleDescription(sentence());
    repaintPlot();
}

void Canvas::repaintPlot() {
    m_cache = {};
    update();
}

void Canvas::render(QPaintDevice& device, QSizeF size, qreal dpr) const {
    QPainter painter(&device);
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setFont(m_theme.font);
    painter.fillRect(QRectF({}, size), m_theme.background);
    painter.setClipRect(QRectF({}, size));
    paintPlot(painter, m_theme, size, dpr);
}

void Canvas::paintEvent(QPaintEvent* /*event*/) {
    QPainter painter(this);
    // Of whatever is painted on: render() may ask for another scale than the screen's.
    const qreal dpr = painter.deviceTransform().m11();
    if (m_cache.isNull() || m_cache.devicePixelRatio() != dpr) {
        m_cache = QImage(size() * dpr, QImage::Format_RGB32);
        m_cache.setDevicePixelRatio(dpr);
        render(m_cache, size(), dpr);
    }
    painter.drawImage(QPointF(0, 0), m_cache);
    painter.setRenderHint(QPainter::Antialiasing);
    paintOverlay(painter);
    if (hasFocus()) {
        painter.setRenderHint(QPainter::Antialiasing, false);
        painter.setBrush(Qt::NoBrush);
        painter.setPen(m_theme.runAText);
        painter.drawRect(QRectF(rect()).adjusted(0, 0, -1, -1));
    }
}

void Canvas::paintOverlay(QPainter& painter) const {
    if (!m_crosshair) {
        return;
    }
    const QRectF plot = plotArea(size(), m_theme);
    const QPointF at = toPixel(*m_crosshair, plot);
    painter.setPen(QPen(m_theme.mutedText, 1, Qt::DotLine));
    if (at.x() >= plot.left() && at.x() <= plot.right()) {
        painter.drawLine(QPointF(at.x(), plot.top()), QPointF(at.x(), plot.bottom()));
    }
    if (at.y() >= plot.top() && at.y() <= plot.bottom()) {
        painter.drawLine(QPointF(plot.left(), at.y()), QPointF(plot.right(), at.y()));
    }
}

void Canvas::resizeEvent(QResizeEvent* event) {
    m_cache = {};
    QWidget::resizeEvent(event);
}

bool Canvas::event(QEvent* event) {
    switch (event->type()) {
    case QEvent::ToolTip: {
        const auto* help = static_cast<QHelpEvent*>(event);
        const QString words = readout(help->pos());
        QToolTip::showText(help->globalPos(), words.isEmpty() ? toolTip() : words, this);
        return true;
    }
    case QEvent::ShortcutOverride: // before a shortcut of the window takes the key
        if (ownsKey(*static_cast<QKeyEvent*>(event))) {
            event->accept();
            return true;
        }
        break;
    case QEvent::Leave:
        hover({});
        break;
    case QEvent::FocusIn:
    case QEvent::FocusOut:
        update();
        break;
    default:
        break;
    }
    return QWidget::event(event);
}

void Canvas::settle() {
    (void)picture(size(), devicePixelRatioF());
}

QImage Canvas::picture(QSize size, qreal dpr) {
    QImage image(size * dpr, QImage::Format_RGB32);
    image.setDevicePixelRatio(dpr);
    render(image, size, dpr);
    while (busy()) { // what the picture needs is known once it has been tried
        finishWork();
        render(image, size, dpr);
    }
    return image;
}

QByteArray Canvas::svg(QSize size) {
    (void)picture(size, 1);
    SvgDevice device(size, accessibleName(), sentence());
    render(device, size, 1);
    return device.finish();
}

QString Canvas::exportPng(const QString& path, QSize size, qreal dpr) {
    QSaveFile file(path);
    if (file.open(QIODevice::WriteOnly) && picture(size, dpr).save(&file, "PNG") && file.commit()) {
        return {};
    }
    return QStringLiteral("cannot write %1: %2").arg(path, file.errorString());
}

QString Canvas::exportSvg(const QString& path, QSize size) {
    return saved(path, svg(size));
}

QString Canvas::exportPdf(const QString& path, QSize size) {
    (void)picture(size, 1);
    QSaveFile file(path);
    if (!file.open(QIODevice::WriteOnly)) {
        return QStringLiteral("cannot write %1: %2").arg(path, file.errorString());
    }
    {
        constexpr int kDotsPerInch = 96; // a page as large as the picture on the screen
        QPdfWriter page(&file);
        page.setResolution(kDotsPerInch);
        page.setPageMargins(QMarginsF());
        page.setPageSize(QPageSize(QSizeF(size) / kDotsPerInch, QPageSize::Inch));
        page.setTitle(accessibleName());
        render(page, size, 1);
    }
    return file.commit() ? QString()
                         : QStringLiteral("cannot write %1: %2").arg(path, file.errorString());
}

QString Canvas::exportCsv(const QString& path) const {
    return saved(path, csv(*table()));
}

} // namespace repro::gui::plot
