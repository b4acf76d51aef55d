// SPDX-License-Identifier: BSD-3-Clause
// Stacks that are not an ordinary thread's: signals, coroutines, code without or with wrong rules.
#include "tests/recorder/stack/walk.h"

#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <csignal>
#include <cstring>
#include <ctime>
#include <sys/mman.h>
#include <ucontext.h>

namespace repro::stack::test {
namespace {

/// Ours, with the interrupted instruction's address as glibc gives it: not one more.
bool agree(const Both& both) {
    return std::equal(both.ours.begin(), both.ours.end(), both.glibcs.begin(), both.glibcs.end(),
                      [](std::uintptr_t a, std::uintptr_t b) { return a == b || a == b + 1; });
}

Both g_inHandler;

void inHandler(int) {
    g_inHandler = here();
}

void handle(int signal, void (*handler)(int), int flags) {
    struct sigaction action {};
    action.sa_handler = handler;
    action.sa_flags = flags;
    sigaction(signal, &action, nullptr);
}

TEST(WalkerInASignalHandler, WalksThroughTheSignalsFrame) {
    here(); // makes the walker: a handler is not to allocate
    handle(SIGUSR1, inHandler, 0);
    for (int round = 0; round < 2; ++round) {
        raise(SIGUSR1);
        EXPECT_EQ(g_inHandler.ending, Ending::Complete);
        EXPECT_TRUE(agree(g_inHandler));
        EXPECT_GT(g_inHandler.ours.size, here().ours.size);
    }
}

TEST(WalkerInASignalHandler, WalksFromAnAlternateStackToTheThreads) {
    here();
    static char memory[1 << 17];
    const stack_t alternate{memory, 0, sizeof memory};
    stack_t before;
    sigaltstack(&alternate, &before);
    handle(SIGUSR1, inHandler, SA_ONSTACK);
    for (int round = 0; round < 2; ++round) {
        raise(SIGUSR1);
        EXPECT_EQ(g_inHandler.ending, Ending::Complete);
        EXPECT_TRUE(agree(g_inHandler));
    }
    sigaltstack(&before, nullptr);
    const Both after = here();
    EXPECT_EQ(after.ours, after.glibcs);
}

std::atomic<int> g_handled{0};
std::atomic<int> g_busy{0};
std::atomic<int> g_wrong{0};

/// A walk may be cut in the middle of a prologue, but what it tells has to be so.
void oftenInHandler(int) {
    void* theirs[kMostFrames];
    const int count = backtrace(theirs, kMostFrames);
    const Stack stack = walker().walk();
    ++g_handled;
    if (stack.ending == Ending::Busy) {
        ++g_busy;
        return;
    }
    const std::size_t size = stack.addresses.size();
    const auto whole = static_cast<std::size_t>(count - kWrappers);
    g_wrong += size == whole || (size < whole && stack.ending == Ending::NoRule) ? 0 : 1;
    for (std::size_t i = 1; i < std::min(size, whole); ++i) {
        const auto glibcs = reinterpret_cast<std::uintptr_t>(theirs[i + kWrappers]);
        g_wrong += stack.addresses[i] == glibcs || stack.addresses[i] == glibcs + 1 ? 0 : 1;
    }
}

TEST(WalkerInASignalHandler, IsRightTwentyThousandTimesASecondAlsoAmidAWalk) {
    here(); // glibc loads its unwinder at the first call
    const std::size_t depth = walker().walk().addresses.size();
    handle(SIGPROF, oftenInHandler, 0);
    sigevent event{};
    event.sigev_notify = SIGEV_SIGNAL;
    event.sigev_signo = SIGPROF;
    timer_t timer{};
    ASSERT_EQ(timer_create(CLOCK_MONOTONIC, &event, &timer), 0);
    const itimerspec often{{0, 50'000}, {0, 50'000}};
    timer_settime(timer, 0, &often, nullptr);
    const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(20);
    int cut = 0;
    while ((g_handled < 1000 || g_busy == 0) && std::chrono::steady_clock::now() < deadline) {
        for (int i = 0; i < 1000; ++i) {
            const Stack stack = walker().walk();
            cut += stack.ending == Ending::Complete && stack.addresses.size() == depth ? 0 : 1;
        }
    }
    timer_delete(timer);
    EXPECT_GE(g_handled, 1000);
    EXPECT_GT(g_busy, 0);
    EXPECT_EQ(g_wrong, 0);
    EXPECT_EQ(cut, 0);
}

ucontext_t g_main;
ucontext_t g_coroutine;
Both g_inCoroutine;

void coroutine() {
    for (;;) {
        g_inCoroutine = here();
        swapcontext(&g_coroutine, &g_main);
    }
}

TEST(WalkerOnAnotherStack, WalksACoroutine) {
    static char memory[1 << 17];
    getcontext(&g_coroutine);
    g_coroutine.uc_stack.ss_sp = memory;
    g_coroutine.uc_stack.ss_size = sizeof memory;
    makecontext(&g_coroutine, coroutine, 0);
    for (int round = 0; round < 2; ++round) {
        swapcontext(&g_main, &g_coroutine);
        EXPECT_GT(g_inCoroutine.ours.size, 0U);
        EXPECT_EQ(g_inCoroutine.ours, g_inCoroutine.glibcs);
        const Both outside = here();
        EXPECT_EQ(outside.ending, Ending::Complete);
        EXPECT_EQ(outside.ours, outside.glibcs);
    }
}

Both g_probed;

void probe() {
    g_probed = here();
}

TEST(WalkerWithoutRules, CutsAtCodeThatWasMadeAtRunTime) {
    // sub $8, %rsp; call *%rdi; add $8, %rsp; ret
    constexpr unsigned char kCode[] = {0x48, 0x83, 0xEC, 8, 0xFF, 0xD7, 0x48, 0x83, 0xC4, 8, 0xC3};
    void* code =
        mmap(nullptr, 4096, PROT_READ | PROT_WRITE | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    ASSERT_NE(code, MAP_FAILED);
    std::memcpy(code, kCode, sizeof kCode);
    reinterpret_cast<void (*)(void (*)())>(code)(probe);
    EXPECT_EQ(g_probed.ending, Ending::NoRule);
    ASSERT_GT(g_probed.ours.size, 0U);
    EXPECT_EQ(g_probed.ours.end()[-1], reinterpret_cast<std::uintptr_t>(code) + 6);
    munmap(code, 4096);
}

// Assembly whose rules are missing, or lie: the CFA is where no memory is, or not of this stack.
extern "C" {
void stackTestNoRule(void (*probe)());
void stackTestWildRule(void (*probe)());
void stackTestBackwardRule(void (*probe)());
void stackTestFarRule(void (*probe)());
}
asm(R"(
.macro function name
    .text
    .type \name, @function
\name:
.endm
function stackTestNoRule
    sub $8, %rsp
    call *%rdi
    add $8, %rsp
    ret
function stackTestWildRule
    .cfi_startproc
    push %rbp
    .cfi_def_cfa rbp, 16
    mov $0x123456789ab0, %rbp
    call *%rdi
    pop %rbp
    ret
    .cfi_endproc
function stackTestBackwardRule
    .cfi_startproc
    sub $8, %rsp
    .cfi_def_cfa rsp, 0
    call *%rdi
    add $8, %rsp
    ret
    .cfi_endproc
function stackTestFarRule
    .cfi_startproc
    sub $8, %rsp
    .cfi_def_cfa rsp, 1073741824
    call *%rdi
    add $8, %rsp
    ret
    .cfi_endproc
)");

TEST(WalkerWithoutRules, CutsAtAssembly) {
    stackTestNoRule(probe);
    EXPECT_EQ(g_probed.ending, Ending::NoRule);
}

TEST(WalkerWithWrongRules, ReadsNothingOutsideTheStack) {
    for (const auto function : {stackTestWildRule, stackTestBackwardRule, stackTestFarRule}) {
        for (int round = 0; round < 2; ++round) {
            function([] { g_probed.ending = walker().walk().ending; });
            EXPECT_EQ(g_probed.ending, Ending::OutOfStack);
            g_probed.ending = walker().visit([](const Frame&) {});
            EXPECT_EQ(g_probed.ending, Ending::Complete);
        }
    }
}

} // namespace
} // namespace repro::stack::test
