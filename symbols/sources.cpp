// SPDX-License-Identifier: BSD-3-Clause
#include "symbols/sources.h"

#include "trace/xxh3.h"

#include <fmt/format.h>

#include <fstream>
#include <iterator>

namespace repro::symbols {

namespace fs = std::filesystem;

std::string hashOfSource(const fs::path& source, const fs::path& object) {
    constexpr std::uintmax_t kLargest = 16U << 20U;
    std::error_code failed;
    if (!fs::is_regular_file(source, failed) || fs::file_size(source, failed) > kLargest ||
        fs::last_write_time(source, failed) > fs::last_write_time(object, failed)) {
        return {};
    }
    std::ifstream in(source, std::ios::binary);
    const std::string text{std::istreambuf_iterator<char>(in), {}};
    const trace::Fingerprint hash = trace::xxh3(text.data(), text.size());
    return in.bad() ? "" : fmt::format("{:016x}{:016x}", hash.high, hash.low);
}

} // namespace repro::symbols
