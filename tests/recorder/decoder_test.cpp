// SPDX-License-Identifier: BSD-3-Clause
#include "recorder/collector/decoder.h"
#include "tests/recorder/memory_sink.h"
#include "tests/recorder/records.h"

#include <gtest/gtest.h>

#include <random>

namespace repro::collector {
namespace {

using namespace tests;
using trace::Direction;
using trace::EventKind;
using trace::Phase;
namespace flag = trace::event_flag;

class DecoderTest : public testing::Test {
protected:
    DecoderTest() {
        feed(threadRecord(0, 77));
        feed(opRecord(0, "aten::mm"));
        feed(layerRecord(0, "Net.fc"));
    }

    /// Decodes with the next ordinal. Returns: that.
    std::uint64_t feed(Bytes record, std::size_t ring = 0) {
        std::memcpy(record.data() + offsetof(wire::RecordHeader, ordinal), &m_next, sizeof m_next);
        m_decoder.decode(ring, record);
        return m_next++;
    }

    Rows m_rows;
    MemorySink m_sink{m_rows};
    Counts m_counts;
    Decoder m_decoder{m_sink, m_counts, false, ""};
    std::uint64_t m_next = 0;
};

TEST_F(DecoderTest, AnUnchangedInputIsItsProducersValue) {
    auto first = feed(beginRecord(beginOf(EventKind::Op, 0)));
    feed(endRecord(first, {useOf(5, Direction::Out)}));
    auto second = feed(beginRecord(beginOf(EventKind::Op, 0), {useOf(5, Direction::In)}));
    feed(endRecord(second, {useOf(6, Direction::Out)}));
    ASSERT_EQ(m_rows.uses.size(), 3U);
    EXPECT_EQ(m_rows.uses[0].value, m_rows.uses[1].value);
    EXPECT_NE(m_rows.uses[1].value, m_rows.uses[2].value);
    EXPECT_EQ(m_rows.uses[1].event, 1U);
    EXPECT_EQ(m_rows.ends[1].firstUse, 1U);
    EXPECT_EQ(m_rows.ends[1].useCount, 2U);
}

TEST_F(DecoderTest, LibrariesThatAreOpenedLaterJoinTheEnvironment) {
    feed(environmentRecord(R"({"pid":7,"libraries":[{"path":"a"}]})"));
    feed(environmentRecord(R"({"libraries":[{"path":"b"}]})"));
    EXPECT_EQ(m_rows.environment, R"({"libraries":[{"path":"a"},{"path":"b"}],"pid":7})");
}

TEST_F(DecoderTest, EqualContentsInAnotherStorageAreAnotherValue) {
    const auto begin = feed(beginRecord(beginOf(EventKind::Op, 0)));
    feed(endRecord(begin, {useOf(5, Direction::Out, 1), useOf(5, Direction::Out, 2)}));
    EXPECT_NE(m_rows.uses.at(0).value, m_rows.uses.at(1).value);
}

TEST_F(DecoderTest, TheEnclosingEventOfTheThreadIsTheParent) {
    feed(threadRecord(1, 78), 1);
    const auto outer = feed(beginRecord(beginOf(EventKind::Op, 0)));
    feed(beginRecord(beginOf(EventKind::Op, 0)), 1);
    const auto inner = feed(beginRecord(beginOf(EventKind::Op, 0)));
    feed(endRecord(inner));
    feed(endRecord(outer));
    feed(beginRecord(beginOf(EventKind::Op, 0)));
    EXPECT_EQ(m_rows.events.at(1).parent, trace::kNone64);
    EXPECT_EQ(m_rows.events.at(2).parent, 0U);
    EXPECT_EQ(m_rows.events.at(3).parent, trace::kNone64);
}

TEST_F(DecoderTest, ABackwardNodeHasTheOpAndTheLayerThatBuiltIt) {
    auto forward = beginOf(EventKind::Op, 0, 40);
    forward.layer = 0;
    feed(endRecord(feed(beginRecord(forward)), {}, 41));
    feed(threadRecord(1, 78), 1);
    auto node = beginOf(EventKind::Node, 0, 40);
    node.forwardThread = 77;
    const auto nodeBegin = feed(beginRecord(node), 1);
    feed(endRecord(feed(beginRecord(beginOf(EventKind::Op, 0)), 1)), 1);
    feed(endRecord(nodeBegin), 1);
    EXPECT_EQ(m_rows.ends.at(0).phase, Phase::Forward);
    EXPECT_TRUE(m_rows.ends.at(0).flags & flag::GradNode);
    EXPECT_EQ(m_rows.events.at(1).forward, 0U);
    EXPECT_EQ(m_rows.events.at(1).layer, 0U);
    EXPECT_TRUE(m_rows.events.at(1).flags & flag::FromLayer);
    EXPECT_EQ(m_rows.ends.at(2).layer, 0U);
    EXPECT_EQ(m_rows.ends.at(2).phase, Phase::Backward);
    EXPECT_TRUE(m_rows.ends.at(2).flags & flag::FromLayer);
}

TEST_F(DecoderTest, ANodeThatNoOpBuiltHasTheLayerOfTheCallAroundIt) {
    auto call = beginOf(EventKind::Layer, trace::kNone32, 40);
    call.layer = 0;
    feed(endRecord(feed(beginRecord(call)), {}, 42));
    auto node = beginOf(EventKind::Node, 0, 41);
    node.forwardThread = 77;
    feed(beginRecord(node));
    EXPECT_EQ(m_rows.events.at(1).forward, trace::kNone64);
    EXPECT_EQ(m_rows.events.at(1).layer, 0U);
}

TEST_F(DecoderTest, OpsWithinAnOptimizersStepAreItsPhase) {
    const auto step = feed(beginRecord(beginOf(EventKind::OptimizerStep)));
    feed(endRecord(feed(beginRecord(beginOf(EventKind::Op, 0)))));
    feed(endRecord(step));
    feed(endRecord(feed(beginRecord(beginOf(EventKind::Op, 0)))));
    EXPECT_EQ(m_rows.ends.at(1).phase, Phase::Optimizer);
    EXPECT_EQ(m_rows.ends.at(2).phase, Phase::Other);
    EXPECT_EQ(m_decoder.close(), std::vector<trace::EventId>{2});
}

TEST_F(DecoderTest, WhatIsOpenAtTheEndIsUnfinishedAndKeepsItsInputs) {
    feed(beginRecord(beginOf(EventKind::Op, 0), {useOf(5, Direction::In)}));
    m_decoder.close();
    EXPECT_TRUE(m_rows.ends.at(0).flags & flag::Unfinished);
    EXPECT_EQ(m_rows.ends.at(0).end, 0U);
    EXPECT_EQ(m_rows.ends.at(0).useCount, 1U);
}

TEST_F(DecoderTest, AScopeMayEndOnAnotherThreadAndOutOfOrder) {
    feed(threadRecord(1, 78), 1);
    const auto scope = feed(beginRecord(beginOf(EventKind::User)));
    const auto other = feed(beginRecord(beginOf(EventKind::User)));
    feed(endRecord(scope), 1);
    feed(endRecord(other));
    m_decoder.close();
    EXPECT_FALSE((m_rows.ends.at(0).flags | m_rows.ends.at(1).flags) & flag::Unfinished);
}

TEST_F(DecoderTest, BytesAreStoredOnceAContent) {
    const Bytes bytes(16, std::byte{7});
    feed(payloadRecord(5, 16, 0, bytes));
    feed(payloadRecord(5, 16, 0, bytes));
    feed(beginRecord(beginOf(EventKind::Op, 0),
                     {useOf(5, Direction::In, 1, 4, true), useOf(6, Direction::In, 2, 4, true)}));
    EXPECT_EQ(m_rows.payload[trace::DType::Float32], bytes);
    EXPECT_EQ(m_rows.values.at(0).payload, 0U);
    EXPECT_EQ(m_rows.values.at(1).payload, trace::kNone64);
    EXPECT_EQ(m_counts.wanted, 2U);
    EXPECT_EQ(m_counts.skipped, 1U);
}

TEST_F(DecoderTest, AValueThatGetsItsBytesLaterIsWrittenAgainWithThem) {
    feed(beginRecord(beginOf(EventKind::Op, 0), {useOf(5, Direction::In)}));
    feed(payloadRecord(5, 16, 0, Bytes(16)));
    feed(beginRecord(beginOf(EventKind::Op, 0), {useOf(5, Direction::In, 1, 4, true)}));
    ASSERT_EQ(m_rows.values.size(), 2U);
    EXPECT_EQ(m_rows.values[1].payload, 0U);
}

TEST_F(DecoderTest, ALayersPathMayBecomeKnownLater) {
    feed(layerRecord(0, "Net.features.0"));
    ASSERT_EQ(m_rows.layers.size(), 1U);
    EXPECT_EQ(m_rows.texts.at(m_rows.layers[0].path), "Net.features.0");
}

TEST_F(DecoderTest, ARecordThatNamesTheUnknownIsRefused) {
    EXPECT_THROW(feed(beginRecord(beginOf(EventKind::Op, 9))), Error);
    EXPECT_THROW(feed(endRecord(12345)), Error);
    auto wild = beginOf(EventKind::Op, 0);
    wild.kind = 200;
    EXPECT_THROW(feed(beginRecord(wild)), Error);
    m_decoder.close();
    EXPECT_TRUE(m_rows.events.empty());
}

TEST_F(DecoderTest, AnEventWhoseBeginningIsRefusedCannotEnd) {
    EXPECT_THROW(feed(beginRecord(beginOf(EventKind::Op, 9))), Error);
    EXPECT_THROW(feed(endRecord(m_next - 1)), Error);
    const auto next = feed(beginRecord(beginOf(EventKind::Op, 0)));
    feed(endRecord(next, {useOf(5, Direction::Out)}));
    m_decoder.close();
    ASSERT_EQ(m_rows.ends.size(), 1U);
    EXPECT_EQ(m_rows.ends[0].useCount, 1U);
}

TEST_F(DecoderTest, EveryTruncationOfARecordIsRefused) {
    const Bytes whole = beginRecord(beginOf(EventKind::Op, 0), {useOf(5, Direction::In)});
    for (std::size_t size = sizeof(wire::RecordHeader); size < whole.size(); size += 8) {
        EXPECT_THROW(m_decoder.decode(0, std::span(whole).first(size)), Error) << size;
    }
}

TEST_F(DecoderTest, RandomRecordsNeverCrash) {
    std::mt19937 random(1); // NOLINT: the same records in every run
    std::uint64_t refused = 0;
    for (int i = 0; i < 20'000; ++i) {
        Bytes record = i % 2 == 0
                           ? Bytes(8 * (2 + random() % 40))
                           : beginRecord(beginOf(EventKind::Op, 0), {useOf(5, Direction::In)});
        for (std::size_t at = 0; at < record.size(); at += i % 2 == 0 ? 1 : 1 + random() % 64) {
            record[at] = static_cast<std::byte>(random() % 4 == 0 ? random() : random() % 3);
        }
        const auto kind = static_cast<std::uint16_t>(random() % 14);
        std::memcpy(record.data() + offsetof(wire::RecordHeader, kind), &kind, sizeof kind);
        try {
            m_decoder.decode(random() % 3, record);
        } catch (const Error&) {
            ++refused;
        }
    }
    EXPECT_GT(refused, 1000U);
    m_decoder.close();
}

TEST_F(DecoderTest, StacksThatBeginAlikeShareTheirSites) {
    feed(moduleRecord(0, "/bin/train"));
    feed(stackRecord(0, {30, 20, 10}));
    feed(stackRecord(1, {31, 20, 10}));
    feed(stackRecord(2, {30, 20, 10})); // another thread's number for the same
    ASSERT_EQ(m_rows.sites.size(), 4U);
    EXPECT_EQ(m_rows.sites[0].caller, trace::kNone32);
    EXPECT_EQ(m_rows.sites[2].offset, 30U);
    EXPECT_EQ(m_rows.sites[2].caller, 1U);
    EXPECT_EQ(m_rows.sites[3].caller, 1U);
    for (const std::uint32_t stack : {0U, 1U, 2U}) {
        auto record = beginOf(EventKind::Op, 0);
        record.stack = stack;
        feed(endRecord(feed(beginRecord(record))));
    }
    EXPECT_EQ(m_rows.events[0].site, 2U);
    EXPECT_EQ(m_rows.events[1].site, 3U);
    EXPECT_EQ(m_rows.events[2].site, 2U);
}

TEST_F(DecoderTest, AnEventWithoutAStackOfItsOwnHasThatOfWhatEnclosesIt) {
    feed(moduleRecord(0, "/bin/train"));
    feed(stackRecord(0, {10}));
    auto outer = beginOf(EventKind::Op, 0);
    outer.stack = 0;
    feed(beginRecord(outer));
    feed(beginRecord(beginOf(EventKind::Op, 0)));
    EXPECT_EQ(m_rows.events[1].site, 0U);
}

TEST_F(DecoderTest, ABackwardNodeAndItsOpsHaveTheSiteOfTheForwardOp) {
    feed(moduleRecord(0, "/bin/train"));
    feed(stackRecord(0, {10}));
    feed(stackRecord(1, {20}));
    auto forward = beginOf(EventKind::Op, 0, 40);
    forward.stack = 0;
    feed(endRecord(feed(beginRecord(forward)), {}, 41));
    auto whole = beginOf(EventKind::User);
    whole.stack = 1;
    feed(beginRecord(whole));
    auto node = beginOf(EventKind::Node, 0, 40);
    node.forwardThread = 77;
    feed(beginRecord(node));
    feed(beginRecord(beginOf(EventKind::Op, 0)));
    EXPECT_EQ(m_rows.events[1].site, 1U);
    EXPECT_EQ(m_rows.events[2].site, 0U);
    EXPECT_EQ(m_rows.events[3].site, 0U);
    auto own = beginOf(EventKind::Op, 0); // of the program's own function in backward()
    own.stack = 1;
    feed(beginRecord(own));
    EXPECT_EQ(m_rows.events[4].site, 1U);
}

TEST_F(DecoderTest, AStackThatIsTooDeepIsMalformed) {
    feed(moduleRecord(0, "/bin/train"));
    EXPECT_THROW(feed(stackRecord(0, std::vector<std::uint64_t>(257, 1))), Error);
    EXPECT_THROW(feed(stackRecord(1 << 20, {1})), Error);
}

} // namespace
} // namespace repro::collector
