// SPDX-License-Identifier: BSD-3-Clause
// Built twice, with frames of different sizes (REPRO_BYTES): the code of one lies where that of the
// other lay.
extern "C" {
void stackTestConstructor(); // the test program's

__attribute__((visibility("default"), noinline)) int bounce(int (*probe)()) {
    volatile char memory[REPRO_BYTES];
    memory[0] = 1;
    return probe() + memory[0];
}
}

namespace {
const struct Constructed {
    Constructed() { stackTestConstructor(); }
} g_constructed;
} // namespace
