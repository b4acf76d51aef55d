// SPDX-License-Identifier: BSD-3-Clause
#include "replay/numbers/elements.h"

namespace repro::replay {

extern const ElementKernels elementsSse2, elementsAvx2, elementsAvx512;

const ElementKernels& elementKernels() {
    static const bool avx512 =
        __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw") &&
        __builtin_cpu_supports("avx512dq") && __builtin_cpu_supports("avx512vl");
    static const ElementKernels& chosen = avx512                           ? elementsAvx512
                                          : __builtin_cpu_supports("avx2") ? elementsAvx2
                                                                           : elementsSse2;
    return chosen;
}

} // namespace repro::replay
