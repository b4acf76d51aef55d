// SPDX-License-Identifier: BSD-3-Clause
#include "sample_trace.h"
#include "scratch.h"
#include "trace/reader.h"
#include "trace/writer.h"

#include <hdf5.h>

#include <thread>

namespace repro::trace {
namespace {

class TraceReader : public test::Scratch {
protected:
    /// Opens, expects an error of this kind that names the file and says `text`, on one line.
    void expectRefused(const char* name, ErrorKind expected, const std::string& text) const {
        const auto [kind, message] = test::errorOf([&] { const Reader reader(path(name)); });
        EXPECT_EQ(kind, expected) << message;
        EXPECT_EQ(message.rfind(path(name).string() + ": ", 0), 0U) << message;
        EXPECT_NE(message.find(text), std::string::npos) << message;
        EXPECT_NE(message.find(';'), std::string::npos) << "no remedy: " << message;
        EXPECT_EQ(message.find('\n'), std::string::npos) << message;
    }
    void writeSample() const { test::writeSample(path(), false); }
    [[nodiscard]] hid_t openRaw() const {
        return H5Fopen(path().c_str(), H5F_ACC_RDWR, H5P_DEFAULT);
    }
};

void overwriteAttribute(hid_t file, const char* name, std::uint64_t value) {
    const hid_t attribute = H5Aopen(file, name, H5P_DEFAULT);
    ASSERT_GE(H5Awrite(attribute, H5T_NATIVE_UINT64, &value), 0);
    H5Aclose(attribute);
}

/// Adds a dataset of three rows.
void addDataset(hid_t file, const char* name) {
    const hsize_t rows = 3;
    const hid_t space = H5Screate_simple(1, &rows, nullptr);
    const hid_t dataset =
        H5Dcreate2(file, name, H5T_NATIVE_INT, space, H5P_DEFAULT, H5P_DEFAULT, H5P_DEFAULT);
    ASSERT_GE(dataset, 0);
    H5Dclose(dataset);
    H5Sclose(space);
}

} // namespace

TEST_F(TraceReader, RefusesAMissingFile) {
    expectRefused("run.h5", ErrorKind::Io, "no such file");
}

TEST_F(TraceReader, PointsToTheUnfinishedFile) {
    test::writeFile(path("run.h5.partial"), "x");
    expectRefused("run.h5", ErrorKind::Io, "run.h5.partial");
}

TEST_F(TraceReader, RefusesADirectory) {
    std::filesystem::create_directory(path());
    expectRefused("run.h5", ErrorKind::Io, "is a directory");
}

TEST_F(TraceReader, RefusesAnEmptyFile) {
    test::writeFile(path(), "");
    expectRefused("run.h5", ErrorKind::Format, "is empty");
}

TEST_F(TraceReader, RefusesWhatIsNotHdf5) {
    test::writeFile(path(), "#!/bin/sh\necho hello\n");
    expectRefused("run.h5", ErrorKind::Format, "not an HDF5 file");
}

TEST_F(TraceReader, RefusesHdf5ThatIsNoTrace) {
    H5Fclose(H5Fcreate(path().c_str(), H5F_ACC_TRUNC, H5P_DEFAULT, H5P_DEFAULT));
    expectRefused("run.h5", ErrorKind::Format, "no trace");
}

TEST_F(TraceReader, RefusesANewerMajorVersion) {
    writeSample();
    const hid_t file = openRaw();
    overwriteAttribute(file, "version_major", 7);
    H5Fclose(file);
    expectRefused("run.h5", ErrorKind::Version, "format version 7, this reprorec reads 1");
}

TEST_F(TraceReader, ReadsANewerMinorVersion) {
    writeSample();
    const hid_t file = openRaw();
    overwriteAttribute(file, "version_minor", 9);
    addDataset(file, "/events/added");
    addDataset(file, "/other");
    H5Gclose(H5Gcreate2(file, "/unknown", H5P_DEFAULT, H5P_DEFAULT, H5P_DEFAULT));
    addDataset(file, "/unknown/column");
    H5Fclose(file);
    const Reader reader(path());
    reader.verify();
    EXPECT_EQ(reader.header().formatMinor, 9U);
    EXPECT_EQ(reader.events().count, 3U);
}

TEST_F(TraceReader, TakesDefaultsForAColumnThatIsNotThere) {
    writeSample();
    const hid_t file = openRaw();
    ASSERT_GE(H5Ldelete(file, "/events/extra", H5P_DEFAULT), 0);
    ASSERT_GE(H5Adelete(file, "seal"), 0); // never finished
    H5Fclose(file);
    EXPECT_EQ(Reader(path()).event(1).extra, kNone64);
}

TEST_F(TraceReader, NoticesARemovedColumnWhenItOpens) {
    writeSample();
    const hid_t file = openRaw();
    ASSERT_GE(H5Ldelete(file, "/events/extra", H5P_DEFAULT), 0);
    H5Fclose(file);
    const auto [kind, message] = test::errorOf([&] { Reader reader(path()); });
    EXPECT_EQ(kind, ErrorKind::Format);
    EXPECT_NE(message.find("seal"), std::string::npos) << message;
}

TEST_F(TraceReader, NoticesAChangedCellWhenItVerifies) {
    writeSample();
    const hid_t file = openRaw();
    const hid_t column = H5Dopen2(file, "/events/begin_ns", H5P_DEFAULT);
    const std::uint64_t data[] = {1, 2, 3};
    ASSERT_GE(H5Dwrite(column, H5T_NATIVE_UINT64, H5S_ALL, H5S_ALL, H5P_DEFAULT, data), 0);
    H5Dclose(column);
    H5Fclose(file);
    const Reader reader(path());
    const auto [kind, message] = test::errorOf([&] { reader.verify(); });
    EXPECT_EQ(kind, ErrorKind::Format);
    EXPECT_NE(message.find("events/begin_ns"), std::string::npos) << message;
}

TEST_F(TraceReader, RefusesAColumnOfAnotherType) {
    writeSample();
    const hid_t file = openRaw();
    ASSERT_GE(H5Ldelete(file, "/events/op", H5P_DEFAULT), 0);
    addDataset(file, "/events/op");
    ASSERT_GE(H5Adelete(file, "seal"), 0); // which would tell, too
    H5Fclose(file);
    const Reader reader(path());
    EXPECT_THROW(reader.events().op.load(), Error);
}

TEST_F(TraceReader, RefusesIdsThatNameNothing) {
#ifdef __SANITIZE_THREAD__
    GTEST_SKIP() << "its pthread_once never ends after one that threw";
#endif
    Writer writer(path());
    const Use uses[] = {{.event = 5, .value = 0}};
    writer.add(uses);
    writer.begin({.useCount = 9});
    writer.begin({.parent = 1});
    writer.finish(test::sampleHeader(), {});
    const Reader reader(path());
    EXPECT_THROW(reader.uses().event.load(), Error);
    EXPECT_THROW(reader.uses().value.load(), Error);
    EXPECT_THROW(reader.events().useCount.load(), Error);
    EXPECT_THROW(reader.events().parent.load(), Error);
    EXPECT_THROW(reader.verify(), Error);
}

TEST_F(TraceReader, ChecksEveryRowThatItIsAskedFor) {
    writeSample();
    const Reader reader(path());
    EXPECT_THROW(static_cast<void>(reader.text(1000)), Error);
    EXPECT_THROW(static_cast<void>(reader.list(1000)), Error);
    EXPECT_THROW(static_cast<void>(reader.arguments(1000)), Error);
    EXPECT_THROW(static_cast<void>(reader.event(3)), Error);
    EXPECT_THROW(static_cast<void>(reader.value(1000)), Error);
    EXPECT_THROW(static_cast<void>(reader.use(3)), Error);
    Value value = reader.value(2);
    value.elements = kNone64 / 2;
    EXPECT_THROW(static_cast<void>(reader.bytes(value)), Error);
    value.firstLeaf = 0;
    EXPECT_THROW(static_cast<void>(reader.leaves(value)), Error);
}

TEST_F(TraceReader, RefusesPayloadThatDiffersFromItsFingerprint) {
    writeSample();
    const Reader reader(path());
    Value value = reader.value(2);
    ++value.fingerprint.low;
    const auto [kind, message] = test::errorOf([&] { static_cast<void>(reader.bytes(value)); });
    EXPECT_EQ(kind, ErrorKind::Format);
    EXPECT_NE(message.find("payload/uint8"), std::string::npos) << message;
}

TEST_F(TraceReader, ReportsProgressUpToOne) {
    writeSample();
    double last = 0;
    Reader(path()).verify([&](double done) {
        EXPECT_GE(done, last);
        last = done;
    });
    EXPECT_EQ(last, 1.0);
}

TEST_F(TraceReader, ServesSeveralThreads) {
    test::writeSample(path());
    const Reader reader(path());
    const std::string expected = test::dump(Reader(path()));
    std::string dumps[4];
    {
        std::vector<std::jthread> threads;
        for (std::string& dump : dumps) {
            threads.emplace_back([&] { dump = test::dump(reader); });
        }
    }
    for (const std::string& dump : dumps) {
        EXPECT_EQ(dump, expected);
    }
}

} // namespace repro::trace
