// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "gui/plot/tensor/tensor_image.h"

#include <QRectF>

#include <vector>

namespace repro::gui::plot {

/// Where the images of a tensor view lie; all of one size, so that one zoom serves them all.
struct TensorPanes {
    struct Pane {
        Channel channel = Channel::A;
        bool both = false; // A and B share it (split, blink)
        QRectF title, image, legend;
    };
    std::vector<Pane> panes;
};

/// `first` says whether the first pane is that of A and B together.
[[nodiscard]] TensorPanes tensorPanes(const std::vector<Channel>& channels, bool bothFirst,
                                      double rows, double columns, QSizeF size,
                                      const PlotTheme& theme);
[[nodiscard]] QString channelName(Channel channel);
/// "A ●" in A's colour, "Δ = B−A", ...
void paintTensorTitle(QPainter& painter, const TensorPanes::Pane& pane, const PlotTheme& theme);
/// The colour scale under an image with the values at its ends.
void paintTensorLegend(QPainter& painter, const TensorPanes::Pane& pane, const ColourScale& scale,
                       const PlotTheme& theme);
/// Rulers: indices of rows at the left, of columns below the title.
void paintTensorRulers(QPainter& painter, const QRectF& image, const QRectF& view,
                       const QString& rowAxis, const QString& columnAxis, const PlotTheme& theme);
/// Which part of the whole is seen, in the image's corner.
void paintMinimap(QPainter& painter, const QRectF& image, const QRectF& view, const QRectF& all,
                  const PlotTheme& theme);

} // namespace repro::gui::plot
