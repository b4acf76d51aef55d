// SPDX-License-Identifier: BSD-3-Clause
#include "recorder/host/stack/bounds.h"

#include <cerrno>
#include <fcntl.h>
#include <pthread.h>
#include <unistd.h>

extern "C" void* __libc_stack_end; // the dynamic loader's: where the main thread began

namespace repro::stack {
namespace {

/// The main thread's stack grows into the megabyte below it, which the kernel keeps free. Half of
/// it counts as the stack's already, so that few of the steps of a deep recursion read the file
/// again.
constexpr std::uintptr_t kGrowth = std::uintptr_t{512} << 10U;

/// Reads lines "7f0000000000-7f0000021000 rw-p ..." a character at a time, with no memory but its
/// own.
class Mappings {
public:
    explicit Mappings(std::uintptr_t wanted) : m_wanted(wanted) {}

    /// True once the wanted one was read.
    bool take(char c) {
        if (c == '\n') {
            m_part = 0;
            m_range = {};
        } else if (c == '-' || c == ' ') {
            ++m_part;
            return m_part == 2 && m_range.holds(m_wanted);
        } else if (m_part < 2) {
            const auto digit = static_cast<unsigned>(c <= '9' ? c - '0' : c - 'a' + 10);
            std::uintptr_t& number = m_part == 0 ? m_range.begin : m_range.end;
            number = number * 16 + digit;
        }
        return false;
    }
    const Range& range() const { return m_range; }

private:
    std::uintptr_t m_wanted;
    Range m_range;
    int m_part = 0; ///< begin, end, or the rest of the line
};

Range mappingOf(std::uintptr_t address) {
    const int file = open("/proc/self/maps", O_RDONLY | O_CLOEXEC);
    if (file < 0) {
        return {};
    }
    Mappings mappings(address);
    char buffer[1024];
    bool found = false;
    for (ssize_t size = 1; size > 0 && !found;) {
        size = read(file, buffer, sizeof buffer);
        for (ssize_t i = 0; i < size && !found; ++i) {
            found = mappings.take(buffer[i]);
        }
    }
    close(file);
    return found ? mappings.range() : Range{};
}

} // namespace

Range Bounds::find(std::uintptr_t sp) {
    const int saved = errno;
    Range range = mappingOf(sp);
    errno = saved;
    if (range.holds(reinterpret_cast<std::uintptr_t>(__libc_stack_end))) {
        range.begin -= kGrowth;
    }
    // A thread's own block lies above its stack, in the same mapping.
    const auto self = static_cast<std::uintptr_t>(pthread_self());
    if (self > sp && self < range.end) {
        range.end = self;
    }
    m_known[m_next++ % m_known.size()] = range;
    return range;
}

} // namespace repro::stack
