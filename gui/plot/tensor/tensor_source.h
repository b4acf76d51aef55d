// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "gui/jobs/job_runner.h"
#include "gui/plot/kit/theme.h"

#include <QString>

#include <cmath>
#include <optional>
#include <span>

namespace repro::gui::plot {

/// What a tensor view can show. Delta is B - A.
enum class Channel { A, B, Delta, Ulp };

/// Elements (row + i * step, column + j * step) for i < rows, j < columns.
struct Block {
    qint64 row = 0, column = 0;
    int rows = 0, columns = 0;
    int step = 1;
};

/// A rank-2 slice of a tensor in run A and run B. The bytes stay with whoever implements it.
/// All functions are called from several threads at once, also after the widget has let go of its
/// slice: hand it over as shared_ptr<const TensorSource>. None may throw.
class TensorSource {
public:
    virtual ~TensorSource() = default;
    [[nodiscard]] virtual qint64 rows() const = 0;
    [[nodiscard]] virtual qint64 columns() const = 0;
    /// False in one-run mode: only Channel::A is asked for then.
    [[nodiscard]] virtual bool has(Run run) const = 0;

    /// Fills `out`, row-major, with the values as doubles. Requires: the block lies inside, and
    /// out.size() == rows * columns of the block.
    virtual void read(Run run, const Block& block, std::span<double> out) const = 0;
    /// Signed distance B - A in ULP of the dtype. 0: same bits. NaN: no distance (only one is
    /// finite, or NaNs with other payloads). kZeroSign: -0 against +0, bits differ and values do
    /// not.
    virtual void readUlp(const Block& block, std::span<double> out) const = 0;
    /// One element in words with all its digits, for pictures zoomed in and read-outs.
    [[nodiscard]] virtual QString text(Channel channel, qint64 row, qint64 column) const = 0;

    static constexpr double kZeroSign = 0.5;
};

/// Any channel as doubles. In Delta: NaN where bits differ and one or both are not finite, and 0
/// where both are the same bits, NaN included.
void readChannel(const TensorSource& source, Channel channel, const Block& block,
                 std::span<double> out);

struct Element {
    qint64 row = 0, column = 0;
    bool operator==(const Element&) const = default;
};

enum class Direction { Left, Right, Up, Down };
/// The next element whose bits differ: in its row, then in the rows after it (Up and Down:
/// columns). Returns: none when there is none, or when cancelled.
[[nodiscard]] std::optional<Element> nextDifference(const TensorSource& source, Element from,
                                                    Direction direction, const CancelFlag& cancel);

} // namespace repro::gui::plot
