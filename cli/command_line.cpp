// SPDX-License-Identifier: BSD-3-Clause
#include "cli/command_line.h"

#include "trace/error.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstdio>
#include <iterator>
#include <vector>

namespace repro::cli {

namespace {

std::string examplesFooter(std::string_view examples) {
    std::string footer = "Example:";
    while (!examples.empty()) {
        const std::size_t end = examples.find('\n');
        footer += fmt::format("\n  {}", examples.substr(0, end));
        examples.remove_prefix(end == std::string_view::npos ? examples.size() : end + 1);
    }
    return footer;
}

/// CLI11 spreads some messages over lines; ours are one line without a full stop.
std::string oneLine(std::string text) {
    std::replace(text.begin(), text.end(), '\n', ' ');
    while (!text.empty() && (text.back() == ' ' || text.back() == '.')) {
        text.pop_back();
    }
    return text;
}

} // namespace

CommandLine::CommandLine(std::string verb, std::string purpose, std::string_view examples)
    : m_verb(std::move(verb)), m_app(std::move(purpose), "reprorec " + m_verb) {
    m_app.footer(examplesFooter(examples));
    m_app.set_help_flag("-h,--help", "Print this help");
    m_app.get_formatter()->column_width(32);
}

std::optional<int> CommandLine::parse(std::span<char*> arguments) {
    // A list takes one value each time, or the program and the recordings behind it end in it.
    for (CLI::Option* option : m_app.get_options()) {
        option->allow_extra_args(false);
    }
    // CLI11 takes a vector from its end.
    std::vector<std::string> reversed(std::make_reverse_iterator(arguments.end()),
                                      std::make_reverse_iterator(arguments.begin()));
    try {
        m_app.parse(std::move(reversed));
    } catch (const CLI::CallForHelp&) {
        fmt::print("{}\n", m_app.help());
        return 0;
    } catch (const CLI::ParseError& error) {
        throw Error(ErrorKind::Usage, fmt::format("{}: {}; see: reprorec {} --help", m_verb,
                                                  oneLine(error.what()), m_verb));
    }
    for (const CLI::Option* option : m_app.get_options()) {
        const auto& values = option->results();
        if (option->get_type_name() == "FILE" && std::ranges::find(values, "") != values.end()) {
            throw Error(ErrorKind::Usage, fmt::format("{}: {}: the name is empty; name a file",
                                                      m_verb, option->get_name()));
        }
    }
    return std::nullopt;
}

} // namespace repro::cli
