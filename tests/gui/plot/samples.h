// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "gui/plot/kit/canvas.h"

#include <functional>
#include <memory>
#include <ostream>
#include <vector>

namespace repro::gui::plot::samples {

/// A picture with data as a real pair would give it.
struct Sample {
    const char* name; // of its files
    QSize size;
    std::function<std::unique_ptr<Canvas>()> make;

    friend std::ostream& operator<<(std::ostream& out, const Sample& sample) {
        return out << sample.name;
    }
};

/// One of each kind, and the odd ones: empty, identical, not finite, huge.
[[nodiscard]] const std::vector<Sample>& all();

} // namespace repro::gui::plot::samples
