// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "trace/model.h"

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

namespace repro::replay {

/// LibTorch's CPU generator, a Mersenne Twister (Matsumoto and Nishimura 1998, MT19937), run again
/// from a recorded state.
class CpuStream {
public:
    /// `state`: as Generator::get_state of a CPU generator gives it (CPUGeneratorImplState of
    /// ATen/CPUGeneratorImpl.cpp, the same from 1.6 to 2.13).
    /// Returns: nullopt for a state that is laid out otherwise.
    static std::optional<CpuStream> from(std::span<const std::uint8_t> state);

    /// Draws one number of 32 bits. What a normal distribution had kept for later is gone then.
    void advance();
    /// As the recorder takes it: see FORMAT.md, `draws`.
    [[nodiscard]] trace::Fingerprint fingerprint() const;
    /// As Generator::set_state takes it.
    [[nodiscard]] std::vector<std::byte> saved() const;

private:
    static constexpr std::size_t kWords = 624;
    void twist();

    /// Packed as it is hashed.
    struct State {
        std::uint64_t seed = 0;
        std::int64_t left = 1;
        std::int64_t next = 0;
        std::array<std::uint64_t, 2> normals{};
        std::int64_t has = 0;
        std::array<std::uint32_t, kWords> words{};
    };
    State m_state;
};

/// Numbers of 32 bits between two states of one stream that `stream` comes by, negative where `to`
/// comes before `from`. Returns: nullopt where one is not met within `limit` numbers.
std::optional<std::int64_t> distanceOf(CpuStream stream, const trace::Fingerprint& from,
                                       const trace::Fingerprint& to, std::int64_t limit);

} // namespace repro::replay
