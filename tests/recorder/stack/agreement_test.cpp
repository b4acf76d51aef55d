// SPDX-License-Identifier: BSD-3-Clause
// The walker against glibc's backtrace(), frame for frame.
#include "tests/recorder/stack/shapes.h"
#include "tests/recorder/stack/walk.h"

#include <gtest/gtest.h>

#include <alloca.h>
#include <random>
#include <string>
#include <thread>

namespace repro::stack::test {

#define REPRO_VARIANT(name) void name(Shape shape, void (*probe)());
REPRO_VARIANTS
#undef REPRO_VARIANT

namespace {

struct Variant {
    const char* name;
    Run run;
};
void PrintTo(const Variant& variant, std::ostream* out) {
    *out << variant.name;
}
#define REPRO_VARIANT(name) {#name, name},
constexpr Variant kVariants[] = {REPRO_VARIANTS};
#undef REPRO_VARIANT

thread_local int t_probes = 0;

void expectAgreement() {
    ++t_probes;
    const Both both = here();
    EXPECT_EQ(both.ending, Ending::Complete);
    EXPECT_EQ(both.ours, both.glibcs);
}

void expectSameFramesVisited() {
    ++t_probes;
    const Stack stack = walker().walk();
    Addresses walked;
    for (std::size_t i = 1; i < stack.addresses.size(); ++i) {
        walked.add(stack.addresses[i]);
    }
    Addresses visited;
    bool first = true; // in this function, at another call
    const Ending ending = walker().visit([&](const Frame& frame) {
        first ? void() : visited.add(frame.returnAddress);
        first = false;
    });
    EXPECT_EQ(ending, stack.ending);
    EXPECT_EQ(visited, walked);
}

/// All shapes, so that each walk meets the memo of another one.
int runShapes(Run run, void (*probe)()) {
    t_probes = 0;
    for (int round = 0; round < 3; ++round) {
        for (int shape = 0; shape < static_cast<int>(Shape::kCount); ++shape) {
            run(static_cast<Shape>(shape), probe);
            run(static_cast<Shape>(shape), probe); // now all of it is in the memo
        }
    }
    return t_probes;
}

class Agreement : public testing::TestWithParam<Variant> {};

TEST_P(Agreement, OfEveryShapeOfFrame) {
    EXPECT_GE(runShapes(GetParam().run, expectAgreement), 60);
}

TEST_P(Agreement, InAThread) {
    int probes = 0;
    std::thread([&] { probes = runShapes(GetParam().run, expectAgreement); }).join();
    EXPECT_GE(probes, 60);
}

TEST_P(Agreement, OfWalkAndVisit) {
    EXPECT_GE(runShapes(GetParam().run, expectSameFramesVisited), 60);
}

INSTANTIATE_TEST_SUITE_P(Compiled, Agreement, testing::ValuesIn(kVariants),
                         [](const auto& one) { return std::string(one.param.name); });

/// Frames of random sizes that are left and entered at random: return addresses of earlier walks
/// still lie about in all of them.
[[gnu::noinline]] int wander(std::mt19937& random, int depth) {
    volatile auto* bytes = static_cast<volatile char*>(alloca(16 + random() % 4 * 16));
    bytes[0] = 0;
    expectAgreement();
    for (auto calls = random() % 3; depth > 0 && calls > 0; --calls) {
        bytes[0] = static_cast<char>(wander(random, depth - 1));
    }
    return bytes[0];
}

TEST(WalkerMemo, KeepsNoFrameThatIsGone) {
    std::mt19937 random(7);
    t_probes = 0;
    for (int i = 0; i < 300; ++i) {
        wander(random, 12);
    }
    EXPECT_GT(t_probes, 300);
}

[[gnu::noipa]] void allocate(std::size_t bytes) {
    asm volatile("" : : "r"(alloca(bytes)) : "memory"); // what lay there stays
    expectAgreement();
    asm volatile("" : : : "memory");
}

[[gnu::noipa]] void viaOne() {
    asm volatile("" : : "r"(alloca(1024)) : "memory");
    allocate(16);
    asm volatile("" : : : "memory");
}

[[gnu::noipa]] void viaAnother(std::size_t bytes) {
    allocate(bytes);
    asm volatile("" : : : "memory");
}

/// For one of the sizes, allocate() calls from the same place of the stack as under viaOne(), whose
/// return address still lies where it was found then.
TEST(WalkerMemo, SeesThatAFrameBeganElsewhere) {
    for (std::size_t bytes = 16; bytes < 2048; bytes += 16) {
        viaOne();
        viaAnother(bytes);
    }
}

[[gnu::noinline]] int descend(int depth, Both& both) {
    if (depth == 0) {
        both = here();
        return 0;
    }
    const int below = descend(depth - 1, both);
    asm volatile("" : : : "memory"); // else the compiler makes a loop of it
    return below + 1;
}

TEST(Walker, CutsAStackThatIsTooDeep) {
    for (int round = 0; round < 2; ++round) {
        Both both;
        descend(350, both);
        EXPECT_EQ(both.ending, Ending::TooDeep);
        EXPECT_EQ(both.ours.size, kMostFrames - 1);
        EXPECT_EQ(both.ours, both.glibcs);
        expectAgreement();
    }
}

TEST(Walker, FollowsTheMainThreadsStackAsItGrows) {
    Both both;
    descend(3, both);
    for (const int kilobytes : {100, 1000, 3000, 6000}) {
        volatile auto* bytes = static_cast<volatile char*>(alloca(kilobytes * 1024UL / 4));
        bytes[0] = 0;
        expectAgreement();
    }
}

/// A frame, and the word at savedAt[R12]: in the memory of a function that has not returned yet.
struct Visited : Frame {
    std::uintptr_t savedR12 = 0;
};

[[gnu::noipa]] void visitAll(std::vector<Visited>* frames) {
    walker().visit([&](const Frame& frame) {
        const auto* at = reinterpret_cast<const std::uintptr_t*>(frame.savedAt[R12]);
        frames->push_back({frame, at != nullptr ? *at : 0});
    });
}

TEST(Walker, VisitsFramesWithinEachOther) {
    std::vector<Visited> frames;
    visitAll(&frames);
    ASSERT_GT(frames.size(), 3U);
    for (std::size_t i = 0; i + 1 < frames.size(); ++i) {
        EXPECT_GT(frames[i].cfa, frames[i].sp);
        EXPECT_EQ(frames[i].cfa, frames[i + 1].sp);
    }
    EXPECT_EQ(frames.back().cfa, 0U);
}

/// Calls visitAll() with a known value in each register that it has to keep.
[[gnu::noipa]] void withRegisters(std::vector<Visited>* frames) {
    frames->reserve(kMostFrames); // a call that the compiler sees: it then spares no red zone
    auto* function = &visitAll;
    asm volatile("movq $0x1003, %%rbx\n\t"
                 "movq $0x100c, %%r12\n\t"
                 "movq $0x100d, %%r13\n\t"
                 "movq $0x100e, %%r14\n\t"
                 "movq $0x100f, %%r15\n\t"
                 "call *%1"
                 : "+D"(frames), "+a"(function)
                 :
                 : "rbx", "r12", "r13", "r14", "r15", "rcx", "rdx", "rsi", "r8", "r9", "r10", "r11",
                   "memory", "cc");
}

TEST(Walker, TellsTheRegistersOfEachFrame) {
    std::vector<Visited> frames;
    withRegisters(&frames);
    ASSERT_GT(frames.size(), 3U);
    const Visited& caller = frames[1]; // of visitAll, which the first is
    EXPECT_EQ(caller.registers[Rbx], 0x1003U);
    EXPECT_EQ(caller.registers[R12], 0x100CU);
    EXPECT_EQ(caller.registers[R13], 0x100DU);
    EXPECT_EQ(caller.registers[R14], 0x100EU);
    EXPECT_EQ(caller.registers[R15], 0x100FU);
    EXPECT_EQ(caller.savedR12, 0x100CU);
    EXPECT_NE(caller.object, 0U);
}

} // namespace
} // namespace repro::stack::test
