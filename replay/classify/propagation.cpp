// SPDX-License-Identifier: BSD-3-Clause
#include "replay/classify/propagation.h"

#include "replay/run/locate.h"

#include <cstdint>
#include <optional>

namespace repro::replay {
namespace {

constexpr std::uint64_t kAmplified = 1024;
constexpr std::size_t kMaxChecks = 256;

bool keepsBytes(const Run& run) {
    return run.reader().header().capture != "fingerprints";
}

} // namespace

Propagation::Propagation(const Run& a, const Run& b, std::vector<std::string>& damaged)
    : m_a(a), m_b(b), m_damaged(damaged), m_haveBytes(keepsBytes(a) && keepsBytes(b)) {}

bool Propagation::isNonFiniteOnOneSide(const RowComparison& row) const {
    if (m_a.reader().statistics().empty() || m_b.reader().statistics().empty()) {
        return false;
    }
    return compareUses(m_a, m_b, row.outputs.front(), m_damaged).nonFinite.value_or(false);
}

bool Propagation::isAmplified(const RowComparison& row) {
    if (row.inputs.empty() || m_checks >= kMaxChecks || !m_haveBytes) {
        return false;
    }
    const auto ulpsOf = [&](const UsePair& pair) -> std::optional<std::uint64_t> {
        if (m_a.reader().value(m_a.uses.value[pair.a]).payload == trace::kNone64) {
            return std::nullopt;
        }
        return compareUses(m_a, m_b, pair, m_damaged).maxUlp;
    };
    const auto out = ulpsOf(row.outputs.front());
    const auto in = ulpsOf(row.inputs.front());
    m_checks += in && out ? 1 : 0;
    return in && out && *out / kAmplified > *in;
}

} // namespace repro::replay
