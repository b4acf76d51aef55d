// SPDX-License-Identifier: BSD-3-Clause
#include "trace/pattern.h"

#include <fmt/format.h>

#include <re2/re2.h>

namespace repro {
namespace {

re2::RE2::Options optionsFor(Pattern::Case letters) {
    re2::RE2::Options options;
    options.set_log_errors(false);
    options.set_case_sensitive(letters == Pattern::Case::Exact);
    return options;
}

re2::StringPiece piece(std::string_view text) {
    return {text.data(), text.size()};
}

/// RE2 shows the part that is wrong, but of parentheses the whole text.
std::size_t positionOf(const re2::RE2& wrong) {
    const std::string& text = wrong.pattern();
    if (wrong.error_code() == re2::RE2::ErrorMissingParen) {
        return text.size();
    }
    if (wrong.error_code() == re2::RE2::ErrorUnexpectedParen) {
        std::size_t end = 1;
        while (end < text.size() &&
               re2::RE2(text.substr(0, end), wrong.options()).error_code() != wrong.error_code()) {
            ++end;
        }
        return end - 1;
    }
    const std::size_t at = text.find(wrong.error_arg());
    return at == std::string::npos ? 0 : at;
}

std::string reasonOf(const re2::RE2& wrong) {
    return wrong.error().substr(0, wrong.error().find(": "));
}

} // namespace

PatternError::PatternError(std::string reason, std::size_t position)
    : Error(ErrorKind::Usage,
            fmt::format("not a regular expression: {} at position {}", reason, position + 1)),
      m_reason(std::move(reason)), m_position(position) {}

Pattern::Pattern(std::string_view text, Case letters)
    : m_compiled(std::make_shared<re2::RE2>(piece(text), optionsFor(letters))) {
    if (!m_compiled->ok()) {
        throw PatternError(reasonOf(*m_compiled), positionOf(*m_compiled));
    }
}

bool Pattern::isIn(std::string_view text) const {
    return re2::RE2::PartialMatch(piece(text), *m_compiled);
}

bool Pattern::isAllOf(std::string_view text) const {
    return re2::RE2::FullMatch(piece(text), *m_compiled);
}

std::optional<std::vector<std::string_view>> Pattern::groupsOf(std::string_view text) const {
    std::vector<re2::StringPiece> found(static_cast<std::size_t>(groups()) + 1);
    if (!m_compiled->Match(piece(text), 0, text.size(), re2::RE2::ANCHOR_BOTH, found.data(),
                           static_cast<int>(found.size()))) {
        return std::nullopt;
    }
    std::vector<std::string_view> groups;
    groups.reserve(found.size());
    for (const re2::StringPiece& group : found) {
        groups.emplace_back(group.data(), group.size());
    }
    return groups;
}

std::optional<std::string> Pattern::rewritten(std::string_view text, std::string_view as) const {
    const auto found = groupsOf(text);
    if (!found) {
        return std::nullopt;
    }
    std::string result;
    for (std::size_t i = 0; i < as.size(); ++i) {
        const bool group =
            as[i] == '$' && i + 1 < as.size() && as[i + 1] >= '0' && as[i + 1] <= '9';
        if (group) {
            result += found->at(static_cast<std::size_t>(as[++i] - '0'));
        } else {
            result += as[i];
        }
    }
    return result;
}

int Pattern::groups() const {
    return m_compiled->NumberOfCapturingGroups();
}

std::string Pattern::literal(std::string_view text) {
    return re2::RE2::QuoteMeta(piece(text));
}

} // namespace repro
