// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "trace/sink.h"

#include <algorithm>
#include <map>
#include <memory>
#include <stdexcept>
#include <string>
#include <vector>

namespace repro::tests {

/// The rows that a MemorySink was given; outlives the sink.
struct Rows {
    std::vector<std::string> texts;
    std::vector<std::vector<std::int64_t>> lists;
    std::vector<trace::Op> ops;
    std::vector<trace::Layer> layers;
    std::vector<trace::Thread> threads;
    std::vector<trace::Generator> generators;
    std::vector<trace::Value> values;
    std::vector<trace::Use> uses;
    std::vector<trace::Draw> draws;
    std::vector<trace::Event> events;
    std::vector<trace::EventEnd> ends; ///< by event
    std::map<trace::DType, std::vector<std::byte>> payload;
    std::string environment;
    std::vector<trace::Site> sites;
    std::vector<trace::InlinedFrame> inlined;
    std::vector<trace::SourceFile> sources;
    std::vector<trace::SiteLayer> layerOfSite;
    trace::Header header;
    std::vector<trace::EventId> stepStarts;
    bool finished = false;
    std::uint64_t mostEvents = trace::kNone64; ///< then the disk is full
};

class MemorySink final : public trace::Sink {
public:
    explicit MemorySink(Rows& rows) : m_rows(rows) {}

    trace::TextId text(std::string_view text) override {
        return intern(m_rows.texts, std::string(text));
    }
    trace::ListId list(std::span<const std::int64_t> integers) override {
        return intern(m_rows.lists, std::vector<std::int64_t>(integers.begin(), integers.end()));
    }
    trace::ArgumentsId arguments(std::span<const std::byte> /*tagged*/) override { return 0; }
    trace::OpId add(const trace::Op& row) override { return push(m_rows.ops, row); }
    trace::LayerId add(const trace::Layer& row) override { return push(m_rows.layers, row); }
    trace::ContextId add(const trace::Context& /*row*/) override { return m_contexts++; }
    trace::ThreadId add(const trace::Thread& row) override { return push(m_rows.threads, row); }
    trace::SiteId add(const trace::Site& row) override { return push(m_rows.sites, row); }
    void add(const trace::InlinedFrame& row) override { m_rows.inlined.push_back(row); }
    void add(const trace::SourceFile& row) override { m_rows.sources.push_back(row); }
    void resolve(trace::SiteId site, trace::TextId function, trace::TextId file,
                 std::uint32_t line) override {
        m_rows.sites.at(site).function = function;
        m_rows.sites.at(site).file = file;
        m_rows.sites.at(site).line = line;
    }
    trace::GeneratorId add(const trace::Generator& row) override {
        return push(m_rows.generators, row);
    }
    void update(trace::LayerId layer, const trace::Layer& row) override {
        m_rows.layers.at(layer) = row;
    }
    trace::ValueId add(const trace::Value& row,
                       std::span<const trace::Fingerprint> /*leaves*/) override {
        return push(m_rows.values, row);
    }
    void add(const trace::Statistics& /*row*/) override {}
    void add(const trace::RngState& /*row*/) override {}
    void add(const trace::Draw& row) override { m_rows.draws.push_back(row); }
    std::uint64_t add(std::span<const trace::Use> uses) override {
        m_rows.uses.insert(m_rows.uses.end(), uses.begin(), uses.end());
        return m_rows.uses.size() - uses.size();
    }
    void inferLayers(std::span<const trace::SiteLayer> layerOfSite) override {
        m_rows.layerOfSite.assign(layerOfSite.begin(), layerOfSite.end());
    }
    trace::EventId begin(const trace::Event& row) override {
        if (m_rows.events.size() >= m_rows.mostEvents) {
            throw std::runtime_error("no space left on device");
        }
        m_rows.ends.emplace_back();
        return push(m_rows.events, row);
    }
    void end(trace::EventId event, const trace::EventEnd& end) override {
        m_rows.ends.at(event) = end;
    }
    std::uint64_t payload(trace::DType dtype, std::span<const std::byte> bytes) override {
        auto& all = m_rows.payload[dtype];
        all.insert(all.end(), bytes.begin(), bytes.end());
        return (all.size() - bytes.size()) / std::max(1U, trace::dtypeSize(dtype));
    }
    void environment(std::string_view json) override { m_rows.environment = json; }
    void finish(const trace::Header& header, std::span<const trace::EventId> stepStarts) override {
        m_rows.header = header;
        m_rows.stepStarts.assign(stepStarts.begin(), stepStarts.end());
        m_rows.finished = true;
    }

private:
    template <class Row>
    static std::uint32_t push(std::vector<Row>& rows, const Row& row) {
        rows.push_back(row);
        return static_cast<std::uint32_t>(rows.size() - 1);
    }
    template <class Row>
    static std::uint32_t intern(std::vector<Row>& rows, const Row& row) {
        const auto found = std::find(rows.begin(), rows.end(), row);
        return found != rows.end() ? static_cast<std::uint32_t>(found - rows.begin())
                                   : push(rows, row);
    }

    Rows& m_rows;
    std::uint32_t m_contexts = 0;
};

} // namespace repro::tests
