// SPDX-License-Identifier: BSD-3-Clause
#include "recorder/host/stacks.h"

#include "recorder/host/build_id.h"
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
#include <string_view>
#include <unistd.h>
#include <utility>

namespace repro::host {
namespace {

bool g_on = false;

std::string pathOf(const stack::Object& object) {
    if (object.path[0] != 0) {
        return object.path;
    }
    char path[4096];
    const auto size = readlink("/proc/self/exe", path, sizeof path);
    return size > 0 ? std::string(path, static_cast<std::size_t>(size)) : std::string();
}

/// Linkers put the headers of a file where its mapping begins.
std::string buildIdIn(const stack::Object& object) {
    const auto* header = reinterpret_cast<const ElfW(Ehdr)*>(object.begin);
    if (std::memcmp(header->e_ident, ELFMAG, SELFMAG) != 0) {
        return {};
    }
    const auto* segments = reinterpret_cast<const ElfW(Phdr)*>(object.begin + header->e_phoff);
    return buildIdOf(object.bias, {segments, header->e_phnum});
}

/// Told under the lock, see internText().
std::uint32_t moduleId(ThreadState& state, const stack::Object& object) {
    using Key = std::pair<std::string, std::string>;
    static std::mutex mutex;
    static auto* ids = new std::map<Key, std::uint32_t>();
    const std::lock_guard lock(mutex);
    const auto [entry, isNew] = ids->try_emplace({pathOf(object), buildIdIn(object)},
                                                 static_cast<std::uint32_t>(ids->size()));
    if (isNew) {
        const auto& [path, buildId] = entry->first;
        wire::ModuleRecord record;
        record.id = entry->second;
        record.pathLength = static_cast<std::uint32_t>(path.size());
        record.buildIdLength = static_cast<std::uint32_t>(buildId.size());
        state.definition.begin(wire::RecordKind::Module, record);
        state.definition.appendText(path);
        state.definition.appendText(buildId);
        state.definition.send(*state.producer);
    }
    return entry->second;
}

/// What the recorder's own hooks added to the stack is none of the program's.
bool isOurs(std::string_view path) {
    return path.find("/librepro_") != std::string_view::npos;
}

std::uint32_t tell(ThreadState& state, const stack::Stack& walked) {
    static std::atomic<std::uint32_t> next{0};
    std::vector<wire::StackFrame> frames;
    for (const std::uintptr_t call : walked.addresses) {
        const auto object = stack::objectAt(call - 1);
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
