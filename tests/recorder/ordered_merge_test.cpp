// SPDX-License-Identifier: BSD-3-Clause
#include "recorder/collector/ordered_merge.h"
#include "tests/recorder/memory_sink.h"
#include "tests/recorder/records.h"
#include "trace/error.h"

#include <gtest/gtest.h>

namespace repro::collector {
namespace {

using namespace tests;

constexpr std::size_t kAll = 1000;

/// A ring with the host's end in the same process.
class Ring {
public:
    explicit Ring(OrderedMerge& merge)
        : m_reader(wire::kMinRingBytes),
          m_host(wire::mapRing(m_reader.descriptor(), wire::kMinRingBytes, 0)) {
        merge.add(m_reader);
    }
    ~Ring() { wire::unmapRing(m_host); }
    Ring(const Ring&) = delete;
    Ring& operator=(const Ring&) = delete;

    void put(std::uint64_t ordinal, Bytes record) {
        std::memcpy(record.data() + offsetof(wire::RecordHeader, ordinal), &ordinal,
                    sizeof ordinal);
        const std::uint64_t head = m_host.page->head;
        std::memcpy(m_host.data + head, record.data(), record.size());
        m_host.page->head = head + record.size();
    }

private:
    RingReader m_reader;
    wire::RingMapping m_host;
};

class OrderedMergeTest : public testing::Test {
protected:
    /// A record that its ordinal can be read from once it is decoded.
    void put(Ring& ring, std::uint64_t ordinal) {
        ring.put(ordinal, opRecord(static_cast<std::uint32_t>(ordinal), std::to_string(ordinal)));
    }
    /// The ordinals in the order in which their records were decoded.
    [[nodiscard]] std::vector<std::string> decoded() const {
        std::vector<std::string> names;
        for (const trace::Op& op : m_rows.ops) {
            names.push_back(m_rows.texts.at(op.name));
        }
        return names;
    }

    using Names = std::vector<std::string>;
    Rows m_rows;
    MemorySink m_sink{m_rows};
    Counts m_counts;
    Decoder m_decoder{m_sink, m_counts, true, ""};
    OrderedMerge m_merge{m_decoder};
    Ring m_first{m_merge};
    Ring m_second{m_merge};
};

TEST_F(OrderedMergeTest, RecordsOfAllRingsComeInTheOrderOfTheirOrdinals) {
    put(m_second, 0);
    put(m_first, 1);
    put(m_first, 2);
    put(m_second, 3);
    EXPECT_EQ(m_merge.drain(3), 3U);
    EXPECT_EQ(decoded(), Names({"0", "1", "2"}));
    EXPECT_EQ(m_merge.drain(kAll), 1U);
    EXPECT_EQ(decoded().back(), "3");
    EXPECT_EQ(m_merge.gaps(), 0U);
}

TEST_F(OrderedMergeTest, WhatComesLaterWaitsForWhatIsMissing) {
    put(m_second, 1);
    EXPECT_EQ(m_merge.drain(kAll), 0U);
    EXPECT_GT(m_merge.waited().count(), 0);
    put(m_first, 0);
    EXPECT_EQ(m_merge.drain(kAll), 2U);
    EXPECT_EQ(m_merge.waited().count(), 0);
}

TEST_F(OrderedMergeTest, WhatIsGivenUpIsCountedAsAGap) {
    put(m_first, 0);
    put(m_second, 3);
    m_merge.drain(kAll);
    EXPECT_TRUE(m_merge.skip());
    EXPECT_EQ(m_merge.gaps(), 2U);
    m_merge.drain(kAll);
    EXPECT_EQ(decoded(), Names({"0", "3"}));
    EXPECT_FALSE(m_merge.skip());
}

TEST_F(OrderedMergeTest, WhatComesAfterItWasGivenUpIsLeftOut) {
    put(m_second, 2);
    m_merge.skip();
    m_merge.drain(kAll);
    put(m_first, 1);
    put(m_first, 3);
    m_merge.drain(kAll);
    EXPECT_EQ(decoded(), Names({"2", "3"}));
    EXPECT_EQ(m_merge.gaps(), 2U);
}

TEST_F(OrderedMergeTest, ThePiecesOfATensorAreTakenInARow) {
    m_first.put(0, payloadRecord(5, 16, 0, Bytes(8)));
    put(m_second, 1);
    EXPECT_EQ(m_merge.drain(kAll), 1U);
    m_first.put(2, payloadRecord(5, 16, 8, Bytes(8)));
    put(m_second, 3);
    EXPECT_EQ(m_merge.drain(kAll), 3U);
    EXPECT_EQ(decoded(), Names({"1", "3"}));
    EXPECT_EQ(m_rows.payload[trace::DType::Float32].size(), 16U);
    EXPECT_EQ(m_merge.gaps(), 0U);
}

TEST_F(OrderedMergeTest, TwoRecordsInOnePlaceAreRefused) {
    put(m_first, 0);
    m_merge.drain(kAll);
    put(m_second, 0);
    EXPECT_THROW(m_merge.drain(kAll), Error);
}

} // namespace
} // namespace repro::collector
