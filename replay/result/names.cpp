// SPDX-License-Identifier: BSD-3-Clause
#include "replay/result/result.h"
#include "trace/words.h"

#include <fmt/format.h>

#include <array>

namespace repro::replay {
namespace {

template <std::size_t N, class Enum>
const char* nameIn(const std::array<const char*, N>& names, Enum value) {
    return names[static_cast<std::size_t>(value)];
}

} // namespace

const char* verdictName(Verdict verdict) {
    return nameIn(std::array{"same", "diverged", "not_comparable"}, verdict);
}

int exitStatus(Verdict verdict) {
    switch (verdict) {
    case Verdict::Same:
        return 0;
    case Verdict::Diverged:
        return 1;
    case Verdict::NotComparable:
        break;
    }
    return 3;
}

const char* causeName(CauseClass cause) {
    return nameIn(std::array{"nondeterministic_kernel", "custom_op", "written_outside_ops",
                             "uninitialised_memory", "unseeded", "extra_draw", "rng_race", "race",
                             "input_data", "argument", "structure", "threads", "isa", "library",
                             "device", "flags", "alignment", "unknown"},
                  cause);
}

const char* confidenceName(Confidence confidence) {
    return nameIn(std::array{"possible", "likely", "proven"}, confidence);
}

const char* strategyName(Strategy strategy) {
    return nameIn(std::array{"exact", "edit", "anchor", "content", "lineage", "order", "moved",
                             "reshaped", "renamed", "mapped", "manual", "only_a", "only_b"},
                  strategy);
}

const char* rowClassName(RowClass rowClass) {
    return nameIn(std::array{"same", "origin", "rng_origin", "argument_origin", "inherited",
                             "amplified", "healed", "structural", "non_finite", "within_tolerance",
                             "unseen", "unknown"},
                  rowClass);
}

std::string opName(const Location& place) {
    const std::string op = place.op.empty() ? "a mark" : place.op;
    return place.overload.empty() ? op : op + "." + place.overload;
}

std::string placeName(const Location& place) {
    std::string text = opName(place);
    text += place.layer ? " in " + *place.layer : "";
    text += place.step ? fmt::format(", step {}", *place.step) : "";
    return trace::printable(text);
}

} // namespace repro::replay
