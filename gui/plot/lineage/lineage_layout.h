// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "gui/plot/kit/marks.h"

#include <QPointF>
#include <QRectF>

#include <vector>

namespace repro::gui::plot {

struct LineageNode {
    QString title;  // "aten::add"
    QString detail; // "decoder.3  5 ULP"
    Mark mark = Mark::Same;
    int folded = 0; // views and copies that the caller has folded into this one
    bool operator==(const LineageNode&) const = default;
};

/// From producer to consumer; `weight` 0 to 1 is the line's width, by error. Indices of nodes.
struct LineageEdge {
    int from = 0, to = 0;
    double weight = 0;
    bool onMaxPath = false; // the path of the largest error
};

struct LineageData {
    std::vector<LineageNode> nodes;
    std::vector<LineageEdge> edges;
    int focus = -1;
};

/// Where everything lies, in units of the node's size. Shown nodes number at most `limit`: those
/// nearest to the focus stay, the others of a layer become one place with its count.
struct LineageLayout {
    struct Place {
        int node = -1;         // -1: a folded rest, or a bend of a long edge
        std::vector<int> rest; // the nodes folded here
        int layer = 0;
        double row = 0; // centre
        [[nodiscard]] bool isBend() const { return node < 0 && rest.empty(); }
    };
    struct Line {
        std::vector<int> places; // from, bends, to
        double weight = 0;
        bool onMaxPath = false;
    };
    std::vector<Place> places;
    std::vector<Line> lines;
    int layers = 0;
    double rows = 0;
};

/// Layers by longest path, order within them by barycentre. Edges that would close a cycle are laid
/// out reversed. Takes O((nodes + edges) log nodes).
[[nodiscard]] LineageLayout layOut(const LineageData& data, int limit = 400);

} // namespace repro::gui::plot
