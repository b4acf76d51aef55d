// SPDX-License-Identifier: BSD-3-Clause
#include "replay/report/html.h"

#include "replay/report/sentence.h"
#include "replay/report/sites.h"
#include "replay/report/words.h"
#include "trace/words.h"

#include <fmt/format.h>

#include <algorithm>

namespace repro::replay {
namespace {

std::string htmlEscaped(std::string_view text) {
    std::string safe;
    for (const char c : trace::printable(text)) {
        switch (c) {
        case '&':
            safe += "&amp;";
            break;
        case '<':
            safe += "&lt;";
            break;
        case '>':
            safe += "&gt;";
            break;
        case '"':
            safe += "&quot;";
            break;
        case '\'':
            safe += "&#39;";
            break;
        default:
            safe += c;
        }
    }
    return safe;
}

constexpr std::string_view kHead = R"(<!DOCTYPE html>
<html lang="en"><head><meta charset="utf-8"><title>reprorec: {}</title>
<meta name="viewport" content="width=device-width, initial-scale=1">
<style>
:root {{ color-scheme: light dark; --line: #8884; }}
body {{ font: 15px/1.5 system-ui, sans-serif; max-width: 70rem; margin: 2rem auto; padding: 0 1rem; }}
.verdict {{ padding: .7rem 1rem; border-left: .5rem solid; border-radius: .3rem; background: #8881; }}
.same {{ border-color: #2a7f3f; }} .diverged {{ border-color: #c0262d; }} .other {{ border-color: #b7791f; }}
.verdict b {{ font-size: 1.3rem; }}
table {{ border-collapse: collapse; width: 100%; margin: .5rem 0 1.5rem; }}
th, td {{ text-align: left; vertical-align: top; padding: .3rem .7rem; border-bottom: 1px solid var(--line); }}
th {{ font-weight: 600; white-space: nowrap; }}
td {{ overflow-wrap: anywhere; }}
code, .mono td {{ font-family: ui-monospace, monospace; font-size: .92em; }}
.bar {{ background: #c0262d99; height: .8em; min-width: 1px; }}
</style></head><body>
<div class="verdict {}"><b>{}</b><br>{}</div>
)";

std::string head(std::string_view style, std::string_view verdict, std::string_view words) {
    return fmt::format(kHead, htmlEscaped(verdict), style, htmlEscaped(verdict),
                       htmlEscaped(words));
}

class HtmlReport {
public:
    explicit HtmlReport(const DiffResult& result) : m_result(result) {}

    std::string render() {
        const Verdict verdict = m_result.verdict;
        m_text = head(verdict == Verdict::NotComparable ? "other" : verdictName(verdict),
                      verdictWords(verdict), headline(m_result));
        if (!m_result.origins.empty()) {
            first(m_result.origins.front());
            histogram(m_result.origins.front().first.difference);
            others();
        }
        environment();
        compared();
        m_text += "</body></html>\n";
        return std::move(m_text);
    }

private:
    template <class... Args>
    void line(fmt::format_string<Args...> format, Args&&... args) {
        fmt::format_to(std::back_inserter(m_text), format, std::forward<Args>(args)...);
        m_text += '\n';
    }

    void first(const Origin& origin) {
        line("<h2>First divergence</h2><table>");
        for (const auto& [name, value] : originFields(origin)) {
            line("<tr><th>{}</th><td>{}</td></tr>", name, htmlEscaped(value));
        }
        line("</table>");
        excerpt(origin.first);
    }

    void excerpt(const Location& place) {
        const auto source =
            place.site ? excerptOf(place.site->ownCall()) : std::vector<ExcerptLine>();
        if (source.empty()) {
            return;
        }
        line("<pre>");
        for (const ExcerptLine& row : source) {
            line("{} {:>5}  {}", row.isTheLine ? "&gt;" : " ", row.number, htmlEscaped(row.text));
        }
        line("</pre>");
    }

    void histogram(const Difference& d) {
        if (d.ulpHistogram.empty()) {
            return;
        }
        const auto most = *std::max_element(d.ulpHistogram.begin(), d.ulpHistogram.end());
        line("<h2>Elements by distance in ULP</h2><table class=\"mono\">");
        for (std::size_t k = 0; k < d.ulpHistogram.size(); ++k) {
            const std::uint64_t count = d.ulpHistogram[k];
            if (count > 0) {
                line("<tr><th>{}</th><td>{}</td><td style=\"width:60%\"><div class=\"bar\" "
                     "style=\"width:{:.1f}%\"></div></td></tr>",
                     ulpRange(k), count,
                     100 * static_cast<double>(count) / static_cast<double>(most));
            }
        }
        line("</table>");
    }

    void others() {
        if (m_result.originCount < 2) {
            return;
        }
        line("<h2>Other origins, none of them a consequence of another</h2><table>");
        for (std::size_t i = 1; i < m_result.origins.size(); ++i) {
            const Origin& origin = m_result.origins[i];
            line("<tr><th>{}</th><td>{}</td><td>{}</td></tr>", htmlEscaped(originWords(origin)),
                 htmlEscaped(causeWords(origin.cause)), htmlEscaped(firstEvidence(origin.cause)));
        }
        if (m_result.originCount > m_result.origins.size()) {
            line("<tr><th>and {} more</th></tr>", m_result.originCount - m_result.origins.size());
        }
        line("</table>");
    }

    void environment() {
        const auto differences = environmentThatMatters(m_result, true);
        if (differences.empty()) {
            return;
        }
        line("<h2>Environment</h2><table><tr><th></th><th>setting</th><th>A</th><th>B</th></tr>");
        for (const EnvironmentDifference& d : differences) {
            const auto [a, b] = settingWords(d);
            line("<tr><td>{}</td><th>{}</th><td>{}</td><td>{}</td></tr>", rankName(d.rank),
                 htmlEscaped(d.key), htmlEscaped(a), htmlEscaped(b));
        }
        line("</table>");
    }

    void compared() {
        line("<h2>Compared</h2><table><tr><th>A</th><td><code>{}</code></td></tr>",
             htmlEscaped(m_result.pathA));
        line("<tr><th>B</th><td><code>{}</code></td></tr>", htmlEscaped(m_result.pathB));
        line("<tr><th>coverage</th><td>{}</td></tr>", htmlEscaped(coverageWords(m_result)));
        for (const Evidence& note : m_result.notes) {
            line("<tr><th>note</th><td>{}</td></tr>", htmlEscaped(sentence(note)));
        }
        line("<tr><th>next</th><td><code>{}</code></td></tr></table>",
             htmlEscaped(nextCommand(m_result)));
    }

    const DiffResult& m_result;
    std::string m_text;
};

} // namespace

std::string renderHtml(const DiffResult& result) {
    return HtmlReport(result).render();
}

std::string renderHtmlTrouble(std::string_view message) {
    return head("other", "trouble", message) + "</body></html>\n";
}

} // namespace repro::replay
