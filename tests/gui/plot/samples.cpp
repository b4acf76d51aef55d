// SPDX-License-Identifier: BSD-3-Clause
#include "tests/gui/plot/samples.h"

#include "gui/plot/charts/channel_profile.h"
#include "gui/plot/charts/growth_curve.h"
#include "gui/plot/charts/overview_strip.h"
#include "gui/plot/charts/rng_lanes.h"
#include "gui/plot/charts/run_bars.h"
#include "gui/plot/charts/ulp_histogram.h"
#include "gui/plot/charts/value_histogram.h"
#include "gui/plot/lineage/lineage_graph.h"
#include "gui/plot/map/divergence_map.h"
#include "gui/plot/tensor/scatter.h"
#include "gui/plot/tensor/tensor_image.h"
#include "tests/gui/plot/fake_tensor.h"

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
            CellStyleSet style = CellStyle::Same;
            if (spread > 0 && random() % 8 != 0) {
                const double ulp = std::pow(2.0, 14.0 * spread / steps + double(random() % 4) - 1);
                style = styleOfUlp(std::uint64_t(ulp));
            } else if (spread > 0) {
                style = CellStyle::Healed;
            }
            map.cells[std::size_t(step) * std::size_t(map.rows) + std::size_t(row)] = style;
        }
    }
    const auto set = [&map](int step, int row, CellStyleSet style) {
        map.cells[std::size_t(step) * std::size_t(map.rows) + std::size_t(row)] = style;
    };
    set(step0, layer0 * opsOf + opsOf / 2, CellStyleSet(CellStyle::Origin) | CellStyle::Ulp1);
    set(steps / 2, 1, CellStyleSet(CellStyle::RngOrigin) | CellStyle::Ulp32);
    for (int row = map.rows - opsOf; row < map.rows - opsOf / 2; ++row) {
        for (int step = steps * 7 / 8; step < steps; ++step) {
            set(step, row, CellStyle::NonFinite);
        }
    }
    for (int step = steps * 5 / 8; step < steps * 5 / 8 + std::max(1, steps / 20); ++step) {
        set(step, 2, CellStyle::OnlyA);
        set(step, 3, CellStyle::OnlyB);
        set(step, 0, CellStyle::Unknown);
        set(step, opsOf, CellStyle::Changed);
        set(step, opsOf + 1, CellStyle::Tolerated);
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
        rng.marks.push_back(step < steps / 2    ? CellStyleSet(CellStyle::Same)
                            : step == steps / 2 ? CellStyleSet(CellStyle::RngOrigin)
                                                : CellStyleSet(CellStyle::Ulp1M));
        env.marks.push_back(step == steps / 3 ? CellStyleSet(CellStyle::Changed) : CellStyleSet());
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
    map.cells.assign(240, CellStyle::Same);
    canvas->setData(std::move(map));
    return canvas;
}

std::unique_ptr<Canvas> strip(qint64 rows) {
    auto canvas = std::make_unique<OverviewStrip>();
    std::vector<CellStyleSet> styles(std::size_t(rows), CellStyle::Same);
    std::mt19937 random(3);
    for (qint64 row = rows / 3; row < rows; ++row) {
        if (row > rows / 2 || random() % 50 == 0) {
            styles[std::size_t(row)] = styleOfUlp(std::uint64_t(1) << (12 * row / rows));
        }
    }
    styles[std::size_t(rows / 10)] = CellStyle::Ulp1;
    styles[std::size_t(rows / 3)] = CellStyleSet(CellStyle::Origin) | CellStyle::Ulp1;
    styles[std::size_t(rows / 2)] = CellStyleSet(CellStyle::RngOrigin) | CellStyle::Ulp32;
    for (qint64 row = rows * 6 / 10; row < rows * 65 / 100; ++row) {
        styles[std::size_t(row)] = row % 3 == 0   ? CellStyle::OnlyB
                                   : row % 3 == 1 ? CellStyle::OnlyA
                                                  : CellStyle::Same;
    }
    for (qint64 row = rows * 9 / 10; row < rows * 92 / 100; ++row) {
        styles[std::size_t(row)] = CellStyle::NonFinite;
    }
    canvas->setRows(std::make_shared<const CellStylePyramid>(std::move(styles)));
    canvas->setBookmarks({rows / 5, rows * 4 / 5});
    canvas->setFindHits({rows / 4, rows / 4 + 1, rows * 7 / 10});
    canvas->setViewport(rows / 3 - rows / 20, rows / 10);
    canvas->setFocusRow(rows / 3);
    return canvas;
}

std::shared_ptr<FakeTensor> atomics(qint64 rows, qint64 columns) {
    auto tensor = std::make_shared<FakeTensor>(rows, columns);
    std::mt19937 random(11);
    for (qint64 row = 0; row < rows; ++row) {
        for (qint64 column = 0; column < columns; ++column) {
            const float wave = std::sin(float(row) * 0.09F) * std::cos(float(column) * 0.05F);
            tensor->at(Run::A, row, column) = wave + 0.05F * float(random() % 100) / 100;
        }
    }
    tensor->b = tensor->a;
    for (qint64 n = 0; n < rows * columns / 60; ++n) {
        tensor->nudge(random() % unsigned(rows), random() % unsigned(columns), 1 << random() % 12);
    }
    tensor->at(Run::B, rows / 3, columns / 2) = NAN;
    tensor->at(Run::B, rows / 3 + 1, columns / 2) = INFINITY;
    tensor->at(Run::A, 1, 1) = 0.0F;
    tensor->at(Run::B, 1, 1) = -0.0F;
    for (qint64 row = rows / 2; row < rows / 2 + 8 && row < rows; ++row) {
        for (qint64 column = 0; column < columns / 4; ++column) {
            tensor->at(Run::B, row, column) *= 1.5F;
        }
    }
    return tensor;
}

std::unique_ptr<TensorImage> tensor(std::shared_ptr<const TensorSource> source) {
    auto canvas = std::make_unique<TensorImage>();
    canvas->setSource(std::move(source));
    canvas->setAxisNames(QStringLiteral("d1"), QStringLiteral("d2"));
    canvas->setScale(Channel::A, {ColourMap::Cividis, false, -1, 1});
    canvas->setScale(Channel::Delta, {ColourMap::Diverging, true, 1e-8, 1});
    return canvas;
}

std::unique_ptr<Canvas> tensorSide() {
    auto canvas = tensor(atomics(96, 128));
    canvas->setChannels({Channel::A, Channel::B, Channel::Delta, Channel::Ulp});
    canvas->setCursor(Element{52, 20});
    return canvas;
}

std::unique_ptr<Canvas> tensorWide() {
    auto canvas = tensor(atomics(12, 4000));
    canvas->setChannels({Channel::A, Channel::B, Channel::Ulp});
    return canvas;
}

std::unique_ptr<Canvas> tensorZoomed() {
    auto canvas = tensor(atomics(96, 128));
    canvas->setChannels({Channel::A, Channel::B, Channel::Delta});
    canvas->setView({62, 29, 3.5, 8});
    canvas->setCursor(Element{32, 64});
    return canvas;
}

std::unique_ptr<Canvas> tensorSplit() {
    auto canvas = tensor(atomics(96, 128));
    canvas->setLayout(TensorLayout::Split);
    canvas->setChannel(Channel::Ulp);
    canvas->setView({20, 20, 70, 60});
    return canvas;
}

std::unique_ptr<Canvas> tensorWithoutBytes() {
    auto canvas = std::make_unique<TensorImage>();
    canvas->setSource(nullptr,
                      QStringLiteral("Values were not recorded for this event; record them with "
                                     "reprorec --capture full --filter-op index_add_"));
    return canvas;
}

std::unique_ptr<Canvas> values() {
    auto canvas = std::make_unique<ValueHistogram>();
    ValueBins bins{-0.3, 0.3, false, QStringLiteral("value"), {}, {}, 0, 3};
    for (int i = 0; i < 120; ++i) {
        const double x = (i - 60) / 20.0;
        bins.a.push_back(quint64(40000 * std::exp(-x * x)));
        bins.b.push_back(quint64(40000 * std::exp(-(x - 0.3) * (x - 0.3))) + (i == 117 ? 1 : 0));
    }
    canvas->setBins(bins);
    canvas->setRange(-0.2, 0.2);
    return canvas;
}

std::unique_ptr<Canvas> ulps(bool tolerance) {
    auto canvas = std::make_unique<UlpHistogram>();
    UlpBins bins;
    bins.same = 2'097'024;
    bins.above = {60, 10, 4, 1, 0, 0, 0, 0, 1};
    bins.below = {36, 12, 2};
    bins.zeroSign = 1;
    bins.nonFiniteB = 1;
    canvas->setBins(bins);
    if (tolerance) {
        canvas->setTolerance(3);
    }
    return canvas;
}

std::unique_ptr<Canvas> unsignedUlps() {
    auto canvas = std::make_unique<UlpHistogram>();
    UlpBins bins;
    bins.same = 10;
    for (std::size_t i = 0; i < 40; ++i) {
        bins.above[i] = quint64(1) << (i / 3);
    }
    canvas->setBins(bins);
    return canvas;
}

std::unique_ptr<Canvas> scatter(ScatterMode mode) {
    auto canvas = std::make_unique<Scatter>();
    canvas->setMode(mode);
    canvas->setSource(atomics(256, 256));
    return canvas;
}

std::unique_ptr<Canvas> profile(ProfileOrder order) {
    auto canvas = std::make_unique<ChannelProfile>();
    ProfileData data;
    data.axis = QStringLiteral("d1");
    for (int i = 0; i < 96; ++i) {
        const bool lane = i >= 32 && i < 64;
        const double delta = lane ? 2e-6 * (1 + 0.5 * std::sin(i)) : i % 17 == 0 ? 3e-8 : 0;
        data.differing.push_back(lane ? 500 : i % 17 == 0 ? 1 : 0);
        data.maxDelta.push_back(delta);
        data.meanDelta.push_back(delta / 5);
        data.a.push_back(std::sin(i * 0.1));
        data.b.push_back(std::sin(i * 0.1) + (lane ? 0.1 : 0));
        data.nonFinite.push_back(i == 80);
    }
    canvas->setData(data);
    canvas->setOrder(order);
    canvas->setFocusChannel(40);
    return canvas;
}

std::unique_ptr<Canvas> growth() {
    auto canvas = std::make_unique<GrowthCurve>();
    GrowthData data;
    for (int step = 0; step < 200; ++step) {
        data.x.push_back(step);
        data.differing.push_back(step < 12 ? 0 : std::min(300.0, std::pow(1.2, step - 12)));
        data.maxRelative.push_back(step < 12 ? 0 : std::min(2.0, 1e-8 * std::pow(1.15, step - 12)));
    }
    data.maxRelative[190] = INFINITY;
    canvas->setData(data);
    canvas->setFocusPoint(60);
    return canvas;
}

std::unique_ptr<Canvas> rng() {
    auto canvas = std::make_unique<RngLanes>();
    RngGenerator cpu{QStringLiteral("cpu"),
                     QStringLiteral("42"),
                     QStringLiteral("42"),
                     {},
                     {},
                     10,
                     10,
                     QStringLiteral("extra draw in B at 11:2903, aten::bernoulli_")};
    for (int draw = 0; draw < 40; ++draw) {
        const qint64 x = 100 + draw * 60 + draw % 3 * 7;
        cpu.a.push_back({x, QStringLiteral("aten::dropout"),
                         QStringLiteral("%1:%2").arg(draw).arg(x), draw < 10});
        if (draw == 10) {
            cpu.b.push_back(
                {x - 20, QStringLiteral("aten::bernoulli_"), QStringLiteral("11:2903"), false});
        }
        cpu.b.push_back({x, QStringLiteral("aten::dropout"),
                         QStringLiteral("%1:%2").arg(draw).arg(x), draw < 10});
    }
    RngGenerator gpu{
        QStringLiteral("cuda:0"), QStringLiteral("1"), QStringLiteral("2"), {}, {}, 0, 0, {}};
    RngGenerator loader{QStringLiteral("main/worker#2"), {}, {}, {}, {}, -1, -1, {}};
    for (int draw = 0; draw < 12; ++draw) {
        gpu.a.push_back({150 + draw * 200, QStringLiteral("aten::randn"),
                         QStringLiteral("%1").arg(draw), false});
        gpu.b.push_back({150 + draw * 200, QStringLiteral("aten::randn"),
                         QStringLiteral("%1").arg(draw), false});
        loader.a.push_back({130 + draw * 190, QStringLiteral("aten::randperm"),
                            QStringLiteral("%1").arg(draw), true});
        loader.b.push_back({130 + draw * 190, QStringLiteral("aten::randperm"),
                            QStringLiteral("%1").arg(draw), true});
    }
    canvas->setGenerators({cpu, gpu, loader});
    canvas->setFocusX(680);
    return canvas;
}

std::unique_ptr<Canvas> lineage() {
    auto canvas = std::make_unique<LineageGraph>();
    LineageData data;
    data.nodes = {
        {QStringLiteral("aten::scatter"), QStringLiteral("decoder.3"), Mark::Same, 0},
        {QStringLiteral("aten::mm"), QStringLiteral("decoder.3"), Mark::Same, 2},
        {QStringLiteral("aten::index_add_"), QStringLiteral("decoder.3.moe 3 ULP"), Mark::Origin,
         0},
        {QStringLiteral("aten::add"), QStringLiteral("decoder.3 5 ULP"), Mark::Inherited, 0},
        {QStringLiteral("aten::native_layer_norm"), QStringLiteral("decoder.4.norm 41 ULP"),
         Mark::Amplified, 12},
        {QStringLiteral("aten::relu"), QStringLiteral("decoder.3 0 ULP"), Mark::Healed, 0},
        {QStringLiteral("aten::log"), QStringLiteral("loss"), Mark::NonFinite, 0},
        {QStringLiteral("aten::dropout"), QStringLiteral("decoder.4"), Mark::RngOrigin, 0},
        {QStringLiteral("aten::mul"), QStringLiteral("decoder.4"), Mark::Inherited, 0},
        {QStringLiteral("aten::print_stats"), QStringLiteral("debug"), Mark::OnlyB, 0},
        {QStringLiteral("aten::view_as"), QStringLiteral("decoder.4"), Mark::Changed, 0},
        {QStringLiteral("custom::kernel"), QStringLiteral("decoder.4"), Mark::Unknown, 0}};
    data.edges = {{0, 2, 0, false},   {1, 2, 0, false},    {2, 3, 0.2, true},
                  {3, 4, 0.4, true},  {3, 5, 0.1, false},  {4, 8, 0.6, true},
                  {7, 8, 0.5, false}, {8, 6, 1, true},     {2, 6, 0.1, false},
                  {3, 9, 0.1, false}, {4, 10, 0.2, false}, {10, 11, 0.2, false}};
    data.focus = 2;
    canvas->setData(data);
    return canvas;
}

std::unique_ptr<Canvas> bigLineage() {
    auto canvas = std::make_unique<LineageGraph>();
    LineageData data;
    std::mt19937 random(5);
    for (int node = 0; node < 3000; ++node) {
        data.nodes.push_back({QStringLiteral("aten::op%1").arg(node),
                              {},
                              node == 0 ? Mark::Origin : Mark::Inherited,
                              0});
        for (int edge = 0; edge < 2 && node > 0; ++edge) {
            const int from = std::max(0, node - 1 - int(random() % 90));
            data.edges.push_back({from, node, double(random() % 100) / 100, false});
        }
    }
    data.focus = 0;
    canvas->setData(data);
    return canvas;
}

std::unique_ptr<Canvas> runs() {
    auto canvas = std::make_unique<RunBars>();
    canvas->setData(
        {{QStringLiteral("as recorded"),
          {7, 1, 4, 2, 6},
          QStringLiteral("up to 3 ulp, 7 as recorded")},
         {QStringLiteral("1 thread"), {20}, QStringLiteral("0 as recorded")},
         {QStringLiteral("deterministic"), {}, QStringLiteral("LibTorch refuses to run it again")}},
        QStringLiteral("aten::index_put_ gave 5 different results in 20 runs."));
    return canvas;
}

template <class Widget>
Sample empty(const char* name) {
    return {name, {300, 120}, [] { return std::make_unique<Widget>(); }};
}

} // namespace

const std::vector<Sample>& all() {
    static const std::vector<Sample> samples{
        {"map", {900, 320}, [] { return map(120, 12, 6); }},
        {"map_dense", {900, 320}, [] { return map(3000, 20, 30); }},
        {"map_few", {600, 240}, [] { return map(8, 4, 2); }},
        {"map_small", {300, 120}, [] { return map(120, 12, 6); }},
        {"map_identical", {500, 180}, identicalMap},
        empty<DivergenceMap>("map_empty"),
        {"strip", {30, 400}, [] { return strip(1000); }},
        {"strip_huge", {30, 400}, [] { return strip(1'000'000); }},
        {"tensor", {1100, 300}, tensorSide},
        {"tensor_wide", {700, 420}, tensorWide},
        {"tensor_zoomed", {1100, 300}, tensorZoomed},
        {"tensor_split", {760, 320}, tensorSplit},
        {"tensor_one_run",
         {400, 300},
         [] { return tensor(std::make_shared<FakeTensor>(20, 30, false)); }},
        {"tensor_no_bytes", {400, 200}, tensorWithoutBytes},
        {"tensor_no_elements",
         {300, 120},
         [] { return tensor(std::make_shared<FakeTensor>(0, 5)); }},
        {"values", {520, 240}, values},
        empty<ValueHistogram>("values_empty"),
        {"ulp", {620, 260}, [] { return ulps(false); }},
        {"ulp_tolerance", {620, 260}, [] { return ulps(true); }},
        {"ulp_unsigned", {620, 260}, unsignedUlps},
        empty<UlpHistogram>("ulp_empty"),
        {"scatter_residual", {520, 360}, [] { return scatter(ScatterMode::Residual); }},
        {"scatter_values", {520, 360}, [] { return scatter(ScatterMode::Values); }},
        empty<Scatter>("scatter_empty"),
        {"profile", {620, 340}, [] { return profile(ProfileOrder::Index); }},
        {"profile_sorted", {620, 340}, [] { return profile(ProfileOrder::Differing); }},
        empty<ChannelProfile>("profile_empty"),
        {"growth", {620, 320}, growth},
        empty<GrowthCurve>("growth_empty"),
        {"rng", {820, 280}, rng},
        empty<RngLanes>("rng_empty"),
        {"lineage", {1000, 320}, lineage},
        {"lineage_big", {700, 360}, bigLineage},
        empty<LineageGraph>("lineage_empty"),
        {"runs", {620, 200}, runs},
        empty<RunBars>("runs_empty"),
    };
    return samples;
}

} // namespace repro::gui::plot::samples
