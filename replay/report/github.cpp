// SPDX-License-Identifier: BSD-3-Clause
#include "replay/report/github.h"

#include "replay/report/sentence.h"
#include "replay/report/sites.h"
#include "replay/report/words.h"
#include "trace/words.h"

#include <fmt/format.h>

namespace repro::replay {
namespace {

/// Percent signs and ends of lines everywhere; in a property its separators, too.
std::string escaped(std::string_view text, std::string_view separators = {}) {
    std::string safe;
    for (const char c : text) {
        if (c == '%' || c == '\r' || c == '\n' || separators.find(c) != std::string_view::npos) {
            safe += fmt::format("%{:02X}", static_cast<unsigned char>(c));
        } else {
            safe += c;
        }
    }
    return safe;
}

std::string command(std::string_view level, std::string_view title, std::string_view message,
                    const std::optional<CallStack>& site = {}) {
    std::string place;
    if (site && !site->ownCall().file.empty()) {
        const SourceLine& call = site->ownCall();
        place = fmt::format("file={},line={},", escaped(shortPath(call.file), ":,"), call.line);
    }
    return fmt::format("::{} {}title={}::{}\n", level, place,
                       escaped(fmt::format("reprorec: {}", title), ":,"), escaped(message));
}

std::string messageOf(const Origin& origin) {
    std::string message = originWords(origin);
    for (const auto& [name, value] : originFields(origin)) {
        message += fmt::format("\n{}: {}", name, value);
    }
    return message;
}

} // namespace

std::string renderGithub(const DiffResult& result) {
    std::string text;
    switch (result.verdict) {
    case Verdict::Same:
        text = command("notice", "same", headline(result));
        break;
    case Verdict::NotComparable:
        text = command("error", "not comparable", headline(result));
        break;
    case Verdict::Diverged:
        for (const Origin& origin : result.origins) {
            text += command("error", "diverged, " + causeWords(origin.cause), messageOf(origin),
                            origin.first.site);
        }
        break;
    }
    for (const Evidence& note : result.notes) {
        text += command("warning", "note", trace::printable(sentence(note)));
    }
    return text;
}

std::string renderGithubTrouble(std::string_view message) {
    return command("error", "trouble", message);
}

} // namespace repro::replay
