// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "gui/jobs/job_runner.h"
#include "trace/reader.h"

#include <optional>
#include <vector>

namespace repro::gui {

/// A tensor of one element that a program called backward() of.
struct Loss {
    trace::EventId event = trace::kNone64; ///< an outermost aten::ones_like; the loss is its in0
    int position = 0;                      ///< among those of its step, from 0
    std::optional<double> value;           ///< where bytes or statistics of it were recorded
};

/// The losses of a run, in order. backward() without a gradient makes one by aten::ones_like of the
/// loss, right before the engine runs the first node in the same thread: an op of that name counts
/// if nothing but others like it lies between it and a backward node.
/// Throws: Error, where the file cannot be read; replay::Cancelled.
[[nodiscard]] std::vector<Loss> findLosses(const trace::Reader& reader, const CancelFlag& cancel);

} // namespace repro::gui
