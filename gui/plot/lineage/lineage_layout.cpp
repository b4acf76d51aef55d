// SPDX-License-Identifier: BSD-3-Clause
#include "gui/plot/lineage/lineage_layout.h"

#include <queue>

#include <algorithm>
#include <cmath>
#include <map>
#include <utility>

namespace repro::gui::plot {
namespace {

constexpr int kSweeps = 4;
constexpr std::size_t kBends = 4000; // long edges beyond these are drawn straight
constexpr double kBendHeight = 0.35; // rows

using Graph = std::vector<std::vector<int>>;

/// Edges as given, but those that close a cycle turned round, so that all go downwards.
std::vector<LineageEdge> acyclic(const LineageData& data) {
    const std::size_t size = data.nodes.size();
    std::vector<LineageEdge> edges;
    std::vector<std::vector<std::size_t>> out(size);
    for (const LineageEdge& edge : data.edges) {
        if (edge.from != edge.to && std::min(edge.from, edge.to) >= 0 &&
            std::size_t(std::max(edge.from, edge.to)) < size) {
            out[std::size_t(edge.from)].push_back(edges.size());
            edges.push_back(edge);
        }
    }
    enum State : char { New, Open, Done };
    std::vector<State> state(size, New);
    std::vector<std::pair<int, std::size_t>> stack; // node, next of its edges
    for (std::size_t root = 0; root < size; ++root) {
        if (state[root] != New) {
            continue;
        }
        stack.emplace_back(int(root), 0);
        state[root] = Open;
        while (!stack.empty()) {
            auto& [node, next] = stack.back();
            if (next == out[std::size_t(node)].size()) {
                state[std::size_t(node)] = Done;
                stack.pop_back();
                continue;
            }
            LineageEdge& edge = edges[out[std::size_t(node)][next++]];
            if (state[std::size_t(edge.to)] == Open) {
                std::swap(edge.from, edge.to);
            } else if (state[std::size_t(edge.to)] == New) {
                state[std::size_t(edge.to)] = Open;
                stack.emplace_back(edge.to, 0);
            }
        }
    }
    return edges;
}

std::vector<int> longestPathLayers(std::size_t nodes, const std::vector<LineageEdge>& edges) {
    Graph out(nodes);
    std::vector<int> waiting(nodes, 0), layer(nodes, 0), ready;
    for (const LineageEdge& edge : edges) {
        out[std::size_t(edge.from)].push_back(edge.to);
        ++waiting[std::size_t(edge.to)];
    }
    for (std::size_t node = 0; node < nodes; ++node) {
        if (waiting[node] == 0) {
            ready.push_back(int(node));
        }
    }
    for (std::size_t i = 0; i < ready.size(); ++i) {
        for (const int to : out[std::size_t(ready[i])]) {
            layer[std::size_t(to)] =
                std::max(layer[std::size_t(to)], layer[std::size_t(ready[i])] + 1);
            if (--waiting[std::size_t(to)] == 0) {
                ready.push_back(to);
            }
        }
    }
    return layer;
}

/// Which nodes stay when only `limit` places may be shown: the nearest to the focus.
std::vector<char> nearest(std::size_t nodes, const std::vector<LineageEdge>& edges, int focus,
                          std::size_t limit) {
    std::vector<char> kept(nodes, 0);
    Graph near(nodes);
    for (const LineageEdge& edge : edges) {
        near[std::size_t(edge.from)].push_back(edge.to);
        near[std::size_t(edge.to)].push_back(edge.from);
    }
    std::queue<int> next;
    std::size_t count = 0;
    const auto add = [&](int node) {
        if (count < limit && kept[std::size_t(node)] == 0) {
            kept[std::size_t(node)] = 1;
            ++count;
            next.push(node);
        }
    };
    const auto spread = [&] {
        for (; !next.empty(); next.pop()) {
            for (const int node : near[std::size_t(next.front())]) {
                add(node);
            }
        }
    };
    if (focus >= 0 && std::size_t(focus) < nodes) {
        add(focus);
        spread();
    }
    for (std::size_t node = 0; node < nodes && count < limit; ++node) {
        add(int(node));
        spread();
    }
    return kept;
}

class Builder {
public:
    Builder(const LineageData& data, int limit) : m_edges(acyclic(data)) {
        const std::size_t nodes = data.nodes.size();
        const std::vector<int> layer = longestPathLayers(nodes, m_edges);
        for (const int l : layer) {
            m_layout.layers = std::max(m_layout.layers, l + 1);
        }
        // A folded rest takes a place in each layer, too.
        const auto all = std::size_t(std::max(1, limit));
        const bool fits = nodes <= all;
        const std::size_t shown =
            fits ? nodes : all - std::min(all - 1, std::size_t(m_layout.layers));
        addPlaces(layer, nearest(nodes, m_edges, data.focus, shown));
        addLines();
    }

    LineageLayout build() {
        m_rows.resize(std::size_t(m_layout.layers));
        m_up.resize(m_layout.places.size());
        m_down.resize(m_layout.places.size());
        for (std::size_t place = 0; place < m_layout.places.size(); ++place) {
            m_rows[std::size_t(m_layout.places[place].layer)].push_back(int(place));
        }
        for (const LineageLayout::Line& line : m_layout.lines) {
            for (std::size_t i = 1; i < line.places.size(); ++i) {
                m_down[std::size_t(line.places[i - 1])].push_back(line.places[i]);
                m_up[std::size_t(line.places[i])].push_back(line.places[i - 1]);
            }
        }
        for (auto& layer : m_rows) {
            spreadOut(layer);
        }
        for (int sweep = 0; sweep < kSweeps; ++sweep) {
            for (std::size_t i = 1; i < m_rows.size(); ++i) {
                arrange(m_rows[i], m_up, sweep < kSweeps / 2);
            }
            for (std::size_t i = m_rows.size(); i-- > 0;) {
                arrange(m_rows[i], m_down, sweep < kSweeps / 2);
            }
        }
        normalise();
        return std::move(m_layout);
    }

private:
    void addPlaces(const std::vector<int>& layer, const std::vector<char>& kept) {
        m_placeOf.resize(layer.size());
        std::map<int, int> restOf; // by layer
        for (std::size_t node = 0; node < layer.size(); ++node) {
            if (kept[node] != 0) {
                m_placeOf[node] = int(m_layout.places.size());
                m_layout.places.push_back({int(node), {}, layer[node], 0});
                continue;
            }
            const auto [rest, isNew] = restOf.try_emplace(layer[node], int(m_layout.places.size()));
            if (isNew) {
                m_layout.places.push_back({-1, {}, layer[node], 0});
            }
            m_layout.places[std::size_t(rest->second)].rest.push_back(int(node));
            m_placeOf[node] = rest->second;
        }
    }

    void addLines() {
        std::map<std::pair<int, int>, LineageEdge> merged; // one line between two places
        for (const LineageEdge& edge : m_edges) {
            LineageEdge& line =
                merged[{m_placeOf[std::size_t(edge.from)], m_placeOf[std::size_t(edge.to)]}];
            line.weight = std::max(line.weight, edge.weight);
            line.onMaxPath = line.onMaxPath || edge.onMaxPath;
        }
        std::size_t bends = 0;
        for (const auto& [ends, edge] : merged) {
            LineageLayout::Line line{{ends.first}, edge.weight, edge.onMaxPath};
            const int from = m_layout.places[std::size_t(ends.first)].layer;
            const int to = m_layout.places[std::size_t(ends.second)].layer;
            for (int layer = from + 1; layer < to && bends < kBends; ++layer, ++bends) {
                line.places.push_back(int(m_layout.places.size()));
                m_layout.places.push_back({-1, {}, layer, 0});
            }
            line.places.push_back(ends.second);
            m_layout.lines.push_back(std::move(line));
        }
    }

    [[nodiscard]] double height(int place) const {
        return m_layout.places[std::size_t(place)].isBend() ? kBendHeight : 1;
    }
    [[nodiscard]] double& row(int place) { return m_layout.places[std::size_t(place)].row; }

    void spreadOut(const std::vector<int>& layer) {
        double at = 0;
        for (const int place : layer) {
            row(place) = at + height(place) / 2;
            at += height(place);
        }
    }

    // Each place at the mean of its neighbours, then pushed apart in their order; `reorder` lets
    // the means decide the order, too.
    void arrange(std::vector<int>& layer, const Graph& neighbours, bool reorder) {
        std::vector<std::pair<double, int>> wanted;
        for (const int place : layer) {
            double sum = 0;
            for (const int near : neighbours[std::size_t(place)]) {
                sum += row(near);
            }
            const std::size_t count = neighbours[std::size_t(place)].size();
            wanted.emplace_back(count > 0 ? sum / double(count) : row(place), place);
        }
        if (reorder) {
            std::stable_sort(wanted.begin(), wanted.end(),
                             [](const auto& a, const auto& b) { return a.first < b.first; });
        }
        double excess = 0, end = -INFINITY;
        for (std::size_t i = 0; i < wanted.size(); ++i) {
            const auto [mean, place] = wanted[i];
            layer[i] = place;
            row(place) = std::max(mean, end + height(place) / 2);
            excess += row(place) - mean;
            end = row(place) + height(place) / 2;
        }
        // All were pushed one way: half of it back keeps them centred.
        for (const int place : layer) {
            row(place) -= excess / double(layer.size());
        }
    }

    void normalise() {
        double top = INFINITY, bottom = -INFINITY;
        for (std::size_t i = 0; i < m_layout.places.size(); ++i) {
            top = std::min(top, m_layout.places[i].row - height(int(i)) / 2);
            bottom = std::max(bottom, m_layout.places[i].row + height(int(i)) / 2);
        }
        for (LineageLayout::Place& place : m_layout.places) {
            place.row -= top;
        }
        m_layout.rows = m_layout.places.empty() ? 0 : bottom - top;
    }

    std::vector<LineageEdge> m_edges;
    std::vector<int> m_placeOf;
    LineageLayout m_layout;
    std::vector<std::vector<int>> m_rows; // places of each layer in their order
    Graph m_up, m_down;
};

} // namespace

LineageLayout layOut(const LineageData& data, int limit) {
    return data.nodes.empty() ? LineageLayout{} : Builder(data, limit).build();
}

} // namespace repro::gui::plot
