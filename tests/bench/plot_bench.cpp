// SPDX-License-Identifier: BSD-3-Clause
#include "gui/plot/charts/overview_strip.h"
#include "gui/plot/lineage/lineage_layout.h"
#include "gui/plot/map/divergence_map.h"
#include "gui/plot/tensor/scatter.h"
#include "gui/plot/tensor/tensor_image.h"
#include "gui/plot/tensor/tile_cache.h"
#include "tests/gui/plot/fake_tensor.h"

#include <QApplication>
#include <benchmark/benchmark.h>

#include <cmath>
#include <random>

// What painting and reducing cost; the argument is the number of events, elements or nodes.
namespace {

using namespace repro::gui::plot;
using repro::gui::CancelFlag;
using samples::FakeTensor;

std::vector<CellStyleSet> someRows(std::int64_t size) {
    std::vector<CellStyleSet> rows(std::size_t(size), CellStyle::Same);
    std::mt19937 random(1);
    for (std::size_t row = rows.size() / 3; row < rows.size(); ++row) {
        rows[row] = styleOfUlp(random() % 4096);
    }
    return rows;
}

std::shared_ptr<FakeTensor> someTensor(std::int64_t elements) {
    const auto side = std::int64_t(std::sqrt(double(elements)));
    auto tensor = std::make_shared<FakeTensor>(side, side);
    std::mt19937 random(1);
    for (float& value : tensor->a) {
        value = float(random() % 10000) / 5000 - 1;
    }
    tensor->b = tensor->a;
    for (std::int64_t n = 0; n < elements / 10; ++n) {
        tensor->nudge(random() % unsigned(side), random() % unsigned(side), int(random() % 64));
    }
    return tensor;
}

void pyramid(benchmark::State& state) {
    const auto rows = someRows(state.range(0));
    for (auto _ : state) {
        benchmark::DoNotOptimize(CellStylePyramid(rows));
    }
}

void stripPaint(benchmark::State& state) {
    OverviewStrip strip;
    strip.setRows(std::make_shared<const CellStylePyramid>(someRows(state.range(0))));
    for (auto _ : state) {
        benchmark::DoNotOptimize(strip.picture({30, 900}));
    }
}

DivergenceMap& someMap(std::int64_t cells) {
    static DivergenceMap map;
    MapData data;
    data.columns = int(std::min<std::int64_t>(3000, cells));
    data.rows = int(cells / data.columns);
    data.cells = someRows(std::int64_t(data.columns) * data.rows);
    map.setData(std::move(data));
    return map;
}

void mapZoom(benchmark::State& state) {
    DivergenceMap& map = someMap(state.range(0));
    bool in = false;
    for (auto _ : state) { // another view each time: nothing is cached
        map.setView({in ? 1.0 : 0.0, 0, map.view().width() - 1, map.view().height()});
        benchmark::DoNotOptimize(map.picture({1200, 400}));
        in = !in;
        map.fit();
    }
}

void mapFocus(benchmark::State& state) {
    DivergenceMap& map = someMap(state.range(0));
    int column = 0;
    for (auto _ : state) {
        map.setFocusCell(column++ % 3000, 0);
        benchmark::DoNotOptimize(map.picture({1200, 400}));
    }
}

void tensorFirstFit(benchmark::State& state) {
    const auto tensor = someTensor(state.range(0));
    TensorImage image;
    image.setChannels({Channel::A, Channel::B, Channel::Delta, Channel::Ulp});
    for (auto _ : state) {
        image.setSource(nullptr);
        image.setSource(tensor);
        benchmark::DoNotOptimize(image.picture({1600, 400}));
    }
}

void tensorPan(benchmark::State& state) {
    const auto tensor = someTensor(state.range(0));
    TensorImage image;
    image.setChannels({Channel::A, Channel::B, Channel::Delta, Channel::Ulp});
    image.setSource(tensor);
    (void)image.picture({1600, 400});
    int step = 0;
    for (auto _ : state) {
        image.setView({double(step++ % 64), 0, image.view().width() - 64, image.view().height()});
        benchmark::DoNotOptimize(image.picture({1600, 400}));
        image.fit();
    }
}

void tileReduction(benchmark::State& state) {
    const auto tensor = someTensor(state.range(0));
    const int level = int(std::ceil(std::log2(std::sqrt(double(state.range(0))) / kTileSide)));
    const CancelFlag cancel{false};
    for (auto _ : state) {
        benchmark::DoNotOptimize(
            reduceTile(*tensor, {Channel::Ulp, level, level, 0, 0, false}, cancel));
    }
}

void searchToTheEnd(benchmark::State& state) {
    const auto side = std::int64_t(std::sqrt(double(state.range(0))));
    const FakeTensor tensor(side, side);
    const CancelFlag cancel{false};
    for (auto _ : state) {
        benchmark::DoNotOptimize(nextDifference(tensor, {0, 0}, Direction::Right, cancel));
    }
}

void scatterDensity(benchmark::State& state) {
    const auto tensor = someTensor(state.range(0));
    const CancelFlag cancel{false};
    for (auto _ : state) {
        benchmark::DoNotOptimize(density(*tensor, ScatterMode::Residual, 512, 384, cancel));
    }
}

void scatterPaint(benchmark::State& state) {
    Scatter canvas;
    canvas.setSource(someTensor(state.range(0)));
    canvas.settle();
    for (auto _ : state) {
        benchmark::DoNotOptimize(canvas.picture({800, 500}, 1));
    }
}

void lasso(benchmark::State& state) {
    QPolygonF circle;
    for (int i = 0; i < 64; ++i) {
        circle << QPointF(3 * std::cos(i * 0.1), 3 * std::sin(i * 0.1));
    }
    const auto inside = insideLasso(ScatterMode::Residual, circle);
    for (auto _ : state) {
        for (std::int64_t i = 0; i < state.range(0); ++i) {
            benchmark::DoNotOptimize(inside(0.25 + double(i % 64), 1, 1 + double(i % 5)));
        }
    }
}

void lineageLayout(benchmark::State& state) {
    LineageData data;
    data.nodes.resize(std::size_t(state.range(0)));
    std::mt19937 random(1);
    for (int node = 1; node < int(state.range(0)); ++node) {
        for (int edge = 0; edge < 2; ++edge) {
            data.edges.push_back({std::max(0, node - 1 - int(random() % 30)), node, 0, false});
        }
    }
    data.focus = 0;
    for (auto _ : state) {
        benchmark::DoNotOptimize(layOut(data));
    }
}

constexpr auto kMs = benchmark::kMillisecond;
BENCHMARK(pyramid)->Arg(1'000'000)->Arg(10'000'000)->Unit(kMs);
BENCHMARK(stripPaint)->Arg(1'000'000)->Arg(10'000'000)->Unit(kMs);
BENCHMARK(mapZoom)->Arg(1'000'000)->Arg(10'000'000)->Unit(kMs);
BENCHMARK(mapFocus)->Arg(1'000'000)->Arg(10'000'000)->Unit(kMs);
BENCHMARK(tensorFirstFit)->Arg(1'000'000)->Arg(64'000'000)->Unit(kMs)->UseRealTime();
BENCHMARK(tensorPan)->Arg(1'000'000)->Arg(64'000'000)->Unit(kMs)->UseRealTime();
BENCHMARK(tileReduction)->Arg(1'000'000)->Arg(64'000'000)->Unit(kMs);
BENCHMARK(searchToTheEnd)->Arg(1'000'000)->Arg(64'000'000)->Unit(kMs);
BENCHMARK(scatterDensity)->Arg(1'000'000)->Arg(16'000'000)->Unit(kMs)->UseRealTime();
BENCHMARK(scatterPaint)->Arg(1'000'000)->Arg(16'000'000)->Unit(kMs);
BENCHMARK(lasso)->Arg(1'000'000)->Arg(16'000'000)->Unit(kMs);
BENCHMARK(lineageLayout)->Arg(400)->Arg(10'000)->Unit(kMs);

} // namespace

int main(int argc, char** argv) {
    qputenv("QT_QPA_PLATFORM", "offscreen");
    const QApplication app(argc, argv);
    benchmark::Initialize(&argc, argv);
    benchmark::RunSpecifiedBenchmarks();
}
