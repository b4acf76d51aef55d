// SPDX-License-Identifier: BSD-3-Clause
#include "sample_trace.h"
#include "trace/fingerprint.h"
#include "trace/model.h"

#include <gtest/gtest.h>

#include <set>
#include <string>

namespace repro::trace {

TEST(TraceModel, NamesEveryDTypeOnce) {
    std::set<std::string> names;
    for (int number = 0; number < kDTypeCount; ++number) {
        names.insert(dtypeName(static_cast<DType>(number)));
    }
    EXPECT_EQ(names.size(), static_cast<std::size_t>(kDTypeCount));
    EXPECT_STREQ(dtypeName(DType::BFloat16), "bfloat16");
    EXPECT_STREQ(dtypeName(DType::Complex64), "complex64");
}

TEST(TraceModel, TakesAnUnknownDTypeForOther) {
    EXPECT_STREQ(dtypeName(static_cast<DType>(200)), "other");
    EXPECT_EQ(dtypeSize(static_cast<DType>(200)), 0U);
}

TEST(TraceModel, KnowsElementSizes) {
    EXPECT_EQ(dtypeSize(DType::Undefined), 0U);
    EXPECT_EQ(dtypeSize(DType::BFloat16), 2U);
    EXPECT_EQ(dtypeSize(DType::Complex128), 16U);
    EXPECT_EQ(dtypeSize(DType::Float8E4M3FN), 1U);
}

TEST(TraceFingerprint, IsXxh3Of128Bits) {
    // The published value of XXH3_128bits for the empty input, seed 0.
    EXPECT_EQ(fingerprintOfBytes({}), (Fingerprint{0x6001C324468D497FULL, 0x99AA06D3014798D8ULL}));
}

TEST(TraceFingerprint, GoesByLeavesAboveTheThreshold) {
    const auto atThreshold = test::sampleContents(DType::UInt8, kLeafThreshold);
    EXPECT_EQ(fingerprintOfContents(atThreshold), fingerprintOfBytes(atThreshold));
    const auto above = test::sampleContents(DType::UInt8, kLeafThreshold + 1);
    const auto leaves = leavesOf(above);
    EXPECT_EQ(leaves.size(), kLeafThreshold / kLeafBytes + 1);
    EXPECT_EQ(leaves.back(), fingerprintOfBytes(std::span(above).last(1)));
    EXPECT_EQ(fingerprintOfContents(above), fingerprintOfList(leaves));
}

} // namespace repro::trace
