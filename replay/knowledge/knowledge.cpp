// SPDX-License-Identifier: BSD-3-Clause
#include "replay/knowledge/knowledge.h"

#include "replay/knowledge/embedded.h"
#include "replay/knowledge/text_file.h"
#include "trace/error.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <utility>

namespace repro::replay {
namespace {

constexpr std::size_t kFields = 7;
constexpr std::string_view kTitle = "op\toverload\tdevice\tcondition\tcause\tremedy\tsource";

constexpr std::array kCodes = std::to_array<std::pair<std::string_view, KnownKind>>({
    {"atomic_add_order", KnownKind::RunToRun},
    {"duplicate_index_race", KnownKind::RunToRun},
    {"tie_breaking", KnownKind::RunToRun},
    {"scan_order", KnownKind::RunToRun},
    {"uninitialized_memory", KnownKind::Meaningless},
    {"internal_overlap", KnownKind::Meaningless},
    {"library_algo", KnownKind::RunToRun},
    {"algo_selection", KnownKind::RunToRun},
    {"algo_selection_benchmark", KnownKind::RunToRun},
    {"multi_stream", KnownKind::RunToRun},
    {"comm_reduction_order", KnownKind::RunToRun},
    {"multi_thread_accumulation", KnownKind::RunToRun},
    {"scheduling_order", KnownKind::RunToRun},
    {"thread_reduction_order", KnownKind::RunToRun},
    {"library_first_use", KnownKind::FirstUse},
    {"precision_mode", KnownKind::Configuration},
    {"thread_count_chunking", KnownKind::Configuration},
    {"isa_dispatch", KnownKind::Configuration},
    {"non_unique_result", KnownKind::Configuration},
    {"hash_order", KnownKind::Configuration},
    {"rng_stream", KnownKind::Stream},
    {"rng_thread_race", KnownKind::Stream},
    {"device_dependent_rng", KnownKind::Configuration},
    {"none", KnownKind::Never},
});

constexpr std::array kDevices =
    std::to_array<std::string_view>({"cpu", "cuda", "rocm", "xpu", "any", "device"});

[[noreturn]] void refuse(std::size_t line, std::string_view why) {
    throw Error(ErrorKind::Format,
                fmt::format("nondeterministic_ops.tsv line {}: {}; correct the row", line, why));
}

const std::pair<std::string_view, KnownKind>* findCode(std::string_view code) {
    const auto found = std::find_if(kCodes.begin(), kCodes.end(),
                                    [&](const auto& known) { return known.first == code; });
    return found == kCodes.end() ? nullptr : &*found;
}

KnownOp parseRow(std::string_view text, std::size_t line) {
    const auto fields = splitAt(text, '\t');
    if (fields.size() != kFields) {
        refuse(line, fmt::format("{} fields instead of {}", fields.size(), kFields));
    }
    if (fields[0].empty()) {
        refuse(line, "no op");
    }
    if (std::find(kDevices.begin(), kDevices.end(), fields[2]) == kDevices.end()) {
        refuse(line, fmt::format("unknown device \"{}\"", fields[2]));
    }
    const std::size_t colon = std::min(fields[4].find(':'), fields[4].size());
    const std::string_view code = fields[4].substr(0, colon);
    if (findCode(code) == nullptr) {
        refuse(line, fmt::format("unknown cause \"{}\"", code));
    }
    std::string_view detail = fields[4].substr(std::min(colon + 1, fields[4].size()));
    detail.remove_prefix(std::min(detail.find_first_not_of(' '), detail.size()));
    return {std::string(fields[0]), std::string(fields[1]), std::string(fields[2]),
            std::string(fields[3]), std::string(code),      std::string(detail),
            std::string(fields[5]), std::string(fields[6])};
}

bool isForDevice(const KnownOp& row, int deviceType) {
    constexpr int kCpu = 0;
    constexpr int kCuda = 1;
    constexpr int kXpu = 12;
    if (row.device == "any") {
        return true;
    }
    switch (deviceType) {
    case kCpu:
        return row.device == "cpu";
    case kCuda:
        return row.device == "cuda" || row.device == "rocm" || row.device == "device";
    case kXpu:
        return row.device == "xpu" || row.device == "device";
    default:
        return row.device == "device";
    }
}

} // namespace

KnownKind knownKind(std::string_view causeCode) {
    const auto* known = findCode(causeCode);
    return known == nullptr ? KnownKind::Never : known->second;
}

std::vector<KnownOp> parseKnowledge(std::string_view tsv) {
    std::vector<KnownOp> rows;
    std::size_t line = 0;
    for (const std::string_view text : splitAt(tsv, '\n')) {
        ++line;
        if (line == 1) {
            if (text != kTitle) {
                refuse(line, "not the title row");
            }
        } else if (!text.empty()) {
            rows.push_back(parseRow(text, line));
        }
    }
    return rows;
}

const std::vector<KnownOp>& builtinKnowledge() {
    static const std::vector<KnownOp> rows = parseKnowledge(kNondeterministicOps);
    return rows;
}

std::vector<const KnownOp*> knownRows(std::string_view op, std::string_view overload,
                                      int deviceType) {
    std::vector<const KnownOp*> found;
    for (const KnownOp& row : builtinKnowledge()) {
        const bool overloadFits = row.overload == "*" || row.overload == overload;
        if (row.op == op && overloadFits && isForDevice(row, deviceType)) {
            found.push_back(&row);
        }
    }
    return found;
}

} // namespace repro::replay
