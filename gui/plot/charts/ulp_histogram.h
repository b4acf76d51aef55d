// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "gui/plot/kit/axis.h"
#include "gui/plot/kit/chart.h"

#include <array>
#include <optional>
#include <vector>

namespace repro::gui::plot {

/// How many elements lie how far apart. Bin k counts distances of 2^k to 2^(k+1) - 1 ULP.
struct UlpBins {
    quint64 same = 0;                         // equal bits
    quint64 zeroSign = 0;                     // -0 against +0: 0 ULP, other bits
    std::array<quint64, 64> below{}, above{}; // B below A, B above A; unsigned data is all `above`
    quint64 nonFiniteA = 0, nonFiniteB = 0;   // not finite in one run only
    quint64 nanPayload = 0;                   // NaN in both, other bits

    [[nodiscard]] quint64 differing() const;
    [[nodiscard]] quint64 total() const { return same + differing(); }
    /// Of the differing elements those within `ulp`. Requires: ulp = 2^k - 1 for some k (0 ... 2^64
    /// - 1).
    [[nodiscard]] quint64 within(quint64 ulp) const;
};

/// The distances in powers of two, what is not finite, the cumulated share; the threshold previews
/// a tolerance: "3 ULP would hide 121 of 128".
class UlpHistogram : public Chart {
    Q_OBJECT
public:
    explicit UlpHistogram(QWidget* parent = nullptr);

    void setBins(const UlpBins& bins);
    /// Bars of B below A and B above A apart (default), or together.
    void setSigned(bool isSigned);
    /// Rounded up to the nearest 2^k - 1, where the counts are exact. None: no preview.
    void setTolerance(std::optional<quint64> ulp);
    [[nodiscard]] std::optional<quint64> tolerance() const { return m_tolerance; }

    [[nodiscard]] QString sentence() const override;
    [[nodiscard]] QString readout(QPointF position) const override;

Q_SIGNALS:
    /// The threshold was dragged, or moved by the arrow keys.
    void toleranceChanged(quint64 ulp);

protected:
    void paintChart(QPainter&, const QRectF& plot, const PlotTheme&, qreal dpr) const override;
    [[nodiscard]] bool isEmpty() const override { return m_bins.total() == 0; }
    [[nodiscard]] QRectF plotArea(QSizeF, const PlotTheme&) const override;
    void moveCursor(int dx, int dy, Qt::KeyboardModifiers) override;
    bool beginDrag(QPointF, Qt::KeyboardModifiers, Qt::MouseButton) override;
    void drag(QPointF) override;

private:
    struct Bar {
        QString label, name;
        quint64 count = 0;
        int bin = -1;     // of a distance; -1: none
        int side = 0;     // -1 below, 1 above or both
        bool odd = false; // not finite
    };
    [[nodiscard]] std::vector<Bar> bars() const;
    [[nodiscard]] static std::vector<Tick> labels(const std::vector<Bar>&, qreal width,
                                                  const PlotTheme&);
    [[nodiscard]] int topBin() const;
    [[nodiscard]] std::optional<quint64> toleranceAt(QPointF position) const;
    void change(quint64 ulp);
    void paintTolerance(QPainter&, const QRectF& plot, const PlotTheme&,
                        const std::vector<Bar>&) const;
    void paintShare(QPainter&, const QRectF& plot, const PlotTheme&, const std::vector<Bar>&) const;

    UlpBins m_bins;
    bool m_signed = true;
    std::optional<quint64> m_tolerance;
};

} // namespace repro::gui::plot
