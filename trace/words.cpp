// SPDX-License-Identifier: BSD-3-Clause
#include "trace/words.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cctype>

namespace repro::trace {

const char* phaseName(Phase phase) {
    return std::array{"other", "forward", "backward", "optimizer"}[static_cast<std::size_t>(phase)];
}

std::string printable(std::string_view text) {
    std::string safe;
    for (const char c : text) {
        const auto byte = static_cast<unsigned char>(c);
        if (byte < 0x20 || byte == 0x7F) {
            safe += fmt::format("\\x{:02x}", byte);
        } else {
            safe += c;
        }
    }
    return safe;
}

std::string shellWord(std::string_view text) {
    constexpr std::string_view kPlain = "_./=:,+-%@";
    const bool plain = std::ranges::all_of(text, [&](unsigned char c) {
        return std::isalnum(c) != 0 || kPlain.find(static_cast<char>(c)) != std::string_view::npos;
    });
    if (plain && !text.empty()) {
        return std::string(text);
    }
    std::string word = "'";
    for (const char c : text) {
        word += c == '\'' ? "'\\''" : std::string(1, c);
    }
    return word + "'";
}

std::string countText(std::uint64_t count, std::string_view singular, std::string_view plural) {
    return fmt::format("{} {}", count, count == 1 ? singular : plural);
}

std::string countText(std::uint64_t count, std::string_view noun) {
    return fmt::format("{} {}{}", count, noun, count == 1 ? "" : "s");
}

} // namespace repro::trace
