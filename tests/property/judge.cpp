// SPDX-License-Identifier: BSD-3-Clause
#include "tests/property/oracle.h"

#include <algorithm>
#include <optional>

namespace repro::property {
namespace {

using replay::CauseClass;

std::string describe(const replay::Origin& origin) {
    const auto event = [](const std::optional<trace::EventId>& id) {
        return id ? std::to_string(*id) : std::string("-");
    };
    return std::string(replay::causeName(origin.cause.kind)) + " at " + origin.first.op + " (" +
           event(origin.first.eventA) + ", " + event(origin.first.eventB) + ")";
}

bool isAt(const std::optional<trace::EventId>& event, const std::set<int>& instructions,
          const Execution& run) {
    return !event || std::any_of(instructions.begin(), instructions.end(), [&](int id) {
        const auto found = run.done.find(id);
        return found != run.done.end() && found->second.event == *event;
    });
}

std::string describe(const Expectation& expectation, const Execution& a) {
    std::string text;
    for (const CauseClass cause : expectation.classes) {
        text += (text.empty() ? "" : "|") + std::string(replay::causeName(cause));
    }
    text += " at";
    for (const int id : expectation.instructions) {
        const auto found = a.done.find(id);
        text += " " + std::to_string(id) +
                (found == a.done.end() ? "" : "(" + std::to_string(found->second.event) + ")");
    }
    return text;
}

} // namespace

std::string judge(const std::vector<Expectation>& expected, const Execution& a, const Execution& b,
                  const replay::DiffResult& result) {
    const auto isRequired = [](const Expectation& e) { return e.required; };
    const auto required = std::count_if(expected.begin(), expected.end(), isRequired);
    const auto wanted = required > 0 ? replay::Verdict::Diverged : replay::Verdict::Same;
    if (result.verdict != wanted && (required > 0 || expected.empty())) {
        return std::string("verdict: ") + replay::verdictName(result.verdict) + " instead of " +
               replay::verdictName(wanted) +
               (required > 0
                    ? ": " +
                          describe(*std::find_if(expected.begin(), expected.end(), isRequired), a)
                    : "") +
               (result.origins.empty() ? "" : "; found " + describe(result.origins[0]));
    }
    std::vector<bool> met(expected.size());
    for (const replay::Origin& origin : result.origins) {
        std::string close;
        bool fits = false;
        for (std::size_t k = 0; k < expected.size() && !fits; ++k) {
            const bool here = isAt(origin.first.eventA, expected[k].instructions, a) &&
                              isAt(origin.first.eventB, expected[k].instructions, b);
            const bool cause = expected[k].classes.contains(origin.cause.kind);
            if (here && !cause) {
                close = "class: " + describe(origin) + " instead of " + describe(expected[k], a);
            }
            if (here && cause && !met[k]) {
                met[k] = fits = true;
            } else if (here && cause && close.empty()) {
                close = "twice: " + describe(origin);
            }
        }
        if (!fits) {
            return close.empty() ? "extra: " + describe(origin) : close;
        }
    }
    for (std::size_t k = 0; k < expected.size(); ++k) {
        if (expected[k].required && !met[k]) {
            return "missing: " + describe(expected[k], a);
        }
    }
    return {};
}

} // namespace repro::property
