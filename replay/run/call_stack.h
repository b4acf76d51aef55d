// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "replay/result/result.h"
#include "trace/reader.h"

#include <cstdint>
#include <optional>
#include <vector>

namespace repro::replay {

/// The stack of a site. Nothing where none was recorded, or none of its calls is the program's own.
std::optional<CallStack> stackOf(const trace::Reader& reader, trace::SiteId site);

/// The call that `CallStack::own` names, of every event of a trace. The reader has to outlive it.
struct OwnCalls {
    std::vector<SourceLine> calls = {};          ///< each once, in the order of sites
    std::vector<std::uint32_t> ofSite = {};      ///< index in `calls`
    const trace::EventColumns* events = nullptr; ///< null: there are none

    /// Index in `calls`; kNone32 where no site was recorded.
    [[nodiscard]] std::uint32_t indexOf(trace::EventId event) const {
        const trace::SiteId site =
            events != nullptr && event < events->count ? events->site[event] : trace::kNone32;
        return site < ofSite.size() ? ofSite[site] : trace::kNone32;
    }
};
OwnCalls ownCalls(const trace::Reader& reader);

/// Whether it is a call that the program's own code made, and not a library's.
bool isOwnCode(const SourceLine& call);

/// Equal from the innermost call of the program's own code outward: by source line, or where none
/// is known by the place in the module.
bool sameOwnCalls(const CallStack& a, const CallStack& b);

} // namespace repro::replay
