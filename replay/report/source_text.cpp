// SPDX-License-Identifier: BSD-3-Clause
#include "replay/report/source_text.h"

#include "trace/fingerprint.h"

#include <filesystem>
#include <fstream>
#include <iterator>
#include <span>
#include <utility>

namespace repro::replay {
namespace {

namespace fs = std::filesystem;

constexpr std::uintmax_t kLargestSource = 16U << 20U;

} // namespace

SourceText readSource(const SourceLine& call) {
    std::error_code error;
    if (!fs::is_regular_file(call.file, error)) {
        return {SourceState::Gone, {}};
    }
    if (!call.contents) {
        return {SourceState::NotHashed, {}};
    }
    if (fs::file_size(call.file, error) > kLargestSource) {
        return {SourceState::TooBig, {}};
    }
    std::ifstream file(call.file, std::ios::binary);
    if (!file) {
        return {SourceState::Gone, {}};
    }
    std::string text{std::istreambuf_iterator<char>(file), {}};
    if (trace::fingerprintOfBytes(std::as_bytes(std::span(text))) != *call.contents) {
        return {SourceState::Changed, {}};
    }
    return {SourceState::AsRecorded, std::move(text)};
}

} // namespace repro::replay
