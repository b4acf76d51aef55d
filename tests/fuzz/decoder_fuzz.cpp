// SPDX-License-Identifier: BSD-3-Clause
#include "recorder/collector/decoder.h"
#include "tests/recorder/memory_sink.h"
#include "trace/error.h"

#include <algorithm>
#include <cstring>
#include <span>
#include <vector>

namespace {

using namespace repro;

/// Takes records off the input: a byte for the ring, one for the length in words, the record.
class Input {
public:
    Input(const std::uint8_t* data, std::size_t size) : m_left(data, size) {}

    /// Returns: false at the end.
    bool next(std::size_t& ring, std::vector<std::byte>& record) {
        if (m_left.size() < 2) {
            return false;
        }
        ring = m_left[0] % 4;
        const std::size_t bytes = std::max<std::size_t>(m_left[1] * 8U, sizeof(wire::RecordHeader));
        m_left = m_left.subspan(2);
        record.assign(bytes, std::byte{});
        const std::size_t given = std::min(bytes, m_left.size());
        std::memcpy(record.data(), m_left.data(), given);
        m_left = m_left.subspan(given);
        // Each record has the next ordinal: the merge sees to it.
        std::memcpy(record.data() + offsetof(wire::RecordHeader, ordinal), &m_next, sizeof m_next);
        ++m_next;
        return true;
    }

private:
    std::span<const std::uint8_t> m_left;
    std::uint64_t m_next = 0;
};

void decode(Input input, bool lenient) {
    tests::Rows rows;
    tests::MemorySink sink(rows);
    collector::Counts counts;
    collector::Decoder decoder(sink, counts, lenient, "");
    std::size_t ring = 0;
    std::vector<std::byte> record;
    while (input.next(ring, record)) {
        try {
            decoder.decode(ring, record);
        } catch (const Error&) {
        }
    }
    decoder.close();
}

} // namespace

// Records of any bytes are refused with an Error or decoded; nothing else.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    decode(Input(data, size), false);
    decode(Input(data, size), true);
    return 0;
}
