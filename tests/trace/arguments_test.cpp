// SPDX-License-Identifier: BSD-3-Clause
#include "trace/arguments.h"
#include "trace/error.h"

#include <gtest/gtest.h>

#include <limits>

namespace repro::trace {
namespace {

using Texts = std::vector<std::string>;

template <class Fill>
std::vector<std::byte> encode(Fill&& fill) {
    std::vector<std::byte> bytes;
    ArgumentEncoder encoder(bytes);
    fill(encoder);
    return bytes;
}

} // namespace

TEST(TraceArguments, DescribesScalars) {
    const auto bytes = encode([](ArgumentEncoder& e) {
        e.tag(ArgumentTag::None);
        e.tag(ArgumentTag::Tensor);
        e.tag(ArgumentTag::Generator);
        e.integer(-3);
        e.real(1e-05);
        e.real(1);
        e.real(-0.0);
        e.real(-std::numeric_limits<double>::infinity());
        e.complex(0.5, -2);
        e.boolean(true);
        e.string("me\"an\n");
        e.string("at::Storage", ArgumentTag::Other);
        e.device(0, -1);
        e.device(1, 2);
    });
    EXPECT_EQ(describeArguments(bytes),
              (Texts{"None", "Tensor", "Generator", "-3", "1e-05", "1.0", "-0.0", "-inf",
                     "(0.5, -2.0)", "true", "\"me\\\"an\\n\"", "<at::Storage>", "cpu", "cuda:2"}));
}

TEST(TraceArguments, DescribesLists) {
    const auto bytes = encode([](ArgumentEncoder& e) {
        e.tag(ArgumentTag::IntList), e.count(2), e.put(std::int64_t{3}), e.put(std::int64_t{-1});
        e.tag(ArgumentTag::DoubleList), e.count(1), e.put(0.25);
        e.tag(ArgumentTag::BoolList), e.count(2), e.put(std::uint8_t{1}), e.put(std::uint8_t{0});
        e.tag(ArgumentTag::TensorList), e.count(2), e.put(std::uint8_t{1}), e.put(std::uint8_t{0});
        e.tag(ArgumentTag::List), e.count(2), e.integer(1), e.string("a");
        e.tag(ArgumentTag::IntList), e.count(0);
        e.tag(ArgumentTag::Cut), e.put(std::uint64_t{2}), e.put(std::uint64_t{1});
    });
    EXPECT_EQ(describeArguments(bytes),
              (Texts{"[3, -1]", "[0.25]", "[true, false]", "[Tensor, None]", "[1, \"a\"]", "[]",
                     "... (fingerprint 00000000000000010000000000000002)"}));
}

TEST(TraceArguments, RefusesEveryTruncation) {
    const auto bytes = encode([](ArgumentEncoder& e) {
        e.tag(ArgumentTag::List), e.count(2), e.integer(1), e.string("abc");
    });
    for (std::size_t size = 1; size < bytes.size(); ++size) {
        EXPECT_THROW(describeArguments(std::span(bytes).first(size)), Error) << size;
    }
}

TEST(TraceArguments, RefusesAnUnknownTag) {
    const std::byte bytes[] = {std::byte{99}};
    EXPECT_THROW(describeArguments(bytes), Error);
}

TEST(TraceArguments, RefusesEndlessNesting) {
    const auto bytes = encode([](ArgumentEncoder& e) {
        for (int depth = 0; depth < 10000; ++depth) {
            e.tag(ArgumentTag::List), e.count(1);
        }
    });
    EXPECT_THROW(describeArguments(bytes), Error);
}

} // namespace repro::trace
