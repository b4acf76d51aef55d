// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "gui/plot/kit/theme.h"

#include <QIcon>

namespace repro::gui {

enum class Icon {
    Back,
    Forward,
    PreviousOrigin,
    PreviousDifference,
    StepBack,
    Play,
    Pause,
    StepForward,
    NextDifference,
    NextOrigin
};

/// Painted in the colours of the theme, so that no icon theme has to be installed.
[[nodiscard]] QIcon iconOf(Icon icon, const plot::PlotTheme& theme);

} // namespace repro::gui
