// SPDX-License-Identifier: BSD-3-Clause
#include "replay/report/text.h"

#include <fmt/format.h>

#include <algorithm>

namespace repro::replay {
namespace {

class TextReport {
public:
    TextReport(const DiffResult& result, const TextOptions& options)
        : m_result(result), m_options(options) {}

    std::string render() {
        verdict();
        if (!m_result.origins.empty()) {
            origin(m_result.origins.front());
            otherOrigins();
        }
        environment();
        coverage();
        notes();
        nextCommand();
        return std::move(m_text);
    }

private:
    template <class... Args>
    void line(fmt::format_string<Args...> format, Args&&... args) {
        fmt::format_to(std::back_inserter(m_text), format, std::forward<Args>(args)...);
        m_text += '\n';
    }
    [[nodiscard]] std::string paint(const char* code, std::string text) const {
        return m_options.color ? fmt::format("\033[{}m{}\033[0m", code, text) : text;
    }

    void verdict() {
        switch (m_result.verdict) {
        case Verdict::Same:
            line("{}: {} values compared in {} matched events, {}", paint("1;32", "same"),
                 m_result.coverage.valuesCompared, m_result.coverage.matched, excusedText());
            return;
        case Verdict::NotComparable:
            line("{}: {}", paint("1;33", "not comparable"), m_result.reason);
            return;
        case Verdict::Diverged:
            break;
        }
        const Origin& first = m_result.origins.front();
        line("{}: first at {}, cause {} ({})", paint("1;31", "diverged"), shortPlace(first.first),
             causeName(first.cause.kind), confidenceName(first.cause.confidence));
    }

    [[nodiscard]] std::string excusedText() const {
        const ToleranceCount count = m_result.tolerance.value_or(ToleranceCount());
        if (count.within + count.ignored == 0) {
            return "none differs";
        }
        std::string text = "none differs beyond tolerance; ";
        if (count.within > 0) {
            text += fmt::format("within: {} values, {} elements, up to {:.6g}", count.within,
                                count.elements, count.maxAbs);
            text += count.maxUlp ? fmt::format(", worst {} ulp", *count.maxUlp) : "";
        }
        if (count.ignored > 0) {
            text +=
                fmt::format("{}ignored: {} values", count.within > 0 ? "; " : "", count.ignored);
        }
        return text;
    }

    static std::string opOf(const Location& place) {
        const std::string op = place.op.empty() ? "a mark" : place.op;
        return place.overload.empty() ? op : op + "." + place.overload;
    }

    static std::string shortPlace(const Location& place) {
        std::string text = opOf(place);
        if (place.layer) {
            text += " in " + *place.layer;
        }
        if (place.step) {
            text += fmt::format(", step {}", *place.step);
        }
        return text;
    }

    void field(const char* name, const std::string& value) {
        if (!value.empty()) {
            line("  {:<10} {}", name, value);
        }
    }

    static std::string eventText(const Location& place) {
        const auto id = [](const std::optional<trace::EventId>& event) {
            return event ? fmt::format("{}", *event) : std::string("none");
        };
        return fmt::format("{} in A, {} in B", id(place.eventA), id(place.eventB));
    }

    static std::string tensorText(const Location& place) {
        return place.slot && place.dtype && place.shape
                   ? fmt::format("{} {}[{}]", *place.slot, trace::dtypeName(*place.dtype),
                                 fmt::join(*place.shape, ", "))
                   : place.slot.value_or("");
    }

    static std::string differenceText(const Difference& d) {
        std::vector<std::string> parts;
        const auto add = [&](const auto& known, fmt::string_view text) {
            if (known) {
                parts.push_back(fmt::format(fmt::runtime(text), *known));
            }
        };
        add(d.elements, "{} elements");
        add(d.firstIndex, "the first at {}");
        add(d.maxUlp, "up to {} ulp");
        add(d.maxAbs, "up to {:.17g}");
        add(d.maxRel, "relative {:.3g}");
        add(d.leaves, "{} leaves of 256 KiB");
        add(d.firstLeaf, "the first is leaf {}");
        if (d.nonFinite.value_or(false)) {
            parts.emplace_back("NaN or infinity on one side only");
        }
        return fmt::format("{}", fmt::join(parts, ", "));
    }

    static std::string pairText(const std::optional<std::uint64_t>& index,
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

    static std::string histogramText(const Difference& d) {
        std::vector<std::string> parts;
        for (std::size_t k = 0; k < d.ulpHistogram.size(); ++k) {
            if (d.ulpHistogram[k] != 0) {
                const std::string range =
                    k < 2 ? fmt::format("{}", k)
                          : fmt::format("{}-{}", 1ULL << (k - 1), (1ULL << (k - 1)) * 2 - 1);
                parts.push_back(fmt::format("{}: {}", range, d.ulpHistogram[k]));
            }
        }
        return fmt::format("{}", fmt::join(parts, ", "));
    }

    void difference(const Difference& d) {
        field("differs", differenceText(d));
        field("beyond",
              d.beyond ? fmt::format(
                             "{} elements beyond the tolerance{}", *d.beyond,
                             d.firstBeyond ? fmt::format(", the first at {}", *d.firstBeyond) : "")
                       : "");
        field("where", d.pattern);
        field("first", pairText(d.firstIndex, d.firstPair));
        field("worst", d.worstIndex == d.firstIndex ? "" : pairText(d.worstIndex, d.worstPair));
        field("ulps", histogramText(d));
    }

    static std::string siteText(const Location& place) {
        if (!place.site) {
            return {};
        }
        const SourceLine& site = *place.site;
        return site.file.empty() ? fmt::format("{}+{:#x}", site.module, site.offset)
                                 : fmt::format("{}:{} {}", site.file, site.line, site.function);
    }

    void location(const Location& place) {
        field("op", opOf(place));
        field("node", place.node.value_or(""));
        field("layer", !place.layer      ? ""
                       : place.layerType ? fmt::format("{} ({})", *place.layer, *place.layerType)
                                         : *place.layer);
        field("parameter", place.parameter.value_or(""));
        field("step", place.step ? fmt::format("{}, {}", *place.step, phaseName(place.phase)) : "");
        field("thread", place.thread.value_or(""));
        field("tensor", tensorText(place));
        difference(place.difference);
        field("events", eventText(place));
        field("called at", siteText(place));
    }

    void origin(const Origin& origin) {
        line("");
        line("{}", paint("1", "first divergence"));
        location(origin.first);
        cause(origin.cause);
    }

    void cause(const Cause& cause) {
        field("cause",
              fmt::format("{} ({})", causeName(cause.kind), confidenceName(cause.confidence)));
        for (const std::string& text : cause.evidence) {
            field("because", text);
        }
        for (const std::string& text : cause.against) {
            field("but", text);
        }
        field("remedy", cause.remedy);
    }

    void otherOrigins() {
        const auto& all = m_result.origins;
        const std::size_t shown =
            m_options.all ? all.size() : std::min(all.size(), m_options.maxOrigins + 1);
        if (all.size() < 2) {
            return;
        }
        line("");
        line("{}", paint("1", "other origins, none of them a consequence of another"));
        for (std::size_t i = 1; i < shown; ++i) {
            line("  {}: {} ({}){}", shortPlace(all[i].first), causeName(all[i].cause.kind),
                 confidenceName(all[i].cause.confidence),
                 all[i].cause.evidence.empty() ? "" : "; " + all[i].cause.evidence.front());
        }
        if (m_result.originCount > shown) {
            line("  and {} more", m_result.originCount - shown);
        }
    }

    void environment() {
        const auto matters = [&](const EnvironmentDifference& d) {
            return m_options.all || d.rank != EnvironmentRank::Harmless;
        };
        const auto& all = m_result.environment;
        if (std::none_of(all.begin(), all.end(), matters)) {
            return;
        }
        line("");
        line("{}", paint("1", "environment"));
        for (const EnvironmentDifference& d : all) {
            if (matters(d)) {
                line("  {:<9} {}: {} | {}", rankName(d.rank), d.key, d.a.empty() ? "none" : d.a,
                     d.b.empty() ? "none" : d.b);
            }
        }
    }

    void coverage() {
        const Coverage& c = m_result.coverage;
        line("");
        line("compared: {} of {} and {} events matched, {} values compared, {} skipped", c.matched,
             c.eventsA, c.eventsB, c.valuesCompared, c.skipped);
        if (m_result.tolerance && m_result.verdict == Verdict::Diverged) {
            const ToleranceCount& t = *m_result.tolerance;
            line("tolerance: {} values differ within it, {} beyond it, {} are ignored", t.within,
                 t.beyond, t.ignored);
        }
    }

    void notes() {
        for (const std::string& note : m_result.notes) {
            line("note: {}", note);
        }
    }

    void nextCommand() {
        if (m_result.verdict == Verdict::Diverged) {
            const Location& first = m_result.origins.front().first;
            const bool inA = first.eventA.has_value();
            line("next: reprorec show {} --event {}", inA ? m_result.pathA : m_result.pathB,
                 inA ? *first.eventA : first.eventB.value_or(0));
        } else if (m_result.verdict == Verdict::NotComparable) {
            line("next: reprorec info {}", m_result.pathA);
        } else {
            line("next: reprorec info {}", m_result.pathB);
        }
    }

    const DiffResult& m_result;
    const TextOptions& m_options;
    std::string m_text;
};

} // namespace

std::string renderText(const DiffResult& result, const TextOptions& options) {
    return TextReport(result, options).render();
}

} // namespace repro::replay
