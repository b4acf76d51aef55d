// SPDX-License-Identifier: BSD-3-Clause
#include "replay/report/sites.h"
#include "replay/run/call_stack.h"
#include "tests/support/memory_trace.h"

#include <gmock/gmock.h>

namespace repro::replay {
namespace {

using testing::ElementsAre;

class CallStackTest : public testing::Test {
protected:
    trace::SiteId call(const char* module, const char* function, const char* file,
                       std::uint32_t line, trace::SiteId caller) {
        trace::Site row;
        row.module = m_trace.text(module);
        row.offset = 16 * ++m_calls;
        row.function = function == nullptr ? trace::kNone32 : m_trace.text(function);
        row.file = file == nullptr ? trace::kNone32 : m_trace.text(file);
        row.line = line;
        row.caller = caller;
        return m_trace.add(row);
    }
    CallStack read(trace::SiteId site) {
        m_trace.finish({}, {});
        return stackOf(m_trace.read("a.h5"), site).value();
    }
    static std::vector<std::string> functions(const CallStack& stack) {
        std::vector<std::string> names;
        for (const SourceLine& line : stack.calls) {
            names.push_back(line.function);
        }
        return names;
    }

    trace::MemoryTrace m_trace;
    std::uint64_t m_calls = 0;
};

TEST_F(CallStackTest, GoesFromTheInnermostOutwardWithWhatWasInlined) {
    const auto outer = call("train", "main", "train.cpp", 80, trace::kNone32);
    const auto inner = call("train", "step", "train.cpp", 40, outer);
    m_trace.add(trace::InlinedFrame{inner, m_trace.text("scale"), m_trace.text("scale.h"), 7});
    const CallStack stack = read(inner);
    EXPECT_THAT(functions(stack), ElementsAre("scale", "step", "main"));
    EXPECT_EQ(stack.own, 0U);
    EXPECT_EQ(stack.calls[0].line, 7U);
}

TEST_F(CallStackTest, TheOwnCallIsTheFirstOutsideOfLibraries) {
    const auto main = call("train", "main", "train.cpp", 80, trace::kNone32);
    const auto torch = call("libtorch_cpu.so", "at::relu", nullptr, 0, main);
    EXPECT_EQ(read(torch).own, 1U);
}

TEST_F(CallStackTest, TheOwnCallsOfATraceAreThoseOfItsStacks) {
    const auto main = call("train", "main", "train.cpp", 80, trace::kNone32);
    call("libtorch_cpu.so", "at::relu", nullptr, 0, main);
    const auto bare = call("libother.so", nullptr, nullptr, 0, trace::kNone32);
    call("train", "at::mm", nullptr, 0, bare);
    call("libtorch_cpu.so", "at::mm", nullptr, 0, trace::kNone32);
    m_trace.finish({}, {});
    const trace::Reader reader = m_trace.read("a.h5");
    const OwnCalls own = ownCalls(reader);
    for (trace::SiteId site = 0; site < reader.sites().size(); ++site) {
        const auto stack = stackOf(reader, site);
        ASSERT_EQ(stack.has_value(), own.ofSite[site] != trace::kNone32) << site;
        if (stack) {
            EXPECT_EQ(callWords(own.calls[own.ofSite[site]]), callWords(stack->calls[stack->own]))
                << site;
        }
    }
    EXPECT_EQ(own.calls.size(), 2U);
}

TEST_F(CallStackTest, AHeaderOfLibTorchInTheProgramIsNotItsOwn) {
    const auto main = call("train", "main", "train.cpp", 80, trace::kNone32);
    const auto any = call("train", "torch::nn::Sequential::forward",
                          "/opt/torch/include/torch/csrc/api/sequential.h", 9, main);
    EXPECT_EQ(read(any).own, 1U);
}

TEST_F(CallStackTest, WithoutSourcesTheFunctionDecidesAndThenTheModule) {
    const auto main = call("train", "main", nullptr, 0, trace::kNone32);
    const auto any = call("train", "torch::nn::Sequential::forward()", nullptr, 0, main);
    EXPECT_EQ(read(any).own, 1U);
}

TEST_F(CallStackTest, AStrippedProgramIsItsOwnAllTheSame) {
    const auto main = call("train", nullptr, nullptr, 0, trace::kNone32);
    const auto torch = call("libtorch_cpu.so", nullptr, nullptr, 0, main);
    EXPECT_EQ(read(torch).own, 1U);
}

TEST_F(CallStackTest, AStackOfLibrariesAloneIsNoPlaceInTheProgram) {
    const auto outer = call("libc.so.6", nullptr, nullptr, 0, trace::kNone32);
    const auto inner = call("libtorch_cpu.so", nullptr, nullptr, 0, outer);
    m_trace.finish({}, {});
    EXPECT_FALSE(stackOf(m_trace.read("a.h5"), inner));
}

TEST(SameOwnCalls, AreThoseOfTheProgramByTheirSource) {
    const SourceLine torch{"", 0, "", "libtorch_cpu.so", 16, {}};
    SourceLine here{"train.cpp", 80, "main", "train", 32, {}};
    const CallStack a{{torch, here}, 1};
    here.offset = 48; // built again
    EXPECT_TRUE(sameOwnCalls(a, {{here}, 0}));
    here.line = 81;
    EXPECT_FALSE(sameOwnCalls(a, {{torch, here}, 1}));
    EXPECT_FALSE(sameOwnCalls(a, {{torch}, 0}));
}

} // namespace
} // namespace repro::replay
