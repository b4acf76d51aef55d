// SPDX-License-Identifier: BSD-3-Clause
#include "replay/report/markdown.h"

#include "replay/report/sentence.h"
#include "replay/report/sites.h"
#include "replay/report/words.h"
#include "trace/words.h"

#include <fmt/format.h>

#include <algorithm>

namespace repro::replay {
namespace {

/// Every ASCII punctuation may stand behind a backslash; HTML and mentions end there, too.
std::string markdownEscaped(std::string_view text) {
    std::string safe;
    for (const char c : trace::printable(text)) {
        if (std::string_view("\\`*_{}[]<>()#+!|~&@$").find(c) != std::string_view::npos) {
            safe += '\\';
        }
        safe += c;
    }
    return safe;
}

/// A span of code with a fence longer than any run of backticks in it. In a table the pipe is
/// escaped even there.
std::string code(std::string_view text) {
    const std::string plain = trace::printable(text);
    std::string safe;
    std::size_t longest = 0, run = 0;
    for (const char c : plain) {
        run = c == '`' ? run + 1 : 0;
        longest = std::max(longest, run);
        safe += c == '|' ? "\\|" : std::string(1, c);
    }
    const std::string fence(longest + 1, '`');
    const char* pad = longest > 0 ? " " : "";
    return plain.empty() ? "" : fence + pad + safe + pad + fence;
}

class MarkdownReport {
public:
    explicit MarkdownReport(const DiffResult& result) : m_result(result) {}

    std::string render() {
        const char* sign = m_result.verdict == Verdict::Same       ? "✅"
                           : m_result.verdict == Verdict::Diverged ? "❌"
                                                                   : "⚠️";
        line("### {} reprorec: {}\n", sign, verdictWords(m_result.verdict));
        line("{}\n", markdownEscaped(headline(m_result)));
        if (!m_result.origins.empty()) {
            first(m_result.origins.front());
            others();
        }
        environment();
        for (const Evidence& note : m_result.notes) {
            line("> Note: {}\n", markdownEscaped(sentence(note)));
        }
        line("{} against {}: {}.\n", code(m_result.pathB), code(m_result.pathA),
             markdownEscaped(coverageWords(m_result)));
        line("Next: {}", code(nextCommand(m_result)));
        return std::move(m_text);
    }

private:
    template <class... Args>
    void line(fmt::format_string<Args...> format, Args&&... args) {
        fmt::format_to(std::back_inserter(m_text), format, std::forward<Args>(args)...);
        m_text += '\n';
    }

    void first(const Origin& origin) {
        line("| first divergence | |\n|---|---|");
        for (const auto& [name, value] : originFields(origin)) {
            const std::string_view field = name;
            const bool prose = field == "because" || field == "but" || field == "remedy";
            line("| {} | {} |", name, prose ? markdownEscaped(value) : code(value));
        }
        line("");
        excerpt(origin.first);
    }

    /// Indented, for then nothing in it is markup.
    void excerpt(const Location& place) {
        const auto source =
            place.site ? excerptOf(place.site->ownCall()) : std::vector<ExcerptLine>();
        for (const ExcerptLine& row : source) {
            line("    {} {:>5}  {}", row.isTheLine ? ">" : " ", row.number, row.text);
        }
        if (!source.empty()) {
            line("");
        }
    }

    void others() {
        if (m_result.originCount < 2) {
            return;
        }
        line("<details><summary>{}, none of them a consequence of another</summary>\n",
             trace::countText(m_result.originCount - 1, "other origin", "other origins"));
        line("| where | cause | because |\n|---|---|---|");
        for (std::size_t i = 1; i < m_result.origins.size(); ++i) {
            const Origin& origin = m_result.origins[i];
            line("| {} | {} | {} |", code(originWords(origin)), code(causeWords(origin.cause)),
                 markdownEscaped(firstEvidence(origin.cause)));
        }
        if (m_result.originCount > m_result.origins.size()) {
            line("| and {} more | | |", m_result.originCount - m_result.origins.size());
        }
        line("\n</details>\n");
    }

    void environment() {
        const auto differences = environmentThatMatters(m_result);
        if (differences.empty()) {
            return;
        }
        line("<details><summary>{} of the environment</summary>\n",
             trace::countText(differences.size(), "difference", "differences"));
        line("| | setting | A | B |\n|---|---|---|---|");
        for (const EnvironmentDifference& d : differences) {
            const auto [a, b] = settingWords(d);
            line("| {} | {} | {} | {} |", rankName(d.rank), code(d.key), code(a), code(b));
        }
        line("\n</details>\n");
    }

    const DiffResult& m_result;
    std::string m_text;
};

} // namespace

std::string renderMarkdown(const DiffResult& result) {
    return MarkdownReport(result).render();
}

std::string renderMarkdownTrouble(std::string_view message) {
    return fmt::format("### ⚠️ reprorec: trouble\n\n{}\n", markdownEscaped(message));
}

} // namespace repro::replay
