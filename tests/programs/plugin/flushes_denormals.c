/* SPDX-License-Identifier: BSD-3-Clause */
/* As a library that was linked with -ffast-math: who opens it flushes denormal numbers from then
 * on. */
#include <immintrin.h>

__attribute__((constructor)) static void begin(void) {
    _mm_setcsr(_mm_getcsr() | 0x8040U);
}
