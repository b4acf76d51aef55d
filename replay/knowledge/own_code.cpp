// SPDX-License-Identifier: BSD-3-Clause
#include "replay/knowledge/own_code.h"

#include "replay/knowledge/function_name.h"

#include <algorithm>
#include <array>

namespace repro::replay {
namespace {

constexpr std::array kModules = {std::string_view("libtorch."),
                                 std::string_view("libtorch_cpu."),
                                 std::string_view("libtorch_cuda"),
                                 std::string_view("libtorch_hip"),
                                 std::string_view("libtorch_xpu"),
                                 std::string_view("libtorch_python."),
                                 std::string_view("libtorch_global_deps."),
                                 std::string_view("libc10."),
                                 std::string_view("libc10_"),
                                 std::string_view("libstdc++."),
                                 std::string_view("libc++."),
                                 std::string_view("libc++abi."),
                                 std::string_view("libgcc_s."),
                                 std::string_view("libc.so"),
                                 std::string_view("libm.so"),
                                 std::string_view("libgomp"),
                                 std::string_view("libomp."),
                                 std::string_view("libiomp"),
                                 std::string_view("ld-linux"),
                                 std::string_view("libpthread."),
                                 std::string_view("librepro_"),
                                 std::string_view("linux-vdso"),
                                 std::string_view("libpython")};

constexpr std::array kNamespaces = {
    std::string_view("torch::"), std::string_view("at::"),          std::string_view("c10::"),
    std::string_view("std::"),   std::string_view("__gnu_cxx::"),   std::string_view("caffe2::"),
    std::string_view("_start"),  std::string_view("__libc_start_"),
};

constexpr std::array kFolders = {
    std::string_view("/usr/include/"),   std::string_view("/usr/lib/"),
    std::string_view("/include/c++/"),   std::string_view("/include/torch/"),
    std::string_view("/include/ATen/"),  std::string_view("/include/c10/"),
    std::string_view("/torch/include/"), std::string_view("/lib/gcc/"),
    std::string_view("/site-packages/"), std::string_view("/dist-packages/"),
    std::string_view("/lib/python3"),    std::string_view("<frozen "),
};

/// "python3.11", which runs programs.
bool isPython(std::string_view file) {
    constexpr std::string_view kName = "python";
    return file.starts_with(kName) &&
           file.find_first_not_of("0123456789.", kName.size()) == std::string_view::npos;
}

} // namespace

bool isLibraryModule(std::string_view path) {
    const std::string_view file = path.substr(path.rfind('/') + 1);
    return isPython(file) ||
           std::ranges::any_of(kModules, [&](auto start) { return file.starts_with(start); });
}

bool isLibrarySource(std::string_view path) {
    return std::ranges::any_of(
        kFolders, [&](auto folder) { return path.find(folder) != std::string_view::npos; });
}

bool isLibraryFunction(std::string_view name) {
    const std::string_view own = withoutSignature(name);
    return std::ranges::any_of(kNamespaces, [&](auto start) { return own.starts_with(start); });
}

} // namespace repro::replay
