// SPDX-License-Identifier: BSD-3-Clause
#include "replay/result/result.h"
#include "trace/enum_names.h"
#include "trace/words.h"

#include <fmt/format.h>

#include <array>

namespace repro::replay {

using trace::nameIn;

const char* verdictName(Verdict verdict) {
    return nameIn<Verdict::NotComparable>(std::array{"same", "diverged", "not_comparable"},
                                          verdict);
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
    return nameIn<CauseClass::Unknown>(
        std::array{"nondeterministic_kernel", "custom_op", "written_outside_ops",
                   "uninitialised_memory", "unseeded", "extra_draw", "rng_race", "stream", "race",
                   "input_data", "argument", "structure", "threads", "isa", "library", "device",
                   "flags", "alignment", "unknown"},
        cause);
}

const char* confidenceName(Confidence confidence) {
    return nameIn<Confidence::Proven>(std::array{"possible", "likely", "proven"}, confidence);
}

const char* strategyName(Strategy strategy) {
    return nameIn<Strategy::OnlyB>(std::array{"exact", "edit", "anchor", "content", "lineage",
                                              "order", "moved", "reshaped", "renamed", "mapped",
                                              "manual", "only_a", "only_b"},
                                   strategy);
}

const char* rowClassName(RowClass rowClass) {
    return nameIn<RowClass::Unknown>(
        std::array{"same", "origin", "rng_origin", "argument_origin", "inherited", "amplified",
                   "healed", "structural", "non_finite", "within_tolerance", "unseen", "unknown"},
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
