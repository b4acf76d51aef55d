// SPDX-License-Identifier: BSD-3-Clause
#include "symbols/sources.h"
#include "tests/symbols/fixture.h"
#include "trace/xxh3.h"

#include <chrono>
#include <fstream>

namespace repro::symbols::test {
namespace {

namespace fs = std::filesystem;

class Sources : public Files {
protected:
    void SetUp() override {
        std::ofstream(m_source) << "int x;\n";
        std::ofstream(m_object) << "object";
    }
    fs::path m_source = folder() / "a.cpp";
    fs::path m_object = folder() / "a.o";
};

TEST_F(Sources, AreHashed) {
    const trace::Fingerprint hash = trace::xxh3("int x;\n", 7);
    const std::string text = hashOfSource(m_source, m_object);
    ASSERT_EQ(text.size(), 32U);
    EXPECT_EQ(std::stoull(text.substr(0, 16), nullptr, 16), hash.high);
    EXPECT_EQ(std::stoull(text.substr(16), nullptr, 16), hash.low);
}

TEST_F(Sources, ThatChangedAfterTheBuildAreNotThoseOfTheBuild) {
    fs::last_write_time(m_source, fs::last_write_time(m_object) + std::chrono::seconds(1));
    EXPECT_EQ(hashOfSource(m_source, m_object), "");
}

TEST_F(Sources, ThatCannotBeReadHaveNoHash) {
    EXPECT_EQ(hashOfSource(folder() / "gone.cpp", m_object), "");
    EXPECT_EQ(hashOfSource(folder(), m_object), "");
}

} // namespace
} // namespace repro::symbols::test
