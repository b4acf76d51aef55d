// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <CLI/CLI.hpp>

#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace repro::cli {

/// A verb's command line: CLI11 with the manners all verbs share. Help goes to stdout and ends with
/// an example to copy; a mistake is one line that names the verb whose help to read.
class CommandLine {
public:
    /// `examples`: complete command lines, one a line, each as the user would type it.
    CommandLine(std::string verb, std::string purpose, std::string_view examples);

    /// To declare options and positionals on.
    CLI::App& app() { return m_app; }

    /// Returns: the status to end with at once (help was asked for), or none: go on.
    /// Throws: Error (Usage).
    [[nodiscard]] std::optional<int> parse(std::span<char*> arguments);

private:
    std::string m_verb;
    CLI::App m_app;
};

} // namespace repro::cli
