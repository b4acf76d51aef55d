// SPDX-License-Identifier: BSD-3-Clause
#include "replay/report/text.h"

#include "replay/report/sentence.h"
#include "replay/report/sites.h"
#include "replay/report/words.h"
#include "trace/words.h"

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
            firstOrigin();
            otherOrigins();
        }
        environment();
        line("");
        line("compared: {}", coverageWords(m_result));
        for (const Evidence& note : m_result.notes) {
            line("note: {}", trace::printable(sentence(note)));
        }
        line("next: {}", nextCommand(m_result));
        if (m_result.verdict == Verdict::Diverged) {
            line("view: reprorec view {} {}", trace::shellWord(m_result.pathA),
                 trace::shellWord(m_result.pathB));
        }
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
        const Verdict verdict = m_result.verdict;
        const char* color = verdict == Verdict::Same       ? "1;32"
                            : verdict == Verdict::Diverged ? "1;31"
                                                           : "1;33";
        line("{}: {}", paint(color, verdictWords(verdict)), headline(m_result));
    }

    void firstOrigin() {
        line("");
        line("{}", paint("1", "first divergence"));
        for (const auto& [name, value] : originFields(m_result.origins.front())) {
            line("  {:<10} {}", name, value);
            if (name == std::string_view("at") && m_options.callers) {
                callers();
            }
        }
    }

    void callers() {
        const Location& place = m_result.origins.front().first;
        for (const std::string& call : callerWords(*place.site)) {
            line("  {:<10} {}", "from", trace::printable(call));
        }
    }

    void otherOrigins() {
        const auto& all = m_result.origins;
        const std::size_t shown =
            m_options.all ? all.size() : std::min(all.size(), m_options.maxOrigins + 1);
        if (m_result.originCount < 2) {
            return;
        }
        line("");
        line("{}", paint("1", "other origins, none of them a consequence of another"));
        for (std::size_t i = 1; i < shown; ++i) {
            const std::string evidence = firstEvidence(all[i].cause);
            line("  {}: {}{}{}", originWords(all[i]), causeWords(all[i].cause),
                 evidence.empty() ? "" : "; ", evidence);
        }
        if (m_result.originCount > shown) {
            line("  and {} more", m_result.originCount - shown);
        }
    }

    void environment() {
        const auto differences = environmentThatMatters(m_result, m_options.all);
        if (differences.empty()) {
            return;
        }
        line("");
        line("{}", paint("1", "environment"));
        for (const EnvironmentDifference& d : differences) {
            const auto [a, b] = settingWords(d);
            line("  {:<9} {}: {} | {}", rankName(d.rank), trace::printable(d.key), a, b);
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
