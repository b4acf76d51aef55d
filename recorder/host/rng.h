// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "recorder/host/thread_state.h"

#include <ATen/core/Generator.h>

#include <cstddef>
#include <optional>
#include <span>
#include <string_view>

/// Generators: read, never advanced, never waited for.
namespace repro::host {

/// Fingerprint of seed, position, state words and cached normals; none while somebody holds the
/// generator's mutex (randperm and bernoulli dispatch while they do).
std::optional<trace::Fingerprint> fingerprintOf(const at::Generator& generator);

/// Number of the generator in the trace; defined in the stream when it is new.
std::uint32_t generatorId(ThreadState& state, const at::Generator& generator);

/// Number in the trace of a generator that is not LibTorch's, with the state that it is met in.
/// `isDefault`: its module's functions draw from it.
std::uint32_t foreignGeneratorId(ThreadState& state, std::string_view name, bool isDefault,
                                 const trace::Fingerprint& fingerprint,
                                 std::span<const std::byte> bytes);

/// Sends the state of the generator with this number.
void sendRngState(ThreadState& state, std::uint32_t id, const trace::Fingerprint& fingerprint,
                  std::span<const std::byte> bytes);

/// Sends the full state, unless the mutex is held or the state is `unless`. Returns its
/// fingerprint.
trace::Fingerprint sendRngState(ThreadState& state, const at::Generator& generator,
                                const trace::Fingerprint& unless = {});

/// Sends the full state of every generator that drew so far and moved since the last call.
void sendMovedRngStates(ThreadState& state);

/// The default generator that an op on such a device draws from; undefined where there is none.
at::Generator defaultGenerator(c10::DeviceType device);

} // namespace repro::host
