// SPDX-License-Identifier: BSD-3-Clause
#include "recorder/collector/trace_names.h"

#include <fmt/format.h>

#include <unistd.h>

namespace repro::collector {
namespace {

std::string hostName() {
    char name[256] = {};
    gethostname(name, sizeof name - 1);
    return name;
}

/// A rank comes from the host's environment and must not lead out of the folder.
std::string asFileName(std::string text) {
    for (char& letter : text) {
        letter = letter == '/' ? '_' : letter;
    }
    return text;
}

std::filesystem::path withSuffix(const std::filesystem::path& path, const std::string& suffix) {
    auto name = path;
    name.replace_filename(path.stem().string() + "." + suffix + path.extension().string());
    return name;
}

} // namespace

std::filesystem::path TraceNames::nameFor(const Process& process) {
    std::string name;
    bool ranked = false;
    for (std::size_t i = 0; i < m_pattern.size(); ++i) {
        const char next = m_pattern[i] == '%' && i + 1 < m_pattern.size() ? m_pattern[i + 1] : '\0';
        switch (next) {
        case 'r':
            name += process.rank.empty() ? "0" : asFileName(process.rank);
            ranked = true;
            break;
        case 'p':
            name += fmt::to_string(process.pid);
            break;
        case 'h':
            name += hostName();
            break;
        case '%':
            name += '%';
            break;
        default:
            name += m_pattern[i];
            continue;
        }
        ++i;
    }
    std::filesystem::path path = name;
    if (!ranked && !process.rank.empty()) {
        path = withSuffix(path, asFileName(process.rank));
    }
    const std::filesystem::path first = path;
    for (int number = 2; !m_given.insert(path).second; ++number) {
        path = withSuffix(first, fmt::to_string(number));
    }
    return path;
}

} // namespace repro::collector
