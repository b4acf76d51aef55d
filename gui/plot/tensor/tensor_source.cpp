// SPDX-License-Identifier: BSD-3-Clause
#include "gui/plot/tensor/tensor_source.h"

#include <algorithm>
#include <vector>

namespace repro::gui::plot {

void readChannel(const TensorSource& source, Channel channel, const Block& block,
                 std::span<double> out) {
    switch (channel) {
    case Channel::A:
        source.read(Run::A, block, out);
        return;
    case Channel::B:
        source.read(Run::B, block, out);
        return;
    case Channel::Ulp:
        source.readUlp(block, out);
        return;
    case Channel::Delta:
        break;
    }
    std::vector<double> a(out.size());
    source.read(Run::A, block, a);
    source.read(Run::B, block, out);
    bool finite = true;
    for (std::size_t i = 0; i < out.size(); ++i) {
        out[i] -= a[i];
        finite = finite && std::isfinite(out[i]);
    }
    if (finite) {
        return;
    }
    // Inf - Inf is no difference where the bits are the same; ULP knows.
    source.readUlp(block, a);
    for (std::size_t i = 0; i < out.size(); ++i) {
        if (!std::isfinite(out[i])) {
            out[i] = a[i] == 0 ? 0 : NAN;
        }
    }
}

namespace {

constexpr int kSearched = 4096; // elements looked at between two looks at `cancel`

/// One line (a row, or a column if `down`) cut into blocks, in either direction from `from`.
std::optional<qint64> differsInLine(const TensorSource& source, qint64 line, bool down, qint64 from,
                                    int direction, const CancelFlag& cancel) {
    const qint64 length = down ? source.rows() : source.columns();
    std::vector<double> ulp;
    for (qint64 at = from; at >= 0 && at < length && !cancel;) {
        const qint64 size = std::min<qint64>(kSearched, direction > 0 ? length - at : at + 1);
        const qint64 first = direction > 0 ? at : at - size + 1;
        ulp.resize(std::size_t(size));
        source.readUlp(down ? Block{first, line, int(size), 1} : Block{line, first, 1, int(size)},
                       ulp);
        for (qint64 i = 0; i < size; ++i) {
            const qint64 place = direction > 0 ? i : size - 1 - i;
            if (ulp[std::size_t(place)] != 0) { // NaN differs, too
                return first + place;
            }
        }
        at += direction * size;
    }
    return std::nullopt;
}

} // namespace

std::optional<Element> nextDifference(const TensorSource& source, Element from, Direction direction,
                                      const CancelFlag& cancel) {
    const bool down = direction == Direction::Up || direction == Direction::Down;
    const int step = direction == Direction::Right || direction == Direction::Down ? 1 : -1;
    const qint64 lines = down ? source.columns() : source.rows();
    const qint64 length = down ? source.rows() : source.columns();
    qint64 at = (down ? from.row : from.column) + step;
    for (qint64 line = down ? from.column : from.row; line >= 0 && line < lines && !cancel;
         line += step) {
        if (const auto found = differsInLine(source, line, down, at, step, cancel)) {
            return down ? Element{*found, line} : Element{line, *found};
        }
        at = step > 0 ? 0 : length - 1;
    }
    return std::nullopt;
}

} // namespace repro::gui::plot
