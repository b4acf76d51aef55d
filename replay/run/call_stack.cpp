// SPDX-License-Identifier: BSD-3-Clause
#include "replay/run/call_stack.h"

#include "replay/knowledge/own_code.h"

#include <algorithm>

namespace repro::replay {
namespace {

/// The innermost call that the program's own code made: where no source of it is known, in a
/// program or library that is its own.
std::optional<std::size_t> ownCall(const std::vector<SourceLine>& calls) {
    const auto isOwn = [](const SourceLine& call) {
        return !isLibraryModule(call.module) &&
               !(call.file.empty() ? isLibraryFunction(call.function) : isLibrarySource(call.file));
    };
    const auto isInOwnModule = [](const SourceLine& call) { return !isLibraryModule(call.module); };
    auto found = std::ranges::find_if(calls, isOwn);
    found = found == calls.end() ? std::ranges::find_if(calls, isInOwnModule) : found;
    return found == calls.end() ? std::nullopt
                                : std::optional(static_cast<std::size_t>(found - calls.begin()));
}

std::optional<trace::Fingerprint> contentsOf(const trace::Reader& reader, trace::TextId file) {
    const auto& sources = reader.sources();
    const auto found = std::ranges::find(sources, file, &trace::SourceFile::file);
    return found == sources.end() ? std::nullopt : std::optional(found->contents);
}

} // namespace

std::optional<CallStack> stackOf(const trace::Reader& reader, trace::SiteId site) {
    if (site >= reader.sites().size()) {
        return std::nullopt;
    }
    CallStack stack;
    for (trace::SiteId at = site; at < reader.sites().size(); at = reader.sites()[at].caller) {
        const trace::Site& row = reader.sites()[at];
        const std::string module(reader.text(row.module));
        const auto add = [&](trace::TextId file, std::uint32_t line, trace::TextId function) {
            stack.calls.push_back({std::string(reader.text(file)), line,
                                   std::string(reader.text(function)), module, row.offset,
                                   contentsOf(reader, file)});
        };
        for (const trace::InlinedFrame& frame : reader.inlinedInto(at)) {
            add(frame.file, frame.line, frame.function);
        }
        add(row.file, row.line, row.function);
    }
    const auto own = ownCall(stack.calls);
    stack.own = own.value_or(0);
    return own ? std::optional(std::move(stack)) : std::nullopt;
}

bool sameOwnCalls(const CallStack& a, const CallStack& b) {
    const auto same = [](const SourceLine& x, const SourceLine& y) {
        const bool isKnown = !x.function.empty() || !x.file.empty();
        return x.file == y.file && x.line == y.line && x.function == y.function &&
               (isKnown || (x.module == y.module && x.offset == y.offset));
    };
    return std::equal(a.calls.begin() + static_cast<std::ptrdiff_t>(a.own), a.calls.end(),
                      b.calls.begin() + static_cast<std::ptrdiff_t>(b.own), b.calls.end(), same);
}

} // namespace repro::replay
