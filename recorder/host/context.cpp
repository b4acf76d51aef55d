// SPDX-License-Identifier: BSD-3-Clause
#include "recorder/host/context.h"

#include "recorder/host/torch_version.h"

#include <ATen/Context.h>
#include <ATen/Parallel.h>
#include <ATen/autocast_mode.h>
#include <c10/core/GradMode.h>
#include <c10/core/InferenceMode.h>

#include <immintrin.h>
#include <mutex>
#include <unordered_map>

namespace repro::host {
namespace {

using namespace trace::context_flag;

bool autocastCpu() {
#if REPRO_TORCH(2, 4)
    return at::autocast::is_autocast_enabled(at::kCPU);
#else
    return at::autocast::is_cpu_enabled();
#endif
}

bool autocastCuda() {
#if REPRO_TORCH(2, 4)
    return at::autocast::is_autocast_enabled(at::kCUDA);
#else
    return at::autocast::is_enabled();
#endif
}

/// Settings that only matter on CUDA. From 2.9 the getters throw when a program mixes the old
/// setters with the new ones.
std::uint32_t cudaFlags(at::Context& context) {
    std::uint32_t flags = 0;
    setFlag(flags, CudnnBenchmark, context.benchmarkCuDNN());
    setFlag(flags, CudnnDeterministic, context.deterministicCuDNN());
    try {
        setFlag(flags, Tf32Matmul, context.allowTF32CuBLAS());
        setFlag(flags, Tf32Cudnn, context.allowTF32CuDNN());
    } catch (const c10::Error&) {
        return flags;
    }
    return flags;
}

/// Each thread has its own floating-point mode: set_flush_denormal sets it, fesetround, and the
/// start-up code of whatever was linked with -ffast-math.
std::uint32_t floatingPointMode() {
    const std::uint32_t mxcsr = _mm_getcsr();
    std::uint32_t flags = 0;
    setFlag(flags, FlushDenormal, (mxcsr & _MM_FLUSH_ZERO_MASK) != 0);
    setFlag(flags, DenormalsAreZero, (mxcsr & 0x0040U) != 0);
    return flags | (mxcsr & _MM_ROUND_MASK) >> 13U << RoundingShift;
}

std::uint32_t currentFlags() {
    at::Context& context = at::globalContext();
    static const bool cuda = at::hasCUDA();
    std::uint32_t flags = 0;
    setFlag(flags, Deterministic, context.deterministicAlgorithms());
    setFlag(flags, DeterministicWarnOnly, context.deterministicAlgorithmsWarnOnly());
    setFlag(flags, GradMode, c10::GradMode::is_enabled());
    setFlag(flags, InferenceMode, c10::InferenceMode::is_enabled());
    setFlag(flags, AutocastCpu, autocastCpu());
    setFlag(flags, AutocastCuda, autocastCuda());
    setFlag(flags, Mkldnn, context.userEnabledMkldnn());
#if REPRO_TORCH(2, 1)
    setFlag(flags, FillUninitialised, context.deterministicFillUninitializedMemory());
#endif
    flags |= (static_cast<std::uint32_t>(context.qEngine()) << QEngineShift) & QEngineMask;
    return flags | floatingPointMode() | (cuda ? cudaFlags(context) : 0);
}

} // namespace

std::uint32_t contextId(ThreadState& state) {
    wire::ContextRecord record;
    record.threads = static_cast<std::uint32_t>(at::get_num_threads());
    record.flags = currentFlags();
    const std::uint64_t bits = static_cast<std::uint64_t>(record.threads) << 32U | record.flags;
    if (bits == state.contextBits) {
        return state.contextId;
    }
    static std::mutex mutex;
    static auto* ids = new std::unordered_map<std::uint64_t, std::uint32_t>();
    const std::lock_guard lock(mutex);
    const auto [entry, isNew] = ids->try_emplace(bits, static_cast<std::uint32_t>(ids->size()));
    if (isNew) {
        record.id = entry->second;
        sendDefinition(state, wire::RecordKind::Context, record);
    }
    state.contextBits = bits;
    state.contextId = entry->second;
    return entry->second;
}

} // namespace repro::host
