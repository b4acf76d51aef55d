// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "trace/reader.h"

#include <memory>
#include <span>

namespace repro::trace {

/// The bytes of a value, dense and row-major, a piece at a time: for who needs each of them once
/// and no copy of all. Borrows the reader. One thread.
class Contents {
public:
    /// Requires: value.payload != kNone64. Throws: Error (Format).
    Contents(const Reader& reader, const Value& value);
    ~Contents();
    Contents(const Contents&) = delete;
    Contents& operator=(const Contents&) = delete;

    /// Returns: the next piece, which stands until the next call; empty after the last.
    /// Throws: Error (Format), instead of the last piece where the bytes differ from their
    /// fingerprint.
    [[nodiscard]] std::span<const std::byte> next();

private:
    struct State;
    std::unique_ptr<State> m_state;
};

/// How many elements the fingerprint, the leaves and the bytes of a value are of: a dimension of
/// stride 0 counts once.
[[nodiscard]] std::uint64_t storedElements(const Reader& reader, const Value& value);

} // namespace repro::trace
