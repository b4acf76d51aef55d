// SPDX-License-Identifier: BSD-3-Clause
#include "recorder/host/contents.h"
#include "recorder/host/xxh3.h"

#include <gtest/gtest.h>

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
    EXPECT_EQ(fingerprint(layout, sizeof(T), leaves), fingerprint(dense, sizeof(T), denseLeaves));
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
    const auto hash = [&] { return xxh3(memory.data(), memory.size() * sizeof(float)); };
    const trace::Fingerprint first = hash();
    std::swap(memory[0], memory[1]);
    EXPECT_NE(hash(), first);
    std::swap(memory[0], memory[1]);
    memory[2] = -0.0F;
    EXPECT_NE(hash(), first);
}

TEST(RecorderContents, EmptyContentsHaveTheFingerprintOfNothing) {
    const std::vector<std::int64_t> sizes = {0, 3};
    const std::vector<std::int64_t> strides = {3, 1};
    const Layout layout({nullptr, 4, sizes, strides});
    std::vector<trace::Fingerprint> leaves;
    EXPECT_EQ(fingerprint(layout, 4, leaves), xxh3("", 0));
    EXPECT_TRUE(leaves.empty());
}

} // namespace
} // namespace repro::host
