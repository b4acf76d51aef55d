// SPDX-License-Identifier: BSD-3-Clause
// Whatever the bytes of an object are, the client has an answer.
#include "symbols/client.h"
#include "tests/symbols/fixture.h"

#include <fstream>
#include <iterator>
#include <random>

namespace repro::symbols::test {
namespace {

namespace fs = std::filesystem;

class Damage : public Files {
protected:
    static std::string bytesOf(const fs::path& file) {
        std::ifstream in(file, std::ios::binary);
        return {std::istreambuf_iterator<char>(in), {}};
    }
    void add(const std::string& bytes) {
        const fs::path file = folder() / std::to_string(m_request.objects.size());
        std::ofstream(file, std::ios::binary) << bytes;
        m_request.objects.push_back({file.string(), m_buildId, m_offsets});
    }
    /// Every object has a status that is no excuse of ours, and frames that are whole.
    void expectAnswers() {
        const auto answers = resolve(REPRO_SYMBOLS, m_request);
        ASSERT_EQ(answers.size(), m_request.objects.size());
        for (const ObjectAnswer& answer : answers) {
            EXPECT_NE(answer.status, Status::Unread) << answer.detail;
            EXPECT_NE(answer.status, Status::TooBig) << answer.detail;
            if (answer.status == Status::Resolved) {
                EXPECT_EQ(answer.frames.size(), m_offsets.size());
            }
            if (answer.status == Status::Damaged || answer.status == Status::Rebuilt) {
                EXPECT_NE(answer.detail, "");
            }
        }
    }

    void begin(const std::string& form) {
        m_buildId = buildIdOf(programOf(form));
        m_intact = bytesOf(programOf(form));
        for (const Passed& place : placesOf(programOf(form), form)) {
            m_offsets.push_back(place.returnOffset);
        }
    }
    std::string m_buildId;
    std::string m_intact;
    std::vector<std::uint64_t> m_offsets;
    Request m_request;
};

TEST_F(Damage, OfBytesAnywhere) {
    begin("gcc-O2-g");
    std::mt19937 random(1);
    for (int variant = 0; variant < 200; ++variant) {
        std::string bytes = m_intact;
        for (int flip = 0; flip < 1 + variant % 50; ++flip) {
            bytes[random() % bytes.size()] = static_cast<char>(random());
        }
        add(bytes);
    }
    expectAnswers();
}

TEST_F(Damage, OfTheHeaders) {
    begin("clang-O2-g");
    for (std::size_t at = 0; at < 64; ++at) {
        std::string bytes = m_intact;
        bytes[at] = static_cast<char>(~bytes[at]);
        add(bytes);
    }
    expectAnswers();
}

TEST_F(Damage, ThatCutsTheEndOff) {
    begin("gcc-compressed-g");
    for (std::size_t size = 0; size < m_intact.size(); size += m_intact.size() / 50) {
        add(m_intact.substr(0, size));
    }
    expectAnswers();
}

} // namespace
} // namespace repro::symbols::test
