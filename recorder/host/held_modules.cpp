// SPDX-License-Identifier: BSD-3-Clause
#include "recorder/host/held_modules.h"

#include "recorder/host/loaded_file.h"
#include "recorder/host/module_addresses.h"
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
    return !name.starts_with("libtorch") && !name.starts_with("libc10") && !isOurs(path);
}

} // namespace

bool HeldModules::isProgram(const stack::Frame& frame) {
    const auto known =
        std::ranges::find(m_objects, frame.object, &std::pair<std::uintptr_t, bool>::first);
    if (known != m_objects.end()) {
        return known->second;
    }
    const auto object = stack::objectAt(frame.returnAddress - 1);
    return m_objects.emplace_back(frame.object, object && isOfProgram(object->path)).second;
}

void HeldModules::search(const stack::Frame& frame, std::uint32_t number) {
    if (!isProgram(frame)) {
        return;
    }
    const auto note = [&](std::uintptr_t value, std::int32_t slot, std::uint32_t reg) {
        const std::uint32_t layer = moduleAddresses().layerAt(value);
        if (layer != trace::kNone32 && m_found.size() < wire::kMostHeld) {
            m_found.push_back({number, layer, slot, reg});
        }
    };
    for (std::size_t i = 0; i < stack::kRegisters; ++i) {
        note(frame.registers[i], 0, kDwarfNumbers[i]);
    }
    const std::uintptr_t end = std::min(frame.cfa, frame.sp + kMostBytes);
    for (std::uintptr_t at = frame.sp; at < end; at += sizeof at) {
        note(*reinterpret_cast<const std::uintptr_t*>(at),
             static_cast<std::int32_t>(static_cast<std::int64_t>(at - frame.cfa)), trace::kNone32);
    }
}

} // namespace repro::host
