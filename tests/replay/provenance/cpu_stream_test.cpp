// SPDX-License-Identifier: BSD-3-Clause
#include "replay/provenance/cpu_stream.h"

#include <gtest/gtest.h>

#include <cstring>
#include <random>
#include <sstream>
#include <vector>

namespace repro::replay {
namespace {

/// What Generator::get_state gives after `drawn` numbers, by the standard library's twister.
std::vector<std::uint8_t> stateAfter(std::uint32_t seed, std::uint64_t drawn) {
    std::mt19937 engine(seed);
    engine.discard(drawn);
    std::stringstream text;
    text << engine;
    std::vector<std::uint8_t> state(5056);
    const auto put = [&](std::size_t offset, auto value) {
        std::memcpy(state.data() + offset, &value, sizeof value);
    };
    const std::uint64_t inBlock = drawn == 0 ? 0 : (drawn - 1) % 624 + 1;
    put(0, std::uint64_t{seed});
    put(8, static_cast<std::int32_t>(drawn == 0 ? 1 : 625 - inBlock));
    put(16, inBlock);
    for (std::size_t i = 0; i < 624; ++i) {
        std::uint64_t word = 0;
        text >> word;
        put(24 + i * 8, word);
    }
    return state;
}

trace::Fingerprint fingerprintAfter(std::uint64_t drawn) {
    return CpuStream::from(stateAfter(7, drawn)).value().fingerprint();
}

TEST(ReplayCpuStream, FollowsTheTwisterOverManyBlocks) {
    CpuStream stream = CpuStream::from(stateAfter(7, 0)).value();
    for (int drawn = 1; drawn <= 2000; ++drawn) {
        stream.advance();
        ASSERT_EQ(stream.fingerprint(), fingerprintAfter(static_cast<std::uint64_t>(drawn)));
    }
}

TEST(ReplayCpuStream, MeasuresHowFarTwoStatesAreApart) {
    const CpuStream stream = CpuStream::from(stateAfter(7, 100)).value();
    EXPECT_EQ(distanceOf(stream, fingerprintAfter(624), fingerprintAfter(1000), 2000), 376);
    EXPECT_EQ(distanceOf(stream, fingerprintAfter(1000), fingerprintAfter(624), 2000), -376);
    EXPECT_EQ(distanceOf(stream, fingerprintAfter(624), fingerprintAfter(1000), 500), std::nullopt);
    EXPECT_EQ(distanceOf(stream, fingerprintAfter(50), fingerprintAfter(200), 500), std::nullopt);
}

TEST(ReplayCpuStream, SavedStateIsThatWhichItStandsAt) {
    CpuStream stream = CpuStream::from(stateAfter(7, 0)).value();
    for (int drawn = 0; drawn < 700; ++drawn) {
        stream.advance();
    }
    const std::vector<std::byte> saved = stream.saved();
    std::vector<std::uint8_t> state(saved.size());
    std::memcpy(state.data(), saved.data(), saved.size());
    EXPECT_EQ(CpuStream::from(state).value().fingerprint(), fingerprintAfter(700));
}

TEST(ReplayCpuStream, RefusesAStateThatIsLaidOutOtherwise) {
    EXPECT_FALSE(CpuStream::from(std::vector<std::uint8_t>(16)).has_value());
    EXPECT_FALSE(CpuStream::from(std::vector<std::uint8_t>(5056)).has_value());
}

} // namespace
} // namespace repro::replay
