// SPDX-License-Identifier: BSD-3-Clause
#include "replay/run/source_map.h"

#include "replay/run/call_stack.h"
#include "trace/error.h"

#include <fmt/format.h>

namespace repro::replay {
namespace {

std::string folder(std::string text) {
    while (text.size() > 1 && text.ends_with('/')) {
        text.pop_back();
    }
    return text;
}

} // namespace

void SourceMap::add(const std::string& text) {
    const std::size_t equals = text.find('=');
    if (equals == 0 || equals == std::string::npos || equals + 1 == text.size()) {
        throw Error(ErrorKind::Usage,
                    fmt::format("--source-map '{}': write OLD=NEW, the folder that the sources "
                                "were compiled in and the one that they are in now",
                                text));
    }
    m_folders.emplace_back(folder(text.substr(0, equals)), folder(text.substr(equals + 1)));
}

void SourceMap::apply(CallStack& stack) const {
    for (SourceLine& call : stack.calls) {
        for (const auto& [from, to] : m_folders) {
            if (call.file.starts_with(from) && call.file.substr(from.size()).starts_with('/')) {
                call.file.replace(0, from.size(), to);
                break;
            }
        }
    }
}

void SourceMap::apply(DiffResult& result) const {
    for (Origin& origin : result.origins) {
        auto& a = origin.first.site;
        auto& b = origin.first.siteB;
        for (auto* site : {&a, &b}) {
            if (*site) {
                apply(**site);
            }
        }
        if (a && b && sameOwnCalls(*a, *b)) {
            b.reset();
        }
    }
}

} // namespace repro::replay
