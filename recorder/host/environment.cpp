// SPDX-License-Identifier: BSD-3-Clause
#include "recorder/host/environment.h"

#include "recorder/host/libraries.h"
#include "recorder/host/python/api.h"
#include "recorder/host/torch_version.h"
#include "trace/xxh3.h"

#include <ATen/Context.h>
#include <ATen/Parallel.h>
#include <ATen/Version.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <chrono>
#include <cinttypes>
#include <cstdio>
#include <cstdlib>
#include <dirent.h>
#include <fcntl.h>
#include <span>
#include <string_view>
#include <sys/utsname.h>
#include <unistd.h>

namespace repro::host {
namespace {

using nlohmann::json;

std::string contentsOf(const std::string& path) {
    std::string text;
    const int file = open(path.c_str(), O_RDONLY | O_CLOEXEC);
    char piece[4096];
    for (ssize_t got = 0; file >= 0 && (got = read(file, piece, sizeof piece)) > 0;) {
        text.append(piece, static_cast<std::size_t>(got));
    }
    if (file >= 0) {
        close(file);
    }
    return text;
}

/// What follows the colon in the first line that begins with `key`.
std::string valueIn(const std::string& path, std::string_view key) {
    const std::string text = contentsOf(path);
    for (std::string_view rest = text; !rest.empty();) {
        const std::string_view line = rest.substr(0, rest.find('\n'));
        const std::size_t colon = line.starts_with(key) ? line.find(':') : std::string_view::npos;
        if (colon != std::string_view::npos) {
            const std::size_t first = line.find_first_not_of(" \t", colon + 1);
            return std::string(line.substr(std::min(first, line.size())));
        }
        rest.remove_prefix(std::min(line.size() + 1, rest.size()));
    }
    return {};
}

json commandLine() {
    const std::string text = contentsOf("/proc/self/cmdline");
    json out = json::array();
    for (std::size_t at = 0; at < text.size();) {
        const std::size_t end = std::min(text.find('\0', at), text.size());
        out.push_back(text.substr(at, end - at));
        at = end + 1;
    }
    return out;
}

/// Variables that can change numbers, or say where a run was.
json variables() {
    static constexpr const char* kPrefixes[] = {
        "OMP_",         "MKL_",           "KMP_",       "GOMP_",
        "ATEN_",        "ONEDNN_",        "DNNL_",      "PYTORCH_",
        "TORCH_",       "CUBLAS_",        "CUDA_",      "CUDNN_",
        "NVIDIA_TF32",  "NCCL_",          "OPENBLAS_",  "BLIS_",
        "VECLIB_",      "PYTHONHASHSEED", "MALLOC_",    "GLIBC_TUNABLES",
        "RANK",         "LOCAL_RANK",     "WORLD_SIZE", "OMPI_COMM_WORLD_",
        "SLURM_PROCID", "LD_LIBRARY_PATH"};
    json out = json::object();
    for (char** variable = environ; *variable != nullptr; ++variable) {
        const std::string_view text(*variable);
        const std::size_t equals = text.find('=');
        for (const char* prefix : kPrefixes) {
            if (equals != std::string_view::npos && text.rfind(prefix, 0) == 0) {
                out[std::string(text.substr(0, equals))] = std::string(text.substr(equals + 1));
            }
        }
    }
    return out;
}

/// As NVIDIA's driver tells without a library of CUDA.
void addGpus(json& out) {
    const std::string driver = "/proc/driver/nvidia";
    out["devices"] = json::array();
    if (DIR* folder = opendir((driver + "/gpus").c_str()); folder != nullptr) {
        while (const dirent* gpu = readdir(folder)) {
            if (gpu->d_name[0] != '.') {
                out["devices"].push_back(
                    valueIn(driver + "/gpus/" + gpu->d_name + "/information", "Model"));
            }
        }
        closedir(folder);
    }
    if (const std::string version = valueIn(driver + "/version", "NVRM version");
        !version.empty()) {
        out["gpu_driver"] = version;
    }
}

std::string cpuCapability() {
#if REPRO_TORCH(2, 1)
    return at::get_cpu_capability();
#else
    const std::string config = at::show_config();
    static constexpr std::string_view kKey = "CPU capability usage: ";
    const std::size_t at = config.find(kKey);
    return at == std::string::npos
               ? std::string()
               : config.substr(at + kKey.size(), config.find('\n', at) - at - kKey.size());
#endif
}

void addTorch(json& out) {
    at::Context& context = at::globalContext();
    out["torch_version"] = std::to_string(TORCH_VERSION_MAJOR) + "." +
                           std::to_string(TORCH_VERSION_MINOR) + "." +
                           std::to_string(TORCH_VERSION_PATCH);
    out["torch_config"] = at::show_config();
    out["parallel_info"] = at::get_parallel_info();
    out["cpu_capability"] = cpuCapability();
    out["threads"] = at::get_num_threads();
    out["interop_threads"] = at::get_num_interop_threads();
    out["deterministic"] = context.deterministicAlgorithms();
    out["has_cuda"] = at::hasCUDA();
}

/// "none", or the fingerprint in hexadecimal.
std::string hexOf(std::span<const std::byte> secret) {
    char text[17] = "none";
    if (!secret.empty()) {
        std::snprintf(text, sizeof text, "%016" PRIx64,
                      trace::xxh3(secret.data(), secret.size()).low);
    }
    return text;
}

} // namespace

void sendEnvironment(ThreadState& state, std::string_view text) {
    const std::size_t room = state.producer->maxRecord() / 2;
    for (std::size_t at = 0; at < text.size(); at += room) {
        wire::EnvironmentRecord record;
        record.length = static_cast<std::uint32_t>(std::min(room, text.size() - at));
        record.last = at + record.length == text.size() ? 1 : 0;
        sendDefinition(state, wire::RecordKind::Environment, record,
                       text.substr(at, record.length));
    }
}

std::string environmentJson() {
    json out;
    utsname system = {};
    uname(&system);
    char folder[4096] = {};
    out["argv"] = commandLine();
    out["cwd"] = getcwd(folder, sizeof folder) != nullptr ? folder : "";
    out["host"] = system.nodename;
    out["kernel"] = std::string(system.sysname) + " " + system.release + " " + system.machine;
    out["cpu_model"] = valueIn("/proc/cpuinfo", "model name");
    out["cpu_flags"] = valueIn("/proc/cpuinfo", "flags");
    out["pid"] = static_cast<int>(getpid());
    out["env"] = variables();
    addLibraries(out);
    out["time_unix_ns"] = std::chrono::duration_cast<std::chrono::nanoseconds>(
                              std::chrono::system_clock::now().time_since_epoch())
                              .count();
    addTorch(out);
    addGpus(out);
    if (const std::string version = python::versionOf(); !version.empty()) {
        out["python"] = version;
        out["python_hash_secret"] = hexOf(python::hashSecret());
    }
    return out.dump(-1, ' ', false, json::error_handler_t::replace);
}

} // namespace repro::host
