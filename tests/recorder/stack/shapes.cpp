// SPDX-License-Identifier: BSD-3-Clause
#include "tests/recorder/stack/shapes.h"

#include <alloca.h>
#include <cstdlib>
#include <functional>

// REPRO_RUN: the name of this compilation's entry.
namespace repro::stack::test {
namespace {

using Probe = void (*)();
#define REPRO_FRAME [[gnu::noinline]]

thread_local Probe t_probe;

void use(volatile void* memory) {
    *static_cast<volatile char*>(memory) = 1;
}

/// After a call that is not to become a jump.
void stay() {
    asm volatile("" : : : "memory");
}

REPRO_FRAME int recurse(int depth) {
    if (depth == 0) {
        t_probe();
        return 0;
    }
    const int below = recurse(depth - 1);
    stay();
    return below + depth;
}

int compare(const void* a, const void* b) {
    t_probe();
    return *static_cast<const int*>(a) - *static_cast<const int*>(b);
}

REPRO_FRAME void sorted() {
    int numbers[] = {3, 1, 2};
    std::qsort(numbers, 3, sizeof *numbers, compare);
    use(numbers);
}

REPRO_FRAME int throwing(int depth) {
    if (depth == 0) {
        throw depth;
    }
    const int below = throwing(depth - 1);
    stay();
    return below + 1;
}

REPRO_FRAME void caught() {
    try {
        throwing(3);
    } catch (int) {
        t_probe();
    }
}

struct Probing {
    ~Probing() { t_probe(); }
};

REPRO_FRAME void unwound() {
    try {
        const Probing probing;
        throwing(3);
    } catch (int) {
    }
}

REPRO_FRAME int allocating(int depth, std::size_t bytes) {
    use(alloca(bytes));
    if (depth == 0) {
        t_probe();
        return 1;
    }
    return allocating(depth - 1, bytes * 2) + 1;
}

REPRO_FRAME int aligned(int depth) {
    alignas(64) char memory[64];
    use(memory);
    if (depth == 0) {
        t_probe();
    }
    return depth == 0 ? 0 : aligned(depth - 1) + memory[0];
}

REPRO_FRAME int alignedAllocating(int depth, std::size_t bytes) {
    alignas(64) char memory[64];
    use(memory);
    use(alloca(bytes));
    if (depth == 0) {
        t_probe();
    }
    return depth == 0 ? 0 : alignedAllocating(depth - 1, bytes + 48) + memory[0];
}

REPRO_FRAME int big() {
    char memory[100000];
    use(memory);
    t_probe();
    return memory[0];
}

[[noreturn]] REPRO_FRAME void never() {
    t_probe();
    throw 1;
}

/// Ends with a call that never returns: its return address is the next function's first byte.
[[noreturn]] REPRO_FRAME void last() {
    never();
}

} // namespace

void REPRO_RUN(Shape shape, Probe probe) {
    t_probe = probe;
    switch (shape) {
    case Shape::Recursion:
        recurse(30);
        break;
    case Shape::Qsort:
        sorted();
        break;
    case Shape::StdFunction:
        std::function<int(int)>([](int depth) { return recurse(depth); })(3);
        break;
    case Shape::Catch:
        caught();
        break;
    case Shape::Unwinding:
        unwound();
        break;
    case Shape::Alloca:
        allocating(5, 100);
        break;
    case Shape::OverAligned:
        aligned(5);
        break;
    case Shape::OverAlignedAlloca:
        alignedAllocating(5, 100);
        break;
    case Shape::BigFrame:
        big();
        break;
    case Shape::Noreturn:
        try {
            last();
        } catch (int) {
        }
        break;
    case Shape::kCount:
        break;
    }
}

} // namespace repro::stack::test
