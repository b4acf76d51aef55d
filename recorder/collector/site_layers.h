// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "recorder/collector/site_selves.h"
#include "trace/model.h"
#include "trace/sink.h"

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace repro::collector {

/// A module of the program, by its sink's layer.
struct ModuleLayer {
    std::string type; ///< "BlockImpl"
    trace::LayerId parent = trace::kNone32;
    std::string bases = {}; ///< what its type derives from, a line each
};

/// One that is on the stack.
struct SiteFunction {
    std::string name;
    trace::LayerId self = trace::kNone32; ///< `this`, where it is known (see SiteSelves)
};

/// Which layer a call runs in, told by the functions that are on the stack: a member function of a
/// module's type runs the module that `this` is, else that module of which there is only one that
/// it can be. Otherwise nothing is said: of several blocks of one type none is guessed.
class SiteLayers {
public:
    /// `layers` by their ids.
    explicit SiteLayers(const std::vector<ModuleLayer>& layers);

    /// Of what a site, called from `caller`, runs in; `functions` are those that it is in, the
    /// outermost first. Requires: callers first, sites in the order of their ids.
    trace::SiteLayer add(trace::SiteId caller, const std::vector<SiteFunction>& functions);

private:
    struct State {
        trace::LayerId layer = trace::kNone32;
        bool isExact = false;
        bool isUnknown = false;   ///< in some module, and in which is not known
        bool isBeingMade = false; ///< in a constructor: no call of a layer
    };
    [[nodiscard]] State enter(State state, const SiteFunction& function) const;
    [[nodiscard]] State only(State outer, const std::vector<trace::LayerId>& all) const;
    [[nodiscard]] std::vector<trace::LayerId> below(trace::LayerId layer,
                                                    const std::vector<trace::LayerId>& among) const;

    const std::vector<ModuleLayer>& m_layers;
    std::map<std::string, std::vector<trace::LayerId>, std::less<>> m_ofType; ///< or of one derived
    std::vector<State> m_sites;
};

/// Of all sites.
std::vector<trace::SiteLayer> layersOf(const SiteAddresses& addresses, const SiteFrames& frames,
                                       const std::vector<ModuleLayer>& modules);

} // namespace repro::collector
