// SPDX-License-Identifier: BSD-3-Clause
#include "sample_trace.h"
#include "scratch.h"
#include "trace/amendment.h"
#include "trace/error.h"
#include "trace/reader.h"
#include "trace/writer.h"

#include <gtest/gtest.h>

#include <filesystem>

namespace repro::trace {
namespace {

class TraceAmendment : public test::Scratch {
protected:
    static std::string withoutSites(const std::string& dump) {
        std::string rest;
        for (std::size_t begin = 0; begin < dump.size();) {
            const std::size_t end = dump.find('\n', begin) + 1;
            const std::string line = dump.substr(begin, end - begin);
            const bool isSite = line.starts_with("site ") || line.starts_with("inlined ") ||
                                line.starts_with("source ");
            rest += isSite ? "" : line;
            begin = end;
        }
        return rest;
    }
};

TEST_F(TraceAmendment, GivesSitesOtherNamesAndLeavesTheRest) {
    test::writeSample(path());
    const std::string before = test::dump(Reader(path()));
    Amendment amendment(path());
    const TextId file = amendment.text("other.cpp");
    amendment.resolve(1, amendment.text("descend"), file, 17);
    amendment.add(InlinedFrame{1, amendment.text("halve"), file, 5});
    amendment.add(SourceFile{file, {3, 4}});
    EXPECT_EQ(amendment.text("train.cpp"), amendment.text("train.cpp"));
    amendment.finish();
    const Reader reader(path());
    reader.verify();
    EXPECT_EQ(withoutSites(test::dump(reader)), withoutSites(before));
    EXPECT_EQ(reader.text(reader.sites().at(0).function), "main");
    EXPECT_EQ(reader.text(reader.sites().at(1).function), "descend");
    EXPECT_EQ(reader.sites().at(1).line, 17U);
    EXPECT_EQ(reader.sites().at(1).caller, 0U);
    ASSERT_EQ(reader.inlinedInto(1).size(), 1U);
    EXPECT_EQ(reader.text(reader.inlinedInto(1)[0].function), "halve");
    EXPECT_EQ(reader.sources().size(), 2U);
    EXPECT_FALSE(std::filesystem::exists(path().string() + ".partial"));
}

TEST_F(TraceAmendment, LeavesTheTraceAloneUntilItIsFinished) {
    test::writeSample(path());
    const std::string before = test::dump(Reader(path()));
    {
        Amendment amendment(path());
        amendment.resolve(0, amendment.text("x"), kNone32, 0);
    }
    EXPECT_EQ(test::dump(Reader(path())), before);
}

TEST_F(TraceAmendment, RefusesATraceThatWasNeverFinished) {
    { const Writer writer(path()); }
    EXPECT_THROW(Amendment(path().string() + ".partial"), Error);
}

} // namespace
} // namespace repro::trace
