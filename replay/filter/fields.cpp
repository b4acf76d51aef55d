// SPDX-License-Identifier: BSD-3-Clause
#include "replay/filter/fields.h"

#include "replay/result/result.h"
#include "trace/words.h"

namespace repro::replay {
namespace {

constexpr std::uint32_t bit(auto value) {
    return 1U << static_cast<std::uint32_t>(value);
}

/// Appends every enumerator up to `last` whose name no earlier value has.
template <class Enum>
std::vector<FieldValue> withNames(std::vector<FieldValue> values, Enum last,
                                  const char* (*nameOf)(Enum)) {
    const std::size_t groups = values.size();
    for (std::uint32_t number = 0; number <= static_cast<std::uint32_t>(last); ++number) {
        const char* name = nameOf(static_cast<Enum>(number));
        bool known = false;
        for (std::size_t i = 0; i < groups; ++i) {
            known = known || values[i].name == name;
        }
        if (!known) {
            values.push_back({name, 1U << number});
        }
    }
    return values;
}

} // namespace

const std::vector<FieldValue>& valuesOf(std::string_view field) {
    using trace::EventKind;
    static const auto classes =
        withNames({{"origin", bit(RowClass::Origin) | bit(RowClass::RngOrigin) |
                                  bit(RowClass::ArgumentOrigin)},
                   {"differs", ~bit(RowClass::Same)},
                   {"rng", bit(RowClass::RngOrigin)},
                   {"nonfinite", bit(RowClass::NonFinite)}},
                  RowClass::Unknown, rowClassName);
    static const auto phases = withNames({}, trace::Phase::Optimizer, trace::phaseName);
    static const auto kinds = withNames(
        {{"mark", bit(EventKind::StepMark) | bit(EventKind::Mode) | bit(EventKind::ZeroGrad)}},
        EventKind::Batch, trace::kindName);
    static const auto matches = withNames({}, Strategy::OnlyB, strategyName);
    static const std::vector<FieldValue> none;
    return field == "class"   ? classes
           : field == "phase" ? phases
           : field == "kind"  ? kinds
           : field == "match" ? matches
                              : none;
}

} // namespace repro::replay
