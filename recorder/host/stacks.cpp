// SPDX-License-Identifier: BSD-3-Clause
#include "recorder/host/stacks.h"

#include "recorder/host/loaded_file.h"
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

std::uint32_t tell(ThreadState& state, const stack::Stack& walked) {
    static std::atomic<std::uint32_t> next{0};
    std::vector<wire::StackFrame> frames;
    for (const std::uintptr_t call : walked.addresses) {
        const auto object = stack::objectAt(call - 1);
        // What the recorder's own hooks added to the stack is none of the program's.
        if (object && !isOurs(object->path)) {
            frames.push_back({moduleId(state, *object), 0, call - object->bias});
        }
    }
    if (frames.empty()) {
        return trace::kNone32;
    }
    wire::StackRecord record;
    record.id = next.fetch_add(1, std::memory_order_relaxed);
    record.frameCount = static_cast<std::uint32_t>(frames.size());
    record.isCut = walked.ending == stack::Ending::Complete ? 0 : 1;
    state.definition.begin(wire::RecordKind::Stack, record);
    state.definition.appendBytes(frames.data(), frames.size() * sizeof frames[0]);
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
    }
    const stack::Stack walked = state.walker.walk();
    const std::uint64_t key =
        trace::xxh3(walked.addresses.data(), walked.addresses.size_bytes()).low;
    const auto [entry, isNew] = state.stacks.try_emplace(key, trace::kNone32);
    if (isNew) {
        entry->second = tell(state, walked);
    }
    return entry->second;
}

} // namespace repro::host
