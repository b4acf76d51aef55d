// SPDX-License-Identifier: BSD-3-Clause
#include "recorder/collector/site_layers.h"

#include <algorithm>
#include <iterator>
#include <sstream>

namespace repro::collector {
namespace {

/// A forward of a class that has no name here, or of one of several.
constexpr std::string_view kSomeForward = "forward";

/// "ns::Net<3>::forward(at::Tensor)" is the member forward of Net<3>; a function of no class has
/// none.
struct Member {
    std::string_view type, name;
};

/// The parts of a qualified name, which colons in arguments do not separate.
std::vector<std::string_view> partsOf(std::string_view function) {
    std::vector<std::string_view> parts;
    int depth = 0;
    std::size_t begin = 0;
    for (std::size_t i = 0; i <= function.size(); ++i) {
        const char c = i < function.size() ? function[i] : ':';
        depth += c == '<' || c == '(' || c == '{' ? 1 : c == '>' || c == ')' || c == '}' ? -1 : 0;
        if (depth == 0 && c == ':') {
            parts.push_back(function.substr(begin, i - begin));
            begin = i + 2;
            ++i;
        }
    }
    return parts;
}

/// What Sequential keeps a module in: its forward calls that of the module, often inlined.
bool isAnyModule(std::string_view type) {
    return type.starts_with("AnyModuleHolder<");
}

std::string_view heldBy(std::string_view anyModule) {
    std::string_view held = anyModule.substr(anyModule.find('<') + 1);
    int depth = 0;
    std::size_t end = 0;
    for (; end < held.size() && (depth > 0 || (held[end] != ',' && held[end] != '>')); ++end) {
        depth += held[end] == '<' || held[end] == '('   ? 1
                 : held[end] == '>' || held[end] == ')' ? -1
                                                        : 0;
    }
    return partsOf(held.substr(0, end)).back();
}

Member memberOf(std::string_view function) {
    const auto parts = partsOf(function);
    if (parts.size() < 2) {
        return {{}, function};
    }
    const std::string_view type = parts[parts.size() - 2];
    const std::string_view name = parts.back().substr(0, parts.back().find('('));
    return {isAnyModule(type) ? heldBy(type) : type, name};
}

} // namespace

SiteLayers::SiteLayers(const std::vector<ModuleLayer>& layers) : m_layers(layers) {
    for (trace::LayerId id = 0; id < layers.size(); ++id) {
        m_ofType[layers[id].type].push_back(id);
        std::istringstream bases(layers[id].bases);
        for (std::string base; std::getline(bases, base);) {
            m_ofType[base].push_back(id);
        }
    }
}

std::vector<trace::LayerId> SiteLayers::below(trace::LayerId layer,
                                              const std::vector<trace::LayerId>& among) const {
    std::vector<trace::LayerId> found;
    std::ranges::copy_if(among, std::back_inserter(found), [&](trace::LayerId at) {
        for (std::size_t i = 0; at != layer && at != trace::kNone32 && i < m_layers.size(); ++i) {
            at = m_layers[at].parent;
            if (at == layer) {
                return true;
            }
        }
        return false;
    });
    return found;
}

SiteLayers::State SiteLayers::enter(State state, const SiteFunction& function) const {
    const auto [type, name] = memberOf(function.name);
    if (state.isBeingMade) {
        return state;
    }
    if (type.empty() && name == kSomeForward) {
        return {.isUnknown = true};
    }
    const auto found = m_ofType.find(type);
    if (found == m_ofType.end()) {
        return state;
    }
    if (name == type || name.starts_with('~')) {
        return {.isUnknown = true, .isBeingMade = true};
    }
    const std::vector<trace::LayerId>& all = found->second;
    if (std::ranges::find(all, function.self) != all.end()) { // else it is what holds the module
        return {.layer = function.self, .isExact = true};
    }
    return only(state, all);
}

/// The one of `all` that can run below `outer`.
SiteLayers::State SiteLayers::only(State outer, const std::vector<trace::LayerId>& all) const {
    if (all.size() == 1) {
        const bool isOuter = outer.layer == all.front();
        return {.layer = all.front(), .isExact = isOuter && outer.isExact};
    }
    if (outer.isUnknown || outer.layer == trace::kNone32) {
        return {.isUnknown = true};
    }
    const auto inner = below(outer.layer, all);
    if (std::ranges::find(all, outer.layer) != all.end()) { // itself, or one of its kind within it
        return inner.empty() ? outer : State{.isUnknown = true};
    }
    return inner.size() == 1 ? State{.layer = inner.front()} : State{.isUnknown = true};
}

trace::SiteLayer SiteLayers::add(trace::SiteId caller, const std::vector<SiteFunction>& functions) {
    State state = caller < m_sites.size() ? m_sites[caller] : State{};
    for (const SiteFunction& function : functions) {
        state = enter(state, function);
    }
    m_sites.push_back(state);
    return {state.layer, state.isExact};
}

std::vector<trace::SiteLayer> layersOf(const SiteAddresses& addresses, const SiteFrames& frames,
                                       const std::vector<ModuleLayer>& modules) {
    const SiteSelves selves(addresses, frames);
    SiteLayers layers(modules);
    std::vector<trace::SiteLayer> found;
    for (trace::SiteId site = 0; site < frames.size(); ++site) {
        std::vector<SiteFunction> functions;
        for (auto frame = frames[site].rbegin(); frame != frames[site].rend(); ++frame) {
            // Of one of several functions it is not known what it is a member of.
            functions.push_back(frame->aliases.empty()
                                    ? SiteFunction{frame->function, selves.at(site, frame->self)}
                                    : SiteFunction{std::string(kSomeForward)});
        }
        found.push_back(layers.add(addresses.callers[site], functions));
    }
    return found;
}

} // namespace repro::collector
