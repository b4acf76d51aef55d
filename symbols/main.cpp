// SPDX-License-Identifier: BSD-3-Clause
// repro-symbols: finds functions and lines of addresses. A process of its own, so that an object
// that is damaged or huge takes nothing else down. The request comes by stdin, and a line leaves by
// stdout as soon as an object is done; symbols/answer.h has their form.
#include "symbols/object.h"
#include "symbols/sources.h"

#include <array>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <iostream>
#include <iterator>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <unistd.h>

namespace repro::symbols {
namespace {

/// The address space that is in use.
std::uint64_t bytesInUse() {
    std::uint64_t pages = 0;
    std::ifstream("/proc/self/statm") >> pages;
    return pages * static_cast<std::uint64_t>(::sysconf(_SC_PAGESIZE));
}

/// Has the stack grow now: where memory runs out it could not, and that looks like a crash.
void growStack() {
    std::array<volatile char, 1U << 20U> stack;
    for (volatile char& byte : stack) {
        byte = 0;
    }
}

void limit(const Request& request) {
    growStack();
    const rlimit time{request.seconds, request.seconds + 1}; // first a signal that says why
    const rlim_t most = bytesInUse() + request.bytes;
    const rlimit memory{most, most};
    const rlimit none{0, 0};
    ::setrlimit(RLIMIT_CPU, &time);
    ::setrlimit(RLIMIT_AS, &memory);
    ::setrlimit(RLIMIT_CORE, &none);
}

ObjectAnswer answerOf(const ObjectRequest& request, const std::vector<std::string>& debugDirs) {
    Object object(request.path, request.buildId, debugDirs);
    ObjectAnswer answer;
    for (const std::uint64_t offset : request.offsets) {
        answer.frames.push_back(object.lookup(offset));
        for (const SourceFrame& frame : answer.frames.back()) {
            if (!frame.file.empty() && !answer.sources.contains(frame.file)) {
                answer.sources[frame.file] = hashOfSource(frame.file, object.path());
            }
        }
    }
    std::erase_if(answer.sources, [](const auto& source) { return source.second.empty(); });
    answer.status = object.status();
    answer.detail = object.detail();
    return answer;
}

void work(const Request& request) {
    for (const ObjectRequest& object : request.objects) {
        const nlohmann::json answer = answerOf(object, request.debugDirs);
        // Names of files and functions are bytes, whatever their encoding.
        std::cout << answer.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace)
                  << std::endl;
    }
}

} // namespace
} // namespace repro::symbols

int main() {
    using namespace repro::symbols;
    ::prctl(PR_SET_PDEATHSIG, SIGKILL); // whoever wants the answers is gone
    ::unsetenv("DEBUGINFOD_URLS");      // libdwfl would ask servers
    try {
        const std::string text{std::istreambuf_iterator<char>(std::cin), {}};
        const Request request = nlohmann::json::parse(text);
        limit(request);
        work(request);
        return 0;
    } catch (const std::exception& error) {
        std::fprintf(stderr, "repro-symbols: %s\n", error.what());
        return 2;
    }
}
