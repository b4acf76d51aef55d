// SPDX-License-Identifier: BSD-3-Clause
#include "recorder/host/stacks.h"

#include "recorder/host/loaded_file.h"
#include "recorder/host/module_addresses.h"
#include "recorder/host/stack/objects.h"
#include "recorder/host/stack/walker.h"
#include "trace/xxh3.h"

#include <elf.h>

#include <algorithm>
#include <atomic>
#include <cstring>
#include <functional>
#include <link.h>
#include <map>
#include <mutex>
#include <span>
#include <string>
#include <string_view>
#include <utility>

namespace repro::host {
namespace {

bool g_on = false;

/// Linkers put the headers of a file where its mapping begins.
std::string buildIdIn(const stack::Object& object) {
    const auto* header = reinterpret_cast<const ElfW(Ehdr)*>(object.begin);
    if (std::memcmp(header->e_ident, ELFMAG, SELFMAG) != 0) {
        return {};
    }
    const auto* segments = reinterpret_cast<const ElfW(Phdr)*>(object.begin + header->e_phoff);
    return buildIdOf(object.bias, {segments, header->e_phnum});
}

/// One lock for all that numbers modules; told under it, see internText().
std::mutex g_modules;

std::uint32_t tellModule(ThreadState& state, std::string_view path, std::string_view buildId,
                         std::string_view function) {
    static std::uint32_t next = 0;
    wire::ModuleRecord record;
    record.id = next++;
    record.pathLength = static_cast<std::uint32_t>(path.size());
    record.buildIdLength = static_cast<std::uint32_t>(buildId.size());
    record.functionLength = static_cast<std::uint32_t>(function.size());
    sendDefinition(state, wire::RecordKind::Module, record, path, buildId, function);
    return record.id;
}

/// Between two unloads of libraries a mapping tells the file.
std::uint32_t moduleId(ThreadState& state, const stack::Object& object) {
    using Mapping = std::pair<std::uintptr_t, std::uint64_t>;
    static auto* ids = new std::map<Mapping, std::uint32_t>();
    const std::lock_guard lock(g_modules);
    const auto [entry, isNew] = ids->try_emplace({object.begin, state.unloads}, 0);
    if (isNew) {
        entry->second = tellModule(state, pathOf(object.path), buildIdIn(object), {});
    }
    return entry->second;
}

/// Of a function of Python.
std::uint32_t moduleId(ThreadState& state, const python::Function& function) {
    static auto* ids = new std::map<std::pair<std::string, std::string>, std::uint32_t>();
    const std::lock_guard lock(g_modules);
    const auto [entry, isNew] = ids->try_emplace({function.file, function.name}, 0);
    if (isNew) {
        entry->second = tellModule(state, function.file, {}, function.name);
    }
    return entry->second;
}

/// A thread whose stacks are still new after so many would fill the trace with them.
constexpr std::size_t kMostWithModules = 65536;

/// `this` of a function has its place at each of its calls: what has no module's address by then is
/// not searched again until there is a new module.
constexpr int kSearches = 8;

void searchWords(ThreadState& state, const stack::Stack& walked, KnownStack& known) {
    if (known.version != moduleAddresses().version()) {
        known.version = moduleAddresses().version();
        known.searches = 0;
    }
    if (known.searches >= kSearches) {
        return;
    }
    ++known.searches;
    if (std::ranges::is_sorted(walked.steps, std::less_equal(), &stack::Step::cfa)) {
        state.walker.visit([&](const stack::Frame& frame) {
            state.wordSearch.search(frame, walked.steps, known.places);
        });
    }
}

template <class Items>
std::uint64_t hashOf(const Items& items) {
    return trace::xxh3(items.data(), std::span(items).size_bytes()).low;
}

std::vector<wire::HeldModule> heldModules(const KnownStack& known) {
    std::vector<wire::HeldModule> held;
    for (std::size_t i = 0; i < known.places.size(); ++i) {
        if (known.layers[i] != trace::kNone32) {
            const WordPlace& place = known.places[i];
            held.push_back({place.frame, known.layers[i], place.slot, place.reg});
        }
    }
    // Not stably: that would ask for memory by an operator that is not of our heap.
    std::ranges::sort(held, {}, &wire::HeldModule::frame);
    return held;
}

std::uint32_t tell(ThreadState& state, const stack::Stack& walked,
                   std::vector<wire::HeldModule> held) {
    static std::atomic<std::uint32_t> next{0};
    std::vector<wire::StackFrame> frames;
    std::size_t kept = 0;
    auto inFrame = held.begin();
    for (std::uint32_t i = 0; i < walked.addresses.size(); ++i) {
        const auto object = stack::objectAt(walked.addresses[i] - 1);
        if (!state.pythonCalls.empty() && object && python::isInterpreter(object->path)) {
            break; // from here on out it is Python that calls
        }
        // What the recorder's own hooks added to the stack is none of the program's.
        const bool isKept = object && !isOurs(object->path);
        for (; inFrame != held.end() && inFrame->frame == i; ++inFrame) {
            if (isKept) {
                held[kept] = *inFrame;
                held[kept++].frame = static_cast<std::uint32_t>(frames.size());
            }
        }
        if (isKept) {
            frames.push_back({moduleId(state, *object), 0, walked.addresses[i] - object->bias});
        }
    }
    for (const python::Call& call : state.pythonCalls) {
        const python::Function function = python::functionOf(call);
        if (python::isOfProgram(function) && frames.size() < wire::kDeepestStack) {
            frames.push_back({moduleId(state, function), 0, python::lineOf(call)});
        }
    }
    if (frames.empty()) {
        return trace::kNone32;
    }
    wire::StackRecord record;
    record.id = next.fetch_add(1, std::memory_order_relaxed);
    record.frameCount = static_cast<std::uint32_t>(frames.size());
    record.isCut = walked.ending == stack::Ending::Complete ? 0 : 1;
    record.heldCount = static_cast<std::uint32_t>(kept);
    state.definition.begin(wire::RecordKind::Stack, record);
    state.definition.appendBytes(frames.data(), frames.size() * sizeof frames[0]);
    state.definition.appendBytes(held.data(), kept * sizeof held[0]);
    state.definition.send(*state.producer);
    return record.id;
}

/// Of the same calls with the same modules at hand.
std::uint32_t idOf(ThreadState& state, std::uint64_t calls, const stack::Stack& walked,
                   const KnownStack& known) {
    const auto [entry, isNew] =
        state.stackIds.try_emplace(calls * 31 + hashOf(known.layers), trace::kNone32);
    if (isNew) {
        entry->second = tell(state, walked, heldModules(known));
    }
    return entry->second;
}

} // namespace

void prepareStacks(wire::Sites sites) {
    g_on = sites == wire::Sites::All;
}

std::uint32_t stackId(ThreadState& state) {
    if (!g_on) {
        return trace::kNone32;
    }
    if (const std::uint64_t now = stack::unloads(); now != state.unloads) {
        state.unloads = now;
        state.stacks.clear();
        state.stackIds.clear();
        state.wordSearch.forgetLibraries();
    }
    const stack::Stack walked = state.walker.walk();
    python::calls(state.pythonCalls);
    const std::uint64_t calls = hashOf(walked.addresses) * 31 + hashOf(state.pythonCalls);
    KnownStack& known = state.stacks[calls];
    const bool mayHold = walked.isOnOneStack && state.stackIds.size() < kMostWithModules;
    if (mayHold) {
        searchWords(state, walked, known);
    }
    state.layersHeld.clear();
    for (const WordPlace& place : known.places) {
        state.layersHeld.push_back(mayHold ? layerIn(place, walked.steps) : trace::kNone32);
    }
    if (known.id == trace::kNone32 || known.layers != state.layersHeld) {
        known.layers = state.layersHeld;
        known.id = idOf(state, calls, walked, known);
    }
    return known.id;
}

} // namespace repro::host
