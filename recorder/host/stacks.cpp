// SPDX-License-Identifier: BSD-3-Clause
#include "recorder/host/stacks.h"

#include "recorder/host/loaded_file.h"
#include "recorder/host/module_addresses.h"
#include "recorder/host/stack/objects.h"
#include "recorder/host/stack/walker.h"
#include "trace/xxh3.h"

#include <elf.h>

#include <atomic>
#include <cstring>
#include <link.h>
#include <map>
#include <mutex>
#include <string>
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

/// Told under the lock, see internText(). Between two unloads of libraries a mapping tells the
/// file.
std::uint32_t moduleId(ThreadState& state, const stack::Object& object) {
    using Mapping = std::pair<std::uintptr_t, std::uint64_t>;
    static std::mutex mutex;
    static auto* ids = new std::map<Mapping, std::uint32_t>();
    const std::lock_guard lock(mutex);
    const auto [entry, isNew] =
        ids->try_emplace({object.begin, state.unloads}, static_cast<std::uint32_t>(ids->size()));
    if (isNew) {
        const std::string path = pathOf(object.path);
        const std::string buildId = buildIdIn(object);
        wire::ModuleRecord record;
        record.id = entry->second;
        record.pathLength = static_cast<std::uint32_t>(path.size());
        record.buildIdLength = static_cast<std::uint32_t>(buildId.size());
        sendDefinition(state, wire::RecordKind::Module, record, path, buildId);
    }
    return entry->second;
}

/// A thread whose stacks are still new after so many would fill the trace with them.
constexpr std::size_t kMostWithModules = 65536;

/// Where no module is known there is none to search for.
stack::Ending walk(ThreadState& state) {
    if (moduleAddresses().empty() || state.stacks.size() > kMostWithModules) {
        const stack::Stack walked = state.walker.walk();
        state.calls.assign(walked.addresses.begin(), walked.addresses.end());
        return walked.ending;
    }
    state.calls.clear();
    return state.walker.visit([&state](const stack::Frame& frame) {
        state.held.search(frame, static_cast<std::uint32_t>(state.calls.size()));
        state.calls.push_back(frame.returnAddress);
    });
}

template <class T>
std::uint64_t hashOf(const std::vector<T>& items) {
    return trace::xxh3(items.data(), items.size() * sizeof(T)).low;
}

std::uint64_t keyOf(const ThreadState& state) {
    const std::uint64_t calls = hashOf(state.calls);
    return state.held.found().empty() ? calls : calls * 31 + hashOf(state.held.found());
}

/// Of state.calls and state.held.
std::uint32_t tell(ThreadState& state, stack::Ending ending) {
    static std::atomic<std::uint32_t> next{0};
    std::vector<wire::StackFrame> frames;
    std::vector<wire::HeldModule> held;
    auto inFrame = state.held.found().begin();
    for (std::uint32_t i = 0; i < state.calls.size(); ++i) {
        const auto object = stack::objectAt(state.calls[i] - 1);
        // What the recorder's own hooks added to the stack is none of the program's.
        if (!object || isOurs(object->path)) {
            continue;
        }
        for (; inFrame != state.held.found().end() && inFrame->frame == i; ++inFrame) {
            held.push_back(*inFrame);
            held.back().frame = static_cast<std::uint32_t>(frames.size());
        }
        frames.push_back({moduleId(state, *object), 0, state.calls[i] - object->bias});
    }
    if (frames.empty()) {
        return trace::kNone32;
    }
    wire::StackRecord record;
    record.id = next.fetch_add(1, std::memory_order_relaxed);
    record.frameCount = static_cast<std::uint32_t>(frames.size());
    record.isCut = ending == stack::Ending::Complete ? 0 : 1;
    record.heldCount = static_cast<std::uint32_t>(held.size());
    state.definition.begin(wire::RecordKind::Stack, record);
    state.definition.appendBytes(frames.data(), frames.size() * sizeof frames[0]);
    state.definition.appendBytes(held.data(), held.size() * sizeof held[0]);
    state.definition.send(*state.producer);
    return record.id;
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
        state.held.forgetLibraries();
    }
    state.held.begin();
    const stack::Ending ending = walk(state);
    const auto [entry, isNew] = state.stacks.try_emplace(keyOf(state), trace::kNone32);
    if (isNew) {
        entry->second = tell(state, ending);
    }
    return entry->second;
}

} // namespace repro::host
