// SPDX-License-Identifier: BSD-3-Clause
#include "trace/slots.h"

#include "trace/enum_names.h"

#include <fmt/format.h>

#include <array>
#include <charconv>

namespace repro::trace {
namespace {

constexpr std::array kSlotKinds = {"in", "out", "arg"};

/// Takes a whole number from the front of `text`.
bool takeNumber(std::string_view& text, std::uint64_t& number) {
    const auto read = std::from_chars(text.data(), text.data() + text.size(), number);
    text.remove_prefix(static_cast<std::size_t>(read.ptr - text.data()));
    return read.ec == std::errc();
}

} // namespace

Slot slotOf(const UseColumns& uses, std::uint64_t use) {
    const bool out = static_cast<Direction>(uses.direction[use]) == Direction::Out;
    const bool written = (uses.flags[use] & use_flag::Written) != 0;
    return {.kind = !out      ? Slot::Kind::In
                    : written ? Slot::Kind::Argument
                              : Slot::Kind::Out,
            .index = uses.slot[use],
            .item = uses.item[use]};
}

std::optional<Slot> parseSlot(std::string_view text) {
    for (std::size_t kind = 0; kind < kSlotKinds.size(); ++kind) {
        std::string_view rest = text;
        if (!rest.starts_with(kSlotKinds[kind])) {
            continue;
        }
        rest.remove_prefix(std::string_view(kSlotKinds[kind]).size());
        Slot slot{.kind = static_cast<Slot::Kind>(kind)};
        bool good = takeNumber(rest, slot.index);
        if (good && rest.starts_with('[')) {
            rest.remove_prefix(1);
            good = takeNumber(rest, slot.item) && rest.starts_with(']');
            rest.remove_prefix(good ? 1 : 0);
        }
        return good && rest.empty() ? std::optional(slot) : std::nullopt;
    }
    return std::nullopt;
}

std::string slotName(const UseColumns& uses, std::uint64_t use) {
    const Slot slot = slotOf(uses, use);
    const std::string name =
        fmt::format("{}{}", nameIn<Slot::Kind::Argument>(kSlotKinds, slot.kind), slot.index);
    // The first of a list is told from a lone tensor by its neighbour.
    const bool more = use + 1 < uses.count && uses.event[use + 1] == uses.event[use] &&
                      uses.direction[use + 1] == uses.direction[use] &&
                      uses.slot[use + 1] == uses.slot[use] && uses.item[use + 1] > 0;
    return slot.item > 0 || more ? fmt::format("{}[{}]", name, slot.item) : name;
}

} // namespace repro::trace
