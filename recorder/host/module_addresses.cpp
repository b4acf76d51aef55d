// SPDX-License-Identifier: BSD-3-Clause
#include "recorder/host/module_addresses.h"

#include <algorithm>

namespace repro::host {

void ModuleAddresses::put(const void* address, std::uint32_t layer) {
    const auto value = reinterpret_cast<std::uintptr_t>(address);
    std::size_t at = placeOf(value);
    while (m_places[at].address != value && m_places[at].address != 0) {
        at = (at + 1) % kPlaces;
    }
    m_version += m_places[at].layerPlusOne.exchange(layer + 1) != layer + 1 ? 1 : 0;
    if (m_places[at].address == value || m_count == kMost) {
        return;
    }
    m_places[at].address.store(value, std::memory_order_release);
    m_first = m_count == 0 ? value : std::min(m_first.load(), value);
    m_last = std::max(m_last.load(), value);
    ++m_count;
}

void ModuleAddresses::remove(const void* address) {
    if (layerAt(reinterpret_cast<std::uintptr_t>(address)) != trace::kNone32) {
        put(address, trace::kNone32);
    }
}

ModuleAddresses& moduleAddresses() {
    static ModuleAddresses addresses; // zeros: takes memory where it is used
    return addresses;
}

} // namespace repro::host
