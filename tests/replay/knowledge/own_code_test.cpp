// SPDX-License-Identifier: BSD-3-Clause
#include "replay/knowledge/own_code.h"

#include <gtest/gtest.h>

namespace repro::replay {
namespace {

TEST(OwnCode, LibTorchTheCompilerAndTheSystemAreLibraries) {
    for (const char* path :
         {"/opt/torch/lib/libtorch_cpu.so", "/usr/lib/libc10.so", "libc.so.6",
          "/lib64/ld-linux-x86-64.so.2", "/usr/lib/libstdc++.so.6",
          "/usr/lib/reprorec/librepro_preload.so", "/usr/bin/python3.11", "libpython3.11.so.1.0"}) {
        EXPECT_TRUE(isLibraryModule(path)) << path;
    }
    for (const char* path :
         {"/home/me/train", "libcustom_ops.so", "/usr/lib/libtrainer.so", "/opt/libtorch/train",
          "/home/me/python_bridge", "libtorch_trainer.so", "libc10plugin/mine.so"}) {
        EXPECT_FALSE(isLibraryModule(path)) << path;
    }
}

TEST(OwnCode, HeadersOfLibrariesAreTheirs) {
    for (const char* path :
         {"/usr/include/c++/12/bits/std_function.h",
          "/v/site-packages/torch/include/torch/csrc/api/include/torch/nn/module.h",
          "/opt/libtorch/include/ATen/core/TensorBody.h"}) {
        EXPECT_TRUE(isLibrarySource(path)) << path;
    }
    for (const char* path : {"/home/me/include/net.h", "/home/me/torch/train.cpp", "train.cpp"}) {
        EXPECT_FALSE(isLibrarySource(path)) << path;
    }
}

TEST(OwnCode, AFunctionIsJudgedByItsOwnName) {
    for (const char* name :
         {"torch::nn::AnyModuleHolder<Net, at::Tensor>::forward(std::vector<int>&&)",
          "void std::__invoke_impl<void, Net>(Net&&)", "at::Tensor at::relu(at::Tensor const&)",
          "std::map<std::string, int> std::make<int>(int)", "__libc_start_call_main"}) {
        EXPECT_TRUE(isLibraryFunction(name)) << name;
    }
    for (const char* name :
         {"NetImpl::forward(at::Tensor)", "std::vector<int> load(std::string const&)", "main",
          "at::Tensor (anonymous namespace)::loss<std::vector<int> >(at::Tensor)",
          "(anonymous namespace)::Net::forward(at::Tensor) const", "statistics::mean(int)"}) {
        EXPECT_FALSE(isLibraryFunction(name)) << name;
    }
}

} // namespace
} // namespace repro::replay
