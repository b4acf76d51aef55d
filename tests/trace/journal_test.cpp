// SPDX-License-Identifier: BSD-3-Clause
#include "sample_trace.h"
#include "scratch.h"
#include "trace/claim.h"
#include "trace/journal.h"

#include <gmock/gmock.h>

#include <fstream>
#include <random>
#include <string>
#include <vector>

namespace repro::trace {
namespace {

namespace fs = std::filesystem;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

class TraceJournal : public test::Scratch {
protected:
    [[nodiscard]] fs::path folder() const { return partialOf(path()); }
    static void add(JournalWriter& writer, std::uint32_t tag, const std::string& text) {
        writer.add(tag, std::as_bytes(std::span(text)));
    }
    [[nodiscard]] std::vector<std::string> read() const {
        std::vector<std::string> found;
        JournalReader reader(folder());
        while (const auto entry = reader.next()) {
            found.push_back(std::to_string(entry->tag) + ":" +
                            std::string(reinterpret_cast<const char*>(entry->record.data()),
                                        entry->record.size()));
        }
        return found;
    }
};

} // namespace

TEST_F(TraceJournal, HasWhatWasCommittedAndNoMore) {
    JournalWriter writer(folder(), test::sampleHeader());
    EXPECT_THAT(read(), ElementsAre());
    add(writer, 1, "one");
    add(writer, 2, "");
    writer.commit();
    add(writer, 3, "not yet");
    EXPECT_THAT(read(), ElementsAre("1:one", "2:"));
    writer.commit();
    EXPECT_THAT(read(), ElementsAre("1:one", "2:", "3:not yet"));
    const Header header = JournalReader(folder()).header();
    EXPECT_EQ(header.program, test::sampleHeader().program);
    EXPECT_FALSE(header.complete);
}

TEST_F(TraceJournal, GoesOnInAnotherSegmentWhenOneIsFull) {
    JournalWriter writer(folder(), test::sampleHeader());
    const std::string large(3U << 20U, 'x');
    const std::string larger(30U << 20U, 'y'); // than a segment would have
    for (std::uint32_t i = 0; i < 4; ++i) {
        add(writer, i, large);
    }
    add(writer, 9, larger);
    writer.commit();
    EXPECT_TRUE(fs::exists(folder() / "journal-2.h5"));
    EXPECT_THAT(read(),
                ElementsAre("0:" + large, "1:" + large, "2:" + large, "3:" + large, "9:" + larger));
}

TEST_F(TraceJournal, IsLiveWhileItsWriterIs) {
    EXPECT_FALSE(isLive(folder()));
    {
        JournalWriter writer(folder(), test::sampleHeader());
        add(writer, 1, std::string(5U << 20U, 'x')); // in a second segment
        EXPECT_TRUE(isLive(folder()));
        EXPECT_THAT(test::errorOf([&] { claim(path(), true); }).second,
                    HasSubstr("is being written by another recording"));
    }
    EXPECT_TRUE(isJournal(folder()));
    EXPECT_FALSE(isLive(folder()));
}

TEST_F(TraceJournal, IsGoneWhenItIsDiscarded) {
    JournalWriter writer(folder(), test::sampleHeader());
    add(writer, 1, std::string(5U << 20U, 'x'));
    writer.commit();
    writer.discard();
    EXPECT_FALSE(fs::exists(folder()));
}

TEST_F(TraceJournal, IsOverwrittenOnlyWhenAskedAndAloneInItsFolder) {
    { JournalWriter writer(folder(), test::sampleHeader()); }
    EXPECT_THAT(test::errorOf([&] { claim(path(), false); }).second,
                HasSubstr("make a trace of it with `reprorec recover`"));
    EXPECT_EQ(claim(path(), true), path());
    test::writeFile(folder() / "notes.txt", "these are notes");
    EXPECT_THAT(test::errorOf([&] { claim(path(), true); }).second,
                HasSubstr("notes.txt: is none of a recording's files"));
    makePartial(path());
    EXPECT_FALSE(isJournal(folder()));
    EXPECT_TRUE(fs::exists(folder() / "notes.txt"));
}

TEST_F(TraceJournal, DamageIsSaidAndNothingElseHappens) {
    {
        JournalWriter writer(folder(), test::sampleHeader());
        for (std::uint32_t i = 0; i < 100; ++i) {
            add(writer, i, std::string(i, 'x'));
        }
        writer.commit();
    }
    const fs::path segment = folder() / "journal-0.h5";
    std::ifstream stream(segment, std::ios::binary);
    const std::string whole((std::istreambuf_iterator<char>(stream)), {});
    std::minstd_rand random(1); // NOLINT(cert-msc51-cpp): the same bytes each time
    for (int round = 0; round < 200; ++round) {
        std::string damaged = whole.substr(0, 20'000);
        damaged[random() % damaged.size()] = static_cast<char>(random());
        if (round % 3 == 0) {
            damaged.resize(random() % damaged.size());
        }
        test::writeFile(segment, damaged);
        try {
            static_cast<void>(read());
        } catch (const Error& error) {
            EXPECT_THAT(error.what(), HasSubstr("journal-0.h5"));
        }
    }
}

} // namespace repro::trace
