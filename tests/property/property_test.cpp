// SPDX-License-Identifier: BSD-3-Clause
#include "tests/property/property.h"

#include <gtest/gtest.h>

#include <cstdlib>
#include <map>
#include <string>

namespace repro::property {
namespace {

std::uint64_t numberFrom(const char* variable, std::uint64_t fallback) {
    const char* text = std::getenv(variable); // NOLINT(concurrency-mt-unsafe): one thread
    return text == nullptr ? fallback : std::strtoull(text, nullptr, 10);
}

/// REPROREC_PROPERTY_COUNT programs from the seed REPROREC_PROPERTY_SEED on.
TEST(ReplayProperty, FindsWhatWasPlanted) {
    const std::uint64_t first = numberFrom("REPROREC_PROPERTY_SEED", 1);
    const std::uint64_t count = numberFrom("REPROREC_PROPERTY_COUNT", 10000);
    std::map<std::string, int> kinds;
    for (std::uint64_t seed = first; seed < first + count; ++seed) {
        const Program program = generate(seed);
        const std::string wrong = check(program);
        if (wrong.empty() || ++kinds[kindOf(wrong)] > 1) {
            continue;
        }
        const Program small = shrink(program);
        ADD_FAILURE() << wrong << "\nshrunk: " << check(small) << "\n"
                      << print(small) << "again: REPROREC_PROPERTY_SEED=" << seed
                      << " REPROREC_PROPERTY_COUNT=1";
    }
    for (const auto& [kind, number] : kinds) {
        std::printf("%5d %s\n", number, kind.c_str());
    }
}

} // namespace
} // namespace repro::property
