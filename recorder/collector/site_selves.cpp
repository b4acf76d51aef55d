// SPDX-License-Identifier: BSD-3-Clause
#include "recorder/collector/site_selves.h"

#include <algorithm>

namespace repro::collector {

using symbols::Location;

/// What the caller passed in `reg`, in the caller's frame. Null unless it is certain that this
/// function is the one that it called: another may have jumped to it, with other arguments.
const Location* SiteSelves::argumentOf(trace::SiteId site, std::uint8_t reg) const {
    const trace::SiteId caller = m_addresses.callers[site];
    if (caller == trace::kNone32 || m_frames[caller].empty()) {
        return nullptr;
    }
    const symbols::SourceFrame& call = m_frames[caller].front();
    const symbols::SourceFrame& called = m_frames[site].back();
    if (call.callee.empty() || call.callee != called.function || !called.aliases.empty()) {
        return nullptr;
    }
    const auto found = std::ranges::find(call.arguments, reg, &symbols::Argument::reg);
    return found == call.arguments.end() ? nullptr : &found->value;
}

trace::LayerId SiteSelves::at(trace::SiteId site, Location self) const {
    std::int64_t offset = self.offset;
    while (self.base == Location::Base::Entry) {
        const Location* passed = argumentOf(site, self.reg);
        if (passed == nullptr) {
            return trace::kNone32;
        }
        self = *passed;
        offset += self.offset;
        site = m_addresses.callers[site];
    }
    const bool isRegister = self.base == Location::Base::Register;
    if (offset != 0 || (!isRegister && self.base != Location::Base::Slot)) {
        return trace::kNone32;
    }
    const auto& held = m_addresses.held[site];
    const auto found = std::ranges::find_if(held, [&](const HeldLayer& module) {
        return isRegister ? module.reg == self.reg
                          : module.reg == trace::kNone32 && module.slot == self.at;
    });
    return found == held.end() ? trace::kNone32 : found->layer;
}

} // namespace repro::collector
