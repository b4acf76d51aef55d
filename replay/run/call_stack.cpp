// SPDX-License-Identifier: BSD-3-Clause
#include "replay/run/call_stack.h"

#include "replay/knowledge/own_code.h"

#include <algorithm>
#include <map>
#include <tuple>

namespace repro::replay {
namespace {

enum class Owner { Library, OwnModule, OwnCode };

Owner ownerOf(const SourceLine& call) {
    return isLibraryModule(call.module) ? Owner::Library
           : (call.file.empty() ? isLibraryFunction(call.function) : isLibrarySource(call.file))
               ? Owner::OwnModule
               : Owner::OwnCode;
}

/// The innermost call that the program's own code made: where no source of it is known, in a
/// program or library that is its own.
std::optional<std::size_t> ownCall(const std::vector<SourceLine>& calls) {
    // Of several that are as much the program's own, the first.
    const auto own = std::ranges::max_element(calls, {}, ownerOf);
    return own == calls.end() || ownerOf(*own) == Owner::Library
               ? std::nullopt
               : std::optional(static_cast<std::size_t>(own - calls.begin()));
}

std::optional<trace::Fingerprint> contentsOf(const trace::Reader& reader, trace::TextId file) {
    const auto& sources = reader.sources();
    const auto found = std::ranges::find(sources, file, &trace::SourceFile::file);
    return found == sources.end() ? std::nullopt : std::optional(found->contents);
}

/// Those of one frame, the innermost first.
void addCalls(const trace::Reader& reader, trace::SiteId site, std::vector<SourceLine>& calls) {
    const trace::Site& row = reader.sites()[site];
    const std::string module(reader.text(row.module));
    const auto add = [&](trace::TextId file, std::uint32_t line, trace::TextId function) {
        calls.push_back({std::string(reader.text(file)), line, std::string(reader.text(function)),
                         module, row.offset, contentsOf(reader, file)});
    };
    for (const trace::InlinedFrame& frame : reader.inlinedInto(site)) {
        add(frame.file, frame.line, frame.function);
    }
    add(row.file, row.line, row.function);
}

} // namespace

std::optional<CallStack> stackOf(const trace::Reader& reader, trace::SiteId site) {
    if (site >= reader.sites().size()) {
        return std::nullopt;
    }
    CallStack stack;
    for (trace::SiteId at = site; at < reader.sites().size(); at = reader.sites()[at].caller) {
        addCalls(reader, at, stack.calls);
    }
    const auto own = ownCall(stack.calls);
    stack.own = own.value_or(0);
    return own ? std::optional(std::move(stack)) : std::nullopt;
}

OwnCalls ownCalls(const trace::Reader& reader) {
    OwnCalls own{.events = &reader.events()};
    std::map<std::tuple<std::string, std::uint32_t, std::string, std::string, std::uint64_t>,
             std::uint32_t>
        known;
    std::vector<SourceLine> here;
    for (trace::SiteId site = 0; site < reader.sites().size(); ++site) {
        here.clear();
        addCalls(reader, site, here);
        const auto inner = ownCall(here);
        // A caller has an earlier row, so its own call is known.
        const trace::SiteId caller = reader.sites()[site].caller;
        const std::uint32_t outer = caller < site ? own.ofSite[caller] : trace::kNone32;
        if (!inner ||
            (outer != trace::kNone32 && ownerOf(own.calls[outer]) > ownerOf(here[*inner]))) {
            own.ofSite.push_back(outer);
            continue;
        }
        const SourceLine* call = &here[*inner];
        const auto [place, isNew] =
            known.try_emplace({call->file, call->line, call->function, call->module,
                               call->file.empty() ? call->offset : 0},
                              static_cast<std::uint32_t>(own.calls.size()));
        own.ofSite.push_back(place->second);
        if (isNew) {
            own.calls.push_back(*call);
        }
    }
    return own;
}

bool isOwnCode(const SourceLine& call) {
    return ownerOf(call) == Owner::OwnCode;
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
