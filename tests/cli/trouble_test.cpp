// SPDX-License-Identifier: BSD-3-Clause
#include "net_trace.h"
#include "program.h"

#include <hdf5.h>

#include <filesystem>
#include <fstream>

namespace repro::cli::test {

namespace {

/// Every verb that reads a trace answers a bad file alike.
class TroubleTest : public CliTest {
protected:
    void expectTrouble(const std::string& file, const std::string& words) {
        writeNet(in("good.h5"));
        const std::string path = in(file);
        for (const std::vector<std::string>& command : std::vector<std::vector<std::string>>{
                 {"info", path},
                 {"ls", path},
                 {"show", path, "--event", "0"},
                 {"dump", path, "--event", "0", "--slot", "out0", "-o", in("x.npy")},
                 {"verify", path},
                 {"env-diff", path, in("good.h5")},
                 {"diff", in("good.h5"), path}}) {
            EXPECT_TRUE(isTrouble(reprorec(command), words)) << command.front();
        }
    }
};

void writeFile(const std::string& path, const std::string& contents) {
    std::ofstream(path, std::ios::binary) << contents;
}

} // namespace

TEST_F(TroubleTest, MissingFile) {
    expectTrouble("none.h5", "none.h5");
}

TEST_F(TroubleTest, Folder) {
    expectTrouble(".", "directory");
}

TEST_F(TroubleTest, EmptyFile) {
    writeFile(in("empty.h5"), "");
    expectTrouble("empty.h5", "empty.h5");
}

TEST_F(TroubleTest, NotHdf5) {
    writeFile(in("notes.h5"), "these are notes, and nobody recorded them\n");
    expectTrouble("notes.h5", "notes.h5");
}

TEST_F(TroubleTest, Truncated) {
    writeNet(in("cut.h5"));
    std::filesystem::resize_file(in("cut.h5"), std::filesystem::file_size(in("cut.h5")) / 2);
    expectTrouble("cut.h5", "cut.h5");
}

TEST_F(TroubleTest, NewerFormat) {
    writeNet(in("newer.h5"));
    const hid_t file = H5Fopen(in("newer.h5").c_str(), H5F_ACC_RDWR, H5P_DEFAULT);
    const hid_t attribute = H5Aopen(file, "version_major", H5P_DEFAULT);
    const std::uint32_t version = 99;
    ASSERT_GE(H5Awrite(attribute, H5T_NATIVE_UINT32, &version), 0);
    H5Aclose(attribute);
    H5Fclose(file);
    expectTrouble("newer.h5", "99");
}

TEST_F(TroubleTest, UnknownOption) {
    writeNet(in("good.h5"));
    EXPECT_TRUE(isTrouble(reprorec({"ls", in("good.h5"), "--bogus"}), "see: reprorec ls --help"));
    EXPECT_TRUE(isTrouble(reprorec({"diff", in("good.h5")}), "see: reprorec diff --help"));
}

} // namespace repro::cli::test
