// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "trace/sink.h"

#include <filesystem>
#include <memory>

namespace repro::trace {

struct WriterOptions {
    int compression = 1; ///< deflate level of the tables, 0 = none; payload is stored raw
    bool overwrite = false;
};

/// Writes a trace to one HDF5 file. The file lies in the folder `path` + ".partial" until finish()
/// moves it to its place; an unfinished Writer leaves it there, closed. One thread. Memory does not
/// grow with the number of events (interned tables and the keys of the interner are kept). Throws:
/// Error (Io) when something is in the way (see claim.h), the file cannot be created, or the disk
/// is full.
class Writer final : public Sink {
public:
    explicit Writer(const std::filesystem::path& path, const WriterOptions& options = {});
    ~Writer() override;
    Writer(const Writer&) = delete;
    Writer& operator=(const Writer&) = delete;

    /// In which it is made, until it is finished; where its journal belongs.
    [[nodiscard]] std::filesystem::path folder() const;

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
    std::uint64_t payload(DType dtype, std::span<const std::byte> bytes) override;
    void environment(std::string_view json) override;
    void inferLayers(std::span<const SiteLayer> layerOfSite) override;
    void finish(const Header& header, std::span<const EventId> stepStarts) override;

private:
    struct Impl;
    std::unique_ptr<Impl> m_impl;
};

} // namespace repro::trace
