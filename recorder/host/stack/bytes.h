// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>

namespace repro::stack {

/// Reads .eh_frame forward. Past the end it reads zeros, and ok() is false from then on.
class Bytes {
public:
    Bytes() = default;
    Bytes(const std::uint8_t* begin, const std::uint8_t* end) : m_at(begin), m_end(end) {}

    bool ok() const { return m_ok; }
    bool atEnd() const { return m_at >= m_end; }
    const std::uint8_t* at() const { return m_at; }

    template <class T>
    T take() {
        T value{};
        if (const std::uint8_t* from = skip(sizeof value); from != nullptr) {
            std::memcpy(&value, from, sizeof value);
        }
        return value;
    }
    std::uint64_t uleb() {
        unsigned shift = 0;
        return leb(shift);
    }
    std::int64_t sleb() {
        unsigned shift = 0;
        const std::uint64_t value = leb(shift);
        const bool negative = shift > 0 && shift < 64 && (value >> (shift - 1) & 1U) != 0;
        return static_cast<std::int64_t>(negative ? value | ~0ULL << shift : value);
    }
    /// The next `size` bytes. Null if there are fewer.
    const std::uint8_t* skip(std::uint64_t size) {
        if (size > static_cast<std::uint64_t>(m_end - m_at)) {
            m_ok = false;
            m_at = m_end;
            return nullptr;
        }
        return m_at += size, m_at - size;
    }
    Bytes block() {
        const std::uint64_t size = uleb();
        const std::uint8_t* begin = skip(size);
        return begin != nullptr ? Bytes(begin, begin + size) : Bytes();
    }
    /// A pointer as DW_EH_PE says; an indirect one is not followed.
    std::uintptr_t encoded(std::uint8_t encoding);

private:
    std::uint64_t leb(unsigned& shift) {
        std::uint64_t value = 0;
        std::uint8_t byte = 0x80;
        for (; (byte & 0x80U) != 0 && m_ok; shift += 7) {
            byte = take<std::uint8_t>();
            value |= shift < 64 ? std::uint64_t{byte & 0x7FU} << shift : 0;
        }
        return value;
    }

    const std::uint8_t* m_at = nullptr;
    const std::uint8_t* m_end = nullptr;
    bool m_ok = true;
};

inline std::uintptr_t Bytes::encoded(std::uint8_t encoding) {
    const auto here = reinterpret_cast<std::uintptr_t>(m_at);
    std::int64_t value = 0;
    switch (encoding & 0x0FU) {
    case 0x00:
    case 0x04:
    case 0x0C:
        value = take<std::int64_t>();
        break;
    case 0x01:
        value = static_cast<std::int64_t>(uleb());
        break;
    case 0x02:
        value = take<std::uint16_t>();
        break;
    case 0x03:
        value = take<std::uint32_t>();
        break;
    case 0x09:
        value = sleb();
        break;
    case 0x0A:
        value = take<std::int16_t>();
        break;
    case 0x0B:
        value = take<std::int32_t>();
        break;
    default:
        m_ok = false;
        break;
    }
    const bool relative = (encoding & 0x70U) == 0x10;
    m_ok = m_ok && (relative || (encoding & 0x70U) == 0);
    return static_cast<std::uintptr_t>(value) + (relative ? here : 0);
}

} // namespace repro::stack
