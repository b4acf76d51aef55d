// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "gui/plot/kit/canvas.h"
#include "gui/plot/kit/colour.h"
#include "gui/plot/tensor/tensor_source.h"

#include <memory>

namespace repro::gui::plot {

class TileCache;
struct TensorPanes;
/// Which images stand side by side, and how A and B share one.
enum class TensorLayout { SideBySide, Split, Blink, Single };

/// How values become colours. The same for A and B; Delta and Ulp have their own.
struct ColourScale {
    ColourMap map = ColourMap::Cividis;
    bool log = false;         // by magnitude; the sign is kept by the diverging map only
    double low = 0, high = 1; // black and white point; a diverging map uses -high..high
    bool operator==(const ColourScale&) const = default;
};

/// Images of A, B, Δ and ULP of one slice with one zoom, one cursor and one crosshair. Workers
/// reduce the slice to tiles of 256 x 256 by powers of two (Δ, ULP: the largest magnitude; A, B too
/// unless nearest), so that no element is lost and 64 M elements stay interactive; zoomed in, the
/// values stand as text.
class TensorImage : public Canvas {
    Q_OBJECT
public:
    explicit TensorImage(QWidget* parent = nullptr);
    ~TensorImage() override;

    /// Null: empty, with `reason` in words ("values not recorded for this event").
    void setSource(std::shared_ptr<const TensorSource> source, const QString& reason = {});
    void setLayout(TensorLayout layout);
    /// What Single shows; also the image that Split and Blink do not use up. Keys 1 2 3 4.
    void setChannel(Channel channel);
    /// Side by side only: which of the four are shown.
    void setChannels(std::vector<Channel> channels);
    /// Blink and hold-key: which of A and B is seen now. Both are ready, so the flip is one paint.
    void setBlink(Run run);
    /// Split: where the wipe stands, 0 (all B) to 1 (all A); Qt::Horizontal wipes sideways.
    void setWipe(double position, Qt::Orientation orientation = Qt::Horizontal);
    /// A and B share one scale. The Ulp channel has the severity ramp and needs none.
    void setScale(Channel channel, const ColourScale& scale);
    [[nodiscard]] const ColourScale& scale(Channel channel) const;
    void setNearest(bool nearest);
    /// Names of the axes, for ruler and read-out: "d1", "d2".
    void setAxisNames(const QString& rows, const QString& columns);
    [[nodiscard]] QStringList axisNames() const { return {m_rowAxis, m_columnAxis}; }
    /// The element the cursor is on; moves the view if it lies outside. None: no cursor.
    void setCursor(std::optional<Element> element);
    [[nodiscard]] std::optional<Element> cursorElement() const { return m_cursor; }
    /// Fits, or one device pixel an element (key 0).
    void oneToOne();
    [[nodiscard]] TensorLayout layoutMode() const { return m_layout; }
    [[nodiscard]] Channel channel() const { return m_channel; }

    void paintPlot(QPainter&, const PlotTheme&, QSizeF, qreal dpr) const override;
    [[nodiscard]] QString sentence() const override;
    [[nodiscard]] QString readout(QPointF position) const override;
    [[nodiscard]] bool busy() const override;

Q_SIGNALS:
    /// Right drag, click, arrows (nudge), Ctrl+arrows (next differing element).
    void elementPicked(qint64 row, qint64 column);
    /// Ctrl+arrow found nothing further in that direction.
    void noFurtherDifference();
    void channelChanged(repro::gui::plot::Channel channel);
    void wipeChanged(double position);

protected:
    [[nodiscard]] QRectF plotArea(QSizeF, const PlotTheme&) const override;
    [[nodiscard]] QPointF inMainPlot(QPointF) const override;
    void finishWork() override;
    [[nodiscard]] QRectF bounds() const override;
    [[nodiscard]] QSizeF closest() const override;
    void activate(QPointF, Qt::KeyboardModifiers) override;
    void moveCursor(int dx, int dy, Qt::KeyboardModifiers) override;
    bool beginDrag(QPointF, Qt::KeyboardModifiers, Qt::MouseButton) override;
    void drag(QPointF) override;
    void endDrag(QPointF) override;
    void paintOverlay(QPainter&) const override;
    bool event(QEvent*) override;
    void keyPressEvent(QKeyEvent*) override;
    void keyReleaseEvent(QKeyEvent*) override;

private:
    [[nodiscard]] std::vector<Channel> shownChannels() const;
    [[nodiscard]] TensorPanes panes(QSizeF, const PlotTheme&) const;
    [[nodiscard]] QImage paneImage(Channel, QSize pixels, const PlotTheme&, qreal dpr) const;
    void paintPane(QPainter&, const PlotTheme&, std::size_t pane, const TensorPanes&,
                   qreal dpr) const;
    void paintTexts(QPainter&, const PlotTheme&, Channel, const QRectF& place,
                    const QImage& image) const;
    void paintCursor(QPainter&, const PlotTheme&, const QRectF& place) const;
    [[nodiscard]] std::optional<Element> elementAt(QPointF position) const;
    void pick(Element element);
    void search(Direction direction);
    [[nodiscard]] QString words(Element element) const;
    [[nodiscard]] Element nthVisible(int n) const;
    [[nodiscard]] int visibleElements() const;

    std::shared_ptr<const TensorSource> m_source; // shared with the workers that read it
    QString m_reason, m_rowAxis, m_columnAxis;
    TensorLayout m_layout = TensorLayout::SideBySide;
    Channel m_channel = Channel::Delta;
    std::vector<Channel> m_channels{Channel::A, Channel::B, Channel::Delta};
    Run m_blink = Run::A;
    bool m_held = false; // Space: A and B change places
    double m_wipe = 0.5;
    Qt::Orientation m_wipeOrientation = Qt::Horizontal;
    ColourScale m_valueScale, m_deltaScale{ColourMap::Diverging, false, 0, 1}, m_ulpScale;
    bool m_nearest = false;
    std::optional<Element> m_cursor;
    std::unique_ptr<TileCache> m_tiles;
    JobRunner m_search; // for the next element that differs
    enum class Drag { None, Pick, Wipe } m_drag = Drag::None;
};

} // namespace repro::gui::plot
