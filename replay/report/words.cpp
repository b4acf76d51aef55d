// SPDX-License-Identifier: BSD-3-Clause
#include "replay/report/words.h"

#include "replay/report/remedy_words.h"
#include "replay/report/sentence.h"
#include "replay/report/sites.h"
#include "trace/words.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <iterator>

namespace repro::replay {
namespace {

std::string sameWords(const DiffResult& result) {
    std::string text = fmt::format(
        "{} compared in {}, ", trace::countText(result.coverage.valuesCompared, "value", "values"),
        trace::countText(result.coverage.matched, "matched event", "matched events"));
    const ToleranceCount count = result.tolerance.value_or(ToleranceCount());
    if (count.within + count.ignored == 0) {
        return text + "none differs";
    }
    text += "none differs beyond tolerance; ";
    if (count.within > 0) {
        text += fmt::format("within: {}, {}, up to {:.6g}",
                            trace::countText(count.within, "value", "values"),
                            trace::countText(count.elements, "element", "elements"), count.maxAbs);
        text += count.maxUlp ? fmt::format(", worst {} ulp", *count.maxUlp) : "";
    }
    if (count.ignored > 0) {
        text += fmt::format("{}ignored: {}", count.within > 0 ? "; " : "",
                            trace::countText(count.ignored, "value", "values"));
    }
    return text;
}

std::string layerWords(const Location& place) {
    if (!place.layer) {
        return {};
    }
    const std::string type = place.layerType ? fmt::format(" ({})", *place.layerType) : "";
    return *place.layer + type + (place.layerInferred ? ", inferred from the call stack" : "");
}

std::string tensorWords(const Location& place) {
    return place.slot && place.dtype && place.shape
               ? fmt::format("{} {}[{}]", *place.slot, trace::dtypeName(*place.dtype),
                             fmt::join(*place.shape, ", "))
               : place.slot.value_or("");
}

std::string eventWords(const Location& place) {
    const auto id = [](const std::optional<trace::EventId>& event) {
        return event ? fmt::format("{}", *event) : std::string("none");
    };
    return fmt::format("{} in A, {} in B", id(place.eventA), id(place.eventB));
}

std::string differenceWords(const Difference& d) {
    std::vector<std::string> parts;
    const auto add = [&](const auto& known, fmt::string_view text) {
        if (known) {
            parts.push_back(fmt::format(fmt::runtime(text), *known));
        }
    };
    const auto addCount = [&](const auto& known, std::string_view one, std::string_view more) {
        if (known) {
            parts.push_back(trace::countText(*known, one, more));
        }
    };
    addCount(d.elements, "element", "elements");
    add(d.firstIndex, "the first at {}");
    add(d.maxUlp, "up to {} ulp");
    add(d.maxAbs, "up to {:.17g}");
    add(d.maxRel, "relative {:.3g}");
    addCount(d.leaves, "leaf of 256 KiB", "leaves of 256 KiB");
    add(d.firstLeaf, "the first is leaf {}");
    if (d.nonFinite.value_or(false)) {
        parts.emplace_back("NaN or infinity on one side only");
    }
    return fmt::format("{}", fmt::join(parts, ", "));
}

std::string beyondWords(const Difference& d) {
    return !d.beyond
               ? ""
               : trace::countText(*d.beyond, "element", "elements") + " beyond the tolerance" +
                     (d.firstBeyond ? fmt::format(", the first at {}", *d.firstBeyond) : "");
}

std::string pairWords(const std::optional<std::uint64_t>& index,
                      const std::optional<ElementPair>& pair) {
    if (!index || !pair) {
        return {};
    }
    const auto side = [](const std::string& number, const std::string& bits) {
        return bits.empty() ? number : fmt::format("{} ({})", number, bits);
    };
    return fmt::format("[{}] {} | {}", *index, side(pair->a, pair->bitsA),
                       side(pair->b, pair->bitsB));
}

std::string histogramWords(const Difference& d) {
    std::vector<std::string> parts;
    for (std::size_t k = 0; k < d.ulpHistogram.size(); ++k) {
        if (d.ulpHistogram[k] != 0) {
            parts.push_back(fmt::format("{}: {}", ulpRange(k), d.ulpHistogram[k]));
        }
    }
    return fmt::format("{}", fmt::join(parts, ", "));
}

/// Empty for none.
std::string againWords(std::uint64_t count) {
    return count == 0 ? "" : "and " + trace::countText(count, "more time", "more times");
}

/// ": event 12, 40, ..." of the places where a cause came again.
std::string eventsWords(const Origin& origin) {
    constexpr std::size_t kMost = 4;
    std::vector<std::string> events;
    for (std::size_t i = 0; i < std::min(origin.places.size(), kMost); ++i) {
        const OriginPlace& place = origin.places[i];
        events.push_back(place.eventA ? fmt::format("{}", *place.eventA)
                                      : fmt::format("{} of B", place.eventB.value_or(0)));
    }
    return events.empty() ? ""
                          : fmt::format(": event {}{}", fmt::join(events, ", "),
                                        origin.again > events.size() ? ", ..." : "");
}

bool isLesserLibrary(const EnvironmentDifference& difference) {
    return difference.rank == EnvironmentRank::Possible && difference.key.starts_with("library.");
}

/// One line in place of many, where the first of them was.
void foldLibraries(std::vector<EnvironmentDifference>& differences) {
    const auto first = std::ranges::find_if(differences, isLesserLibrary);
    std::uint64_t count = 0;
    std::uint64_t onlyA = 0;
    std::uint64_t onlyB = 0;
    for (const EnvironmentDifference& difference : differences) {
        if (isLesserLibrary(difference)) {
            ++count;
            onlyA += difference.b.empty() ? 1 : 0;
            onlyB += difference.a.empty() ? 1 : 0;
        }
    }
    EnvironmentDifference folded = *first;
    folded.key = fmt::format("{} other libraries (reprorec env-diff lists them)", count);
    folded.a = fmt::format("{} only here", onlyA);
    folded.b = fmt::format("{} only here, {} of another build", onlyB, count - onlyA - onlyB);
    *first = folded;
    differences.erase(std::remove_if(first + 1, differences.end(), isLesserLibrary),
                      differences.end());
}

/// A value, or of a long one what is around a place in it.
std::string excerpt(const std::string& value, std::size_t place) {
    constexpr std::size_t kMost = 100;
    constexpr std::size_t kBefore = 24;
    if (value.size() <= kMost) {
        return value.empty() ? "none" : trace::printable(value);
    }
    const auto isWithinCharacter = [&](std::size_t at) {
        return at < value.size() && (static_cast<unsigned char>(value[at]) & 0xC0U) == 0x80U;
    };
    std::size_t first = place > kBefore ? place - kBefore : 0;
    std::size_t end = std::min(value.size(), first + kMost);
    for (; isWithinCharacter(first); ++first) {
    }
    for (; isWithinCharacter(end); ++end) {
    }
    return fmt::format("{}{}{}", first > 0 ? "..." : "",
                       trace::printable(std::string_view(value).substr(first, end - first)),
                       end < value.size() ? "..." : "");
}

} // namespace

const char* verdictWords(Verdict verdict) {
    return verdict == Verdict::NotComparable ? "not comparable" : verdictName(verdict);
}

std::string headline(const DiffResult& result) {
    switch (result.verdict) {
    case Verdict::Same:
        return sameWords(result);
    case Verdict::NotComparable:
        return trace::printable(result.reason);
    case Verdict::Diverged:
        break;
    }
    const Origin& first = result.origins.front();
    return fmt::format("first at {}, cause {}", placeName(first.first), causeWords(first.cause));
}

std::string originWords(const Origin& origin) {
    const std::string again = againWords(origin.again);
    return placeName(origin.first) + (again.empty() ? "" : ", " + again);
}

std::string causeWords(const Cause& cause) {
    return fmt::format("{} ({})", causeName(cause.kind), confidenceName(cause.confidence));
}

std::string firstEvidence(const Cause& cause) {
    return cause.evidence.empty() ? "" : trace::printable(sentence(cause.evidence.front()));
}

std::pair<std::string, std::string> settingWords(const EnvironmentDifference& difference) {
    const auto same = std::ranges::mismatch(difference.a, difference.b).in1 - difference.a.begin();
    const auto first = static_cast<std::size_t>(same);
    return {excerpt(difference.a, first), excerpt(difference.b, first)};
}

std::string ulpRange(std::size_t bucket) {
    return bucket < 2 ? fmt::format("{}", bucket)
                      : fmt::format("{}-{}", 1ULL << (bucket - 1), (1ULL << (bucket - 1)) * 2 - 1);
}

std::string coverageWords(const DiffResult& result) {
    const Coverage& c = result.coverage;
    std::string text =
        fmt::format("{} of {} and {} matched, {} compared, {} skipped", c.matched, c.eventsA,
                    trace::countText(c.eventsB, "event", "events"),
                    trace::countText(c.valuesCompared, "value", "values"), c.skipped);
    if (result.tolerance && result.verdict == Verdict::Diverged) {
        const ToleranceCount& t = *result.tolerance;
        text += fmt::format("; {} differ within the tolerance, {} beyond it, {} are ignored",
                            t.within, t.beyond, t.ignored);
    }
    return text;
}

std::string nextCommand(const DiffResult& result) {
    if (result.verdict != Verdict::Diverged) {
        const bool same = result.verdict == Verdict::Same;
        return fmt::format("reprorec info {}",
                           trace::shellWord(same ? result.pathB : result.pathA));
    }
    const Location& first = result.origins.front().first;
    const bool inA = first.eventA.has_value();
    return fmt::format("reprorec show {} --event {}",
                       trace::shellWord(inA ? result.pathA : result.pathB),
                       inA ? *first.eventA : first.eventB.value_or(0));
}

Fields originFields(const Origin& origin) {
    const Location& place = origin.first;
    const Difference& d = place.difference;
    Fields fields = {
        {"op", opName(place)},
        {"at", siteWords(place)},
        {"node", place.node.value_or("")},
        {"layer", layerWords(place)},
        {"parameter", place.parameter.value_or("")},
        {"step",
         place.step ? fmt::format("{}, {}", *place.step, trace::phaseName(place.phase)) : ""},
        {"thread", place.thread.value_or("")},
        {"tensor", tensorWords(place)},
        {"differs", differenceWords(d)},
        {"beyond", beyondWords(d)},
        {"where", d.pattern},
        {"first", pairWords(d.firstIndex, d.firstPair)},
        {"worst", d.worstIndex == d.firstIndex ? "" : pairWords(d.worstIndex, d.worstPair)},
        {"ulps", histogramWords(d)},
        {"events", eventWords(place)},
        {"again", againWords(origin.again) + eventsWords(origin)},
        {"cause", causeWords(origin.cause)},
    };
    for (const Evidence& fact : origin.cause.evidence) {
        fields.emplace_back("because", sentence(fact));
    }
    for (const Evidence& fact : origin.cause.against) {
        fields.emplace_back("but", sentence(fact));
    }
    fields.emplace_back("remedy", remedyWords(origin.cause));
    std::erase_if(fields, [](const auto& field) { return field.second.empty(); });
    for (auto& [name, value] : fields) {
        value = trace::printable(value);
    }
    return fields;
}

std::vector<EnvironmentDifference> environmentThatMatters(const DiffResult& result, bool all) {
    std::vector<EnvironmentDifference> matters;
    std::copy_if(result.environment.begin(), result.environment.end(), std::back_inserter(matters),
                 [all](const auto& d) { return all || d.rank != EnvironmentRank::Harmless; });
    constexpr std::ptrdiff_t kMostLibraries = 8;
    if (!all && std::ranges::count_if(matters, isLesserLibrary) > kMostLibraries) {
        foldLibraries(matters);
    }
    return matters;
}

} // namespace repro::replay
