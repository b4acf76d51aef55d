// SPDX-License-Identifier: BSD-3-Clause
#include "replay/provenance/cpu_stream.h"

#define XXH_INLINE_ALL
#include <xxhash.h>

#include <algorithm>
#include <cstring>

namespace repro::replay {
namespace {

constexpr std::size_t kShift = 397;
constexpr std::uint32_t kMatrix = 0x9908b0dfU;

struct Legacy {
    std::uint64_t seed;
    std::int32_t left;
    std::int32_t seeded;
    std::uint64_t next;
    std::uint64_t words[624];
    double normalX, normalY, normalRho;
    std::int32_t normalIsValid;
};

struct Saved {
    Legacy legacy;
    float floatNormal;
    bool floatNormalIsValid;
};
static_assert(sizeof(Saved) == 5056);

} // namespace

std::optional<CpuStream> CpuStream::from(std::span<const std::uint8_t> state) {
    if (state.size() != sizeof(Saved)) {
        return std::nullopt;
    }
    Saved saved{};
    std::memcpy(&saved, state.data(), sizeof saved);
    CpuStream stream;
    State& s = stream.m_state;
    s.seed = saved.legacy.seed;
    s.left = saved.legacy.left;
    s.next = static_cast<std::int64_t>(saved.legacy.next);
    if (s.left < 1 || s.next < 0 || s.next > static_cast<std::int64_t>(kWords)) {
        return std::nullopt;
    }
    if (saved.floatNormalIsValid) {
        std::memcpy(&s.normals[0], &saved.floatNormal, sizeof saved.floatNormal);
        s.has |= 1;
    }
    if (saved.legacy.normalIsValid != 0) {
        std::memcpy(&s.normals[1], &saved.legacy.normalY, sizeof saved.legacy.normalY);
        s.has |= 2;
    }
    for (std::size_t i = 0; i < kWords; ++i) {
        s.words[i] = static_cast<std::uint32_t>(saved.legacy.words[i]);
    }
    return stream;
}

void CpuStream::twist() {
    auto& w = m_state.words;
    for (std::size_t i = 0; i < kWords; ++i) {
        const std::uint32_t next = w[(i + 1) % kWords];
        const std::uint32_t mixed = (w[i] & 0x80000000U) | (next & 0x7fffffffU);
        w[i] = w[(i + kShift) % kWords] ^ (mixed >> 1U) ^ ((next & 1U) != 0 ? kMatrix : 0U);
    }
}

void CpuStream::advance() {
    if (--m_state.left == 0) {
        twist();
        m_state.left = kWords;
        m_state.next = 0;
    }
    ++m_state.next;
    m_state.has = 0;
    m_state.normals = {};
}

trace::Fingerprint CpuStream::fingerprint() const {
    static_assert(sizeof(State) == 6 * 8 + kWords * 4, "no padding is hashed");
    const XXH128_hash_t hash = XXH3_128bits(&m_state, sizeof m_state);
    return {hash.low64, hash.high64};
}

std::vector<std::byte> CpuStream::saved() const {
    Saved saved{};
    saved.legacy.seed = m_state.seed;
    saved.legacy.left = static_cast<std::int32_t>(m_state.left);
    saved.legacy.seeded = 1;
    saved.legacy.next = static_cast<std::uint64_t>(m_state.next);
    std::ranges::copy(m_state.words, saved.legacy.words);
    saved.floatNormalIsValid = (m_state.has & 1) != 0;
    std::memcpy(&saved.floatNormal, &m_state.normals[0], sizeof saved.floatNormal);
    saved.legacy.normalIsValid = (m_state.has & 2) != 0 ? 1 : 0;
    std::memcpy(&saved.legacy.normalY, &m_state.normals[1], sizeof saved.legacy.normalY);
    std::vector<std::byte> bytes(sizeof saved);
    std::memcpy(bytes.data(), &saved, sizeof saved);
    return bytes;
}

std::optional<std::int64_t> distanceOf(CpuStream stream, const trace::Fingerprint& from,
                                       const trace::Fingerprint& to, std::int64_t limit) {
    std::optional<std::int64_t> start;
    std::optional<std::int64_t> end;
    for (std::int64_t i = 0; i <= limit && !(start && end); ++i, stream.advance()) {
        const trace::Fingerprint now = stream.fingerprint();
        start = !start && now == from ? std::optional(i) : start;
        end = !end && now == to ? std::optional(i) : end;
    }
    return start && end ? std::optional(*end - *start) : std::nullopt;
}

} // namespace repro::replay
