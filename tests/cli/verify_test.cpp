// SPDX-License-Identifier: BSD-3-Clause
#include "net_trace.h"
#include "program.h"
#include "tests/support/trace_text.h"

#include <fstream>
#include <iterator>

namespace repro::cli::test {

using VerifyTest = CliTest;

TEST_F(VerifyTest, AcceptsWhatTheWriterWrote) {
    writeNet(in("net.h5"));
    const Outcome outcome = reprorec({"verify", in("net.h5")});
    EXPECT_EQ(outcome.status, 0);
    EXPECT_TRUE(outcome.out.starts_with("ok: 8 events, ")) << outcome.out;
    EXPECT_EQ(outcome.err, "");
}

TEST_F(VerifyTest, WhatHoldsNothingIsNotOk) {
    repro::test::buildTrace(in("empty.h5"), "");
    EXPECT_TRUE(isTrouble(reprorec({"verify", in("empty.h5")}), "names no program"));
}

TEST_F(VerifyTest, FindsAChangedTensor) {
    writeNet(in("net.h5"));
    std::fstream file(in("net.h5"), std::ios::in | std::ios::out | std::ios::binary);
    const std::string all{std::istreambuf_iterator<char>(file), {}};
    const float contents[] = {0, 1, 2, 3, 4};
    const std::size_t at =
        all.find(std::string(reinterpret_cast<const char*>(contents), sizeof contents));
    ASSERT_NE(at, std::string::npos);
    file.seekp(static_cast<std::streamoff>(at));
    file.put('\x01');
    file.close();
    EXPECT_TRUE(isTrouble(reprorec({"verify", in("net.h5")}), "net.h5"));
}

} // namespace repro::cli::test
