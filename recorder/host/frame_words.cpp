// SPDX-License-Identifier: BSD-3-Clause
#include "recorder/host/frame_words.h"

#include "recorder/host/loaded_file.h"
#include "recorder/host/module_addresses.h"
#include "recorder/host/python/api.h"
#include "recorder/host/stack/objects.h"

#include <algorithm>
#include <string_view>

namespace repro::host {
namespace {

/// Of a frame; arrays that a function keeps on its stack lie beyond, as a rule.
constexpr std::uintptr_t kMostBytes = 4096;

constexpr std::array<std::uint32_t, stack::kRegisters> kDwarfNumbers = {3, 6, 12, 13, 14, 15};

bool isOfProgram(std::string_view path) {
    const std::string_view name = path.substr(path.rfind('/') + 1);
    return !name.starts_with("libtorch") && !name.starts_with("libc10") && !isOurs(path) &&
           !python::isInterpreter(path);
}

std::uintptr_t wordAt(std::uintptr_t address) {
    return *reinterpret_cast<const std::uintptr_t*>(address);
}

bool isAmong(std::uintptr_t address, std::span<const stack::Step> steps) {
    return address >= steps.front().cfa && address < steps.back().cfa;
}

/// The frame in which the address is: from where it stands during its call up to where the next
/// one stands. Requires: not the last of the stack.
std::uint32_t frameOf(std::uintptr_t address, std::span<const stack::Step> steps) {
    const auto next = std::ranges::upper_bound(steps, address, {}, &stack::Step::cfa);
    return static_cast<std::uint32_t>(next - steps.begin() - 1);
}

std::uintptr_t cfaOf(std::uint32_t frame, std::span<const stack::Step> steps) {
    return steps[frame + 1].cfa;
}

} // namespace

bool WordSearch::isProgram(const stack::Frame& frame) {
    const auto known =
        std::ranges::find(m_objects, frame.object, &std::pair<std::uintptr_t, bool>::first);
    if (known != m_objects.end()) {
        return known->second;
    }
    const auto object = stack::objectAt(frame.returnAddress - 1);
    return m_objects.emplace_back(frame.object, object && isOfProgram(object->path)).second;
}

void WordSearch::search(const stack::Frame& frame, std::span<const stack::Step> steps,
                        std::vector<WordPlace>& places) {
    const auto found = std::ranges::find(steps, frame.sp, &stack::Step::cfa);
    if (found == steps.end() || found + 1 == steps.end() || !isProgram(frame)) {
        return;
    }
    const auto number = static_cast<std::uint32_t>(found - steps.begin());
    const auto look = [&](std::uintptr_t address, std::int32_t slot, std::uint32_t reg) {
        if (!isAmong(address, steps) ||
            moduleAddresses().layerAt(wordAt(address)) == trace::kNone32) {
            return;
        }
        const std::uint32_t keptIn = frameOf(address, steps);
        const auto at = static_cast<std::int64_t>(address - cfaOf(keptIn, steps));
        const WordPlace place{number, keptIn, at, slot, reg};
        const bool isNew = std::ranges::none_of(places, [&](const WordPlace& known) {
            return known.frame == number && known.slot == slot && known.reg == reg;
        });
        if (isNew && places.size() < wire::kMostHeld) {
            places.push_back(place);
        }
    };
    for (std::size_t i = 0; i < stack::kRegisters; ++i) {
        look(frame.savedAt[i], 0, kDwarfNumbers[i]);
    }
    const std::uintptr_t cfa = cfaOf(number, steps);
    const std::uintptr_t end = std::min(cfa, frame.sp + kMostBytes);
    for (std::uintptr_t at = frame.sp; at < end; at += sizeof at) {
        look(at, static_cast<std::int32_t>(static_cast<std::int64_t>(at - cfa)), trace::kNone32);
    }
}

std::uint32_t layerIn(const WordPlace& place, std::span<const stack::Step> steps) {
    const std::uintptr_t address =
        cfaOf(place.keptIn, steps) + static_cast<std::uintptr_t>(place.at);
    return isAmong(address, steps) ? moduleAddresses().layerAt(wordAt(address)) : trace::kNone32;
}

} // namespace repro::host
