// SPDX-License-Identifier: BSD-3-Clause
#include "replay/report/junit.h"

#include "replay/report/text.h"
#include "replay/report/words.h"

#include <fmt/format.h>

#include <algorithm>

namespace repro::replay {
namespace {

/// The bytes of one character of UTF-8 at the beginning of `text`; 0 where that is none.
std::size_t characterLength(std::string_view text) {
    const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
    const std::size_t length = byte(0) < 0x80                      ? 1
                               : byte(0) >= 0xC2 && byte(0) < 0xE0 ? 2
                               : byte(0) >= 0xE0 && byte(0) < 0xF0 ? 3
                               : byte(0) >= 0xF0 && byte(0) < 0xF5 ? 4
                                                                   : 0;
    if (length > text.size()) {
        return 0;
    }
    for (std::size_t i = 1; i < length; ++i) {
        if ((byte(i) & 0xC0U) != 0x80) {
            return 0;
        }
    }
    // Too long a form, half of a pair, beyond Unicode, or no character of XML.
    const bool bad = (byte(0) == 0xE0 && byte(1) < 0xA0) || (byte(0) == 0xED && byte(1) > 0x9F) ||
                     (byte(0) == 0xF0 && byte(1) < 0x90) || (byte(0) == 0xF4 && byte(1) > 0x8F) ||
                     (byte(0) == 0xEF && byte(1) == 0xBF && byte(2) > 0xBD);
    return bad ? 0 : length;
}

/// XML allows neither control characters nor broken UTF-8, not even escaped.
std::string xmlEscaped(std::string_view text) {
    std::string safe;
    while (!text.empty()) {
        const std::size_t length = characterLength(text);
        const char c = text.front();
        if (c == '&') {
            safe += "&amp;";
        } else if (c == '<') {
            safe += "&lt;";
        } else if (c == '>') {
            safe += "&gt;";
        } else if (c == '"') {
            safe += "&quot;";
        } else if (length == 0 || (length == 1 && (c < 0x20 || c == 0x7F) && c != '\n')) {
            safe += fmt::format("\\x{:02x}", static_cast<unsigned char>(c));
        } else {
            safe += text.substr(0, length);
        }
        text.remove_prefix(std::max<std::size_t>(length, 1));
    }
    return safe;
}

constexpr std::string_view kSuite = R"(<?xml version="1.0" encoding="UTF-8"?>
<testsuites name="reprorec" tests="{0}" failures="{1}" errors="{2}">
  <testsuite name="reprorec diff" tests="{0}" failures="{1}" errors="{2}" skipped="0">
{3}  </testsuite>
</testsuites>
)";

std::string failure(const Origin& origin) {
    std::string body;
    for (const auto& [name, value] : originFields(origin)) {
        body += fmt::format("{}: {}\n", name, value);
    }
    return fmt::format(
        "      <failure type=\"{}\" message=\"{}\">{}</failure>\n", causeName(origin.cause.kind),
        xmlEscaped(originWords(origin) + ": " + causeWords(origin.cause)), xmlEscaped(body));
}

std::string testCase(std::string_view name, std::string_view contents) {
    return fmt::format(
        "    <testcase classname=\"reprorec.diff\" name=\"{}\">\n{}    </testcase>\n",
        xmlEscaped(name), contents);
}

std::string error(std::string_view type, std::string_view message) {
    return fmt::format("      <error type=\"{}\" message=\"{}\"/>\n", type, xmlEscaped(message));
}

} // namespace

std::string renderJunit(const DiffResult& result) {
    const bool comparable = result.verdict != Verdict::NotComparable;
    const bool diverged = result.verdict == Verdict::Diverged;
    std::string verdict = fmt::format(
        "      <properties>\n        <property name=\"a\" value=\"{}\"/>\n"
        "        <property name=\"b\" value=\"{}\"/>\n        <property name=\"origins\" "
        "value=\"{}\"/>\n      </properties>\n",
        xmlEscaped(result.pathA), xmlEscaped(result.pathB), result.originCount);
    verdict += diverged     ? failure(result.origins.front())
               : comparable ? ""
                            : error("not_comparable", result.reason);
    verdict += fmt::format("      <system-out>{}</system-out>\n", xmlEscaped(renderText(result)));
    std::string cases = testCase("verdict", verdict);
    for (std::size_t i = 1; i < result.origins.size(); ++i) {
        const Location& place = result.origins[i].first;
        cases += testCase(fmt::format("origin {}: {}", i + 1, placeName(place)),
                          failure(result.origins[i]));
    }
    const std::size_t tests = std::max<std::size_t>(result.origins.size(), 1);
    return fmt::format(kSuite, tests, diverged ? tests : 0, comparable ? 0 : 1, cases);
}

std::string renderJunitTrouble(std::string_view message) {
    return fmt::format(kSuite, 1, 0, 1, testCase("verdict", error("trouble", message)));
}

} // namespace repro::replay
