// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "recorder/collector/sites.h"
#include "symbols/answer.h"

#include <cstdint>
#include <vector>

namespace repro::collector {

/// Of each site the functions that it is in, the innermost first.
using SiteFrames = std::vector<std::vector<symbols::SourceFrame>>;

/// Which module `this` was, where debug information says where it is kept and the host saw a module
/// there.
class SiteSelves {
public:
    SiteSelves(const SiteAddresses& addresses, const SiteFrames& frames)
        : m_addresses(addresses), m_frames(frames) {}

    /// `self` in a frame of the site. Returns: kNone32 where it is not known.
    [[nodiscard]] trace::LayerId at(trace::SiteId site, symbols::Location self) const;

private:
    [[nodiscard]] const symbols::Location* argumentOf(trace::SiteId site, std::uint8_t reg) const;

    const SiteAddresses& m_addresses;
    const SiteFrames& m_frames;
};

} // namespace repro::collector
