// SPDX-License-Identifier: BSD-3-Clause
#include "replay/exec/conditions.h"

#include <ATen/ATen.h>
#include <ATen/CPUGeneratorImpl.h>
#include <ATen/Context.h>
#include <ATen/Parallel.h>
#include <ATen/autocast_mode.h>
#include <c10/core/GradMode.h>
#include <torch/version.h>

#include <cstring>
#include <mutex>

namespace repro::replay::exec {
namespace {

using namespace trace::context_flag;

void setAutocast(bool enabled) {
#if TORCH_VERSION_MAJOR > 2 || (TORCH_VERSION_MAJOR == 2 && TORCH_VERSION_MINOR >= 4)
    at::autocast::set_autocast_enabled(at::kCPU, enabled);
#else
    at::autocast::set_cpu_enabled(enabled);
#endif
}

void reset(at::Generator& generator, const std::vector<std::byte>& state) {
    const std::lock_guard lock(generator.mutex());
    if (state.empty()) {
        generator.set_current_seed(0);
        return;
    }
    at::Tensor bytes = at::empty({static_cast<std::int64_t>(state.size())}, at::kByte);
    std::memcpy(bytes.data_ptr(), state.data(), state.size());
    generator.set_state(bytes);
}

} // namespace

Conditions::Conditions(const Job& job) : m_inference((job.flags & InferenceMode) != 0) {
    const auto has = [&](std::uint32_t flag) { return (job.flags & flag) != 0; };
    at::Context& context = at::globalContext();
    at::set_num_threads(static_cast<int>(job.threads == 0 ? 1 : job.threads));
    context.setDeterministicAlgorithms(has(Deterministic), has(DeterministicWarnOnly));
    context.setUserEnabledMkldnn(has(Mkldnn));
    c10::GradMode::set_enabled(has(GradMode));
    setAutocast(has(AutocastCpu));
}

void resetGenerators(const Job& job, at::Generator& own) {
    at::Generator standard = at::globalContext().defaultGenerator(at::kCPU);
    reset(standard, job.generatorState);
    reset(own, job.generatorState);
}

} // namespace repro::replay::exec
