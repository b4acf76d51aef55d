// SPDX-License-Identifier: BSD-3-Clause
#include "replay/diff.h"
#include "tests/support/trace_text.h"
#include "trace/schema.h"

#include <fmt/format.h>
#include <gmock/gmock.h>

#include <filesystem>
#include <fstream>
#include <iterator>

namespace repro::replay {
namespace {

namespace fs = std::filesystem;

const fs::path kCorpus = REPRO_CORPUS;

std::vector<fs::path> released() {
    std::vector<fs::path> traces;
    for (const auto& entry : fs::directory_iterator(kCorpus)) {
        if (entry.path().extension() == ".h5") {
            traces.push_back(entry.path());
        }
    }
    return traces;
}

TEST(Corpus, HasEachFormatThatThisToolReads) {
    for (std::uint32_t minor = 0; minor <= trace::schema::kMinor; ++minor) {
        EXPECT_TRUE(fs::exists(kCorpus / fmt::format("{}.{}.h5", trace::schema::kMajor, minor)));
    }
}

TEST(Corpus, EachTraceReadsAsWhatWasWritten) {
    std::ifstream file(kCorpus / "trace.txt");
    const std::string text{std::istreambuf_iterator<char>(file), {}};
    const trace::Reader today = test::buildTrace(fs::path(testing::TempDir()) / "today.h5", text);
    for (const fs::path& path : released()) {
        SCOPED_TRACE(path);
        const trace::Reader reader(path);
        reader.verify();
        EXPECT_EQ(fmt::format("{}.{}", reader.header().formatMajor, reader.header().formatMinor),
                  path.stem().string());
        const DiffResult result = diff(reader, today);
        EXPECT_EQ(result.verdict, Verdict::Same) << result.reason;
        EXPECT_EQ(result.coverage.matched, result.coverage.eventsA);
        EXPECT_GE(result.coverage.valuesCompared, 6U);
        EXPECT_THAT(result.environment, testing::IsEmpty());
    }
}

} // namespace
} // namespace repro::replay
