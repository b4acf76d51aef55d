// SPDX-License-Identifier: BSD-3-Clause
#include "tests/gui/plot/samples.h"

#include "gui/plot/divergence_map.h"
#include "gui/plot/overview_strip.h"

#include <cmath>
#include <random>

namespace repro::gui::plot::samples {
namespace {

MapData trainingMap(int steps, int layersOf, int opsOf) {
    MapData map;
    map.columns = steps;
    map.rows = layersOf * opsOf;
    map.cells.resize(std::size_t(map.columns) * std::size_t(map.rows));
    for (int layer = 0; layer < layersOf; ++layer) {
        map.groups.push_back({QStringLiteral("decoder.%1").arg(layer), layer * opsOf, opsOf});
    }
    std::mt19937 random(7);
    const int step0 = steps / 4, layer0 = layersOf * 2 / 3;
    for (int step = 0; step < steps; ++step) {
        for (int row = 0; row < map.rows; ++row) {
            const int spread =
                step - step0 - std::abs(row / opsOf - layer0) * steps / (3 * layersOf);
            InkSet ink = Ink::Same;
            if (spread > 0 && random() % 8 != 0) {
                const double ulp = std::pow(2.0, 14.0 * spread / steps + double(random() % 4) - 1);
                ink = inkOfUlp(std::uint64_t(ulp));
            } else if (spread > 0) {
                ink = Ink::Healed;
            }
            map.cells[std::size_t(step) * std::size_t(map.rows) + std::size_t(row)] = ink;
        }
    }
    const auto set = [&map](int step, int row, InkSet ink) {
        map.cells[std::size_t(step) * std::size_t(map.rows) + std::size_t(row)] = ink;
    };
    set(step0, layer0 * opsOf + opsOf / 2, InkSet(Ink::Origin) | Ink::Ulp1);
    set(steps / 2, 1, InkSet(Ink::RngOrigin) | Ink::Ulp32);
    for (int row = map.rows - opsOf; row < map.rows - opsOf / 2; ++row) {
        for (int step = steps * 7 / 8; step < steps; ++step) {
            set(step, row, Ink::NonFinite);
        }
    }
    for (int step = steps * 5 / 8; step < steps * 5 / 8 + std::max(1, steps / 20); ++step) {
        set(step, 2, Ink::OnlyA);
        set(step, 3, Ink::OnlyB);
        set(step, 0, Ink::Unknown);
        set(step, opsOf, Ink::Changed);
        set(step, opsOf + 1, Ink::Tolerated);
    }
    map.unaligned.resize(std::size_t(steps));
    map.unaligned[std::size_t(steps / 8)] = true;
    return map;
}

std::vector<MapLane> lanesOf(int steps) {
    MapLane loss{QStringLiteral("loss"), {}, {}, {}, {}, true, Scale::Log10};
    MapLane rng{QStringLiteral("rng cpu"), {}, {}, {}, {}, false, Scale::Linear};
    MapLane env{QStringLiteral("environment"), {}, {}, {}, {}, false, Scale::Linear};
    for (int step = 0; step < steps; ++step) {
        const double a = 4 * std::exp(-step * 3.0 / steps) + 0.3 * std::sin(step * 0.9) + 0.5;
        const double b = step < steps / 2 ? a : a * (1 + 0.6 * (double(step) / steps - 0.5));
        loss.a.push_back(a);
        loss.b.push_back(b);
        loss.delta.push_back(std::abs(a - b));
        rng.marks.push_back(step < steps / 2    ? InkSet(Ink::Same)
                            : step == steps / 2 ? InkSet(Ink::RngOrigin)
                                                : InkSet(Ink::OtherScale));
        env.marks.push_back(step == steps / 3 ? InkSet(Ink::Changed) : InkSet());
    }
    return {loss, rng, env};
}

std::unique_ptr<Canvas> map(int steps, int layersOf, int opsOf) {
    auto canvas = std::make_unique<DivergenceMap>();
    canvas->setData(trainingMap(steps, layersOf, opsOf));
    canvas->setLanes(lanesOf(steps));
    canvas->setFocusCell(steps / 4, layersOf * 2 / 3 * opsOf + opsOf / 2);
    return canvas;
}

std::unique_ptr<Canvas> identicalMap() {
    auto canvas = std::make_unique<DivergenceMap>();
    MapData map;
    map.columns = 40;
    map.rows = 6;
    map.cells.assign(240, Ink::Same);
    canvas->setData(std::move(map));
    return canvas;
}

std::unique_ptr<Canvas> strip(qint64 rows) {
    auto canvas = std::make_unique<OverviewStrip>();
    std::vector<InkSet> inks(std::size_t(rows), Ink::Same);
    std::mt19937 random(3);
    for (qint64 row = rows / 3; row < rows; ++row) {
        if (row > rows / 2 || random() % 50 == 0) {
            inks[std::size_t(row)] = inkOfUlp(std::uint64_t(1) << (12 * row / rows));
        }
    }
    inks[std::size_t(rows / 10)] = Ink::Ulp1;
    inks[std::size_t(rows / 3)] = InkSet(Ink::Origin) | Ink::Ulp1;
    inks[std::size_t(rows / 2)] = InkSet(Ink::RngOrigin) | Ink::Ulp32;
    for (qint64 row = rows * 6 / 10; row < rows * 65 / 100; ++row) {
        inks[std::size_t(row)] = row % 3 == 0 ? Ink::OnlyB : row % 3 == 1 ? Ink::OnlyA : Ink::Same;
    }
    for (qint64 row = rows * 9 / 10; row < rows * 92 / 100; ++row) {
        inks[std::size_t(row)] = Ink::NonFinite;
    }
    canvas->setRows(std::make_shared<const InkPyramid>(std::move(inks)));
    canvas->setBookmarks({rows / 5, rows * 4 / 5});
    canvas->setFindHits({rows / 4, rows / 4 + 1, rows * 7 / 10});
    canvas->setViewport(rows / 3 - rows / 20, rows / 10);
    canvas->setFocusRow(rows / 3);
    return canvas;
}

} // namespace

const std::vector<Sample>& all() {
    static const std::vector<Sample> samples{
        {"map", {900, 320}, [] { return map(120, 12, 6); }},
        {"map_dense", {900, 320}, [] { return map(3000, 20, 30); }},
        {"map_few", {600, 240}, [] { return map(8, 4, 2); }},
        {"map_small", {300, 120}, [] { return map(120, 12, 6); }},
        {"map_identical", {500, 180}, identicalMap},
        {"map_empty", {400, 160}, [] { return std::make_unique<DivergenceMap>(); }},
        {"strip", {30, 400}, [] { return strip(1000); }},
        {"strip_huge", {30, 400}, [] { return strip(1'000'000); }},
    };
    return samples;
}

} // namespace repro::gui::plot::samples
