// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "recorder/collector/site_selves.h"
#include "recorder/collector/sites.h"
#include "symbols/client.h"
#include "trace/sink.h"

#include <filesystem>
#include <string>
#include <vector>

namespace repro::collector {

/// How much is known of the functions and lines of a program or library.
struct ModuleNames {
    std::string path;
    symbols::Status status = symbols::Status::Unread;
    std::string detail; ///< why not all
};

struct SiteNames {
    std::vector<ModuleNames> modules;
    SiteFrames frames; ///< by site
};

/// Tells the sink the functions and lines of all sites, and what the source files are now, unless
/// they changed since the recording began. What cannot be found out stays as it is. `program` is
/// repro-symbols, `debugFolders` hold debugging information that is kept apart.
SiteNames nameSites(const SiteAddresses& addresses, trace::SiteSink& sink,
                    const std::filesystem::path& program, std::uint64_t beganNs,
                    const std::vector<std::string>& debugFolders = {});

} // namespace repro::collector
