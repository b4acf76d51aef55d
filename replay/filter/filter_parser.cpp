// SPDX-License-Identifier: BSD-3-Clause
#include "replay/filter/fields.h"
#include "replay/filter/filter.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <charconv>

namespace repro::replay {
namespace {

constexpr std::string_view kSpace = " \t\r\n\v\f";
constexpr std::string_view kEndOfWord = " \t\r\n\v\f()|";

bool isSpace(char letter) {
    return kSpace.find(letter) != std::string_view::npos;
}

/// "*" stands for anything; the rest for itself.
std::string wildcard(std::string_view word) {
    std::string pattern = Pattern::literal(word);
    for (std::size_t at = pattern.find("\\*"); at != std::string::npos;
         at = pattern.find("\\*", at)) {
        pattern[at] = '.';
    }
    return pattern;
}

/// "A" or "B"; empty for another word.
std::string_view runNamed(std::string_view word) {
    return word == "a" || word == "A" ? "A" : word == "b" || word == "B" ? "B" : "";
}

} // namespace

/// Recursive descent over the text; throws Filter::Error.
class FilterParser {
public:
    FilterParser(std::string_view text, Filter::Scope scope) : m_text(text), m_scope(scope) {}

    Filter parse() {
        const auto root = alternatives(false);
        skipSpace();
        if (m_at < m_text.size()) {
            fail(m_at, 1, "there is no '(' for this ')'");
        }
        if (!root) {
            m_filter.m_nodes.clear();
        }
        return std::move(m_filter);
    }

private:
    using Kind = Filter::Kind;
    using Node = Filter::Node;

    [[noreturn]] void fail(std::size_t at, std::size_t length, const std::string& message) const {
        throw Filter::Error{at, std::max<std::size_t>(length, 1), message};
    }

    void skipSpace() {
        while (m_at < m_text.size() && isSpace(m_text[m_at])) {
            ++m_at;
        }
    }

    std::size_t add(Node node) {
        m_filter.m_nodes.push_back(std::move(node));
        return m_filter.m_nodes.size() - 1;
    }

    std::optional<std::size_t> join(Kind kind, const std::vector<std::size_t>& children) {
        if (children.empty()) {
            return std::nullopt;
        }
        if (children.size() == 1) {
            return children.front();
        }
        return add({.kind = kind, .children = children});
    }

    std::optional<std::size_t> alternatives(bool nested) {
        std::vector<std::size_t> either;
        while (true) {
            const std::size_t start = m_at;
            const auto all = terms();
            if (all) {
                either.push_back(*all);
            }
            skipSpace();
            if (m_at >= m_text.size() || m_text[m_at] != '|') {
                if (!all && (!either.empty() || nested)) {
                    fail(start, 1, "a term is missing here");
                }
                break;
            }
            if (!all) {
                fail(m_at, 1, "a term is missing before '|'");
            }
            ++m_at;
        }
        return join(Kind::Or, either);
    }

    std::optional<std::size_t> terms() {
        std::vector<std::size_t> all;
        skipSpace();
        while (m_at < m_text.size() && m_text[m_at] != '|' && m_text[m_at] != ')') {
            all.push_back(term());
            skipSpace();
        }
        return join(Kind::And, all);
    }

    std::size_t term() {
        const bool negative = m_text[m_at] == '-';
        if (negative || m_text[m_at] == '+') {
            ++m_at;
        }
        if (m_at >= m_text.size() || isSpace(m_text[m_at])) {
            fail(m_at - 1, 1, "a word is missing here");
        }
        const std::size_t inner = m_text[m_at] == '('   ? group()
                                  : m_text[m_at] == '/' ? regex()
                                                        : word();
        if (negative && !m_filter.m_explanation.empty()) {
            m_filter.m_explanation.back().insert(0, "not: ");
        }
        return negative ? add({.kind = Kind::Not, .children = {inner}}) : inner;
    }

    std::size_t group() {
        const std::size_t open = m_at++;
        const auto inner = alternatives(true);
        skipSpace();
        if (m_at >= m_text.size()) {
            fail(open, 1, "this '(' is not closed");
        }
        ++m_at;
        return *inner;
    }

    std::size_t regex() {
        const std::size_t open = m_at;
        const std::size_t close = m_text.find('/', open + 1);
        if (close == std::string_view::npos) {
            fail(open, m_text.size() - open, "the regular expression has no closing '/'");
        }
        const std::string_view text = m_text.substr(open + 1, close - open - 1);
        m_at = close + 1;
        try {
            return named(Kind::Word, Pattern(text, Pattern::Case::Any),
                         fmt::format("op or layer matches /{}/", text));
        } catch (const PatternError& error) {
            fail(open + 1 + error.position(), 1, "not a regular expression: " + error.reason());
        }
    }

    std::size_t named(Kind kind, Pattern pattern, std::string explanation) {
        m_filter.m_explanation.push_back(std::move(explanation));
        return add({.kind = kind, .pattern = std::move(pattern)});
    }

    std::size_t wild(Kind kind, std::string_view word, std::string explanation) {
        return named(kind, Pattern(wildcard(word), Pattern::Case::Any), std::move(explanation));
    }

    std::size_t word() {
        const std::size_t start = m_at;
        m_at = std::min(m_text.find_first_of(kEndOfWord, start), m_text.size());
        const std::string_view word = m_text.substr(start, m_at - start);
        const std::size_t letters = word.find_first_not_of("abcdefghijklmnopqrstuvwxyz");
        const std::string_view field = word.substr(0, letters);
        const std::string_view rest = word.substr(field.size());
        if (isDistance(field) && !rest.empty() &&
            std::string_view("<=>").find(rest[0]) != std::string_view::npos) {
            const std::size_t sign = rest.size() > 1 && rest[0] != '=' && rest[1] == '=' ? 2 : 1;
            return compare(field, rest.substr(0, sign), rest.substr(sign), start);
        }
        if (!field.empty() && rest.starts_with(':') && !rest.starts_with("::")) {
            return fieldTerm(field, rest.substr(1), start);
        }
        return wild(Kind::Word, word, fmt::format("op or layer has '{}'", word));
    }

    static bool isDistance(std::string_view field) {
        return field == "ulp" || field == "rel" || field == "abs" || field == "n";
    }

    void requirePair(std::string_view field, std::size_t at) const {
        if (m_scope == Filter::Scope::OneTrace) {
            fail(at, field.size(),
                 fmt::format("'{}' asks what two runs have or what a person noted; in one trace "
                             "there are op, layer, site, fn, step, phase, kind",
                             field));
        }
    }

    std::size_t compare(std::string_view field, std::string_view comparison, std::string_view value,
                        std::size_t at) {
        requirePair(field, at);
        double bound = 0;
        const char* end = value.data() + value.size();
        const auto read = std::from_chars(value.data(), end, bound);
        if (read.ec != std::errc() || read.ptr != end) {
            fail(at + field.size() + comparison.size(), value.size(),
                 fmt::format("'{}' is not a number; write {}{} and one, such as 4 or 1e-6", value,
                             field, comparison));
        }
        const Kind kind = field == "ulp"   ? Kind::Ulp
                          : field == "rel" ? Kind::Rel
                          : field == "abs" ? Kind::Abs
                                           : Kind::Count;
        m_filter.m_explanation.push_back(fmt::format(
            "{} {} {}, where bytes of both runs were recorded", field, comparison, value));
        return add({.kind = kind, .bound = bound, .comparison = std::string(comparison)});
    }

    std::size_t fieldTerm(std::string_view field, std::string_view value, std::size_t at) {
        const std::size_t valueAt = at + field.size() + 1;
        if (field == "op" || field == "layer") {
            return wild(field == "op" ? Kind::Op : Kind::Layer, value,
                        fmt::format("{} has '{}'", field, value));
        }
        if (field == "fn") {
            return wild(Kind::Function, value, fmt::format("function has '{}'", value));
        }
        if (field == "site") {
            return site(value, valueAt);
        }
        if (field == "step") {
            return step(value, valueAt);
        }
        if (field == "note" || field == "only" || field == "class" || field == "match") {
            requirePair(field, at);
        }
        if (field == "note") {
            m_filter.m_explanation.emplace_back("has a note or a bookmark");
            return add({.kind = Kind::Noted});
        }
        return field == "only" ? only(value, valueAt) : choice(field, value, at);
    }

    std::size_t only(std::string_view value, std::size_t at) {
        const std::string_view run = runNamed(value);
        if (run.empty()) {
            fail(at, value.size(), "only: takes A or B");
        }
        m_filter.m_explanation.push_back(fmt::format("is only in run {}", run));
        return add({.kind = run == "A" ? Kind::OnlyA : Kind::OnlyB});
    }

    /// A field that takes one of a few values, or the beginning of one.
    std::size_t choice(std::string_view field, std::string_view value, std::size_t at) {
        const std::vector<FieldValue>& values = valuesOf(field);
        if (values.empty()) {
            fail(at, field.size(),
                 fmt::format("there is no field '{}'; there are class, op, layer, site, fn, "
                             "step, phase, kind, only, match, note, ulp, rel, abs, n",
                             field));
        }
        std::vector<std::string_view> names;
        for (const FieldValue& known : values) {
            if (!value.empty() && known.name.starts_with(value)) {
                m_filter.m_explanation.push_back(fmt::format("{} is {}", field, known.name));
                const Kind kind = field == "class"   ? Kind::Class
                                  : field == "phase" ? Kind::Phase
                                  : field == "kind"  ? Kind::EventKind
                                                     : Kind::Match;
                return add({.kind = kind, .mask = known.mask});
            }
            names.push_back(known.name);
        }
        fail(at + field.size() + 1, value.size(),
             fmt::format("{}: takes one of {}", field, fmt::join(names, ", ")));
    }

    std::size_t site(std::string_view value, std::size_t at) {
        auto lines = parseLineRange(value);
        if (!lines) {
            fail(at, value.size(),
                 fmt::format("'{}' names no lines of a file; write train.cpp, train.cpp:80 or "
                             "train.cpp:80..95",
                             value));
        }
        m_filter.m_explanation.push_back(fmt::format("called from {}", value));
        return add({.kind = Kind::Site, .lines = std::move(*lines)});
    }

    std::size_t step(std::string_view value, std::size_t at) {
        const auto steps = trace::parseStepRange(value);
        if (!steps) {
            fail(at, value.size(), fmt::format("'{}' is no step; write 3, 3..7 or 3..", value));
        }
        m_filter.m_explanation.push_back(fmt::format("step is {}", value));
        return add({.kind = Kind::Step, .steps = *steps});
    }

    const std::string_view m_text;
    const Filter::Scope m_scope;
    std::size_t m_at = 0;
    Filter m_filter;
};

std::optional<Filter> Filter::parse(std::string_view text, Error* error, Scope scope) {
    try {
        return FilterParser(text, scope).parse();
    } catch (const Error& wrong) {
        *error = wrong;
        return std::nullopt;
    }
}

} // namespace repro::replay
