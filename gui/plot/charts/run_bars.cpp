// SPDX-License-Identifier: BSD-3-Clause
#include "gui/plot/charts/run_bars.h"

#include "gui/plot/kit/chart_frame.h"

#include <QFontMetricsF>

#include <algorithm>
#include <numeric>
#include <utility>

namespace repro::gui::plot {
namespace {

constexpr qreal kGap = 2; ///< between pieces: what tells them apart without colour

quint64 runsOf(const RunBar& bar) {
    return std::accumulate(bar.results.begin(), bar.results.end(), quint64(0));
}

} // namespace

RunBars::RunBars(QWidget* parent) : Canvas(tr("Runs of the op"), parent) {
    setTable(
        {tr("conditions"), tr("result"), tr("runs"), tr("note")},
        [this] { return int(m_pieces.size()); },
        [this](int row, int column) -> QVariant {
            const Piece piece = m_pieces[std::size_t(row)];
            const RunBar& bar = m_bars[piece.bar];
            const bool isRun = piece.result < bar.results.size();
            switch (column) {
            case 0:
                return bar.name;
            case 1:
                return isRun ? QVariant(qulonglong(piece.result + 1)) : QVariant();
            case 2:
                return isRun ? qulonglong(bar.results[piece.result]) : 0;
            default:
                return bar.note;
            }
        });
    setData({}, tr("Nothing was re-executed."));
}

void RunBars::setData(std::vector<RunBar> bars, const QString& sentence) {
    m_bars = std::move(bars);
    m_sentence = sentence;
    m_pieces.clear();
    for (std::size_t bar = 0; bar < m_bars.size(); ++bar) {
        for (std::size_t i = 0; i < std::max<std::size_t>(1, m_bars[bar].results.size()); ++i) {
            m_pieces.push_back({bar, i});
        }
    }
    dataChanged();
}

void RunBars::paintPlot(QPainter& painter, const PlotTheme& theme, QSizeF size,
                        qreal /*dpr*/) const {
    painter.setFont(theme.font);
    const qreal line = std::ceil(QFontMetricsF(theme.font).height());
    const QRectF all = QRectF({}, size).adjusted(kPad, kPad, -kPad, -kPad);
    if (m_bars.empty()) {
        drawEmpty(painter, size, m_sentence, theme);
        return;
    }
    QRectF head = all;
    painter.setPen(theme.text);
    painter.drawText(all, Qt::AlignLeft | Qt::AlignTop | Qt::TextWordWrap, m_sentence, &head);
    qreal top = head.bottom() + line / 2;
    for (const RunBar& bar : m_bars) {
        if (top + 2 * line > all.bottom()) {
            return;
        }
        paintBar(painter, bar, {all.left(), top, all.width(), 2 * line + kPad}, theme);
        top += 3 * line;
    }
}

void RunBars::paintBar(QPainter& painter, const RunBar& bar, const QRectF& place,
                       const PlotTheme& theme) const {
    const QFontMetricsF metrics(theme.font);
    const quint64 runs = runsOf(bar);
    const QString counted =
        runs == 0 ? QString()
                  : (bar.results.size() == 1
                         ? tr("1 result in %1 runs").arg(runs)
                         : tr("%1 results in %2 runs").arg(bar.results.size()).arg(runs));
    QStringList words{bar.name, counted, bar.note};
    words.removeAll(QString());
    painter.setPen(theme.text);
    painter.drawText(QPointF(place.left(), place.top() + metrics.ascent()),
                     metrics.elidedText(words.join(QStringLiteral("  \u00b7  ")), Qt::ElideRight,
                                        place.width()));
    const QRectF track(place.left(), place.top() + metrics.height() + 2, place.width(),
                       place.height() - metrics.height() - kPad);
    qreal left = track.left();
    for (std::size_t i = 0; runs > 0 && i < bar.results.size(); ++i) {
        const qreal width = track.width() * double(bar.results[i]) / double(runs);
        // One result is what an op owes; of several, each is marked.
        const QColor fill = bar.results.size() == 1 ? theme.unknown : theme.severity[1 + i % 3];
        painter.fillRect(QRectF(left, track.top(), std::max(1.0, width - kGap), track.height()),
                         fill);
        left += width;
    }
}

} // namespace repro::gui::plot
