// SPDX-License-Identifier: BSD-3-Clause
// The recorder library's own heap. Nothing it allocates comes from the program's malloc: what a
// program reads of memory that nobody wrote is then, as far as can be, what it would read without a
// recorder, and differs from run to run where it does.
//
// These operators are local to the library (recorder.map). Memory that LibTorch or libstdc++
// allocated and our code deletes is not of this heap and goes to their operators. The other way
// round there is none to ask: no code of theirs may grow or delete what ours allocated. Objects
// with a virtual destructor know their operator; std::string and the containers are instantiated
// here (C++20 has no extern template of std::string), but files, paths and getline() are
// libstdc++'s own and stay out of recorder/host (a law). With the old ABI, strings are shared by
// reference, so it has no such heap.
#include <algorithm>
#include <atomic>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <dlfcn.h>
#include <mutex>
#include <new>
#include <pthread.h>
#include <sys/mman.h>
#include <utility>

#if _GLIBCXX_USE_CXX11_ABI

namespace repro::host {
namespace {

constexpr std::size_t kRegion = 1ULL << 34U; ///< of address space; memory only as it is used
constexpr std::size_t kSpan = 1U << 16U;     ///< blocks of one size each
constexpr std::size_t kStep = 1U << 20U;     ///< made usable at a time
constexpr std::size_t kReturned = 1U << 20U; ///< free blocks of this size are the system's to take
constexpr unsigned kSmallest = 4;            ///< log2 of the smallest block
constexpr unsigned kSizes = 35;

class SpinLock {
public:
    void lock() {
        while (m_locked.test_and_set(std::memory_order_acquire)) {
            __builtin_ia32_pause();
        }
    }
    void unlock() { m_locked.clear(std::memory_order_release); }

private:
    std::atomic_flag m_locked = ATOMIC_FLAG_INIT;
};

/// Free blocks of 2^n bytes.
struct alignas(64) Blocks {
    SpinLock lock;
    void* first = nullptr;
};

// Constant-initialised, never destroyed: the heap serves before the library's constructors and
// after its destructors.
bool g_serves = false; ///< else all goes to the program's operators
std::byte* g_region = nullptr;
std::size_t g_used = 0;
std::size_t g_usable = 0;
SpinLock g_regionLock;
Blocks g_blocks[kSizes];
std::uint8_t g_sizes[kRegion / kSpan]; ///< log2 of the blocks in each span

using Delete = void (*)(void*);
using AlignedDelete = void (*)(void*, std::align_val_t);
void* (*g_new)(std::size_t) = nullptr;
void* (*g_alignedNew)(std::size_t, std::align_val_t) = nullptr;
Delete g_delete = nullptr;
Delete g_deleteArray = nullptr;
AlignedDelete g_alignedDelete = nullptr;
AlignedDelete g_alignedDeleteArray = nullptr;

template <class Function>
void find(Function& function, const char* name) {
    function = reinterpret_cast<Function>(dlsym(RTLD_DEFAULT, name));
}

/// Another thread may have been at work in the heap when the process forked: the child, which
/// records nothing, leaves it as it is.
void inChild() {
    g_serves = false;
}

__attribute__((constructor(101))) void prepare() {
    find(g_new, "_Znwm");
    find(g_alignedNew, "_ZnwmSt11align_val_t");
    find(g_delete, "_ZdlPv");
    find(g_deleteArray, "_ZdaPv");
    find(g_alignedDelete, "_ZdlPvSt11align_val_t");
    find(g_alignedDeleteArray, "_ZdaPvSt11align_val_t");
    void* region = mmap(nullptr, kRegion + kSpan, PROT_NONE,
                        MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    if (region != MAP_FAILED) {
        const auto address = reinterpret_cast<std::uintptr_t>(region);
        g_region = reinterpret_cast<std::byte*>((address + kSpan - 1) / kSpan * kSpan);
        g_serves = pthread_atfork(nullptr, nullptr, inChild) == 0;
    }
}

bool isOurs(const void* memory) {
    return g_region != nullptr &&
           static_cast<std::size_t>(static_cast<const std::byte*>(memory) - g_region) < kRegion;
}

std::uint8_t& sizeAt(const void* memory) {
    return g_sizes[static_cast<std::size_t>(static_cast<const std::byte*>(memory) - g_region) /
                   kSpan];
}

/// `bytes` never used before, a power of two of at least a span. Null: the region is full.
std::byte* takeRegion(std::size_t bytes) {
    const std::lock_guard lock(g_regionLock);
    const std::size_t begin = (g_used + bytes - 1) / bytes * bytes;
    if (begin + bytes > kRegion) {
        return nullptr;
    }
    while (g_usable < begin + bytes) {
        if (mprotect(g_region + g_usable, kStep, PROT_READ | PROT_WRITE) != 0) {
            return nullptr;
        }
        g_usable += kStep;
    }
    g_used = begin + bytes;
    return g_region + begin;
}

void* takeBlock(unsigned size) {
    Blocks& blocks = g_blocks[size];
    const std::lock_guard lock(blocks.lock);
    if (blocks.first == nullptr) {
        const std::size_t bytes = std::size_t{1} << size;
        const std::size_t span = std::max(bytes, kSpan);
        std::byte* fresh = takeRegion(span);
        if (fresh == nullptr) {
            return nullptr;
        }
        sizeAt(fresh) = static_cast<std::uint8_t>(size);
        for (std::byte* block = fresh + span; block != fresh;) {
            block -= bytes;
            *reinterpret_cast<void**>(block) = std::exchange(blocks.first, block);
        }
    }
    return std::exchange(blocks.first, *static_cast<void**>(blocks.first));
}

void giveBack(void* memory) {
    const unsigned size = sizeAt(memory);
    if (size >= std::bit_width(kReturned) - 1U) {
        madvise(memory, std::size_t{1} << size, MADV_FREE);
    }
    Blocks& blocks = g_blocks[size];
    const std::lock_guard lock(blocks.lock);
    *static_cast<void**>(memory) = std::exchange(blocks.first, memory);
}

void* allocate(std::size_t bytes, std::size_t alignment) {
    const std::size_t least = std::max({bytes, alignment, std::size_t{1} << kSmallest});
    void* memory = g_serves && least <= kRegion ? takeBlock(std::bit_width(least - 1)) : nullptr;
    return memory != nullptr ? memory
           : alignment > __STDCPP_DEFAULT_NEW_ALIGNMENT__
               ? g_alignedNew(bytes, std::align_val_t{alignment})
               : g_new(bytes);
}

/// `foreign`: for what is not of this heap.
template <class Foreign>
void release(void* memory, Foreign&& foreign) {
    if (isOurs(memory)) {
        if (g_serves) {
            giveBack(memory);
        }
    } else if (memory != nullptr) {
        foreign();
    }
}

} // namespace
} // namespace repro::host

using namespace repro::host;

void* operator new(std::size_t bytes) {
    return allocate(bytes, 1);
}
void* operator new[](std::size_t bytes) {
    return allocate(bytes, 1);
}
void* operator new(std::size_t bytes, std::align_val_t alignment) {
    return allocate(bytes, static_cast<std::size_t>(alignment));
}
void* operator new[](std::size_t bytes, std::align_val_t alignment) {
    return allocate(bytes, static_cast<std::size_t>(alignment));
}
void operator delete(void* memory) noexcept {
    release(memory, [&] { g_delete(memory); });
}
void operator delete[](void* memory) noexcept {
    release(memory, [&] { g_deleteArray(memory); });
}
void operator delete(void* memory, std::size_t) noexcept {
    operator delete(memory);
}
void operator delete[](void* memory, std::size_t) noexcept {
    operator delete[](memory);
}
void operator delete(void* memory, std::align_val_t alignment) noexcept {
    release(memory, [&] { g_alignedDelete(memory, alignment); });
}
void operator delete[](void* memory, std::align_val_t alignment) noexcept {
    release(memory, [&] { g_alignedDeleteArray(memory, alignment); });
}
void operator delete(void* memory, std::size_t, std::align_val_t alignment) noexcept {
    operator delete(memory, alignment);
}
void operator delete[](void* memory, std::size_t, std::align_val_t alignment) noexcept {
    operator delete[](memory, alignment);
}

#endif
