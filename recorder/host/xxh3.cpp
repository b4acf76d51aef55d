// SPDX-License-Identifier: BSD-3-Clause
#include "recorder/host/xxh3.h"

namespace repro::host {

trace::Fingerprint xxh3Sse2(const void* data, std::size_t size);
trace::Fingerprint xxh3Avx2(const void* data, std::size_t size);
trace::Fingerprint xxh3Avx512(const void* data, std::size_t size);

trace::Fingerprint xxh3(const void* data, std::size_t size) {
    using Kernel = trace::Fingerprint (*)(const void*, std::size_t);
    static const Kernel kernel = __builtin_cpu_supports("avx512f") ? xxh3Avx512
                                 : __builtin_cpu_supports("avx2")  ? xxh3Avx2
                                                                   : xxh3Sse2;
    return kernel(data, size);
}

} // namespace repro::host
