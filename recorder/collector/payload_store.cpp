// SPDX-License-Identifier: BSD-3-Clause
#include "recorder/collector/payload_store.h"

#include "trace/error.h"

namespace repro::collector {
namespace {

trace::Fingerprint keyOf(const trace::Fingerprint& content, std::uint8_t dtype) {
    return {content.low, content.high ^ (dtype * 0x9E3779B97F4A7C15ULL)};
}

void check(const wire::PayloadRecord& record) {
    const std::uint64_t size = record.dtype < trace::kDTypeCount
                                   ? trace::dtypeSize(static_cast<trace::DType>(record.dtype))
                                   : 0;
    if (size == 0 || record.total % size != 0 || record.length % size != 0 ||
        record.offset > record.total || record.length > record.total - record.offset) {
        throw Error(ErrorKind::Format, "a piece of a tensor's bytes contradicts itself");
    }
}

} // namespace

bool PayloadStore::continues(const wire::PayloadRecord& record) const {
    return m_open && record.offset == m_open->received && record.total == m_open->total &&
           record.dtype == m_open->dtype && record.low == m_open->content.low &&
           record.high == m_open->content.high;
}

void PayloadStore::add(const wire::PayloadRecord& record, std::span<const std::byte> bytes) {
    check(record);
    const bool first = !continues(record);
    if (first && record.offset != 0) {
        return; // the beginning was dropped
    }
    if (first) {
        const trace::Fingerprint content{record.low, record.high};
        m_open = Open{.key = keyOf(content, record.dtype),
                      .content = content,
                      .dtype = record.dtype,
                      .total = record.total};
        m_open->known = m_addresses.find(m_open->key) != FingerprintMap::kAbsent;
    }
    if (!m_open->known) {
        const auto address = m_sink.payload(static_cast<trace::DType>(record.dtype), bytes);
        m_open->address = first ? address : m_open->address;
        count(m_counts.payloadBytes, bytes.size());
    }
    m_open->received += bytes.size();
    if (m_open->received < m_open->total) {
        return;
    }
    if (!m_open->known) {
        m_addresses.put(m_open->key, m_open->address);
    }
    m_open.reset();
}

std::uint64_t PayloadStore::find(const trace::Fingerprint& fingerprint, std::uint8_t dtype) const {
    return m_addresses.find(keyOf(fingerprint, dtype));
}

} // namespace repro::collector
