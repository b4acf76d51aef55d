// SPDX-License-Identifier: BSD-3-Clause
#include "recorder/host/contents.h"
#include "recorder/host/statistics.h"
#include "trace/xxh3.h"

#include <gtest/gtest.h>

#include <cmath>
#include <cstring>
#include <numeric>
#include <vector>

namespace repro::host {
namespace {

/// The contents by definition: every index in row-major order.
template <class T>
std::vector<T> byDefinition(const T* data, const std::vector<std::int64_t>& sizes,
                            const std::vector<std::int64_t>& strides) {
    std::vector<T> out;
    std::vector<std::int64_t> index(sizes.size(), 0);
    std::int64_t count = 1;
    for (const std::int64_t size : sizes) {
        count *= size;
    }
    for (std::int64_t i = 0; i < count; ++i) {
        std::int64_t offset = 0;
        for (std::size_t d = 0; d < sizes.size(); ++d) {
            offset += index[d] * strides[d];
        }
        out.push_back(data[offset]);
        for (std::size_t d = sizes.size(); d-- > 0 && ++index[d] == sizes[d];) {
            index[d] = 0;
        }
    }
    return out;
}

template <class T>
void expectSame(const std::vector<std::int64_t>& sizes, const std::vector<std::int64_t>& strides) {
    std::int64_t last = 1;
    for (std::size_t d = 0; d < sizes.size(); ++d) {
        last += (sizes[d] - 1) * strides[d];
    }
    std::vector<T> memory(static_cast<std::size_t>(last));
    std::iota(memory.begin(), memory.end(), T(1));
    const Layout layout(
        {reinterpret_cast<const std::byte*>(memory.data()), sizeof(T), sizes, strides});
    const std::vector<T> expected = byDefinition(memory.data(), sizes, strides);
    std::vector<trace::Fingerprint> leaves;
    EXPECT_EQ(layout.bytes(), expected.size() * sizeof(T));
    const Layout dense({reinterpret_cast<const std::byte*>(expected.data()), sizeof(T), sizes, [&] {
                            static std::vector<std::int64_t> contiguous;
                            contiguous.assign(sizes.size(), 1);
                            for (std::size_t d = sizes.size(); d-- > 1;) {
                                contiguous[d - 1] = contiguous[d] * sizes[d];
                            }
                            return std::span<const std::int64_t>(contiguous);
                        }()});
    std::vector<trace::Fingerprint> denseLeaves;
    EXPECT_EQ(readContents(layout, sizeof(T), true, nullptr, 0, leaves).fingerprint,
              readContents(dense, sizeof(T), true, nullptr, 0, denseLeaves).fingerprint);
    EXPECT_EQ(leaves, denseLeaves);
}

TEST(RecorderContents, DoNotDependOnTheLayout) {
    expectSame<float>({7, 5}, {5, 1});
    expectSame<float>({5, 7}, {1, 5});
    expectSame<double>({33, 65}, {1, 33});
    expectSame<std::uint8_t>({3, 4, 5}, {1, 15, 3});
    expectSame<std::uint16_t>({2, 3, 17, 19}, {969, 1, 57, 3});
    expectSame<float>({4, 6}, {20, 2});
    expectSame<float>({1, 9, 1}, {4, 3, 7});
    expectSame<float>({700, 600}, {1, 700});
    expectSame<double>({3, 500, 300}, {150000, 1, 500});
}

TEST(RecorderContents, ARepeatedDimensionCountsOnce) {
    const std::vector<float> memory = {1, 2, 3};
    const std::vector<std::int64_t> sizes = {1000000, 3};
    const std::vector<std::int64_t> strides = {0, 1};
    const Layout layout({reinterpret_cast<const std::byte*>(memory.data()), 4, sizes, strides});
    EXPECT_TRUE(layout.repeated());
    EXPECT_EQ(layout.bytes(), 12U);
}

TEST(RecorderContents, AreSensitiveToOrderAndToEveryBit) {
    std::vector<float> memory = {1, 2, 0.0F};
    const auto hash = [&] { return trace::xxh3(memory.data(), memory.size() * sizeof(float)); };
    const trace::Fingerprint first = hash();
    std::swap(memory[0], memory[1]);
    EXPECT_NE(hash(), first);
    std::swap(memory[0], memory[1]);
    memory[2] = -0.0F;
    EXPECT_NE(hash(), first);
}

/// Large contents of whatever layout: the same with helpers and without, hashed and added up at
/// once or one by one.
TEST(RecorderContents, DoNotDependOnWhoReadsThem) {
    const std::vector<std::int64_t> sizes = {1500, 1001};
    std::vector<float> memory(1500 * 1001);
    for (std::size_t i = 0; i < memory.size(); ++i) {
        memory[i] = std::sin(static_cast<float>(i));
    }
    const Adder add = adderFor(trace::DType::Float32);
    for (const std::vector<std::int64_t>& strides :
         {std::vector<std::int64_t>{1001, 1}, std::vector<std::int64_t>{1, 1500}}) {
        const Layout layout({reinterpret_cast<const std::byte*>(memory.data()), 4, sizes, strides});
        std::vector<trace::Fingerprint> leaves;
        const Reading alone = readContents(layout, 4, true, add, 0, leaves);
        EXPECT_EQ(alone.totals.count, memory.size());
        EXPECT_EQ(alone.fingerprint, trace::xxh3(leaves.data(), leaves.size() * sizeof leaves[0]));
        for (int round = 0; round < 200; ++round) {
            std::vector<trace::Fingerprint> shared;
            const Reading read = readContents(layout, 4, true, add, 3, shared);
            const Reading added = readContents(layout, 4, false, add, round % 3, shared);
            ASSERT_EQ(read.fingerprint, alone.fingerprint);
            ASSERT_EQ(shared, leaves);
            ASSERT_EQ(read.totals.sum, alone.totals.sum);
            ASSERT_EQ(added.totals.sum, alone.totals.sum);
            ASSERT_EQ(added.totals.squares, alone.totals.squares);
            ASSERT_EQ(added.totals.max, alone.totals.max);
        }
    }
}

TEST(RecorderContents, EmptyContentsHaveTheFingerprintOfNothing) {
    const std::vector<std::int64_t> sizes = {0, 3};
    const std::vector<std::int64_t> strides = {3, 1};
    const Layout layout({nullptr, 4, sizes, strides});
    std::vector<trace::Fingerprint> leaves;
    EXPECT_EQ(readContents(layout, 4, true, nullptr, 3, leaves).fingerprint, trace::xxh3("", 0));
    EXPECT_TRUE(leaves.empty());
}

} // namespace
} // namespace repro::host
