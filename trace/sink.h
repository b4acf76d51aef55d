// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "trace/model.h"

#include <cstddef>
#include <span>
#include <string_view>

namespace repro::trace {

/// What is only known when an event ends.
struct EventEnd {
    std::uint64_t end = 0;
    std::uint64_t endNs = 0;
    std::uint32_t flags = 0; ///< replaces Event::flags
    Phase phase = Phase::Other;
    LayerId layer = kNone32;
    TextId parameter = kNone32;
    std::uint64_t firstUse = 0;
    std::uint32_t useCount = 0;
};

/// What the functions on the stack tell of the layer that a site runs in.
struct SiteLayer {
    LayerId layer = kNone32;
    bool isExact = false; ///< `this` was seen to be the module
};

/// What takes the names of sites.
class SiteSink {
public:
    virtual ~SiteSink() = default;
    /// Interned: equal texts give the same id.
    virtual TextId text(std::string_view text) = 0;
    /// Function, file and line of a site become known; before what was inlined there.
    virtual void resolve(SiteId site, TextId function, TextId file, std::uint32_t line) = 0;
    /// Sites ascending, of one site from the innermost.
    virtual void add(const InlinedFrame& row) = 0;
    virtual void add(const SourceFile& row) = 0;
};

/// Where a recording goes: the seam between the collector and whatever keeps or judges the rows.
/// Calls come from one thread, rows in the order of their beginnings. Each add returns the row's
/// id.
class Sink : public SiteSink {
public:
    /// Interned: equal contents give the same id.
    virtual ListId list(std::span<const std::int64_t> integers) = 0;
    virtual ArgumentsId arguments(std::span<const std::byte> tagged) = 0;

    virtual OpId add(const Op& row) = 0;
    virtual LayerId add(const Layer& row) = 0;
    virtual ContextId add(const Context& row) = 0;
    virtual ThreadId add(const Thread& row) = 0;
    virtual SiteId add(const Site& row) = 0;
    virtual GeneratorId add(const Generator& row) = 0;
    using SiteSink::add;
    /// Rewrites a layer whose path became known later.
    virtual void update(LayerId layer, const Layer& row) = 0;

    /// `leaves` is empty, or one fingerprint for each kLeafBytes of the contents.
    virtual ValueId add(const Value& row, std::span<const Fingerprint> leaves) = 0;
    virtual void add(const Statistics& row) = 0;
    virtual void add(const RngState& row) = 0;
    virtual void add(const Draw& row) = 0;
    /// The uses of an event are contiguous; returns the row of the first.
    virtual std::uint64_t add(std::span<const Use> uses) = 0;

    virtual EventId begin(const Event& row) = 0;
    virtual void end(EventId event, const EventEnd& end) = 0;

    /// Appends contents (dense, row-major, little endian). Returns the index of the first element
    /// in payload/<dtype>; the caller puts it into Value::payload. Large contents come in pieces:
    /// the first call opens, the following ones continue at the end of the same dtype.
    virtual std::uint64_t payload(DType dtype, std::span<const std::byte> bytes) = 0;

    /// The environment arrives early, so that even a killed host's trace has it.
    virtual void environment(std::string_view json) = 0;

    /// What has no layer gets that of its site. To call at the end.
    virtual void inferLayers(std::span<const SiteLayer> layerOfSite) = 0;

    /// `stepStarts[k]` is the first event of step k + 1. Ends the trace.
    virtual void finish(const Header& header, std::span<const EventId> stepStarts) = 0;
};

} // namespace repro::trace
