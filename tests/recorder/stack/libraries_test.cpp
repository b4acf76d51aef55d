// SPDX-License-Identifier: BSD-3-Clause
// Libraries that come and go while stacks are walked.
#include "recorder/host/stack/objects.h"
#include "tests/recorder/stack/walk.h"

#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <dlfcn.h>
#include <string_view>
#include <thread>

namespace {
std::atomic<bool> g_holdsConstructors{false};
std::atomic<bool> g_inConstructor{false};
} // namespace

extern "C" __attribute__((visibility("default"))) void stackTestConstructor() {
    g_inConstructor = true;
    while (g_holdsConstructors) {
        std::this_thread::yield();
    }
}

namespace repro::stack::test {
namespace {

constexpr const char* kLibraries[] = {REPRO_SMALL_FRAMES, REPRO_LARGE_FRAMES};
using Bounce = int (*)(int (*)());

Both g_probed;

int probe() {
    g_probed = here();
    return 0;
}

Bounce bounceOf(void* library) {
    return reinterpret_cast<Bounce>(dlsym(library, "bounce"));
}

TEST(WalkerAndLibraries, ForgetsTheRulesOfWhatWasUnloaded) {
    int sameAddress = 0;
    Bounce last = nullptr;
    for (int i = 0; i < 200; ++i) {
        void* library = dlopen(kLibraries[i % 2], RTLD_NOW);
        ASSERT_NE(library, nullptr) << dlerror();
        const Bounce bounce = bounceOf(library);
        sameAddress += bounce == last ? 1 : 0;
        last = bounce;
        bounce(probe);
        EXPECT_EQ(g_probed.ending, Ending::Complete);
        EXPECT_EQ(g_probed.ours, g_probed.glibcs);
        dlclose(library);
        forgetUnloaded();
    }
    EXPECT_GT(sameAddress, 0); // else this test shows nothing
}

TEST(WalkerAndLibraries, WalksWhileAnotherThreadOpensAndClosesThem) {
    std::atomic<bool> done{false};
    std::thread churn([&] {
        for (int i = 0; i < 200; ++i) {
            void* library = dlopen(kLibraries[i % 2], RTLD_NOW);
            bounceOf(library)(probe);
            EXPECT_EQ(g_probed.ours, g_probed.glibcs);
            forgetUnloaded();
            dlclose(library);
            forgetUnloaded();
        }
        done = true;
    });
    const std::size_t depth = walker().walk().addresses.size();
    int wrong = 0;
    while (!done) {
        const Stack stack = walker().walk();
        wrong += stack.ending == Ending::Complete && stack.addresses.size() == depth ? 0 : 1;
    }
    churn.join();
    EXPECT_EQ(wrong, 0);
}

TEST(WalkerAndLibraries, WalksWhileAConstructorWaitsForIt) {
    walker(); // a thread_local is registered under the loader's lock
    g_holdsConstructors = true;
    g_inConstructor = false;
    std::thread opening([] { dlclose(dlopen(kLibraries[0], RTLD_NOW)); });
    while (!g_inConstructor) {
        std::this_thread::yield();
    }
    forgetUnloaded(); // every rule is sought anew
    const Stack stack = walker().walk();
    EXPECT_EQ(stack.ending, Ending::Complete);
    g_holdsConstructors = false;
    opening.join();
}

TEST(Objects, TellWhereAnAddressIsFrom) {
    void* library = dlopen(kLibraries[0], RTLD_NOW);
    const auto address = reinterpret_cast<std::uintptr_t>(bounceOf(library));
    const auto object = objectAt(address);
    ASSERT_TRUE(object.has_value());
    EXPECT_EQ(std::string_view(object->path), kLibraries[0]);
    EXPECT_TRUE(address >= object->begin && address < object->end);
    Dl_info info;
    dladdr(reinterpret_cast<void*>(address), &info);
    EXPECT_EQ(object->bias, reinterpret_cast<std::uintptr_t>(info.dli_fbase));
    EXPECT_NE(object->begin, objectAt(reinterpret_cast<std::uintptr_t>(&probe))->begin);
    dlclose(library);
    EXPECT_FALSE(objectAt(address).has_value());
}

TEST(Objects, KnowNothingOfOtherMemory) {
    int local = 0;
    EXPECT_FALSE(objectAt(reinterpret_cast<std::uintptr_t>(&local)).has_value());
}

} // namespace
} // namespace repro::stack::test
