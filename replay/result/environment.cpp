// SPDX-License-Identifier: BSD-3-Clause
#include "replay/result/environment.h"

#include "trace/error.h"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <array>
#include <map>

namespace repro::replay {
namespace {

using nlohmann::json;

struct Rule {
    std::string_view prefix; ///< of the key
    EnvironmentRank rank;
    EnvironmentTopic topic;
};

/// The first rule whose prefix fits decides.
constexpr std::array kRules = std::to_array<Rule>({
    {"torch_version", EnvironmentRank::Numbers, EnvironmentTopic::Library},
    {"python_hash_secret", EnvironmentRank::Possible, EnvironmentTopic::Seed},
    {"python", EnvironmentRank::Possible, EnvironmentTopic::Library},
    {"packages.", EnvironmentRank::Possible, EnvironmentTopic::Library},
    {"torch_config", EnvironmentRank::Numbers, EnvironmentTopic::Library},
    {"cpu_capability", EnvironmentRank::Numbers, EnvironmentTopic::Isa},
    {"cpu_flags", EnvironmentRank::Numbers, EnvironmentTopic::Isa},
    {"cpu_model", EnvironmentRank::Numbers, EnvironmentTopic::Isa},
    {"env.ATEN_CPU_CAPABILITY", EnvironmentRank::Numbers, EnvironmentTopic::Isa},
    {"env.ONEDNN_MAX_CPU_ISA", EnvironmentRank::Numbers, EnvironmentTopic::Isa},
    {"env.DNNL_MAX_CPU_ISA", EnvironmentRank::Numbers, EnvironmentTopic::Isa},
    {"env.MKL_CBWR", EnvironmentRank::Numbers, EnvironmentTopic::Isa},
    {"env.MKL_ENABLE_INSTRUCTIONS", EnvironmentRank::Numbers, EnvironmentTopic::Isa},
    {"env.OPENBLAS_CORETYPE", EnvironmentRank::Numbers, EnvironmentTopic::Isa},
    {"threads", EnvironmentRank::Numbers, EnvironmentTopic::Threads},
    {"env.OMP_", EnvironmentRank::Numbers, EnvironmentTopic::Threads},
    {"env.MKL_", EnvironmentRank::Numbers, EnvironmentTopic::Threads},
    {"env.OPENBLAS_", EnvironmentRank::Numbers, EnvironmentTopic::Threads},
    {"env.KMP_", EnvironmentRank::Numbers, EnvironmentTopic::Threads},
    {"interop_threads", EnvironmentRank::Possible, EnvironmentTopic::Threads},
    {"parallel_info", EnvironmentRank::Possible, EnvironmentTopic::Threads},
    {"library.libtorch", EnvironmentRank::Numbers, EnvironmentTopic::Library},
    {"library.libc10", EnvironmentRank::Numbers, EnvironmentTopic::Library},
    {"library.libmkl", EnvironmentRank::Numbers, EnvironmentTopic::Library},
    {"library.libopenblas", EnvironmentRank::Numbers, EnvironmentTopic::Library},
    {"library.libblas", EnvironmentRank::Numbers, EnvironmentTopic::Library},
    {"library.liblapack", EnvironmentRank::Numbers, EnvironmentTopic::Library},
    {"library.libdnnl", EnvironmentRank::Numbers, EnvironmentTopic::Library},
    {"library.libm.", EnvironmentRank::Numbers, EnvironmentTopic::Library},
    {"library.libgomp", EnvironmentRank::Numbers, EnvironmentTopic::Library},
    {"library.libcu", EnvironmentRank::Numbers, EnvironmentTopic::Library},
    {"library.", EnvironmentRank::Possible, EnvironmentTopic::Library},
    {"has_cuda", EnvironmentRank::Numbers, EnvironmentTopic::Device},
    {"devices", EnvironmentRank::Numbers, EnvironmentTopic::Device},
    {"env.CUDA_VISIBLE_DEVICES", EnvironmentRank::Numbers, EnvironmentTopic::Device},
    {"deterministic", EnvironmentRank::Numbers, EnvironmentTopic::Flags},
    {"env.CUBLAS_WORKSPACE_CONFIG", EnvironmentRank::Numbers, EnvironmentTopic::Flags},
    {"env.NVIDIA_TF32_OVERRIDE", EnvironmentRank::Numbers, EnvironmentTopic::Flags},
    {"env.TORCH_", EnvironmentRank::Numbers, EnvironmentTopic::Flags},
    {"seeds", EnvironmentRank::Numbers, EnvironmentTopic::Seed},
    {"env.PYTHONHASHSEED", EnvironmentRank::Possible, EnvironmentTopic::Seed},
    {"env.", EnvironmentRank::Possible, EnvironmentTopic::Other},
    {"argv", EnvironmentRank::Possible, EnvironmentTopic::Code},
    {"gpu_driver", EnvironmentRank::Numbers, EnvironmentTopic::Device},
    {"controls.seed", EnvironmentRank::Numbers, EnvironmentTopic::Seed},
    {"controls.threads", EnvironmentRank::Numbers, EnvironmentTopic::Threads},
    {"controls.", EnvironmentRank::Numbers, EnvironmentTopic::Flags},
    {"git_sources", EnvironmentRank::Possible, EnvironmentTopic::Code},
    {"git_", EnvironmentRank::Harmless, EnvironmentTopic::Code},
    {"kernel", EnvironmentRank::Possible, EnvironmentTopic::Library},
    {"cwd", EnvironmentRank::Harmless, EnvironmentTopic::Other},
    {"host", EnvironmentRank::Harmless, EnvironmentTopic::Other},
    {"pid", EnvironmentRank::Harmless, EnvironmentTopic::Other},
    {"time_unix_ns", EnvironmentRank::Harmless, EnvironmentTopic::Other},
});

std::string textOf(const json& value) {
    return value.is_string() ? value.get<std::string>() : value.dump();
}

json parseObject(std::string_view text) {
    if (text.empty()) {
        return json::object();
    }
    json object = json::parse(text, nullptr, false);
    if (!object.is_object()) {
        throw Error(ErrorKind::Format, "environment of the trace is not a JSON object; check the "
                                       "file with `reprorec verify`");
    }
    return object;
}

/// Libraries by file name: the folder of a library does not change numbers, its build does.
void addLibraries(const json& list, std::map<std::string, std::string>& flat) {
    for (const json& library : list) {
        if (!library.is_object()) {
            continue;
        }
        const std::string path = library.value("path", "");
        const std::string name = path.substr(path.find_last_of('/') + 1);
        const std::string id = library.value("build_id", "");
        flat["library." + name] = id.empty() ? "no build id" : id; // empty is: not loaded
    }
}

/// LibTorch's build, without the instruction set that it chose for this run: that has a key of its
/// own.
std::string buildConfig(std::string text) {
    const std::size_t begin = text.find("  - CPU capability usage:");
    if (begin != std::string::npos) {
        const std::size_t end = text.find('\n', begin);
        text.erase(begin, end == std::string::npos ? end : end + 1 - begin);
    }
    return text;
}

std::map<std::string, std::string> flatten(const json& object) {
    std::map<std::string, std::string> flat;
    for (const auto& [key, value] : object.items()) {
        if (key == "libraries" && value.is_array()) {
            addLibraries(value, flat);
        } else if (value.is_object()) {
            for (const auto& [inner, text] : value.items()) {
                flat[key + "." + inner] = textOf(text);
            }
        } else if (key == "torch_config") {
            flat[key] = buildConfig(textOf(value));
        } else {
            flat[key] = textOf(value);
        }
    }
    return flat;
}

EnvironmentDifference judge(const std::string& key, std::string a, std::string b) {
    const auto rule = std::find_if(kRules.begin(), kRules.end(),
                                   [&](const Rule& r) { return key.starts_with(r.prefix); });
    EnvironmentDifference difference{key, std::move(a), std::move(b)};
    if (rule != kRules.end()) {
        difference.rank = rule->rank;
        difference.topic = rule->topic;
    }
    return difference;
}

} // namespace

const char* rankName(EnvironmentRank rank) {
    switch (rank) {
    case EnvironmentRank::Numbers:
        return "numbers";
    case EnvironmentRank::Possible:
        return "possible";
    case EnvironmentRank::Harmless:
        break;
    }
    return "harmless";
}

const EnvironmentDifference* otherTorch(std::span<const EnvironmentDifference> differences) {
    for (const std::string_view prefix : {"torch_version", "torch_config", "library.libtorch"}) {
        for (const EnvironmentDifference& difference : differences) {
            if (difference.key.starts_with(prefix)) {
                return &difference;
            }
        }
    }
    return nullptr;
}

bool isOfPython(std::string_view environment) {
    return parseObject(environment).contains("python");
}

std::vector<EnvironmentDifference> diffEnvironments(std::string_view a, std::string_view b) {
    auto inA = flatten(parseObject(a));
    auto inB = flatten(parseObject(b));
    for (const auto& [key, value] : inA) {
        inB.try_emplace(key);
    }
    std::vector<EnvironmentDifference> found;
    for (const auto& [key, value] : inB) {
        if (inA[key] != value) {
            found.push_back(judge(key, inA[key], value));
        }
    }
    std::stable_sort(found.begin(), found.end(),
                     [](const auto& x, const auto& y) { return x.rank < y.rank; });
    return found;
}

} // namespace repro::replay
