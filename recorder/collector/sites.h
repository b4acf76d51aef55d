// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "trace/sink.h"

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <tuple>
#include <vector>

namespace repro::collector {

/// The sites of a process: each call and the calls that led to it, once.
class Sites {
public:
    explicit Sites(trace::Sink& sink) : m_sink(sink) {}

    /// Returns: a number for site().
    std::uint32_t module(std::string_view path, std::string_view buildId);
    /// Requires: `module` was returned by module(). `caller`: none = the thread's first function.
    trace::SiteId site(trace::SiteId caller, std::uint32_t module, std::uint64_t offset);

    struct Module {
        std::string path, buildId;
    };
    struct Address {
        std::uint32_t module = 0;
        std::uint64_t offset = 0;
        auto operator<=>(const Address&) const = default;
    };
    [[nodiscard]] const std::vector<Module>& modules() const { return m_modules; }
    /// Of each site, in the order of their ids.
    [[nodiscard]] const std::vector<Address>& addresses() const { return m_addresses; }

private:
    trace::Sink& m_sink;
    std::vector<Module> m_modules;
    std::vector<Address> m_addresses;
    std::map<std::tuple<trace::SiteId, Address>, trace::SiteId> m_ids;
};

} // namespace repro::collector
