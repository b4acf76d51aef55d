// SPDX-License-Identifier: BSD-3-Clause
#include "gui/plot/tensor/scatter.h"

#include "gui/plot/kit/axis.h"
#include "gui/plot/kit/chart_frame.h"
#include "gui/plot/kit/colour.h"
#include "gui/plot/kit/pixel_cells.h"

#include <algorithm>
#include <cmath>
#include <utility>

namespace repro::gui::plot {
namespace {

constexpr int kColumns = 512, kRows = 384;

// 0, 1, 2, 4, ... at 0, 1, 2, 3, ...
QString ulpLabel(double place) {
    const double size = std::abs(place);
    const double ulp = size <= 1 ? size : std::pow(2, size - 1);
    return (place < 0 ? QStringLiteral("\u2212") : QString()) +
           (size > 11 ? QStringLiteral("2^%1").arg(int(size) - 1) : number(ulp));
}

// A lone point is 2 px large: it grows to the right and down over what is empty.
void grow(QImage& image, int by) {
    const QImage original = image.copy();
    for (int y = 0; y < image.height(); ++y) {
        const auto* from = reinterpret_cast<const QRgb*>(original.constScanLine(y));
        for (int x = 0; x < image.width(); ++x) {
            for (int dy = 0; from[x] != 0 && dy <= by && y + dy < image.height(); ++dy) {
                auto* to = reinterpret_cast<QRgb*>(image.scanLine(y + dy));
                for (int dx = 0; dx <= by && x + dx < image.width(); ++dx) {
                    to[x + dx] = to[x + dx] == 0 ? from[x] : to[x + dx];
                }
            }
        }
    }
}

} // namespace

Scatter::Scatter(QWidget* parent) : Chart(tr("Scatter of A and B"), parent) {
    setTable(
        {QStringLiteral("x"), QStringLiteral("y"), tr("elements")},
        [this] {
            m_full.clear();
            for (std::size_t i = 0; i < m_density.cells.size(); ++i) {
                if (m_density.cells[i] > 0) {
                    m_full.push_back(i);
                }
            }
            return int(m_full.size());
        },
        [this](int row, int column) -> QVariant {
            const std::size_t cell = m_full[std::size_t(row)];
            const QRectF& all = m_density.range;
            const auto columns = std::size_t(m_density.columns);
            switch (column) {
            case 0:
                return all.left() +
                       (double(cell % columns) + 0.5) * all.width() / m_density.columns;
            case 1:
                return all.bottom() -
                       (double(cell / columns) + 0.5) * all.height() / m_density.rows;
            default:
                return m_density.cells[cell];
            }
        });
    dataChanged();
}

void Scatter::setSource(std::shared_ptr<const TensorSource> source, const QString& reason) {
    m_source = std::move(source);
    m_reason = reason;
    start();
}

void Scatter::setMode(ScatterMode mode) {
    if (mode != m_mode) {
        m_mode = mode;
        start();
    }
}

void Scatter::start() {
    const bool was = busy();
    m_jobs.cancelAll();
    m_density = {};
    m_lasso.clear();
    fit();
    if (m_source && m_source->has(Run::B)) {
        m_jobs.start(
            QStringLiteral("density"),
            [source = m_source, mode = m_mode](const CancelFlag& cancel) {
                return density(*source, mode, kColumns, kRows, cancel);
            },
            [this](Density made) {
                m_density = std::move(made);
                dataChanged();
                Q_EMIT busyChanged(false);
            });
    }
    if (was != busy()) {
        Q_EMIT busyChanged(busy());
    }
    dataChanged();
}

QRectF Scatter::bounds() const {
    return m_density.shown > 0 ? m_density.range : QRectF();
}

QSizeF Scatter::closest() const {
    return m_density.range.size() / 64;
}

QRectF Scatter::plotArea(QSizeF size, const PlotTheme& theme) const {
    const Axis widest =
        m_mode == ScatterMode::Residual
            ? Axis{-1e5, 1e5, Scale::Linear, tr("ULP, B \u2212 A")}
            : Axis{view().top(), view().bottom(), Scale::Linear, QStringLiteral("B")};
    return chartArea(size, theme, widest);
}

void Scatter::paintChart(QPainter& painter, const QRectF& plot, const PlotTheme& theme,
                         qreal dpr) const {
    paintAxes(painter, plot, theme);
    painter.save();
    painter.setClipRect(plot, Qt::IntersectClip);
    paintDensity(painter, plot, theme, dpr);
    painter.setPen(QPen(theme.text, 1, Qt::DashLine)); // where nothing differs
    if (m_mode == ScatterMode::Residual) {
        painter.drawLine(toPixel({view().left(), 0}, plot), toPixel({view().right(), 0}, plot));
    } else {
        const double low = std::min(view().left(), view().top());
        const double high = std::max(view().right(), view().bottom());
        painter.drawLine(toPixel({low, low}, plot), toPixel({high, high}, plot));
    }
    if (!m_lasso.isEmpty()) {
        QPolygonF line;
        for (const QPointF& point : m_lasso) {
            line << toPixel(point, plot);
        }
        painter.setBrush(Qt::NoBrush);
        painter.setPen(QPen(theme.background, 4));
        painter.drawPolygon(line);
        painter.setPen(QPen(theme.selection, 1.5));
        painter.drawPolygon(line);
    }
    painter.restore();
}

void Scatter::paintAxes(QPainter& painter, const QRectF& plot, const PlotTheme& theme) const {
    const bool residual = m_mode == ScatterMode::Residual;
    drawXAxis(painter,
              {view().left(), view().right(), Scale::Linear,
               residual ? QStringLiteral("log2 |A|") : QStringLiteral("A")},
              plot, theme, residual, true);
    const Axis y{view().top(), view().bottom(), Scale::Linear,
                 residual ? tr("ULP, B \u2212 A") : QStringLiteral("B")};
    if (!residual) {
        drawYAxis(painter, y, plot, theme);
        return;
    }
    std::vector<Tick> marks = ticks(y, std::max(2, int(plot.height() / 32)), true);
    for (Tick& tick : marks) {
        tick.label = ulpLabel(tick.value);
    }
    drawYTicks(painter, y, marks, plot, theme);
}

/// Few points, each large enough to be seen.
void Scatter::paintPoints(QPainter& painter, const QRectF& plot, const PlotTheme& theme) const {
    const QRectF& all = m_density.range;
    const double perX = m_density.columns / all.width(), perY = m_density.rows / all.height();
    painter.setPen(Qt::NoPen);
    painter.setBrush(theme.severity[3]);
    for (std::size_t cell = 0; cell < m_density.cells.size(); ++cell) {
        if (m_density.cells[cell] > 0) {
            const auto column = double(cell % std::size_t(m_density.columns)) + 0.5;
            const auto row = double(cell / std::size_t(m_density.columns)) + 0.5;
            painter.drawEllipse(
                toPixel({all.left() + column / perX, all.bottom() - row / perY}, plot), 2.5, 2.5);
        }
    }
}

void Scatter::paintDensity(QPainter& painter, const QRectF& plot, const PlotTheme& theme,
                           qreal dpr) const {
    if (constexpr std::uint64_t kFew = 500; m_density.shown <= kFew) {
        paintPoints(painter, plot, theme);
        return;
    }
    const QRectF& all = m_density.range;
    const QRectF shown = view();
    const QSize pixels = (plot.size() * dpr).toSize();
    const double perX = m_density.columns / all.width(), perY = m_density.rows / all.height();
    const PixelCells across((shown.left() - all.left()) * perX, (shown.right() - all.left()) * perX,
                            pixels.width(), m_density.columns);
    const PixelCells down((all.bottom() - shown.bottom()) * perY,
                          (all.bottom() - shown.top()) * perY, pixels.height(), m_density.rows);
    const std::uint32_t most = *std::max_element(m_density.cells.begin(), m_density.cells.end());
    const double scale = 1 / std::log(std::max(2.0, double(most) + 1));
    const ColourTable table = colourTable(ColourMap::Cividis, theme);
    QImage image(pixels, QImage::Format_ARGB32_Premultiplied);
    image.fill(0);
    for (int y = 0; y < pixels.height(); ++y) {
        auto* line = reinterpret_cast<QRgb*>(image.scanLine(y));
        for (int x = 0; x < pixels.width(); ++x) {
            std::uint32_t fullest = 0;
            for (int row = down.begin(y); row < down.end(y); ++row) {
                for (int column = across.begin(x); column < across.end(x); ++column) {
                    fullest = std::max(
                        fullest, m_density.cells[std::size_t(row) * std::size_t(m_density.columns) +
                                                 std::size_t(column)]);
                }
            }
            if (fullest > 0) { // away from the background, the more the fuller
                const double unit = std::log(double(fullest) + 1) * scale;
                line[x] = table[std::size_t(theme.isDark ? 110 + 145 * unit : 140 - 140 * unit)];
            }
        }
    }
    grow(image, int(std::ceil(2 * dpr)) - 1);
    painter.drawImage(plot, image);
}

bool Scatter::beginDrag(QPointF position, Qt::KeyboardModifiers modifiers, Qt::MouseButton button) {
    if (button != Qt::LeftButton || !(modifiers & Qt::ShiftModifier) || bounds().isEmpty()) {
        return false;
    }
    m_lasso = QPolygonF{toData(position)};
    return true;
}

void Scatter::drag(QPointF position) {
    m_lasso << toData(position);
    repaintPlot();
}

void Scatter::endDrag(QPointF /*position*/) {
    if (m_lasso.size() < 3) {
        m_lasso.clear();
    }
    repaintPlot();
    Q_EMIT lassoed(m_lasso, m_mode);
}

void Scatter::clearLasso() {
    m_lasso.clear();
    repaintPlot();
}

QString Scatter::sentence() const {
    if (!m_source || !m_source->has(Run::B)) {
        const QString why = m_reason.isEmpty() ? tr("No pair of tensors") : m_reason;
        return why.endsWith(QLatin1Char('.')) ? why : why + QLatin1Char('.');
    }
    if (busy()) {
        return tr("Counting.");
    }
    const auto odd = [this](const QString& why) {
        return m_density.outside > 0
                   ? QStringLiteral("; %1 %2").arg(count(qint64(m_density.outside)), why)
                   : QString();
    };
    if (m_mode == ScatterMode::Values) {
        return tr("%1 pairs of values%2.")
            .arg(count(qint64(m_density.shown)), odd(tr("not finite")));
    }
    return m_density.shown + m_density.outside == 0
               ? tr("No element differs.")
               : tr("%1 differing elements%2.")
                     .arg(count(qint64(m_density.shown)), odd(tr("not finite or A = 0")));
}

QString Scatter::readout(QPointF position) const {
    if (bounds().isEmpty() || !isOverPlot(position)) {
        return {};
    }
    const QPointF at = toData(position);
    const QRectF& all = m_density.range;
    const int column = std::clamp(int((at.x() - all.left()) / all.width() * m_density.columns), 0,
                                  m_density.columns - 1);
    const int row = std::clamp(int((all.bottom() - at.y()) / all.height() * m_density.rows), 0,
                               m_density.rows - 1);
    const QString here = count(
        m_density.cells[std::size_t(row) * std::size_t(m_density.columns) + std::size_t(column)]);
    return m_mode == ScatterMode::Residual
               ? tr("|A| about %1, %2 ULP: %3 elements")
                     .arg(number(std::pow(2, at.x()), 3), ulpLabel(std::round(at.y())), here)
               : tr("A about %1, B about %2: %3 elements")
                     .arg(number(at.x(), 4), number(at.y(), 4), here);
}

} // namespace repro::gui::plot
