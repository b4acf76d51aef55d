// SPDX-License-Identifier: BSD-3-Clause
#include "recorder/host/cpu_generator.h"

#include "trace/xxh3.h"

#include <algorithm>
#include <cstring>

namespace repro::host {
namespace {

constexpr std::int64_t kHasFloat = 1, kHasDouble = 2;

/// As every LibTorch saves and loads it.
struct Saved {
    std::uint64_t seed;
    std::int32_t left, seeded;
    std::uint64_t next;
    std::uint64_t words[at::MERSENNE_STATE_N];
    double normalX, normalY, normalRho;
    std::int32_t hasNormalY, padding;
    float normal;
    std::int32_t hasNormal;
};
static_assert(sizeof(Saved) == 5056);

} // namespace

Twister twisterOf(at::CPUGeneratorImpl& generator) {
    const at::mt19937_data_pod data = generator.engine().data();
    Twister state;
    state.seed = data.seed_;
    state.left = data.left_;
    state.next = static_cast<std::int64_t>(data.next_);
    if (const auto normal = generator.next_float_normal_sample()) {
        std::memcpy(&state.normals[0], &*normal, sizeof *normal);
        state.has |= kHasFloat;
    }
    if (const auto normal = generator.next_double_normal_sample()) {
        std::memcpy(&state.normals[1], &*normal, sizeof *normal);
        state.has |= kHasDouble;
    }
    std::copy(data.state_.begin(), data.state_.end(), state.words);
    return state;
}

trace::Fingerprint fingerprintOf(const Twister& state) {
    return trace::xxh3(&state, sizeof state);
}

std::vector<std::byte> savedState(const Twister& state) {
    Saved saved{};
    saved.seed = state.seed;
    saved.left = static_cast<std::int32_t>(state.left);
    saved.seeded = 1;
    saved.next = static_cast<std::uint64_t>(state.next);
    std::copy(std::begin(state.words), std::end(state.words), saved.words);
    std::memcpy(&saved.normal, &state.normals[0], sizeof saved.normal);
    std::memcpy(&saved.normalY, &state.normals[1], sizeof saved.normalY);
    saved.hasNormal = (state.has & kHasFloat) != 0 ? 1 : 0;
    saved.hasNormalY = (state.has & kHasDouble) != 0 ? 1 : 0;
    const auto* bytes = reinterpret_cast<const std::byte*>(&saved);
    return {bytes, bytes + sizeof saved};
}

} // namespace repro::host
