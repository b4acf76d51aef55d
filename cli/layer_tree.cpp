// SPDX-License-Identifier: BSD-3-Clause
#include "cli/layer_tree.h"

#include "cli/event_text.h"
#include "cli/terminal.h"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <iterator>
#include <vector>

namespace repro::cli {

namespace {

std::vector<std::uint64_t> callsOf(const trace::Reader& reader) {
    std::vector<std::uint64_t> calls(reader.layers().size());
    const trace::EventColumns& events = reader.events();
    for (trace::EventId id = 0; id < events.count; ++id) {
        const trace::LayerId layer = events.layer[id];
        if (events.kind[id] == static_cast<std::uint8_t>(trace::EventKind::Layer) &&
            layer != trace::kNone32) {
            ++calls.at(layer);
        }
    }
    return calls;
}

/// Writes the layers as a tree. What no root reaches (parents of a damaged file) is not written.
class TreeText {
public:
    explicit TreeText(const trace::Reader& reader)
        : m_reader(reader), m_calls(callsOf(reader)), m_children(reader.layers().size() + 1) {
        const auto& layers = reader.layers();
        for (trace::LayerId id = 0; id < layers.size(); ++id) {
            const trace::LayerId parent = layers[id].parent;
            m_children.at(parent == trace::kNone32 ? layers.size() : parent).push_back(id);
        }
    }

    std::string write() {
        writeChildren(m_children.size() - 1, 0);
        return std::move(m_text);
    }

private:
    void writeChildren(std::size_t parent, std::size_t depth) {
        for (const trace::LayerId id : m_children[parent]) {
            const trace::Layer& layer = m_reader.layers()[id];
            fmt::format_to(std::back_inserter(m_text), "{:{}}{}  {}  {}\n", "", depth * 2,
                           printable(m_reader.text(layer.path)),
                           printable(m_reader.text(layer.type)),
                           countText(m_calls[id], "call", "calls"));
            writeChildren(id, depth + 1);
        }
    }

    const trace::Reader& m_reader;
    std::vector<std::uint64_t> m_calls;
    std::vector<std::vector<trace::LayerId>> m_children;
    std::string m_text;
};

} // namespace

std::string layersText(const trace::Reader& reader) {
    return reader.layers().empty() ? "no layers were recorded\n" : TreeText(reader).write();
}

nlohmann::ordered_json layersJson(const trace::Reader& reader) {
    const auto calls = callsOf(reader);
    nlohmann::ordered_json list = nlohmann::json::array();
    for (trace::LayerId id = 0; id < reader.layers().size(); ++id) {
        const trace::Layer& layer = reader.layers()[id];
        list.push_back(nlohmann::ordered_json{
            {"path", reader.text(layer.path)},
            {"type", textJson(reader, layer.type)},
            {"parent", textOrNull(layerPath(reader, layer.parent))},
            {"calls", calls[id]},
        });
    }
    return list;
}

} // namespace repro::cli
