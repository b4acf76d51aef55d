// SPDX-License-Identifier: BSD-3-Clause
#include "trace/fingerprint.h"

#include "trace/xxh3.h"

#include <algorithm>
#include <type_traits>

namespace repro::trace {

// The list is hashed as it lies in memory.
static_assert(sizeof(Fingerprint) == 16 && std::is_standard_layout_v<Fingerprint>);

Fingerprint fingerprintOfBytes(std::span<const std::byte> bytes) {
    return xxh3(bytes.data(), bytes.size());
}

Fingerprint fingerprintOfList(std::span<const Fingerprint> list) {
    return fingerprintOfBytes(std::as_bytes(list));
}

std::vector<Fingerprint> leavesOf(std::span<const std::byte> contents) {
    std::vector<Fingerprint> leaves;
    leaves.reserve(contents.size() / kLeafBytes + 1);
    for (std::size_t at = 0; at < contents.size(); at += kLeafBytes) {
        leaves.push_back(fingerprintOfBytes(
            contents.subspan(at, std::min<std::size_t>(kLeafBytes, contents.size() - at))));
    }
    return leaves;
}

Fingerprint fingerprintOfContents(std::span<const std::byte> contents) {
    return contents.size() > kLeafThreshold ? fingerprintOfList(leavesOf(contents))
                                            : fingerprintOfBytes(contents);
}

} // namespace repro::trace
