// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "trace/error.h"
#include "trace/model.h"

#include <cstdint>
#include <vector>

namespace repro::collector {

/// From the numbers of one kind that the host gives, in order from 0, to the sink's ids.
class HostIds {
public:
    /// Throws: Error (Format) when `host` is far from what was given before.
    void define(std::uint32_t host, std::uint32_t sink) {
        if (host >= m_ids.size()) {
            if (host - m_ids.size() > kLargestHole) {
                throw Error(ErrorKind::Format, "a record defines a number that is out of range");
            }
            m_ids.resize(host + std::size_t{1}, trace::kNone32);
        }
        m_ids[host] = sink;
    }

    [[nodiscard]] bool knows(std::uint32_t host) const {
        return host < m_ids.size() && m_ids[host] != trace::kNone32;
    }

    /// None stays none. `lenient`: so does what was never defined, for its record may be dropped.
    /// Throws: Error (Format).
    [[nodiscard]] std::uint32_t sinkId(std::uint32_t host, bool lenient) const {
        if (knows(host)) {
            return m_ids[host];
        }
        if (host != trace::kNone32 && !lenient) {
            throw Error(ErrorKind::Format, "a record names something that was never defined");
        }
        return trace::kNone32;
    }

private:
    static constexpr std::size_t kLargestHole = 1U << 16U;
    std::vector<std::uint32_t> m_ids;
};

} // namespace repro::collector
