// SPDX-License-Identifier: BSD-3-Clause
#include "recorder/collector/value_window.h"

#include "trace/error.h"

#define XXH_INLINE_ALL
#include <xxhash.h>

namespace repro::collector {
namespace {

// What the window keeps of a value: its row, and what need not be written again.
constexpr std::uint64_t kHasStatistics = 1;
constexpr std::uint64_t kHasPayload = 2;
constexpr int kRowShift = 2;

struct KeyFields {
    std::uint64_t low, high, storage, spanBegin, spanEnd, elements;
    std::uint32_t rank;
    std::uint16_t flags;
    std::uint8_t dtype, deviceType;
    std::int64_t deviceIndex;
};
static_assert(std::has_unique_object_representations_v<KeyFields>);

trace::Fingerprint keyOf(const WireUse& use) {
    const wire::UseRecord& r = use.record;
    const KeyFields fields{r.low,  r.high,       r.storage, r.spanBegin,  r.spanEnd,    r.elements,
                           r.rank, r.valueFlags, r.dtype,   r.deviceType, r.deviceIndex};
    const XXH128_hash_t shape = XXH3_128bits(use.shape.data(), use.shape.size());
    const XXH128_hash_t all = XXH3_128bits_withSeed(&fields, sizeof fields, shape.low64);
    return {all.low64, all.high64 ^ shape.high64};
}

} // namespace

WireUse takeUse(Cursor& cursor) {
    WireUse use{
        .record = cursor.take<wire::UseRecord>(), .shape = {}, .leaves = {}, .statistics = {}};
    const wire::UseRecord& record = use.record;
    if (record.dtype >= trace::kDTypeCount ||
        record.direction > static_cast<std::uint8_t>(trace::Direction::Before)) {
        throw Error(ErrorKind::Format, "a record describes a tensor of an unknown kind");
    }
    use.shape = cursor.bytes(std::uint64_t{record.rank} * 2 * sizeof(std::int64_t));
    use.leaves = cursor.bytes(std::uint64_t{record.leafCount} * 2 * sizeof(std::uint64_t));
    if (record.hasStatistics != 0) {
        use.statistics = cursor.take<wire::WireStatistics>();
    }
    return use;
}

trace::ValueId ValueWindow::idOf(const WireUse& use) {
    const trace::Fingerprint key = keyOf(use);
    std::uint64_t known = m_young.find(key);
    if (known == FingerprintMap::kAbsent && (known = m_old.find(key)) != FingerprintMap::kAbsent) {
        remember(key, known);
    }
    const bool wants = use.record.wantsBytes != 0;
    std::uint64_t payload = trace::kNone64;
    const bool hasPayload = known != FingerprintMap::kAbsent && (known & kHasPayload) != 0;
    if (wants) {
        count(m_counts.wanted);
        payload = hasPayload ? payload
                             : m_payloads.find({use.record.low, use.record.high}, use.record.dtype);
        count(m_counts.skipped, !hasPayload && payload == trace::kNone64 ? 1 : 0);
    }
    if (known == FingerprintMap::kAbsent || payload != trace::kNone64) {
        const trace::ValueId row = addRow(use, payload);
        known = row << kRowShift | (payload != trace::kNone64 ? kHasPayload : 0);
        remember(key, known);
    }
    const trace::ValueId row = known >> kRowShift;
    if (use.statistics && (known & kHasStatistics) == 0) {
        const wire::WireStatistics& s = *use.statistics;
        m_sink.add(
            trace::Statistics{row, s.min, s.max, s.mean, s.l2, s.nan, s.inf, s.zero, s.subnormal});
        remember(key, known | kHasStatistics);
    }
    return row;
}

trace::ValueId ValueWindow::addRow(const WireUse& use, std::uint64_t payload) {
    const wire::UseRecord& r = use.record;
    trace::Value row;
    row.fingerprint = {r.low, r.high};
    row.dtype = static_cast<trace::DType>(r.dtype);
    row.deviceType = r.deviceType;
    row.deviceIndex = r.deviceIndex;
    row.flags = r.valueFlags;
    row.sizes = list(use.shape.first(use.shape.size() / 2));
    row.strides = list(use.shape.subspan(use.shape.size() / 2));
    row.elements = r.elements;
    row.storage = r.storage;
    row.spanBegin = r.spanBegin;
    row.spanEnd = r.spanEnd;
    row.payload = payload;
    m_leaves.resize(r.leafCount);
    if (!m_leaves.empty()) {
        std::memcpy(m_leaves.data(), use.leaves.data(), use.leaves.size());
    }
    count(m_counts.values);
    return m_sink.add(row, m_leaves);
}

trace::ListId ValueWindow::list(std::span<const std::byte> integers) {
    m_integers.resize(integers.size() / sizeof(std::int64_t));
    if (!m_integers.empty()) {
        std::memcpy(m_integers.data(), integers.data(), integers.size());
    }
    return m_sink.list(m_integers);
}

void ValueWindow::remember(const trace::Fingerprint& key, std::uint64_t number) {
    if (m_young.size() >= kGeneration) {
        m_old.swap(m_young);
        m_young.clear();
    }
    m_young.put(key, number);
}

} // namespace repro::collector
