// SPDX-License-Identifier: BSD-3-Clause
// elfutils takes memory that ran out for a damaged file, or leaves a line out. Here the program
// ends instead, as libdw does where it notices.
#include <cstdlib>
#include <unistd.h>

extern "C" {

// NOLINTBEGIN(bugprone-reserved-identifier): the names are glibc's
void* __libc_malloc(std::size_t size);
void* __libc_calloc(std::size_t count, std::size_t size);
void* __libc_realloc(void* memory, std::size_t size);
// NOLINTEND(bugprone-reserved-identifier)

void* malloc(std::size_t size) {
    void* memory = __libc_malloc(size);
    if (memory == nullptr) {
        ::_exit(EXIT_FAILURE);
    }
    return memory;
}

void* calloc(std::size_t count, std::size_t size) {
    void* memory = __libc_calloc(count, size);
    if (memory == nullptr) {
        ::_exit(EXIT_FAILURE);
    }
    return memory;
}

void* realloc(void* old, std::size_t size) {
    void* memory = __libc_realloc(old, size);
    if (memory == nullptr && size != 0) {
        ::_exit(EXIT_FAILURE);
    }
    return memory;
}

} // extern "C"
