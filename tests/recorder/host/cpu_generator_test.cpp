// SPDX-License-Identifier: BSD-3-Clause
#include "recorder/host/cpu_generator.h"

#include <gtest/gtest.h>
#include <torch/torch.h>

#include <cstring>

namespace repro::host {
namespace {

bool savesAsLibTorch(const at::Generator& generator) {
    auto& cpu = *at::check_generator<at::CPUGeneratorImpl>(generator);
    const at::Tensor theirs = generator.get_state();
    const auto ours = savedState(twisterOf(cpu));
    return ours.size() == theirs.nbytes() &&
           std::memcmp(ours.data(), theirs.data_ptr(), ours.size()) == 0;
}

} // namespace

TEST(CpuGenerator, ItsStateIsWhatLibTorchSaves) {
    const at::Generator generator = at::detail::createCPUGenerator(7);
    EXPECT_TRUE(savesAsLibTorch(generator));
    torch::rand({1000}, generator);
    EXPECT_TRUE(savesAsLibTorch(generator));
    torch::randn({3}, generator); // keeps a normal for the next one
    EXPECT_TRUE(savesAsLibTorch(generator));
    torch::randn({3}, generator, torch::kDouble);
    EXPECT_TRUE(savesAsLibTorch(generator));
}

} // namespace repro::host
