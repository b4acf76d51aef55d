// SPDX-License-Identifier: BSD-3-Clause
// Compiled once for each instruction set, under the name REPRO_XXH3_NAME: XXH3's inline header
// chooses its vectors at compile time, and the shared library of the distribution is 2 to 3 times
// slower.
#define XXH_INLINE_ALL
#include "trace/model.h"

#include <xxhash.h>

#include <cstddef>

namespace repro::trace {

Fingerprint REPRO_XXH3_NAME(const void* data, std::size_t size);

Fingerprint REPRO_XXH3_NAME(const void* data, std::size_t size) {
    const XXH128_hash_t hash = XXH3_128bits(data, size);
    return {hash.low64, hash.high64};
}

} // namespace repro::trace
