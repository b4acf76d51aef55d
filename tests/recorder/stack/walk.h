// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "recorder/host/stack/walker.h"

#include <algorithm>
#include <execinfo.h>
#include <memory>
#include <vector>

namespace repro::stack::test {

/// Of the calling thread.
inline Walker& walker() {
    thread_local const auto made = std::make_unique<Walker>();
    return *made;
}

/// Frames of a sanitizer's own around glibc's backtrace().
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
constexpr std::ptrdiff_t kWrappers = 1;
#else
constexpr std::ptrdiff_t kWrappers = 0;
#endif

using Addresses = std::vector<std::uintptr_t>;

/// A walk and what glibc says at the same place. Its innermost addresses are in here().
struct Both {
    Ending ending = Ending::Complete;
    Addresses ours;
    Addresses glibcs;
};

[[gnu::noinline]] inline Both here() {
    constexpr int kMost = 400;
    void* theirs[kMost];
    const int count = backtrace(theirs, kMost);
    const Stack stack = walker().walk();
    Both both{stack.ending, {stack.addresses.begin(), stack.addresses.end()}, {}};
    for (int i = 0; i < count; ++i) {
        both.glibcs.push_back(reinterpret_cast<std::uintptr_t>(theirs[i]));
    }
    both.ours.erase(both.ours.begin(), both.ours.begin() + (both.ours.empty() ? 0 : 1));
    both.glibcs.erase(both.glibcs.begin(), both.glibcs.begin() + 1 + kWrappers);
    return both;
}

/// All of a visit's return addresses from the caller's caller on.
[[gnu::noinline]] inline Addresses visited() {
    Addresses all;
    walker().visit([&](const Frame& frame) { all.push_back(frame.returnAddress); });
    all.erase(all.begin());
    return all;
}

} // namespace repro::stack::test
