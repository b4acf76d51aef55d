// SPDX-License-Identifier: BSD-3-Clause
#include "gui/plot/lineage/lineage_graph.h"

#include <QAbstractTableModel>
#include <QSignalSpy>
#include <QTest>
#include <gtest/gtest.h>

#include <map>
#include <random>
#include <set>

namespace repro::gui::plot {
namespace {

LineageData graph(int nodes, std::vector<LineageEdge> edges, int focus = 0) {
    LineageData data;
    for (int node = 0; node < nodes; ++node) {
        data.nodes.push_back({QStringLiteral("op%1").arg(node), {}, Mark::Inherited, 0});
    }
    data.edges = std::move(edges);
    data.focus = focus;
    return data;
}

/// What holds for every layout.
void check(const LineageData& data, const LineageLayout& layout, int limit) {
    std::map<int, int> layerOf;
    int boxes = 0;
    std::map<int, std::vector<std::pair<double, bool>>> rows; // by layer
    for (const LineageLayout::Place& place : layout.places) {
        boxes += place.isBend() ? 0 : 1;
        std::vector<int> nodes = place.rest;
        if (place.node >= 0) {
            nodes.push_back(place.node);
        }
        for (const int node : nodes) {
            EXPECT_TRUE(layerOf.emplace(node, place.layer).second) << "twice: " << node;
        }
        rows[place.layer].emplace_back(place.row, place.isBend());
        EXPECT_GE(place.row, 0);
        EXPECT_LE(place.row, layout.rows);
        EXPECT_LT(place.layer, layout.layers);
    }
    EXPECT_EQ(layerOf.size(), data.nodes.size());
    EXPECT_LE(boxes, std::max(limit, layout.layers + 1));
    for (auto& [layer, places] : rows) {
        std::sort(places.begin(), places.end());
        for (std::size_t i = 1; i < places.size(); ++i) {
            const bool bend = places[i].second || places[i - 1].second;
            EXPECT_GE(places[i].first - places[i - 1].first, (bend ? 0.34 : 0.99))
                << "overlap in layer " << layer;
        }
    }
    for (const LineageLayout::Line& line : layout.lines) {
        for (std::size_t i = 1; i < line.places.size(); ++i) {
            EXPECT_GT(layout.places[std::size_t(line.places[i])].layer,
                      layout.places[std::size_t(line.places[i - 1])].layer);
        }
    }
}

TEST(LineageLayout, LayersFollowTheLongestPath) {
    const LineageData data = graph(4, {{0, 1}, {1, 2}, {0, 2}, {2, 3}, {0, 3}});
    const LineageLayout layout = layOut(data);
    check(data, layout, 400);
    EXPECT_EQ(layout.layers, 4);
    for (const LineageLayout::Place& place : layout.places) {
        EXPECT_TRUE(place.node < 0 || place.node == place.layer);
    }
}

TEST(LineageLayout, HoldsItsInvariantsOnRandomGraphs) {
    std::mt19937 random(9);
    for (const int nodes : {1, 2, 17, 120, 900}) {
        std::vector<LineageEdge> edges;
        for (int edge = 0; edge < nodes * 2; ++edge) { // cycles and loops, too
            edges.push_back(
                {int(random() % unsigned(nodes)), int(random() % unsigned(nodes)), 0.5, false});
        }
        const LineageData data = graph(nodes, edges, nodes / 2);
        check(data, layOut(data), 400);
        check(data, layOut(data, 40), 40);
    }
}

TEST(LineageLayout, KeepsWhatIsNearTheFocus) {
    std::vector<LineageEdge> edges;
    for (int node = 1; node < 2000; ++node) {
        edges.push_back({node / 2, node, 0, false}); // a binary tree
    }
    const LineageData data = graph(2000, edges, 0);
    const LineageLayout layout = layOut(data, 100);
    check(data, layout, 100);
    std::set<int> shown;
    for (const LineageLayout::Place& place : layout.places) {
        shown.insert(place.node);
    }
    for (const int near : {0, 1, 2, 3, 4, 5, 6, 7}) {
        EXPECT_TRUE(shown.contains(near)) << near;
    }
}

TEST(LineageLayout, IgnoresEdgesThatLeadNowhere) {
    const LineageData data = graph(2, {{0, 7}, {-1, 1}, {0, 1}, {0, 0}});
    EXPECT_EQ(layOut(data).lines.size(), 1U);
}

TEST(LineageLayout, AChainIsStraight) {
    std::vector<LineageEdge> edges;
    for (int node = 1; node < 10; ++node) {
        edges.push_back({node - 1, node, 0, false});
    }
    for (const LineageLayout::Place& place : layOut(graph(10, edges)).places) {
        EXPECT_NEAR(place.row, 0.5, 1e-9);
    }
}

TEST(LineageGraph, ArrowsWalkTheHeaviestPath) {
    LineageGraph canvas;
    canvas.setData(graph(4, {{0, 1, 0.1, false}, {0, 2, 0.9, true}, {2, 3, 0.5, true}}));
    const QSignalSpy activated(&canvas, &LineageGraph::nodeActivated);
    QTest::keyClick(&canvas, Qt::Key_Right);
    EXPECT_EQ(activated.last().first().toInt(), 2);
    QTest::keyClick(&canvas, Qt::Key_Right);
    EXPECT_EQ(activated.last().first().toInt(), 3);
    QTest::keyClick(&canvas, Qt::Key_Left);
    EXPECT_EQ(activated.last().first().toInt(), 2);
    QTest::keyClick(&canvas, Qt::Key_Down);
    QTest::keyClick(&canvas, Qt::Key_Up);
    EXPECT_GE(activated.count(), 4);
}

TEST(LineageGraph, ClickActivatesAndAltClickFolds) {
    LineageGraph canvas;
    canvas.resize(300, 100);
    canvas.setData(graph(1, {}));
    const QSignalSpy activated(&canvas, &LineageGraph::nodeActivated);
    const QSignalSpy folded(&canvas, &LineageGraph::foldRequested);
    QTest::mouseClick(&canvas, Qt::LeftButton, {}, QPoint(150, 57));
    QTest::mouseClick(&canvas, Qt::LeftButton, Qt::AltModifier, QPoint(150, 57));
    EXPECT_EQ(activated.count(), 1);
    QTest::keyClick(&canvas, Qt::Key_Return, Qt::ShiftModifier);
    EXPECT_EQ(folded.count(), 2);
}

TEST(LineageGraph, TableNamesEachNodesInputs) {
    LineageGraph canvas;
    canvas.setData(graph(3, {{0, 2, 1, true}, {1, 2}}));
    EXPECT_EQ(canvas.table()->rowCount(), 3);
    EXPECT_FALSE(canvas.table()->index(0, 5).data().toString().isEmpty());
    EXPECT_TRUE(canvas.table()->index(1, 5).data().toString().isEmpty());
    EXPECT_EQ(canvas.table()->index(2, 0).data().toInt(), 1);
    EXPECT_EQ(canvas.table()->index(2, 6).data().toString(), QStringLiteral("op0, op1"));
}

} // namespace
} // namespace repro::gui::plot
