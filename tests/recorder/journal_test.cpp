// SPDX-License-Identifier: BSD-3-Clause
#include "recorder/collector/journal.h"
#include "tests/recorder/memory_sink.h"
#include "tests/recorder/records.h"
#include "trace/error.h"

#include <gmock/gmock.h>

#include <cstdlib>
#include <random>

namespace repro::collector {
namespace {

using namespace tests;
using ::testing::HasSubstr;
using trace::Direction;
using trace::EventKind;

class JournalTest : public testing::Test {
protected:
    JournalTest() {
        std::string name = (std::filesystem::temp_directory_path() / "repro-XXXXXX").string();
        m_root = mkdtemp(name.data());
        m_header.program = "./train";
        m_header.toolVersion = "9.9";
    }
    ~JournalTest() override { std::filesystem::remove_all(m_root); }

    [[nodiscard]] std::filesystem::path folder() const { return m_root / "run.h5.partial"; }

    /// An op that began and did not end, after one that did.
    static std::vector<Bytes> someRecords() {
        std::vector<Bytes> records = {
            threadRecord(0, 77), opRecord(0, "aten::mm"), beginRecord(beginOf(EventKind::Op, 0)),
            endRecord(2, {useOf(5, Direction::Out)}), beginRecord(beginOf(EventKind::Op, 0))};
        for (std::uint64_t ordinal = 0; ordinal < records.size(); ++ordinal) {
            std::memcpy(records[ordinal].data() + offsetof(wire::RecordHeader, ordinal), &ordinal,
                        sizeof ordinal);
        }
        return records;
    }

    void write(const std::vector<Bytes>& records) const {
        Journal journal(folder(), m_header, false, R"({"git_commit":"abc"})");
        for (const Bytes& record : records) {
            journal.add(0, record);
        }
        journal.commit();
    }

    std::filesystem::path m_root;
    trace::Header m_header;
    Rows m_rows;
    MemorySink m_sink{m_rows};
};

TEST_F(JournalTest, GivesTheSinkWhatTheRecordingWasSent) {
    write(someRecords());
    const Recovery recovery = recover(folder(), m_sink, {});
    EXPECT_FALSE(recovery.isLive);
    EXPECT_EQ(recovery.events, 2U);
    EXPECT_EQ(m_rows.events.size(), 2U);
    EXPECT_EQ(m_rows.uses.size(), 1U);
    EXPECT_EQ(recovery.header.program, "./train");
    EXPECT_EQ(recovery.header.ending, "collector: ended before the program did");
    EXPECT_FALSE(recovery.header.complete);
    EXPECT_GT(recovery.header.endedNs, 0U);
}

TEST_F(JournalTest, ARecordThatCannotBeDecodedEndsTheTrace) {
    auto records = someRecords();
    records.insert(records.begin() + 3, beginRecord(beginOf(EventKind::Op, 99))); // no such op
    write(records);
    const Recovery recovery = recover(folder(), m_sink, {});
    EXPECT_THAT(recovery.header.ending, HasSubstr("collector: "));
    EXPECT_EQ(m_rows.events.size(), 1U);
}

TEST_F(JournalTest, OfAnotherVersionSaysWhoReadsIt) {
    {
        trace::JournalWriter writer(folder(), m_header);
        const std::string about = R"({"protocol":1})";
        writer.add(0xffffffff, std::as_bytes(std::span(about)));
        writer.commit();
    }
    try {
        recover(folder(), m_sink, {});
        FAIL() << "it was read";
    } catch (const Error& error) {
        EXPECT_EQ(error.kind(), ErrorKind::Version);
        EXPECT_THAT(error.what(), HasSubstr("was recorded by reprorec 9.9"));
    }
}

TEST_F(JournalTest, RecordsOfChanceEndInATraceOrAnError) {
    std::minstd_rand random(1); // NOLINT(cert-msc51-cpp): the same records each time
    for (int round = 0; round < 50; ++round) {
        auto records = someRecords();
        Bytes& damaged = records[random() % records.size()];
        damaged[random() % damaged.size()] = static_cast<std::byte>(random());
        std::filesystem::remove_all(folder());
        write(records);
        Rows rows;
        MemorySink sink(rows);
        EXPECT_NO_THROW(recover(folder(), sink, {}));
    }
}

} // namespace
} // namespace repro::collector
