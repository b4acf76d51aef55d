// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <cstdint>
#include <span>
#include <vector>

namespace repro::replay {
class Run;
}

namespace repro::gui {

/// The uses by which rows of a run wrote to each storage: four bytes a write. Who wrote what a row
/// reads is found without a look at what only reads, as every step reads the weights.
class WriteIndex {
public:
    WriteIndex() = default;
    /// Throws what the reader's poll throws.
    explicit WriteIndex(const replay::Run& run);

    /// Rows of `uses`, rising, that wrote to the storage, and maybe a few that wrote to another:
    /// the caller compares.
    [[nodiscard]] std::span<const std::uint32_t> near(std::uint64_t storage) const;

private:
    [[nodiscard]] std::uint64_t bucketOf(std::uint64_t storage) const {
        return storage & (m_start.size() - 2);
    }

    std::vector<std::uint32_t> m_start; ///< by bucket, and the end
    std::vector<std::uint32_t> m_uses;
};

} // namespace repro::gui
