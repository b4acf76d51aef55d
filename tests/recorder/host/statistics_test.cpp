// SPDX-License-Identifier: BSD-3-Clause
// The statistics of every instruction set of this machine against LibTorch's own arithmetic.
#include "recorder/host/statistics_kernel.h"

#include <gtest/gtest.h>
#include <torch/types.h>

#include <cmath>
#include <string>
#include <utility>
#include <vector>

namespace repro::host {

extern const Adders addersSse2, addersAvx2, addersAvx512;

namespace {

std::vector<std::pair<std::string, const Adders*>> supported() {
    std::vector<std::pair<std::string, const Adders*>> all = {{"sse2", &addersSse2}};
    if (__builtin_cpu_supports("avx2")) {
        all.emplace_back("avx2", &addersAvx2);
    }
    if (__builtin_cpu_supports("avx512f")) {
        all.emplace_back("avx512", &addersAvx512);
    }
    return all;
}

Totals totalsOf(Adder add, const at::Tensor& tensor) {
    Totals totals;
    add(totals, static_cast<const std::byte*>(tensor.data_ptr()), tensor.nbytes());
    return totals;
}

void expectRight(const Totals& found, const at::Tensor& tensor, double tiny) {
    const at::Tensor all = tensor.to(at::kDouble);
    const at::Tensor finite = all.index({all.isfinite()});
    EXPECT_EQ(found.count, static_cast<std::uint64_t>(all.numel()));
    EXPECT_EQ(found.nan, all.isnan().sum().item<std::uint8_t>());
    EXPECT_EQ(found.inf, all.isinf().sum().item<std::uint8_t>());
    EXPECT_EQ(found.zero, static_cast<std::uint64_t>((all == 0).sum().item<std::int64_t>()));
    EXPECT_EQ(found.subnormal, static_cast<std::uint64_t>(
                                   ((all != 0) & (all.abs() < tiny)).sum().item<std::int64_t>()));
    EXPECT_EQ(found.min, finite.min().item<double>());
    EXPECT_EQ(found.max, finite.max().item<double>());
    EXPECT_NEAR(found.sum, finite.sum().item<double>(), 1e-9 * found.squares);
    EXPECT_NEAR(found.squares, finite.square().sum().item<double>(), 1e-12 * found.squares);
}

struct Case {
    at::ScalarType type;
    Adder Adders::*adder;
    double tiny;
};

const Case kCases[] = {
    {at::kDouble, &Adders::float64, 0x1p-1022},
    {at::kFloat, &Adders::float32, 0x1p-126},
    {at::kHalf, &Adders::float16, 0x1p-14},
    {at::kBFloat16, &Adders::bfloat16, 0x1p-126},
    {at::kLong, &Adders::int64, 0},
    {at::kInt, &Adders::int32, 0},
    {at::kShort, &Adders::int16, 0},
    {at::kChar, &Adders::int8, 0},
    {at::kByte, &Adders::uint8, 0},
};

TEST(Statistics, EveryTypeOnEveryInstructionSetIsRight) {
    for (const Case& one : kCases) {
        for (const int count : {1, 15, 16, 17, 4096, 10'001}) {
            const at::Tensor numbers =
                (torch::randn({count}, torch::kDouble) * 30).clamp(0, 100).to(one.type);
            for (const auto& [name, adders] : supported()) {
                SCOPED_TRACE(name + " " + c10::toString(one.type) + " " + std::to_string(count));
                expectRight(totalsOf(adders->*one.adder, numbers), numbers, one.tiny);
            }
        }
    }
}

TEST(Statistics, SpecialValuesAreCountedAndKeptOutOfTheSums) {
    for (const at::ScalarType type : {at::kDouble, at::kFloat, at::kHalf, at::kBFloat16}) {
        at::Tensor numbers = torch::randn({9'000}, torch::kDouble).to(type);
        numbers[5000] = std::nan("");
        numbers[5001] = -INFINITY;
        numbers[5002] = INFINITY;
        numbers[1] = type == at::kDouble ? 0x1p-1030 : type == at::kHalf ? 0x1p-20 : 0x1p-130;
        numbers[2] = -0.0;
        for (const Case& one : kCases) {
            for (const auto& [name, adders] : supported()) {
                if (one.type == type) {
                    SCOPED_TRACE(name + " " + c10::toString(type));
                    expectRight(totalsOf(adders->*one.adder, numbers), numbers, one.tiny);
                }
            }
        }
    }
}

TEST(Statistics, InstructionSetsAgreeToTheBit) {
    const at::Tensor numbers = torch::randn({100'003});
    const Totals expected = totalsOf(addersSse2.float32, numbers);
    for (const auto& [name, adders] : supported()) {
        const Totals found = totalsOf(adders->float32, numbers);
        EXPECT_EQ(found.sum, expected.sum) << name;
        EXPECT_EQ(found.squares, expected.squares) << name;
    }
}

} // namespace
} // namespace repro::host
