// SPDX-License-Identifier: BSD-3-Clause
#include "net_trace.h"
#include "program.h"
#include "tests/support/trace_text.h"

#include <array>
#include <cstring>
#include <fstream>
#include <iterator>

namespace repro::cli::test {

namespace {

class DumpTest : public CliTest {
protected:
    Outcome dump(const std::string& event, const std::string& slot) {
        return reprorec(
            {"dump", in("net.h5"), "--event", event, "--slot", slot, "-o", in("t.npy")});
    }
};

} // namespace

TEST_F(DumpTest, WritesNpyVersion1) {
    writeNet(in("net.h5"));
    const Outcome outcome = dump("1", "out0");
    ASSERT_EQ(outcome.status, 0) << outcome.err;
    std::ifstream file(in("t.npy"), std::ios::binary);
    const std::string npy{std::istreambuf_iterator<char>(file), {}};
    EXPECT_EQ(npy.substr(0, 8), std::string("\x93NUMPY\x01\x00", 8));
    const std::string text = "{'descr': '<f4', 'fortran_order': False, 'shape': (2, 3), }";
    EXPECT_EQ(npy.substr(10, text.size()), text);
    std::array<float, 6> contents{};
    ASSERT_EQ(npy.size() % 64, sizeof contents);
    std::memcpy(contents.data(), npy.data() + npy.size() - sizeof contents, sizeof contents);
    EXPECT_EQ(contents, (std::array<float, 6>{2, 0, 1, 2, 3, 4}));
}

TEST_F(DumpTest, WithoutBytesItNamesTheCommandThatRecordsThem) {
    writeNet(in("net.h5"), {.bytes = false});
    EXPECT_TRUE(isTrouble(dump("1", "out0"), "record them with: reprorec --capture full"));
    EXPECT_FALSE(std::filesystem::exists(in("t.npy")));
}

TEST_F(DumpTest, SlotsThatDoNotExistAreTrouble) {
    writeNet(in("net.h5"));
    EXPECT_TRUE(isTrouble(dump("1", "out7"), "event 1 has no slot out7; it has in0, out0"));
    EXPECT_TRUE(isTrouble(dump("1", "output"), "--slot 'output': not a slot"));
    EXPECT_TRUE(isTrouble(dump("1", "in0:1"), "not a slot"));
    EXPECT_TRUE(isTrouble(dump("99", "out0"), "no event 99"));
}

TEST_F(DumpTest, SlotsAreNamedAsReportsDo) {
    repro::test::buildTrace(in("net.h5"),
                            "cat %x:f32[2]=(1,2)/0 %y:f32[2]=(3,4)/1 -> %z:f32[4]=(1,2,3,4)");
    const Outcome shown = reprorec({"show", in("net.h5"), "--event", "0"});
    EXPECT_NE(shown.out.find("--slot 'in0[1]' -o 'in0[1].npy'"), std::string::npos) << shown.out;
    EXPECT_EQ(dump("0", "in0[1]").status, 0);
    EXPECT_EQ(dump("0", "out0[0]").status, 0);
    EXPECT_TRUE(isTrouble(dump("0", "in0[2]"), "it has in0[0], in0[1], out0"));
}

TEST_F(DumpTest, PlaceThatCannotBeWrittenIsTrouble) {
    writeNet(in("net.h5"));
    EXPECT_TRUE(isTrouble(reprorec({"dump", in("net.h5"), "--event", "1", "--slot", "out0", "-o",
                                    in("missing/t.npy")}),
                          "cannot write"));
}

} // namespace repro::cli::test
