// SPDX-License-Identifier: BSD-3-Clause
#include "recorder/collector/trace_names.h"

#include <gtest/gtest.h>

namespace repro::collector {
namespace {

Process process(int pid, const char* rank = "") {
    return {.pid = pid, .number = 1, .rank = rank, .torchVersion = {}, .commandLine = {}};
}

TEST(TraceNames, TheSecondProcessGetsANumber) {
    TraceNames names("out/run.h5");
    EXPECT_EQ(names.nameFor(process(1)), "out/run.h5");
    EXPECT_EQ(names.nameFor(process(2)), "out/run.2.h5");
    EXPECT_EQ(names.nameFor(process(3)), "out/run.3.h5");
}

TEST(TraceNames, PlaceholdersAreFilledIn) {
    TraceNames names("%r/%p%%.h5");
    EXPECT_EQ(names.nameFor(process(17, "3")), "3/17%.h5");
}

TEST(TraceNames, ARankIsAppendedWhereThePatternHasNone) {
    TraceNames names("run.h5");
    EXPECT_EQ(names.nameFor(process(1, "0")), "run.0.h5");
    EXPECT_EQ(names.nameFor(process(2, "1")), "run.1.h5");
}

TEST(TraceNames, ARankCannotLeaveTheFolder) {
    TraceNames names("%r.h5");
    EXPECT_EQ(names.nameFor(process(1, "../../x")), ".._.._x.h5");
}

} // namespace
} // namespace repro::collector
