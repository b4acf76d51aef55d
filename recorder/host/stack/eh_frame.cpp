// SPDX-License-Identifier: BSD-3-Clause
#include "recorder/host/stack/eh_frame.h"

namespace repro::stack {
namespace {

constexpr std::uint8_t kSortedTable = 0x3B; ///< pairs of 4 bytes, relative to the header
constexpr std::uint8_t kOmitted = 0xFF;

struct Row {
    std::int32_t function;
    std::int32_t fde;
};

Row rowAt(const std::uint8_t* table, std::size_t index) {
    Row row;
    std::memcpy(&row, table + index * sizeof row, sizeof row);
    return row;
}

/// Where the entry of the last function that begins at or before `address` is; null without one.
const std::uint8_t* search(const Object& object, std::uintptr_t address) {
    const std::uint8_t* header = object.unwindTable;
    Bytes bytes(header, reinterpret_cast<const std::uint8_t*>(object.end));
    const auto version = bytes.take<std::uint8_t>();
    const auto pointerEncoding = bytes.take<std::uint8_t>();
    const auto countEncoding = bytes.take<std::uint8_t>();
    if (version != 1 || bytes.take<std::uint8_t>() != kSortedTable || countEncoding == kOmitted) {
        return nullptr;
    }
    bytes.encoded(pointerEncoding);
    const std::size_t count = bytes.encoded(countEncoding);
    const std::uint8_t* table = bytes.at();
    if (!bytes.ok() || count == 0 || count > object.end / sizeof(Row) ||
        bytes.skip(count * sizeof(Row)) == nullptr) {
        return nullptr;
    }
    const auto key = static_cast<std::int64_t>(address - reinterpret_cast<std::uintptr_t>(header));
    std::size_t low = 0;
    for (std::size_t high = count; high - low > 1;) {
        const std::size_t middle = (low + high) / 2;
        (rowAt(table, middle).function <= key ? low : high) = middle;
    }
    const Row row = rowAt(table, low);
    return row.function <= key ? header + row.fde : nullptr;
}

/// The entry (CIE or FDE) at `at`, after its length. Empty if it is not within the object.
Bytes entryAt(const Object& object, const std::uint8_t* at) {
    const auto address = reinterpret_cast<std::uintptr_t>(at);
    if (address < object.begin || address >= object.end) {
        return {};
    }
    Bytes bytes(at, reinterpret_cast<const std::uint8_t*>(object.end));
    const auto length =
        bytes.take<std::uint32_t>(); // 0xFFFFFFFF, a long one: longer than any object
    const std::uint8_t* begin = bytes.skip(length);
    return begin != nullptr ? Bytes(begin, begin + length) : Bytes();
}

/// Reads the CIE. False if it is of a kind that is not known.
bool readCommon(Bytes bytes, Fde& fde, bool& augmented) {
    bytes.take<std::uint32_t>(); // its id
    const auto version = bytes.take<std::uint8_t>();
    const auto* augmentation = reinterpret_cast<const char*>(bytes.at());
    while (bytes.take<char>() != 0) {
    }
    fde.codeAlign = bytes.uleb();
    fde.dataAlign = bytes.sleb();
    constexpr std::uint64_t kReturnAddress = 16;
    if ((version != 1 && version != 3) || bytes.uleb() != kReturnAddress || !bytes.ok()) {
        return false;
    }
    augmented = *augmentation == 'z';
    if (!augmented && *augmentation != 0) {
        return false;
    }
    Bytes data = augmented ? bytes.block() : Bytes();
    for (const char* letter = augmentation + (augmented ? 1 : 0); *letter != 0; ++letter) {
        switch (*letter) {
        case 'R':
            fde.encoding = data.take<std::uint8_t>();
            break;
        case 'L':
            data.take<std::uint8_t>();
            break;
        // Of the personality only the size counts, and nothing if it is what cannot be read.
        case 'P':
            data.encoded(data.take<std::uint8_t>() & 0x1FU);
            break;
        case 'S':
            fde.signalFrame = true;
            break;
        default:
            return false;
        }
    }
    fde.common = bytes;
    return bytes.ok() && data.ok();
}

} // namespace

std::optional<Fde> findFde(const Object& object, std::uintptr_t address) {
    const std::uint8_t* at = object.unwindTable != nullptr ? search(object, address) : nullptr;
    Bytes bytes = at != nullptr ? entryAt(object, at) : Bytes();
    const std::uint8_t* idAt = bytes.at();
    const auto back = bytes.take<std::uint32_t>();
    Fde fde;
    bool augmented = false;
    if (!bytes.ok() || !readCommon(entryAt(object, idAt - back), fde, augmented)) {
        return std::nullopt;
    }
    fde.begin = bytes.encoded(fde.encoding);
    const std::uintptr_t size = bytes.encoded(fde.encoding & 0x0FU);
    if (augmented) {
        bytes.block();
    }
    fde.own = bytes;
    const bool within = address >= fde.begin && address - fde.begin < size;
    return within && bytes.ok() ? std::optional(fde) : std::nullopt;
}

} // namespace repro::stack
