// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "trace/sink.h"

#include <filesystem>
#include <memory>

namespace repro::trace {

/// Gives the sites of a finished trace other names: functions, files and lines. The trace holds the
/// old names or the new, whole: they are written to a copy, which takes its place at the end.
class Amendment final : public SiteSink {
public:
    /// Throws: Error: what Reader throws, and Usage for a trace that was never finished.
    explicit Amendment(const std::filesystem::path& trace);
    ~Amendment() override;

    TextId text(std::string_view text) override;
    /// What was inlined there is forgotten.
    void resolve(SiteId site, TextId function, TextId file, std::uint32_t line) override;
    void add(const InlinedFrame& row) override;
    void add(const SourceFile& row) override;

    /// Throws: Error (Io); then the trace is as it was.
    void finish();

private:
    struct Impl;
    std::unique_ptr<Impl> m_impl;
};

} // namespace repro::trace
