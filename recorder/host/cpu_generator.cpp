// SPDX-License-Identifier: BSD-3-Clause
#include "recorder/host/cpu_generator.h"

#include "trace/xxh3.h"

#include <algorithm>
#include <cstring>

namespace repro::host {
namespace {

/// Packed, so that no padding is hashed.
struct Hashed {
    std::uint64_t seed;
    std::int64_t left;
    std::int64_t next;
    std::uint64_t normals[2];
    std::int64_t has;
    std::uint32_t words[at::MERSENNE_STATE_N];
};

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

trace::Fingerprint fingerprintOf(at::CPUGeneratorImpl& generator) {
    const at::mt19937_data_pod data = generator.engine().data();
    Hashed state{};
    state.seed = data.seed_;
    state.left = data.left_;
    state.next = static_cast<std::int64_t>(data.next_);
    if (const auto normal = generator.next_float_normal_sample()) {
        std::memcpy(&state.normals[0], &*normal, sizeof *normal);
        state.has |= 1;
    }
    if (const auto normal = generator.next_double_normal_sample()) {
        std::memcpy(&state.normals[1], &*normal, sizeof *normal);
        state.has |= 2;
    }
    std::copy(data.state_.begin(), data.state_.end(), state.words);
    return trace::xxh3(&state, sizeof state);
}

std::vector<std::byte> stateOf(at::CPUGeneratorImpl& generator) {
    const at::mt19937_data_pod data = generator.engine().data();
    Saved state{};
    state.seed = data.seed_;
    state.left = data.left_;
    state.seeded = data.seeded_ ? 1 : 0;
    state.next = data.next_;
    std::copy(data.state_.begin(), data.state_.end(), state.words);
    if (const auto normal = generator.next_double_normal_sample()) {
        state.normalY = *normal;
        state.hasNormalY = 1;
    }
    if (const auto normal = generator.next_float_normal_sample()) {
        state.normal = *normal;
        state.hasNormal = 1;
    }
    const auto* bytes = reinterpret_cast<const std::byte*>(&state);
    return {bytes, bytes + sizeof state};
}

} // namespace repro::host
