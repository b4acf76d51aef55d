// SPDX-License-Identifier: BSD-3-Clause
#include "trace/xxh3.h"

namespace repro::trace {

Fingerprint xxh3Sse2(const void* data, std::size_t size);
Fingerprint xxh3Avx2(const void* data, std::size_t size);
Fingerprint xxh3Avx512(const void* data, std::size_t size);

Fingerprint xxh3(const void* data, std::size_t size) {
    using Kernel = Fingerprint (*)(const void*, std::size_t);
    static const Kernel kernel = __builtin_cpu_supports("avx512f") ? xxh3Avx512
                                 : __builtin_cpu_supports("avx2")  ? xxh3Avx2
                                                                   : xxh3Sse2;
    return kernel(data, size);
}

} // namespace repro::trace
