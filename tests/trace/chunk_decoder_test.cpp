// SPDX-License-Identifier: BSD-3-Clause
#include "scratch.h"
#include "trace/hdf5/hdf5.h"

#include <algorithm>
#include <array>
#include <functional>
#include <random>
#include <vector>

namespace repro::trace::hdf5 {
namespace {

using Numbers = std::vector<std::uint64_t>;
const std::array kElements = {Element::U8, Element::U16, Element::U32, Element::U64};
constexpr std::uint64_t kChunkRows = 1000;

Numbers numbers(std::size_t rows, const std::function<std::uint64_t(std::size_t)>& of) {
    Numbers all(rows);
    for (std::size_t i = 0; i < rows; ++i) {
        all[i] = of(i);
    }
    return all;
}

/// What compresses well, what compresses badly, and noise, which deflate leaves as it is.
std::vector<Numbers> contents(std::size_t rows) {
    std::mt19937_64 random(1);
    return {Numbers(rows), numbers(rows, [](std::size_t i) { return i * i; }),
            numbers(rows, [&](std::size_t) { return random(); })};
}

class ChunkDecoder : public test::Scratch {
protected:
    /// The numbers' bytes as rows of this type, written and read `block` rows at a time.
    Numbers readBack(const Numbers& written, Element element, const Layout& layout,
                     std::uint64_t block) const {
        File file = File::create(path());
        const std::uint64_t rows = written.size() * sizeof(std::uint64_t) / elementSize(element);
        file.createDataset("column", columnType(element), layout).write(0, rows, written.data());
        file.close();
        const File again = File::open(path());
        const Dataset column = again.openDataset("column");
        Numbers read(written.size());
        for (std::uint64_t first = 0; first < rows; first += block) {
            column.read(first, std::min(block, rows - first),
                        reinterpret_cast<std::byte*>(read.data()) + first * elementSize(element));
        }
        return read;
    }
};

} // namespace

TEST_F(ChunkDecoder, ReadsWhatWasWrittenThroughAnyFilters) {
    for (const std::size_t rows : {1U, 125U, 2500U}) {
        for (const Numbers& written : contents(rows)) {
            for (const bool shuffle : {false, true}) {
                for (const bool checksum : {false, true}) {
                    for (const int deflate : {0, 1}) {
                        const Layout layout{kChunkRows, deflate, shuffle, checksum};
                        for (const Element element : kElements) {
                            // Whole chunks are decoded here, others by HDF5.
                            EXPECT_EQ(readBack(written, element, layout, kChunkRows), written);
                            EXPECT_EQ(readBack(written, element, layout, 300), written);
                        }
                    }
                }
            }
        }
    }
}

TEST_F(ChunkDecoder, RefusesEveryFlippedByteOfAChunk) {
    const Numbers written = contents(100)[1];
    EXPECT_EQ(readBack(written, Element::U64, {100, 1, true, true}, 100), written);
    const std::string whole = test::readFile(path());
    const std::size_t at = whole.find("\x78\x01"); // where the deflated chunk begins
    ASSERT_NE(at, std::string::npos);
    for (std::size_t i = at; i < at + 100; ++i) {
        std::string damaged = whole;
        damaged[i] = static_cast<char>(damaged[i] ^ 1);
        test::writeFile(path("bad.h5"), damaged);
        const File bad = File::open(path("bad.h5"));
        const Dataset column = bad.openDataset("column");
        Numbers read(100);
        EXPECT_THROW(column.read(0, 100, read.data()), Error) << i;
    }
}

} // namespace repro::trace::hdf5
