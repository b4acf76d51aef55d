// SPDX-License-Identifier: BSD-3-Clause
#include "sample_trace.h"
#include "scratch.h"
#include "trace/fingerprint.h"
#include "trace/reader.h"
#include "trace/writer.h"

#include <array>

namespace repro::trace {
namespace {

constexpr std::uint64_t kMany = 150'000; // more than two blocks

class TraceWriter : public test::Scratch {};

Header finishedHeader() {
    return test::sampleHeader();
}

} // namespace

TEST_F(TraceWriter, RoundTripsEveryTable) {
    test::writeSample(path());
    const Reader reader(path());
    EXPECT_EQ(reader.header().environment, test::sampleHeader().environment);
    EXPECT_EQ(reader.header().runId, test::sampleHeader().runId);
    EXPECT_EQ(reader.header().heldUpNs, 4U);
    EXPECT_EQ(reader.text(reader.layers().at(1).path), "Net.fc");
    EXPECT_EQ(reader.layers().at(1).parent, 0U);
    EXPECT_EQ(reader.threads().at(1).creator, 0U);
    EXPECT_EQ(reader.sites().at(1).caller, 0U);
    EXPECT_EQ(reader.sites().at(1).line, 42U);
    EXPECT_EQ(reader.text(reader.sites().at(1).function), "step");
    EXPECT_EQ(reader.text(reader.sites().at(1).buildId), "c0ffee");
    EXPECT_TRUE(reader.inlinedInto(0).empty());
    ASSERT_EQ(reader.inlinedInto(1).size(), 2U);
    EXPECT_EQ(reader.text(reader.inlinedInto(1)[0].function), "scale");
    EXPECT_EQ(reader.sources().at(0).contents, (Fingerprint{1, 2}));
    EXPECT_TRUE(reader.generators().at(0).isDefault);
    EXPECT_EQ(reader.generators().at(1).deviceType, 1U);
    EXPECT_EQ(reader.draws().at(0).after, (Fingerprint{3, 4}));
    EXPECT_EQ(reader.rngStates().at(0).bytes, (std::vector<std::uint8_t>{1, 2, 3}));
    EXPECT_TRUE(reader.rngStates().at(1).bytes.empty());
    EXPECT_EQ(reader.statistics().at(0).l2, 3.5);
    EXPECT_EQ(reader.statistics().at(0).subnormal, 4U);
    reader.verify();
}

TEST_F(TraceWriter, RoundTripsEventsAndUses) {
    test::writeSample(path());
    const Reader reader(path());
    const Event inner = reader.event(1);
    EXPECT_EQ(inner.end, 3U);
    EXPECT_EQ(inner.phase, Phase::Forward);
    EXPECT_EQ(inner.parent, 0U);
    EXPECT_EQ(inner.extra, 7U);
    EXPECT_EQ(inner.useCount, 3U);
    EXPECT_EQ(reader.text(inner.parameter), "Net.fc.weight");
    EXPECT_EQ(inner.flags, event_flag::Verified);
    const Use before = reader.use(inner.firstUse + 1);
    EXPECT_EQ(before.direction, Direction::Before);
    EXPECT_EQ(before.item, 3U);
    EXPECT_EQ(before.flags, use_flag::Written | use_flag::Meaningless);
    EXPECT_EQ(reader.event(2).forward, 1U);
}

TEST_F(TraceWriter, RoundTripsPayloadOfEveryDType) {
    test::writeSample(path());
    const Reader reader(path());
    for (ValueId id = 0; id < static_cast<ValueId>(kDTypeCount); ++id) {
        const Value value = reader.value(id);
        EXPECT_EQ(value.dtype, static_cast<DType>(id));
        if (dtypeSize(value.dtype) == 0) {
            EXPECT_EQ(value.payload, kNone64);
        } else {
            EXPECT_EQ(reader.bytes(value), test::sampleContents(value.dtype, value.elements));
        }
    }
}

TEST_F(TraceWriter, KeepsLeavesOfLargeContents) {
    test::writeSample(path());
    const Reader reader(path());
    const Value value = reader.value(kDTypeCount);
    const auto contents = test::sampleContents(DType::Float32, test::kLargeElements);
    EXPECT_EQ(reader.leaves(value), leavesOf(contents));
    EXPECT_EQ(reader.bytes(value), contents);
    EXPECT_TRUE(reader.leaves(reader.value(1)).empty());
}

TEST_F(TraceWriter, KeepsPayloadOfSeveralBlocksInOrder) {
    const std::uint64_t elements = (10ULL << 20) / 2 + 3;
    const auto contents = test::sampleContents(DType::Int16, elements);
    Value value{.fingerprint = fingerprintOfContents(contents),
                .dtype = DType::Int16,
                .elements = elements};
    Writer writer(path());
    writer.payload(DType::Int16, test::sampleContents(DType::Int16, 7));
    value.payload = writer.payload(DType::Int16, std::span(contents).first(6ULL << 20));
    writer.payload(DType::Int16, std::span(contents).subspan(6ULL << 20));
    writer.add(value, {});
    writer.finish(finishedHeader(), {});
    const Reader reader(path());
    EXPECT_EQ(reader.value(0).payload, 7U);
    EXPECT_EQ(reader.bytes(reader.value(0)), contents);
}

TEST_F(TraceWriter, ADimensionOfStrideZeroIsKeptOnce) {
    const std::array<std::uint8_t, 4> distinct = {1, 2, 3, 4};
    const auto contents = std::as_bytes(std::span(distinct));
    const std::vector<std::int64_t> sizes = {2, 2, 3, 2};
    const std::vector<std::int64_t> strides = {0, 2, 0, 1};
    Writer writer(path());
    Value value{.fingerprint = fingerprintOfContents(contents),
                .dtype = DType::UInt8,
                .flags = value_flag::Overlapping,
                .sizes = writer.list(sizes),
                .strides = writer.list(strides),
                .elements = 24};
    value.payload = writer.payload(DType::UInt8, contents);
    writer.add(value, {});
    value.elements = 23;
    writer.add(value, {});
    writer.finish(finishedHeader(), {});
    const Reader reader(path());
    std::vector<std::uint8_t> shown;
    for (const std::byte byte : reader.bytes(reader.value(0))) {
        shown.push_back(std::to_integer<std::uint8_t>(byte));
    }
    EXPECT_EQ(shown, (std::vector<std::uint8_t>{1, 2, 1, 2, 1, 2, 3, 4, 3, 4, 3, 4,
                                                1, 2, 1, 2, 1, 2, 3, 4, 3, 4, 3, 4}));
    EXPECT_THROW((void)reader.bytes(reader.value(1)), Error);
}

TEST_F(TraceWriter, RefusesAPartOfAnElement) {
    Writer writer(path());
    EXPECT_THROW(writer.payload(DType::Float32, test::sampleContents(DType::UInt8, 3)), Error);
    EXPECT_THROW(writer.payload(DType::Other, {}), Error);
}

TEST_F(TraceWriter, InternsEqualContentsOnce) {
    Writer writer(path());
    const std::array<std::int64_t, 2> sizes = {3, 4};
    const std::array<std::byte, 1> none = {std::byte{0}};
    EXPECT_EQ(writer.text("a"), 0U);
    EXPECT_EQ(writer.text(""), 1U);
    EXPECT_EQ(writer.text("a"), 0U);
    EXPECT_EQ(writer.list(sizes), 0U);
    EXPECT_EQ(writer.list({}), 1U);
    EXPECT_EQ(writer.list(sizes), 0U);
    EXPECT_EQ(writer.arguments(none), 0U);
    EXPECT_EQ(writer.arguments(none), 0U);
    writer.finish(finishedHeader(), {});
    const Reader reader(path());
    EXPECT_EQ(reader.text(0), "a");
    EXPECT_EQ(reader.text(1), "");
    EXPECT_EQ(reader.text(kNone32), "");
    EXPECT_EQ(reader.list(0)[1], 4);
    EXPECT_TRUE(reader.list(1).empty());
    EXPECT_EQ(reader.argumentsCount(), 1U);
}

TEST_F(TraceWriter, AppliesEndsThatComeLate) {
    Writer writer(path());
    for (std::uint64_t i = 0; i < kMany; ++i) {
        writer.begin({.begin = i});
    }
    for (const EventId late : {EventId{0}, EventId{65'535}, EventId{65'536}, kMany - 1}) {
        writer.end(late,
                   {.end = late + 1, .flags = 8, .phase = Phase::Backward, .parameter = kNone32});
    }
    writer.end(0, {.end = 77, .flags = 16});
    writer.finish(finishedHeader(), {});
    const Reader reader(path());
    reader.verify();
    EXPECT_EQ(reader.event(0).end, 77U);
    EXPECT_EQ(reader.event(0).flags, 16U);
    EXPECT_EQ(reader.event(65'535).end, 65'536U);
    EXPECT_EQ(reader.event(65'536).phase, Phase::Backward);
    EXPECT_EQ(reader.event(kMany - 1).end, kMany);
    EXPECT_EQ(reader.event(1).end, 0U);
    for (std::uint64_t i = 0; i < kMany; i += 999) {
        EXPECT_EQ(reader.event(i).begin, i);
    }
}

TEST_F(TraceWriter, MarksEventsThatNeverEnded) {
    test::writeSample(path());
    const Reader reader(path());
    EXPECT_EQ(reader.event(2).end, 0U);
    EXPECT_TRUE(reader.event(2).flags & event_flag::Unfinished);
    EXPECT_FALSE(reader.event(1).flags & event_flag::Unfinished);
}

TEST_F(TraceWriter, NumbersSteps) {
    Writer writer(path());
    for (std::uint64_t i = 0; i < kMany; ++i) {
        writer.begin({.begin = i});
    }
    const std::array<EventId, 4> starts = {10, 10, 65'536, 140'000};
    writer.finish(finishedHeader(), starts);
    const Reader reader(path());
    const auto& steps = reader.events().step;
    EXPECT_EQ(steps[9], 0U);
    EXPECT_EQ(steps[10], 2U);
    EXPECT_EQ(steps[65'535], 2U);
    EXPECT_EQ(steps[65'536], 3U);
    EXPECT_EQ(steps[139'999], 3U);
    EXPECT_EQ(steps[kMany - 1], 4U);
}

TEST_F(TraceWriter, LeavesAnUnfinishedFileThatOpens) {
    {
        Writer writer(path());
        test::fillSample(writer);
    }
    EXPECT_FALSE(std::filesystem::exists(path()));
    const Reader reader(path("run.h5.partial/trace.h5"));
    EXPECT_FALSE(reader.header().complete);
    EXPECT_EQ(reader.events().count, 3U);
    EXPECT_EQ(reader.text(reader.layers().at(1).path), "Net.fc");
    EXPECT_EQ(reader.header().environment, test::sampleHeader().environment);
    reader.verify();
}

TEST_F(TraceWriter, WritesAnEmptyTrace) {
    Writer(path()).finish(finishedHeader(), {});
    const Reader reader(path());
    reader.verify();
    EXPECT_EQ(reader.events().count, 0U);
    EXPECT_TRUE(reader.draws().empty());
}

TEST_F(TraceWriter, RefusesToOverwriteUnlessAsked) {
    test::writeSample(path(), false);
    const auto [kind, message] = test::errorOf([this] { Writer writer(path()); });
    EXPECT_EQ(kind, ErrorKind::Io);
    EXPECT_NE(message.find(path().string() + ": exists"), std::string::npos) << message;
    Writer(path(), {.overwrite = true}).finish(finishedHeader(), {});
    EXPECT_EQ(Reader(path()).events().count, 0U);
}

TEST_F(TraceWriter, RefusesASecondFinish) {
    Writer writer(path());
    writer.finish(finishedHeader(), {});
    EXPECT_THROW(writer.finish(finishedHeader(), {}), Error);
}

TEST_F(TraceWriter, RefusesAFolderThatIsNotThere) {
    const auto [kind, message] = test::errorOf([this] { Writer writer(path("no/run.h5")); });
    EXPECT_EQ(kind, ErrorKind::Io);
    EXPECT_NE(message.find("No such file"), std::string::npos) << message;
}

} // namespace repro::trace
