// SPDX-License-Identifier: BSD-3-Clause
#include "recorder/host/capture.h"

#include <algorithm>
#include <atomic>
#include <cstring>
#include <map>
#include <mutex>
#include <string>

namespace repro::host {
namespace {

/// Asks the collector, once for each name: see docs/decisions/0014.
class NameFilter {
public:
    NameFilter(wire::NameFilter filter, bool given) : m_filter(filter), m_given(given) {}

    [[nodiscard]] bool isGiven() const { return m_given; }
    bool passes(std::string_view name) {
        if (!m_given) {
            return true;
        }
        const std::lock_guard lock(m_mutex);
        auto known = m_known.find(name);
        if (known == m_known.end()) {
            const bool passes = wire::Session::passes(m_filter, name.data(), name.size());
            known = m_known.emplace(name, passes).first;
        }
        return known->second;
    }

private:
    const wire::NameFilter m_filter;
    const bool m_given;
    std::mutex m_mutex;
    std::map<std::string, bool, std::less<>> m_known;
};

struct Filters {
    explicit Filters(const wire::Options& given)
        : options(given), op(wire::NameFilter::Op, given.captureOps[0] != 0),
          layer(wire::NameFilter::Layer, given.captureLayers[0] != 0) {}
    const wire::Options options;
    NameFilter op, layer;
};
Filters* g_filters = nullptr;

/// Which contents were sent lately. Forgetting is harmless: the collector stores them once anyway.
class Sent {
public:
    /// True when it was there; else it is now.
    bool exchange(const trace::Fingerprint& fingerprint, trace::DType dtype) {
        Entry& entry = m_entries[(fingerprint.low ^ static_cast<std::uint64_t>(dtype)) % kEntries];
        const std::lock_guard lock(m_mutex);
        const bool known = entry.fingerprint == fingerprint && entry.dtype == dtype;
        entry = {fingerprint, dtype};
        return known;
    }

private:
    static constexpr std::size_t kEntries = 1 << 16;
    struct Entry {
        trace::Fingerprint fingerprint;
        trace::DType dtype = trace::DType::Undefined;
    };
    std::mutex m_mutex;
    std::vector<Entry> m_entries = std::vector<Entry>(kEntries);
};

/// Straight into the ring: large contents are copied once.
void sendPiece(wire::Producer& producer, wire::PayloadRecord& record, const std::byte* bytes) {
    const std::size_t size = (sizeof record + record.length + 7) / 8 * 8;
    std::byte* place = producer.reserve(size);
    if (place == nullptr) {
        return;
    }
    record.header.kind = wire::RecordKind::Payload;
    std::memset(place + size - 8, 0, 8);
    std::memcpy(place, &record, sizeof record);
    std::memcpy(place + sizeof record, bytes, record.length);
    producer.commit(size);
}

} // namespace

void prepareCapture(const wire::Options& options) {
    g_filters = new Filters(options);
}

bool capturesOp(std::string_view name) {
    return g_filters->options.capture == wire::Capture::Full && g_filters->op.passes(name);
}

bool matchesLayer(std::string_view path) {
    return g_filters->layer.passes(path);
}

bool capturesLayers() {
    return g_filters->options.capture != wire::Capture::Fingerprints && !g_filters->op.isGiven();
}

bool capturesLayer(std::string_view path) {
    return capturesLayers() && matchesLayer(path);
}

bool capturesStep() {
    const std::int64_t step = std::atomic_ref<std::int64_t>(wire::Session::control()->step)
                                  .load(std::memory_order_relaxed);
    return step >= g_filters->options.captureFirstStep &&
           step <= g_filters->options.captureLastStep;
}

bool wantsBytes(std::uint64_t bytes) {
    return bytes > 0 && bytes >= g_filters->options.minBytes &&
           bytes <= g_filters->options.maxBytes;
}

void sendPayload(ThreadState& state, const Layout& layout, std::uint32_t itemBytes,
                 trace::DType dtype, const trace::Fingerprint& fingerprint) {
    static auto* sent = new Sent();
    if (sent->exchange(fingerprint, dtype)) {
        return;
    }
    const std::uint64_t room =
        (state.producer->maxRecord() - sizeof(wire::PayloadRecord)) / 64 * 64;
    std::uint64_t offset = 0;
    forEachPiece(layout, itemBytes, [&](const std::byte* data, std::uint64_t bytes) {
        for (std::uint64_t at = 0; at < bytes; at += room) {
            wire::PayloadRecord record;
            record.low = fingerprint.low;
            record.high = fingerprint.high;
            record.total = layout.bytes();
            record.offset = offset;
            record.length = static_cast<std::uint32_t>(std::min(room, bytes - at));
            record.dtype = static_cast<std::uint8_t>(dtype);
            sendPiece(*state.producer, record, data + at);
            offset += record.length;
        }
    });
}

} // namespace repro::host
