// SPDX-License-Identifier: BSD-3-Clause
#include "replay/report/json.h"

#include "replay/report/remedy_words.h"
#include "replay/report/sentence.h"
#include "replay/report/sites.h"
#include "trace/words.h"

#include <cmath>

namespace repro::replay {
namespace {

using Json = nlohmann::ordered_json;

template <class T>
Json orNull(const std::optional<T>& value) {
    return value ? Json(*value) : Json(nullptr);
}

Json orNull(const std::string& text) {
    return text.empty() ? Json(nullptr) : Json(text);
}

/// Numbers as texts: JSON has neither NaN nor bits.
Json pairJson(const std::optional<ElementPair>& pair) {
    if (!pair) {
        return nullptr;
    }
    return {{"a", pair->a},
            {"b", pair->b},
            {"bits_a", orNull(pair->bitsA)},
            {"bits_b", orNull(pair->bitsB)}};
}

/// JSON has no infinity: an infinite distance is null.
Json finiteOrNull(const std::optional<double>& value) {
    return value && std::isfinite(*value) ? Json(*value) : Json(nullptr);
}

Json differenceJson(const Difference& d) {
    return {{"elements", orNull(d.elements)},
            {"max_ulp", orNull(d.maxUlp)},
            {"max_abs", finiteOrNull(d.maxAbs)},
            {"mean_abs", finiteOrNull(d.meanAbs)},
            {"max_rel", finiteOrNull(d.maxRel)},
            {"ulp_histogram", d.ulpHistogram.empty() ? Json(nullptr) : Json(d.ulpHistogram)},
            {"first_index", orNull(d.firstIndex)},
            {"first_pair", pairJson(d.firstPair)},
            {"worst_index", orNull(d.worstIndex)},
            {"worst_pair", pairJson(d.worstPair)},
            {"pattern", orNull(d.pattern)},
            {"leaves", orNull(d.leaves)},
            {"first_leaf", orNull(d.firstLeaf)},
            {"non_finite", orNull(d.nonFinite)},
            {"beyond_tolerance", orNull(d.beyond)},
            {"first_beyond", orNull(d.firstBeyond)}};
}

Json locationJson(const Location& place) {
    Json json = {{"event_a", orNull(place.eventA)},
                 {"event_b", orNull(place.eventB)},
                 {"op", orNull(place.op)},
                 {"overload", place.overload},
                 {"slot", orNull(place.slot)},
                 {"layer", orNull(place.layer)},
                 {"layer_type", orNull(place.layerType)},
                 {"layer_evidence", !place.layer          ? Json(nullptr)
                                    : place.layerInferred ? Json("inferred")
                                                          : Json("exact")},
                 {"parameter", orNull(place.parameter)},
                 {"node", orNull(place.node)},
                 {"step", orNull(place.step)},
                 {"phase", trace::phaseName(place.phase)},
                 {"thread", orNull(place.thread)},
                 {"site", siteJson(place.site)},
                 {"site_b", siteJson(place.siteB)}};
    json["dtype"] = place.dtype ? Json(trace::dtypeName(*place.dtype)) : Json(nullptr);
    json["shape"] = orNull(place.shape);
    json["difference"] = differenceJson(place.difference);
    return json;
}

Json placesJson(const std::vector<OriginPlace>& places) {
    Json list = Json::array();
    for (const OriginPlace& place : places) {
        list.push_back({{"event_a", orNull(place.eventA)},
                        {"event_b", orNull(place.eventB)},
                        {"step", place.step}});
    }
    return list;
}

Json toleranceJson(const std::optional<ToleranceCount>& count) {
    if (!count) {
        return nullptr;
    }
    return {{"within", count->within},
            {"ignored", count->ignored},
            {"beyond", count->beyond},
            {"without_bytes", count->withoutBytes},
            {"elements", count->elements},
            {"max_ulp", orNull(count->maxUlp)},
            {"max_abs", finiteOrNull(count->maxAbs)}};
}

Json factsJson(const std::vector<Evidence>& facts) {
    Json list = Json::array();
    for (const Evidence& fact : facts) {
        Json events = Json::array();
        for (const EventRef& event : fact.events) {
            const bool isKnown = event.event != trace::kNone64;
            events.push_back({{"run", std::string(1, event.run)},
                              {"event", isKnown ? Json(event.event) : Json(nullptr)},
                              {"op", orNull(event.name)}});
        }
        list.push_back({{"kind", evidenceName(fact.kind)},
                        {"subject", orNull(fact.subject)},
                        {"values", fact.values},
                        {"events", std::move(events)},
                        {"sentence", sentence(fact)}});
    }
    return list;
}

Json causeJson(const Cause& cause) {
    return {{"class", causeName(cause.kind)},
            {"confidence", confidenceName(cause.confidence)},
            {"evidence", factsJson(cause.evidence)},
            {"against", factsJson(cause.against)},
            {"remedy", remedyWords(cause)}};
}

} // namespace

Json toJson(const DiffResult& result) {
    const Coverage& c = result.coverage;
    Json json = {{"schema", "reprorec.diff/2"},
                 {"verdict", verdictName(result.verdict)},
                 {"exit", exitStatus(result.verdict)},
                 {"reason", orNull(result.reason)},
                 {"a", result.pathA},
                 {"b", result.pathB},
                 {"coverage",
                  {{"events_a", c.eventsA},
                   {"events_b", c.eventsB},
                   {"matched", c.matched},
                   {"values_compared", c.valuesCompared},
                   {"skipped", c.skipped}}}};
    const bool diverged = !result.origins.empty();
    json["first"] = diverged ? locationJson(result.origins.front().first) : Json(nullptr);
    json["cause"] = diverged ? causeJson(result.origins.front().cause) : Json(nullptr);
    json["origins"] = Json::array();
    for (const Origin& origin : result.origins) {
        json["origins"].push_back({{"first", locationJson(origin.first)},
                                   {"cause", causeJson(origin.cause)},
                                   {"again", origin.again},
                                   {"places", placesJson(origin.places)}});
    }
    json["origin_count"] = result.originCount;
    json["tolerance"] = toleranceJson(result.tolerance);
    json["environment"] = Json::array();
    for (const EnvironmentDifference& d : result.environment) {
        json["environment"].push_back(
            {{"key", d.key}, {"a", orNull(d.a)}, {"b", orNull(d.b)}, {"rank", rankName(d.rank)}});
    }
    json["notes"] = Json::array();
    for (const Evidence& note : result.notes) {
        json["notes"].push_back(sentence(note));
    }
    return json;
}

} // namespace repro::replay
