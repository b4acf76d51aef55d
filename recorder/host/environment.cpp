// SPDX-License-Identifier: BSD-3-Clause
#include "recorder/host/environment.h"

#include "recorder/host/torch_version.h"

#include <ATen/Context.h>
#include <ATen/Parallel.h>
#include <ATen/Version.h>
#include <elf.h>
#include <nlohmann/json.hpp>

#include <chrono>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <link.h>
#include <string_view>
#include <sys/utsname.h>
#include <unistd.h>

namespace repro::host {
namespace {

using nlohmann::json;

std::string readLine(const char* path, std::string_view key) {
    std::ifstream file(path);
    std::string line;
    while (std::getline(file, line)) {
        if (line.rfind(key, 0) == 0) {
            const std::size_t colon = std::min(line.find(':'), line.size() - 1);
            const std::size_t first = line.find_first_not_of(" \t", colon + 1);
            return first == std::string::npos ? std::string() : line.substr(first);
        }
    }
    return {};
}

json commandLine() {
    std::ifstream file("/proc/self/cmdline", std::ios::binary);
    json out = json::array();
    std::string word;
    while (std::getline(file, word, '\0')) {
        out.push_back(word);
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

std::string buildIdIn(const dl_phdr_info& info, const ElfW(Phdr) & header) {
    const auto* at = reinterpret_cast<const char*>(info.dlpi_addr + header.p_vaddr);
    const char* end = at + header.p_memsz;
    while (at + sizeof(ElfW(Nhdr)) <= end) {
        ElfW(Nhdr) note;
        std::memcpy(&note, at, sizeof note);
        const char* name = at + sizeof note;
        const char* data = name + (note.n_namesz + 3) / 4 * 4;
        if (data + note.n_descsz > end) {
            break;
        }
        if (note.n_type == NT_GNU_BUILD_ID && note.n_namesz == 4 &&
            std::memcmp(name, "GNU", 4) == 0) {
            std::string text;
            for (std::size_t i = 0; i < note.n_descsz; ++i) {
                char hex[3];
                std::snprintf(hex, sizeof hex, "%02x", static_cast<unsigned char>(data[i]));
                text += hex;
            }
            return text;
        }
        at = data + (note.n_descsz + 3) / 4 * 4;
    }
    return {};
}

int addLibrary(dl_phdr_info* info, std::size_t, void* out) {
    std::string id;
    for (int i = 0; i < info->dlpi_phnum && id.empty(); ++i) {
        if (info->dlpi_phdr[i].p_type == PT_NOTE) {
            id = buildIdIn(*info, info->dlpi_phdr[i]);
        }
    }
    const char* path = info->dlpi_name;
    char own[4096] = {};
    if (path[0] == 0 && readlink("/proc/self/exe", own, sizeof own - 1) > 0) {
        path = own;
    }
    const std::string_view text(path);
    const bool ours = text.find("/librepro_") != std::string_view::npos;
    if (!ours && text.find("linux-vdso") == std::string_view::npos) {
        static_cast<json*>(out)->push_back({{"path", std::string(text)}, {"build_id", id}});
    }
    return 0;
}

/// As NVIDIA's driver tells without a library of CUDA.
void addGpus(json& out) {
    namespace fs = std::filesystem;
    const fs::path driver = "/proc/driver/nvidia";
    out["devices"] = json::array();
    std::error_code error;
    for (const auto& gpu : fs::directory_iterator(driver / "gpus", error)) {
        out["devices"].push_back(readLine((gpu.path() / "information").c_str(), "Model:"));
    }
    if (const std::string version = readLine((driver / "version").c_str(), "NVRM version:");
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

} // namespace

std::string environmentJson() {
    json out;
    utsname system = {};
    uname(&system);
    char folder[4096] = {};
    out["argv"] = commandLine();
    out["cwd"] = getcwd(folder, sizeof folder) != nullptr ? folder : "";
    out["host"] = system.nodename;
    out["kernel"] = std::string(system.sysname) + " " + system.release + " " + system.machine;
    out["cpu_model"] = readLine("/proc/cpuinfo", "model name");
    out["cpu_flags"] = readLine("/proc/cpuinfo", "flags");
    out["pid"] = static_cast<int>(getpid());
    out["env"] = variables();
    out["libraries"] = json::array();
    dl_iterate_phdr(addLibrary, &out["libraries"]);
    out["time_unix_ns"] = std::chrono::duration_cast<std::chrono::nanoseconds>(
                              std::chrono::system_clock::now().time_since_epoch())
                              .count();
    addTorch(out);
    addGpus(out);
    return out.dump(-1, ' ', false, json::error_handler_t::replace);
}

} // namespace repro::host
