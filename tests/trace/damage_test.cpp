// SPDX-License-Identifier: BSD-3-Clause
#include "sample_trace.h"
#include "scratch.h"
#include "trace/reader.h"

#include <algorithm>

namespace repro::trace {
namespace {

/// A damaged file is refused with an Error, or reads as what was written; nothing else.
class TraceDamage : public test::Scratch {
protected:
    TraceDamage() {
        test::writeSample(path(), false);
        m_bytes = test::readFile(path());
        m_contents = test::dump(Reader(path()));
    }

    /// Returns: whether it was refused.
    bool refusesOrReadsTheSame(const std::string& damaged, const std::string& what) {
        test::writeFile(path("damaged.h5"), damaged);
        try {
            const Reader reader(path("damaged.h5"));
            reader.verify();
            EXPECT_EQ(test::dump(reader), m_contents) << what;
            return false;
        } catch (const Error& error) {
            EXPECT_EQ(std::string(error.what()).rfind(path("damaged.h5").string() + ": ", 0), 0U)
                << error.what();
            return true;
        }
    }

    std::string m_bytes;
    std::string m_contents;
};

/// As many places as make the test take a second.
constexpr std::size_t kPlaces = 300;

} // namespace

TEST_F(TraceDamage, RefusesEveryTruncation) {
    const std::size_t stride = std::max<std::size_t>(1, m_bytes.size() / kPlaces);
    for (std::size_t size = 0; size < m_bytes.size(); size += stride) {
        EXPECT_TRUE(refusesOrReadsTheSame(m_bytes.substr(0, size), std::to_string(size))) << size;
    }
    EXPECT_TRUE(refusesOrReadsTheSame(m_bytes.substr(0, m_bytes.size() - 1), "last byte"));
}

TEST_F(TraceDamage, NeverReadsAFlippedBitAsSomethingElse) {
    const std::size_t stride = std::max<std::size_t>(1, m_bytes.size() / kPlaces);
    std::size_t refused = 0;
    for (std::size_t at = 0; at < m_bytes.size(); at += stride) {
        std::string damaged = m_bytes;
        damaged[at] = static_cast<char>(damaged[at] ^ (1 << (at % 8)));
        refused += refusesOrReadsTheSame(damaged, "bit " + std::to_string(at)) ? 1 : 0;
    }
    EXPECT_GT(refused, kPlaces / 2); // the rest lies in gaps between HDF5's blocks
}

TEST_F(TraceDamage, NeverReadsZeroedPagesAsSomethingElse) {
    constexpr std::size_t kPage = 4096;
    for (std::size_t at = 0; at < m_bytes.size(); at += kPage) {
        std::string damaged = m_bytes;
        std::fill_n(damaged.begin() + static_cast<std::ptrdiff_t>(at),
                    std::min(kPage, damaged.size() - at), '\0');
        refusesOrReadsTheSame(damaged, "page " + std::to_string(at));
    }
}

} // namespace repro::trace
