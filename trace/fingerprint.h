// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "trace/model.h"

#include <cstddef>
#include <span>
#include <vector>

/// The fingerprints that FORMAT.md defines ("Fingerprints"). Threads: safe.
namespace repro::trace {

/// XXH3-128 of the bytes, seed 0.
Fingerprint fingerprintOfBytes(std::span<const std::byte> bytes);

/// Fingerprint of a list of fingerprints, each as (low, high).
Fingerprint fingerprintOfList(std::span<const Fingerprint> list);

/// One fingerprint for each kLeafBytes of the contents, the last of what remains.
std::vector<Fingerprint> leavesOf(std::span<const std::byte> contents);

/// What Value::fingerprint holds for these contents: of the bytes, or above kLeafThreshold of the
/// leaves.
Fingerprint fingerprintOfContents(std::span<const std::byte> contents);

} // namespace repro::trace
