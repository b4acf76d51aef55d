// SPDX-License-Identifier: BSD-3-Clause
#include "net_trace.h"
#include "program.h"

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
    EXPECT_TRUE(isTrouble(dump("99", "out0"), "no event 99"));
}

TEST_F(DumpTest, PlaceThatCannotBeWrittenIsTrouble) {
    writeNet(in("net.h5"));
    EXPECT_TRUE(isTrouble(reprorec({"dump", in("net.h5"), "--event", "1", "--slot", "out0", "-o",
                                    in("missing/t.npy")}),
                          "cannot write"));
}

} // namespace repro::cli::test
