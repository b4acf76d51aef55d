// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "trace/sink.h"

#include <cstdint>
#include <map>
#include <string>
#include <tuple>
#include <vector>

namespace repro::collector {

/// Of a call: a register, or a place in memory, that has the address of a living module.
struct HeldLayer {
    std::uint32_t reg = 0; ///< DWARF's number; kNone32 = in memory
    std::int32_t slot = 0; ///< ... at the CFA of the call's function + slot
    trace::LayerId layer = trace::kNone32;
    auto operator<=>(const HeldLayer&) const = default;
};

/// Of each site, in the order of their ids, the place in a program or library.
struct SiteAddresses {
    struct Module {
        std::string path, buildId;
        std::string function = {}; ///< one of Python's: path is its file, offsets are its lines
        auto operator<=>(const Module&) const = default;
    };
    struct Address {
        std::uint32_t module = 0; ///< of `modules`
        std::uint64_t offset = 0;
        auto operator<=>(const Address&) const = default;
    };
    std::vector<Module> modules;
    std::vector<Address> sites;
    std::vector<trace::SiteId> callers;
    std::vector<std::vector<HeldLayer>> held;
};

/// Of a module among those, which it joins if it is new.
std::uint32_t numberOf(const SiteAddresses::Module& module,
                       std::vector<SiteAddresses::Module>& modules);

/// The sites of a process: each call, the calls that led to it and the modules at hand, once.
class Sites {
public:
    explicit Sites(trace::Sink& sink) : m_sink(sink) {}

    /// Returns: a number for site(), the same for the same module.
    std::uint32_t module(const SiteAddresses::Module& module);
    /// Requires: `module` was returned by module(). `caller`: none = the thread's first function.
    trace::SiteId site(trace::SiteId caller, std::uint32_t module, std::uint64_t offset,
                       std::vector<HeldLayer> held = {});

    [[nodiscard]] const SiteAddresses& addresses() const { return m_addresses; }

private:
    trace::Sink& m_sink;
    SiteAddresses m_addresses;
    using Key = std::tuple<trace::SiteId, SiteAddresses::Address, std::vector<HeldLayer>>;
    std::map<Key, trace::SiteId> m_ids;
};

} // namespace repro::collector
