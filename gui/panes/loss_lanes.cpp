// SPDX-License-Identifier: BSD-3-Clause
#include "gui/panes/loss_lanes.h"

#include "gui/viewmodel/lineage.h"

#include <QCoreApplication>

#include <algorithm>
#include <cmath>
#include <map>

namespace repro::gui {

using trace::kNone32;

namespace {

constexpr int kMostLanes = 4;

/// A loss in both runs, or in one.
struct Pair {
    int position = 0;
    std::optional<double> a, b;
};
using Pairs = std::map<std::uint32_t, Pair>; // by row

Pairs pairsOf(const Document& document, const LossesOfRuns& losses) {
    Pairs pairs;
    for (const Loss& loss : losses.b) {
        if (const std::uint32_t row = document.rows().rowOfB[loss.event]; row != kNone32) {
            pairs[row] = {loss.position, {}, loss.value};
        }
    }
    for (const Loss& loss : losses.a) { // whose positions count, where the runs have others
        if (const std::uint32_t row = document.rows().rowOfA[loss.event]; row != kNone32) {
            pairs[row].position = loss.position;
            pairs[row].a = loss.value;
        }
    }
    return pairs;
}

/// Leaves the last of each step.
void keepLast(Pairs& pairs, const Rows& rows) {
    for (auto pair = pairs.begin(); pair != pairs.end();) {
        const auto next = std::next(pair);
        const bool isLast =
            next == pairs.end() || rows.all[next->first].step != rows.all[pair->first].step;
        pair->second.position = 0;
        pair = isLast ? next : pairs.erase(pair);
    }
}

double distanceOf(double a, double b) {
    const bool same = a == b || (std::isnan(a) && std::isnan(b));
    return same ? 0 : std::isfinite(a - b) ? std::abs(a - b) : INFINITY;
}

void enter(plot::MapLane& lane, std::size_t column, const Pair& pair) {
    lane.a[column] = pair.a.value_or(NAN);
    if (!lane.b.empty()) {
        lane.b[column] = pair.b.value_or(NAN);
        if (pair.a && pair.b) {
            lane.delta[column] = std::max(lane.delta[column], distanceOf(*pair.a, *pair.b));
        }
    }
    const bool whole = pair.a && (pair.b || lane.b.empty()); // else NaN would stand for "none"
    if (whole && !(std::isfinite(*pair.a) && std::isfinite(pair.b.value_or(0)))) {
        lane.marks[column] = plot::CellStyle::NonFinite; // which no line can show
    }
}

/// A loss falls by powers of ten, where it has a logarithm.
void chooseScale(plot::MapLane& lane) {
    const auto hasLogarithm = [](const std::vector<double>& values) {
        return std::ranges::none_of(values, [](double value) { return value <= 0; });
    };
    lane.scale =
        hasLogarithm(lane.a) && hasLogarithm(lane.b) ? plot::Scale::Log10 : plot::Scale::Linear;
}

} // namespace

LossesOfRuns lossesOf(const Document& document, const CancelFlag& cancel) {
    LossesOfRuns losses{findLosses(document.a(), cancel), {}};
    if (document.isPair()) {
        losses.b = findLosses(document.b(), cancel);
    }
    return losses;
}

LossLanes lossLanes(const Document& document, const LossesOfRuns& losses, std::size_t columns,
                    std::uint32_t stepsPerColumn) {
    LossLanes result;
    const Rows& rows = document.rows();
    Pairs pairs = pairsOf(document, losses);
    int count = 0;
    bool known = false;
    for (const auto& [row, pair] : pairs) {
        count = std::max(count, pair.position + 1);
        known = known || pair.a || pair.b;
    }
    result.unread = count > 0 && !known;
    if (!known) {
        return result;
    }
    QString name = count == 1 ? QCoreApplication::translate("MapPane", "loss")
                              : QCoreApplication::translate("MapPane", "loss %1");
    if (count > kMostLanes) {
        keepLast(pairs, rows);
        count = 1;
        name = QCoreApplication::translate("MapPane", "last loss");
    }
    for (int lane = 0; lane < count; ++lane) {
        plot::MapLane curve;
        curve.name = count == 1 ? name : name.arg(lane + 1);
        curve.a.assign(columns, NAN);
        curve.b.assign(document.isPair() ? columns : 0, NAN);
        curve.delta.assign(curve.b.size(), 0);
        curve.marks.resize(columns);
        result.lanes.push_back(std::move(curve));
        result.rows.emplace_back(columns, kNone32);
    }
    for (const auto& [row, pair] : pairs) {
        const auto lane = static_cast<std::size_t>(pair.position);
        const std::size_t column = rows.all[row].step / stepsPerColumn;
        enter(result.lanes[lane], column, pair);
        const std::uint32_t producer = producerOf(document, row);
        result.rows[lane][column] = producer == kNone32 ? row : producer;
    }
    std::ranges::for_each(result.lanes, chooseScale);
    return result;
}

} // namespace repro::gui
