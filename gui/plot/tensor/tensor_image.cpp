// SPDX-License-Identifier: BSD-3-Clause
#include "gui/plot/tensor/tensor_image.h"

#include "gui/plot/kit/axis.h"
#include "gui/plot/tensor/tensor_paint.h"
#include "gui/plot/tensor/tensor_panes.h"
#include "gui/plot/tensor/tile_cache.h"

#include <algorithm>
#include <cmath>
#include <utility>

namespace repro::gui::plot {
namespace {

constexpr int kTableElements = 100'000;

} // namespace

TensorImage::TensorImage(QWidget* parent)
    : Canvas(tr("Tensor image"), parent), m_tiles(std::make_unique<TileCache>()) {
    setTable(
        {tr("row"), tr("column"), QStringLiteral("A"), QStringLiteral("B"),
         QStringLiteral("\u0394"), QStringLiteral("ULP")},
        [this] { return visibleElements(); },
        [this](int n, int column) -> QVariant {
            const Element element = nthVisible(n);
            if (column < 2) {
                return column == 0 ? element.row : element.column;
            }
            const Channel channel = Channel(column - 2);
            const bool has = channel == Channel::A || m_source->has(Run::B);
            return has ? m_source->text(channel, element.row, element.column) : QString();
        });
    connect(m_tiles.get(), &TileCache::ready, this, [this] {
        repaintPlot();
        if (!busy()) {
            Q_EMIT busyChanged(false);
        }
    });
    connect(this, &Canvas::viewChanged, table(), &DataTable::refresh);
    dataChanged();
}

TensorImage::~TensorImage() = default;

void TensorImage::setSource(std::shared_ptr<const TensorSource> source, const QString& reason) {
    const QRectF old = bounds();
    m_search.cancelAll();
    m_source = std::move(source);
    m_reason = reason;
    m_tiles->setSource(m_source);
    if (bounds() != old) { // another slice of the same tensor keeps its view
        m_cursor.reset();
        fit();
    }
    dataChanged();
}

void TensorImage::setLayout(TensorLayout layout) {
    m_layout = layout;
    repaintPlot();
}

void TensorImage::setChannel(Channel channel) {
    m_channel = channel;
    repaintPlot();
}

void TensorImage::setChannels(std::vector<Channel> channels) {
    m_channels = std::move(channels);
    repaintPlot();
}

void TensorImage::setBlink(Run run) {
    m_blink = run;
    repaintPlot();
}

void TensorImage::setWipe(double position, Qt::Orientation orientation) {
    m_wipe = std::clamp(position, 0.0, 1.0);
    m_wipeOrientation = orientation;
    repaintPlot();
}

void TensorImage::setScale(Channel channel, const ColourScale& scale) {
    (channel == Channel::Delta ? m_deltaScale : m_valueScale) = scale;
    repaintPlot();
}

const ColourScale& TensorImage::scale(Channel channel) const {
    return channel == Channel::Ulp     ? m_ulpScale
           : channel == Channel::Delta ? m_deltaScale
                                       : m_valueScale;
}

void TensorImage::setNearest(bool nearest) {
    m_nearest = nearest;
    repaintPlot();
}

void TensorImage::setAxisNames(const QString& rows, const QString& columns) {
    m_rowAxis = rows;
    m_columnAxis = columns;
    repaintPlot();
}

void TensorImage::setCursor(std::optional<Element> element) {
    m_cursor = element;
    if (element) {
        const QPointF centre(double(element->column) + 0.5, double(element->row) + 0.5);
        if (!view().contains(centre)) {
            QRectF moved = view();
            moved.moveCenter(centre);
            setView(moved);
        }
    }
    setAccessibleDescription(sentence());
    repaintPlot();
}

void TensorImage::oneToOne() {
    const QRectF plot = plotArea(size(), theme());
    QRectF shown({}, plot.size() * devicePixelRatioF());
    shown.moveCenter(m_cursor ? QPointF(double(m_cursor->column), double(m_cursor->row))
                              : view().center());
    setView(shown);
}

QRectF TensorImage::bounds() const {
    return m_source ? QRectF(0, 0, double(m_source->columns()), double(m_source->rows()))
                    : QRectF();
}

QSizeF TensorImage::closest() const {
    return {4, 2};
}

std::vector<Channel> TensorImage::shownChannels() const {
    if (!m_source || !m_source->has(Run::B)) {
        return {Channel::A};
    }
    switch (m_layout) {
    case TensorLayout::SideBySide:
        return m_channels;
    case TensorLayout::Single:
        return {m_channel};
    default:
        break;
    }
    const Channel first =
        m_layout == TensorLayout::Blink && m_blink == Run::B ? Channel::B : Channel::A;
    return m_channel == Channel::Delta || m_channel == Channel::Ulp
               ? std::vector<Channel>{first, m_channel}
               : std::vector<Channel>{first};
}

TensorPanes TensorImage::panes(QSizeF size, const PlotTheme& theme) const {
    const bool both = m_layout == TensorLayout::Split && m_source && m_source->has(Run::B);
    TensorPanes result =
        tensorPanes(shownChannels(), both, bounds().height(), bounds().width(), size, theme);
    for (TensorPanes::Pane& pane : result.panes) {
        if (m_held && m_source && m_source->has(Run::B) && pane.channel <= Channel::B) {
            pane.channel = pane.channel == Channel::A ? Channel::B : Channel::A;
        }
    }
    return result;
}

QRectF TensorImage::plotArea(QSizeF size, const PlotTheme& theme) const {
    const TensorPanes all = panes(size, theme);
    return all.panes.empty() ? QRectF({}, size) : all.panes.front().image;
}

QPointF TensorImage::inMainPlot(QPointF position) const {
    const TensorPanes all = panes(size(), theme());
    for (const TensorPanes::Pane& pane : all.panes) {
        if (pane.image.contains(position)) {
            return position - pane.image.topLeft() + all.panes.front().image.topLeft();
        }
    }
    return position;
}

bool TensorImage::busy() const {
    return m_tiles->busy() || !m_search.idle();
}

void TensorImage::finishWork() {
    m_search.finish();
    m_tiles->settle();
}

int TensorImage::visibleElements() const {
    const QRect shown = view().toAlignedRect();
    return m_source ? int(std::min<qint64>(kTableElements, qint64(shown.width()) * shown.height()))
                    : 0;
}

Element TensorImage::nthVisible(int n) const {
    const QRect shown = view().toAlignedRect();
    return {shown.top() + n / shown.width(), shown.left() + n % shown.width()};
}

QString TensorImage::sentence() const {
    if (!m_source) {
        return m_reason.isEmpty()                    ? tr("No tensor.")
               : m_reason.endsWith(QLatin1Char('.')) ? m_reason
                                                     : m_reason + QLatin1Char('.');
    }
    if (bounds().isEmpty()) {
        return tr("%1 by %2 elements: empty.").arg(m_source->rows()).arg(m_source->columns());
    }
    const QRect shown = view().toAlignedRect();
    QString text = tr("Rows %1 to %2 of %3, columns %4 to %5 of %6")
                       .arg(count(shown.top()), count(shown.bottom()), count(m_source->rows()),
                            count(shown.left()), count(shown.right()), count(m_source->columns()));
    if (m_cursor) {
        text += QStringLiteral("; ") + words(*m_cursor);
    }
    return text + QLatin1Char('.');
}

QString TensorImage::words(Element element) const {
    QString text = QStringLiteral("[%1, %2]").arg(element.row).arg(element.column);
    const auto add = [&](const QString& name, Channel channel) {
        text += QStringLiteral("  %1 %2").arg(name,
                                              m_source->text(channel, element.row, element.column));
    };
    add(QStringLiteral("A"), Channel::A);
    if (m_source->has(Run::B)) {
        add(QStringLiteral("B"), Channel::B);
        add(QStringLiteral("\u0394"), Channel::Delta);
        text += QStringLiteral("  %1 ULP")
                    .arg(m_source->text(Channel::Ulp, element.row, element.column));
    }
    return text;
}

QString TensorImage::readout(QPointF position) const {
    const auto element = elementAt(position);
    return element ? words(*element) : QString();
}

} // namespace repro::gui::plot
