// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "trace/error.h"

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>
#include <string_view>

namespace repro::collector {

/// Reads a record from its beginning, never past its end. What it returns points into the record.
/// Throws from every take: Error (Format) when the record is too short.
class Cursor {
public:
    explicit Cursor(std::span<const std::byte> record) : m_rest(record) {}

    template <class T>
    T take() {
        T value;
        std::memcpy(&value, bytes(sizeof(T)).data(), sizeof(T));
        return value;
    }

    std::string_view text(std::uint64_t length) {
        const auto piece = bytes(length);
        return {reinterpret_cast<const char*>(piece.data()), piece.size()};
    }

    std::span<const std::byte> bytes(std::uint64_t length) {
        if (length > m_rest.size()) {
            throw Error(ErrorKind::Format, "a record from the program is shorter than it says");
        }
        const auto piece = m_rest.first(length);
        m_rest = m_rest.subspan(length);
        return piece;
    }

private:
    std::span<const std::byte> m_rest;
};

} // namespace repro::collector
