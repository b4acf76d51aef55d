// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "trace/error.h"

#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace re2 {
class RE2;
}

namespace repro {

/// What is wrong with a regular expression: "not a regular expression: missing ) at position
/// 3". To follow the text of the expression.
class PatternError : public Error {
public:
    PatternError(std::string reason, std::size_t position);
    [[nodiscard]] const std::string& reason() const { return m_reason; } ///< "missing closing )"
    /// In bytes, from 0.
    [[nodiscard]] std::size_t position() const { return m_position; }

private:
    std::string m_reason;
    std::size_t m_position;
};

/// A regular expression in the one syntax that all of reprorec takes: RE2's. Its time is linear in
/// the text. Copies share what was compiled. Threads: safe.
class Pattern {
public:
    enum class Case { Exact, Any };
    /// Throws: PatternError.
    explicit Pattern(std::string_view text, Case letters = Case::Exact);

    [[nodiscard]] bool isIn(std::string_view text) const;
    [[nodiscard]] bool isAllOf(std::string_view text) const;
    /// The text itself, then its groups, empty where they took no part; nothing: the pattern is not
    /// all of the text. Views of the text.
    [[nodiscard]] std::optional<std::vector<std::string_view>>
    groupsOf(std::string_view text) const;
    /// `as` with $0, $1, ... replaced by groupsOf(); nothing where that has nothing.
    /// Requires: as names no group above groups().
    [[nodiscard]] std::optional<std::string> rewritten(std::string_view text,
                                                       std::string_view as) const;
    [[nodiscard]] int groups() const;

    /// An expression for the text itself.
    static std::string literal(std::string_view text);

private:
    std::shared_ptr<const re2::RE2> m_compiled;
};

} // namespace repro
