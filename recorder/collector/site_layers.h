// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "trace/model.h"

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
};

/// Which layer a call runs in, told by the functions that are on the stack: a member function of a
/// module's type runs that module, where there is only one that it can be. Otherwise nothing is
/// said: of several blocks of one type none is guessed.
class SiteLayers {
public:
    /// `layers` by their ids.
    explicit SiteLayers(const std::vector<ModuleLayer>& layers);

    /// Of what a site, called from `caller`, runs in; `functions` are those that it is in, the
    /// outermost first. Requires: callers first, sites in the order of their ids.
    trace::LayerId add(trace::SiteId caller, const std::vector<std::string>& functions);

private:
    struct State {
        trace::LayerId layer = trace::kNone32;
        bool isUnknown = false;   ///< in some module, and in which is not known
        bool isBeingMade = false; ///< in a constructor: no call of a layer
    };
    [[nodiscard]] State enter(State state, std::string_view function) const;
    [[nodiscard]] std::vector<trace::LayerId> below(trace::LayerId layer,
                                                    const std::vector<trace::LayerId>& among) const;

    const std::vector<ModuleLayer>& m_layers;
    std::map<std::string, std::vector<trace::LayerId>, std::less<>> m_byType;
    std::vector<State> m_sites;
};

} // namespace repro::collector
