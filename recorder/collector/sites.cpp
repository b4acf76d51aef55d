// SPDX-License-Identifier: BSD-3-Clause
#include "recorder/collector/sites.h"

#include <algorithm>
#include <utility>

namespace repro::collector {

std::uint32_t numberOf(const SiteAddresses::Module& module,
                       std::vector<SiteAddresses::Module>& modules) {
    const auto known = std::ranges::find(modules, module);
    const auto number = static_cast<std::uint32_t>(known - modules.begin());
    if (known == modules.end()) {
        modules.push_back(module);
    }
    return number;
}

std::uint32_t Sites::module(const SiteAddresses::Module& module) {
    return numberOf(module, m_addresses.modules);
}

trace::SiteId Sites::site(trace::SiteId caller, std::uint32_t module, std::uint64_t offset,
                          std::vector<HeldLayer> held) {
    const SiteAddresses::Address address{module, offset};
    const auto [entry, isNew] = m_ids.try_emplace({caller, address, held}, trace::kNone32);
    if (isNew) {
        trace::Site row;
        row.module = m_sink.text(m_addresses.modules[module].path);
        row.buildId = m_sink.text(m_addresses.modules[module].buildId);
        row.offset = offset;
        row.caller = caller;
        entry->second = m_sink.add(row);
        m_addresses.sites.push_back(address);
        m_addresses.callers.push_back(caller);
        m_addresses.held.push_back(std::move(held));
    }
    return entry->second;
}

} // namespace repro::collector
