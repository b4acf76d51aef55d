// SPDX-License-Identifier: BSD-3-Clause
#include "recorder/host/thread_names.h"

#include "trace/model.h"

#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <cxxabi.h>
#include <dlfcn.h>
#include <memory>
#include <mutex>
#include <sys/syscall.h>
#include <unistd.h>
#include <unordered_map>

namespace repro::host {
namespace {

/// Symbol of a start function, or module and offset: the same in every run of one program.
std::string describe(const void* start) {
    Dl_info info = {};
    if (dladdr(start, &info) == 0 || info.dli_fname == nullptr) {
        return "?";
    }
    if (info.dli_sname != nullptr && info.dli_saddr == start) {
        int status = 0;
        const std::unique_ptr<char, decltype(&std::free)> plain(
            abi::__cxa_demangle(info.dli_sname, nullptr, nullptr, &status), &std::free);
        return plain ? plain.get() : info.dli_sname;
    }
    const char* slash = std::strrchr(info.dli_fname, '/');
    char text[32];
    std::snprintf(text, sizeof text, "+0x%zx",
                  static_cast<std::size_t>(static_cast<const char*>(start) -
                                           static_cast<const char*>(info.dli_fbase)));
    return std::string(slash != nullptr ? slash + 1 : info.dli_fname) + text;
}

bool isMainThread() {
    return syscall(SYS_gettid) == getpid();
}

std::string poolOf(const ReproOrigin* origin) {
    if (origin == nullptr) {
        return "main";
    }
    return poolOf(origin->creator) + "/worker@" + describe(origin->start);
}

/// "main/worker" for the first start function seen under a creator's pool, "main/worker.2", ...
struct Names {
    std::mutex mutex;
    std::uint32_t threads = 0;
    std::unordered_map<std::string, std::string> labels;       ///< pool -> label
    std::unordered_map<std::string, std::uint32_t> poolsBelow; ///< label of the creator -> pools
    std::unordered_map<std::string, std::uint32_t> members;    ///< label -> threads
    std::unordered_map<const ReproOrigin*, std::uint32_t> ids;

    std::string label(const ReproOrigin* origin) {
        if (origin == nullptr) {
            return "main";
        }
        const std::string pool = poolOf(origin);
        const auto known = labels.find(pool);
        if (known != labels.end()) {
            return known->second;
        }
        std::string made = label(origin->creator);
        const std::uint32_t number = ++poolsBelow[made];
        made.append("/worker");
        if (number > 1) {
            made.append(".").append(std::to_string(number));
        }
        return labels[pool] = made;
    }
};

} // namespace

ThreadName nameThread(const ReproOrigin* origin) {
    static auto* names = new Names();
    const std::lock_guard lock(names->mutex);
    ThreadName out;
    out.id = names->threads++;
    out.creator = trace::kNone32;
    if (origin == nullptr) {
        out.name =
            isMainThread() ? "main" : "foreign#" + std::to_string(++names->members["foreign"]);
        out.pool = isMainThread() ? "main" : "foreign";
    } else {
        const std::string label = names->label(origin);
        out.name = label + "#" + std::to_string(++names->members[label]);
        out.pool = poolOf(origin);
        const auto creator = names->ids.find(origin->creator);
        out.creator = creator != names->ids.end() ? creator->second : trace::kNone32;
    }
    names->ids[origin] = out.id;
    return out;
}

} // namespace repro::host
