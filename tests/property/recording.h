// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "tests/property/machine.h"

#include <map>
#include <string>
#include <vector>

/// What the recorder would make of a run: events, uses and draws, with the flags that it sets.
namespace repro::property {

/// An event that began and did not end.
struct Open {
    trace::EventId id = trace::kNone64;
    trace::EventKind kind = trace::EventKind::Op;
    std::uint64_t begin = 0;
    std::uint32_t flags = 0;
    trace::LayerId layer = trace::kNone32;
    trace::Phase phase = trace::Phase::Other;
    bool aten = false;
    trace::TextId parameter = trace::kNone32;
    std::vector<trace::Use> uses;
};

/// One thread as the recorder sees it.
struct Lane {
    std::string name, pool;
    trace::ThreadId id = trace::kNone32;
    std::vector<Open> open;
};

struct OpCall {
    std::string op;
    std::uint32_t opFlags = 0; ///< beside Aten and Schema
    std::uint32_t eventFlags = 0;
    std::uint32_t contextFlags = 0;
    std::size_t tensors = 0; ///< leading arguments
    std::int64_t argument = 0;
};

class Recording {
public:
    Recording(trace::Sink& sink, Memory& memory, int threads, const Renaming& renaming)
        : m_sink(sink), m_memory(memory), m_threads(threads), m_renaming(renaming) {}

    Open& beginOp(Lane& lane, const OpCall& call);
    /// `name`: of a layer or node; `optimizer`: which one steps.
    Open& beginMark(Lane& lane, trace::EventKind kind, const std::string& name, int optimizer = 0);
    /// Whose gradient the open event is about, or what it works on.
    void parameter(Lane& lane, const std::string& name);
    /// Requires: an open event of the lane.
    void use(Lane& lane, trace::Direction direction, int slot, int item, std::uint8_t flags,
             const View& view, Hashing hashing, std::uint64_t since = 0);
    void draw(Lane& lane, int generator, std::uint64_t before, std::uint64_t after);
    void end(Lane& lane);

    /// The recorder looks at a generator, and numbers it when it is the first time.
    void probe(int generator, std::uint64_t seed);
    void stepEnds() { m_stepStarts.push_back(m_events); }
    void finish(const std::string& environment);

    [[nodiscard]] bool isOutermost(const Lane& lane) const;
    [[nodiscard]] std::string layerOf(const Open& open) const;
    [[nodiscard]] std::size_t step() const { return m_stepStarts.size(); }
    [[nodiscard]] std::uint64_t now() const { return m_ordinal; }

private:
    trace::OpId opId(const std::string& name, std::uint32_t flags, std::size_t tensors);
    trace::LayerId layerId(const std::string& path);
    Open& begin(Lane& lane, trace::Event row, bool aten);

    trace::Sink& m_sink;
    Memory& m_memory;
    int m_threads;
    Renaming m_renaming;
    std::map<std::string, trace::OpId> m_ops;
    std::map<std::string, trace::LayerId> m_layers;
    std::map<std::uint32_t, trace::ContextId> m_contexts;
    std::map<int, trace::GeneratorId> m_generators;
    int m_ownGenerators = 0;
    std::vector<trace::EventId> m_stepStarts;
    std::uint64_t m_ordinal = 0;
    trace::EventId m_events = 0;
};

} // namespace repro::property
