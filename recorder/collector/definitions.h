// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "recorder/collector/cursor.h"
#include "recorder/collector/host_ids.h"
#include "recorder/collector/site_layers.h"
#include "recorder/collector/sites.h"
#include "recorder/wire/protocol.h"
#include "trace/sink.h"

#include <cstdint>
#include <set>
#include <string>
#include <utility>

namespace repro::collector {

/// What the host names once and refers to by number: texts, ops, layers, contexts, threads,
/// generators, stacks; and the environment, which comes in pieces, and once more for every library
/// that the host opens.
class Definitions {
public:
    /// `environment`: see SessionOptions.
    Definitions(trace::Sink& sink, bool lenient, std::string environment)
        : m_sink(sink), m_sites(sink), m_lenient(lenient),
          m_ownEnvironment(std::move(environment)) {}

    /// Throws from all: Error (Format), and what the sink throws.
    void text(Cursor& cursor);
    void op(Cursor& cursor);
    void layer(Cursor& cursor);
    void context(Cursor& cursor);
    void generator(Cursor& cursor);
    void environment(Cursor& cursor);
    void module(Cursor& cursor);
    void stack(Cursor& cursor);
    /// Returns: the sink's thread.
    trace::ThreadId thread(const wire::ThreadRecord& record, Cursor& cursor);

    [[nodiscard]] std::uint32_t textId(std::uint32_t host) const { return id(m_texts, host); }
    [[nodiscard]] std::uint32_t opId(std::uint32_t host) const { return id(m_ops, host); }
    [[nodiscard]] std::uint32_t layerId(std::uint32_t host) const { return id(m_layers, host); }
    /// Its scope is where autograd computes the gradients of a node, and adds up those of others.
    [[nodiscard]] bool isEngine(std::uint32_t op) const { return m_engineOps.contains(op); }
    [[nodiscard]] std::uint32_t contextId(std::uint32_t host) const { return id(m_contexts, host); }
    [[nodiscard]] std::uint32_t generatorId(std::uint32_t host) const {
        return id(m_generators, host);
    }

    /// Returns: the innermost site of the stack.
    [[nodiscard]] std::uint32_t siteId(std::uint32_t host) const { return id(m_stacks, host); }
    [[nodiscard]] const Sites& sites() const { return m_sites; }
    /// Whose beginning could not be found.
    [[nodiscard]] std::uint64_t cutStacks() const { return m_cutStacks; }
    [[nodiscard]] const std::vector<ModuleLayer>& moduleLayers() const { return m_moduleLayers; }

private:
    [[nodiscard]] std::uint32_t id(const HostIds& ids, std::uint32_t host) const {
        return ids.sinkId(host, m_lenient);
    }

    trace::Sink& m_sink;
    Sites m_sites;
    std::vector<ModuleLayer> m_moduleLayers;
    bool m_lenient;
    HostIds m_texts, m_ops, m_layers, m_contexts, m_threads, m_generators, m_modules, m_stacks;
    std::set<std::uint32_t> m_engineOps; ///< by the sink's ids
    std::uint32_t m_ownGenerators = 0;
    std::uint64_t m_cutStacks = 0;
    std::string m_piece;       ///< of what the host tells of its environment
    std::string m_environment; ///< all that it told until now
    std::string m_ownEnvironment;
};

} // namespace repro::collector
