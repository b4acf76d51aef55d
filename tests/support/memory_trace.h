// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "trace/reader.h"
#include "trace/sink.h"

#include <memory>

namespace repro::trace {

/// A trace that is kept in memory instead of a file: for comparing what nobody wants to keep. Holds
/// all but contents. One thread.
class MemoryTrace final : public Sink {
public:
    MemoryTrace();
    ~MemoryTrace() override;
    MemoryTrace(const MemoryTrace&) = delete;
    MemoryTrace& operator=(const MemoryTrace&) = delete;

    TextId text(std::string_view text) override;
    ListId list(std::span<const std::int64_t> integers) override;
    ArgumentsId arguments(std::span<const std::byte> tagged) override;
    OpId add(const Op& row) override;
    LayerId add(const Layer& row) override;
    ContextId add(const Context& row) override;
    ThreadId add(const Thread& row) override;
    SiteId add(const Site& row) override;
    void add(const InlinedFrame& row) override;
    void add(const SourceFile& row) override;
    void inferLayers(std::span<const SiteLayer> /*layerOfSite*/) override {}
    void resolve(SiteId site, TextId function, TextId file, std::uint32_t line) override;
    GeneratorId add(const Generator& row) override;
    void update(LayerId layer, const Layer& row) override;
    ValueId add(const Value& row, std::span<const Fingerprint> leaves) override;
    void add(const Statistics& row) override;
    void add(const RngState& row) override;
    void add(const Draw& row) override;
    std::uint64_t add(std::span<const Use> uses) override;
    EventId begin(const Event& row) override;
    void end(EventId event, const EventEnd& end) override;
    /// Forgets them. Returns: none.
    std::uint64_t payload(DType dtype, std::span<const std::byte> bytes) override;
    void environment(std::string_view json) override;
    void finish(const Header& header, std::span<const EventId> stepStarts) override;

    /// What a Reader of the written file would show. `name` stands for its path.
    /// Requires: finish() was called, and this was not.
    Reader read(const std::filesystem::path& name);

private:
    struct Tables;
    std::unique_ptr<Tables> m_tables;
};

} // namespace repro::trace
