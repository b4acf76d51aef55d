// SPDX-License-Identifier: BSD-3-Clause
#include "symbols/sources.h"

#include "symbols/client.h"
#include "trace/xxh3.h"

#include <fmt/format.h>

#include <chrono>
#include <fstream>
#include <iterator>

namespace repro::symbols {

namespace fs = std::filesystem;

namespace {

std::string hashIfOlder(const fs::path& source, fs::file_time_type than) {
    constexpr std::uintmax_t kLargest = 16U << 20U;
    std::error_code failed;
    if (!fs::is_regular_file(source, failed) || fs::file_size(source, failed) > kLargest ||
        fs::last_write_time(source, failed) > than) {
        return {};
    }
    std::ifstream in(source, std::ios::binary);
    const std::string text{std::istreambuf_iterator<char>(in), {}};
    const trace::Fingerprint hash = trace::xxh3(text.data(), text.size());
    return in.bad() ? "" : fmt::format("{:016x}{:016x}", hash.high, hash.low);
}

} // namespace

std::string hashOfSource(const fs::path& source, const fs::path& object) {
    std::error_code failed;
    return hashIfOlder(source, fs::last_write_time(object, failed));
}

std::string hashOfSource(const fs::path& source, std::uint64_t unixNs) {
    const std::chrono::sys_time<std::chrono::nanoseconds> time{std::chrono::nanoseconds(unixNs)};
    return hashIfOlder(source, std::chrono::file_clock::from_sys(time));
}

} // namespace repro::symbols
