// SPDX-License-Identifier: BSD-3-Clause
#include <cstdio>

// Has nothing to record. Linked statically under another name, it has nowhere to put a recorder.
int main() {
    std::puts("hello");
    return 0;
}
