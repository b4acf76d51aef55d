// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "recorder/host/stack/walker.h"

#include <algorithm>
#include <array>
#include <execinfo.h>
#include <memory>

namespace repro::stack::test {

/// Of the calling thread.
inline Walker& walker() {
    thread_local const auto made = std::make_unique<Walker>();
    return *made;
}

/// Frames of a sanitizer's own around glibc's backtrace().
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
constexpr int kWrappers = 1;
#else
constexpr int kWrappers = 0;
#endif

/// Has its place in itself: signal handlers allocate nothing.
struct Addresses {
    std::array<std::uintptr_t, kMostFrames> all{};
    std::size_t size = 0;

    void add(std::uintptr_t address) {
        if (size < all.size()) {
            all[size++] = address;
        }
    }
    const std::uintptr_t* begin() const { return all.data(); }
    const std::uintptr_t* end() const { return all.data() + size; }
    bool operator==(const Addresses& other) const {
        return std::equal(begin(), end(), other.begin(), other.end());
    }
};

/// A walk and what glibc says at the same place. Its innermost addresses are in here().
struct Both {
    Ending ending = Ending::Complete;
    Addresses ours;
    Addresses glibcs;
};

[[gnu::noinline]] inline Both here() {
    void* theirs[kMostFrames + kWrappers];
    const int count = backtrace(theirs, kMostFrames + kWrappers);
    const Stack stack = walker().walk();
    Both both;
    both.ending = stack.ending;
    for (std::size_t i = 1; i < stack.addresses.size(); ++i) {
        both.ours.add(stack.addresses[i]);
    }
    for (int i = 1 + kWrappers; i < count; ++i) {
        both.glibcs.add(reinterpret_cast<std::uintptr_t>(theirs[i]));
    }
    return both;
}

} // namespace repro::stack::test
