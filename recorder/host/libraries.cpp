// SPDX-License-Identifier: BSD-3-Clause
#include "recorder/host/libraries.h"

#include "recorder/host/environment.h"
#include "recorder/host/loaded_file.h"

#include <nlohmann/json.hpp>

#include <atomic>
#include <link.h>
#include <mutex>
#include <string>
#include <unordered_set>

namespace repro::host {
namespace {

using nlohmann::json;

std::atomic<bool> g_opened{false};
std::mutex g_telling;
unsigned long long g_mappings = 0; ///< the loader's own count of what it ever mapped

std::unordered_set<std::string>& told() {
    static auto* made = new std::unordered_set<std::string>();
    return *made;
}

struct Found {
    json libraries = json::array();
    unsigned long long mappings = g_mappings;
};

int addLibrary(dl_phdr_info* info, std::size_t, void* out) {
    auto& found = *static_cast<Found*>(out);
    if (info->dlpi_adds == g_mappings) {
        return 1; // nothing new
    }
    found.mappings = info->dlpi_adds;
    const std::string path = pathOf(info->dlpi_name);
    if (isOurs(path) || path.find("linux-vdso") != std::string::npos ||
        !told().emplace(path).second) {
        return 0;
    }
    const std::string id = buildIdOf(info->dlpi_addr, {info->dlpi_phdr, info->dlpi_phnum});
    found.libraries.push_back({{"path", path}, {"build_id", id}});
    return 0;
}

} // namespace

void addLibraries(json& environment) {
    Found found;
    dl_iterate_phdr(addLibrary, &found);
    g_mappings = found.mappings;
    environment["libraries"] = std::move(found.libraries);
}

void librariesOpened() {
    g_opened.store(true, std::memory_order_relaxed);
    stack::forgetUnloaded(); // another thread may have unloaded what was there, and not said so yet
}

void tellOpenedLibraries(ThreadState& state) {
    if (!g_opened.load(std::memory_order_relaxed)) {
        return;
    }
    // Never waits: an op in a constructor has the loader's lock, for which the other may wait.
    const std::unique_lock lock(g_telling, std::try_to_lock);
    if (!lock.owns_lock()) {
        return;
    }
    g_opened.store(false, std::memory_order_relaxed);
    json opened;
    addLibraries(opened);
    if (!opened["libraries"].empty()) {
        sendEnvironment(state, opened.dump(-1, ' ', false, json::error_handler_t::replace));
    }
}

} // namespace repro::host
