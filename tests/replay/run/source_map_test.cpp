// SPDX-License-Identifier: BSD-3-Clause
#include "replay/run/source_map.h"
#include "trace/error.h"

#include <gtest/gtest.h>

namespace repro::replay {
namespace {

CallStack at(const char* file) {
    SourceLine call;
    call.file = file;
    call.line = 7;
    return {{call}, 0};
}

std::string moved(const SourceMap& map, const char* file) {
    CallStack stack = at(file);
    map.apply(stack);
    return stack.calls[0].file;
}

TEST(SourceMap, MovesWhatLiesBelowAFolder) {
    SourceMap map;
    map.add("/build/=/home/me/src/");
    map.add("/build/sub=/elsewhere");
    EXPECT_EQ(moved(map, "/build/net/train.cpp"), "/home/me/src/net/train.cpp");
    EXPECT_EQ(moved(map, "/build/sub/a.cpp"), "/home/me/src/sub/a.cpp"); // the first applies
    EXPECT_EQ(moved(map, "/builder/train.cpp"), "/builder/train.cpp");
    EXPECT_EQ(moved(map, "train.cpp"), "train.cpp");
}

TEST(SourceMap, RefusesWhatIsNoPairOfFolders) {
    for (const char* text : {"", "=", "/a", "/a=", "=/b"}) {
        EXPECT_THROW(SourceMap().add(text), Error) << text;
    }
}

TEST(SourceMap, CallsThatOnlyFoldersToldApartAreTheSame) {
    DiffResult result;
    result.origins.resize(2);
    result.origins[0].first.site = at("/one/train.cpp");
    result.origins[0].first.siteB = at("/two/train.cpp");
    result.origins[1].first.site = at("/one/train.cpp");
    result.origins[1].first.siteB = at("/two/other.cpp");
    SourceMap map;
    map.add("/one=/src");
    map.add("/two=/src");
    map.apply(result);
    EXPECT_EQ(result.origins[0].first.site->calls[0].file, "/src/train.cpp");
    EXPECT_FALSE(result.origins[0].first.siteB);
    EXPECT_TRUE(result.origins[1].first.siteB);
}

} // namespace
} // namespace repro::replay
