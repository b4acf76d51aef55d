// SPDX-License-Identifier: BSD-3-Clause
#include "recorder/host/rng.h"

#include "recorder/host/cpu_generator.h"
#include "trace/xxh3.h"

#include <ATen/Context.h>

#include <mutex>
#include <vector>

namespace repro::host {
namespace {

struct Known {
    c10::weak_intrusive_ptr<c10::GeneratorImpl>
        generator; ///< its address is not reused while we look
    const c10::GeneratorImpl* address;
    std::uint32_t id;                   ///< its index
    trace::Fingerprint atLastStep = {}; ///< the state that was sent then
};

struct Registry {
    std::mutex mutex;
    std::vector<Known> known;
};

Registry& registry() {
    static auto* made = new Registry();
    return *made;
}

/// Null: of another device.
at::CPUGeneratorImpl* cpuGenerator(const at::Generator& generator) {
    return generator.device().is_cpu() ? at::check_generator<at::CPUGeneratorImpl>(generator)
                                       : nullptr;
}

std::vector<std::byte> bytesOf(const at::Generator& generator) {
    if (auto* cpu = cpuGenerator(generator)) {
        return savedState(twisterOf(*cpu));
    }
    const at::Tensor state = generator.get_state();
    const auto* bytes = static_cast<const std::byte*>(state.data_ptr());
    return {bytes, bytes + state.nbytes()};
}

/// Requires: the generator's mutex is held, as of the two above.
trace::Fingerprint fingerprintLocked(const at::Generator& generator) {
    if (auto* cpu = cpuGenerator(generator)) {
        return fingerprintOf(twisterOf(*cpu));
    }
    const auto state = bytesOf(generator);
    return trace::xxh3(state.data(), state.size());
}

} // namespace

void sendRngState(ThreadState& state, std::uint32_t id, const trace::Fingerprint& fingerprint,
                  std::span<const std::byte> bytes) {
    wire::RngStateRecord record;
    record.low = fingerprint.low;
    record.high = fingerprint.high;
    record.generator = id;
    record.length = static_cast<std::uint32_t>(bytes.size());
    state.definition.begin(wire::RecordKind::RngState, record);
    state.definition.appendBytes(bytes.data(), bytes.size());
    state.definition.send(*state.producer);
}

at::Generator defaultGenerator(c10::DeviceType device) {
    // Asking for another device's generator would initialise that device; an op on it already has.
    return at::globalContext().defaultGenerator(at::Device(device));
}

std::optional<trace::Fingerprint> fingerprintOf(const at::Generator& generator) {
    const std::unique_lock lock(generator.unsafeGetGeneratorImpl()->mutex_, std::try_to_lock);
    if (!lock.owns_lock()) {
        return std::nullopt;
    }
    return fingerprintLocked(generator);
}

std::uint32_t generatorId(ThreadState& state, const at::Generator& generator) {
    Registry& all = registry();
    const std::lock_guard lock(all.mutex);
    const auto* address = generator.unsafeGetGeneratorImpl();
    for (const Known& known : all.known) {
        if (known.address == address) {
            return known.id;
        }
    }
    const auto id = static_cast<std::uint32_t>(all.known.size());
    all.known.push_back({c10::weak_intrusive_ptr<c10::GeneratorImpl>(generator.getIntrusivePtr()),
                         address,
                         id,
                         {}});
    wire::GeneratorRecord record;
    record.id = id;
    record.deviceType = static_cast<std::uint8_t>(generator.device().type());
    record.deviceIndex = static_cast<std::int8_t>(generator.device().index());
    record.isDefault =
        defaultGenerator(generator.device().type()).unsafeGetGeneratorImpl() == address ? 1 : 0;
    if (const std::unique_lock held(generator.unsafeGetGeneratorImpl()->mutex_, std::try_to_lock);
        held.owns_lock()) {
        record.seed = generator.current_seed();
    }
    sendDefinition(state, wire::RecordKind::Generator, record);
    return id;
}

std::uint32_t foreignGeneratorId(ThreadState& state, std::string_view name, bool isDefault,
                                 const trace::Fingerprint& fingerprint,
                                 std::span<const std::byte> bytes) {
    Registry& all = registry();
    const std::lock_guard lock(all.mutex);
    wire::GeneratorRecord record;
    record.id = static_cast<std::uint32_t>(all.known.size());
    record.isDefault = isDefault ? 1 : 0;
    record.nameLength = static_cast<std::uint32_t>(name.size());
    all.known.push_back(
        {c10::weak_intrusive_ptr<c10::GeneratorImpl>(c10::intrusive_ptr<c10::GeneratorImpl>()),
         nullptr,
         record.id,
         {}});
    sendDefinition(state, wire::RecordKind::Generator, record, name);
    sendRngState(state, record.id, fingerprint, bytes);
    return record.id;
}

trace::Fingerprint sendRngState(ThreadState& state, const at::Generator& generator,
                                const trace::Fingerprint& unless) {
    const std::uint32_t id = generatorId(state, generator);
    std::vector<std::byte> bytes;
    trace::Fingerprint fingerprint;
    {
        const std::unique_lock lock(generator.unsafeGetGeneratorImpl()->mutex_, std::try_to_lock);
        if (!lock.owns_lock()) {
            return {};
        }
        fingerprint = fingerprintLocked(generator);
        if (fingerprint == unless) {
            return fingerprint;
        }
        bytes = bytesOf(generator);
    }
    sendRngState(state, id, fingerprint, bytes);
    return fingerprint;
}

void sendMovedRngStates(ThreadState& state) {
    Registry& all = registry();
    std::vector<std::pair<at::Generator, Known>> living;
    {
        const std::lock_guard lock(all.mutex);
        for (const Known& known : all.known) {
            if (auto generator = known.generator.lock(); generator.defined()) {
                living.emplace_back(std::move(generator), known);
            }
        }
    }
    for (const auto& [generator, known] : living) {
        const trace::Fingerprint sent = sendRngState(state, generator, known.atLastStep);
        const std::lock_guard lock(all.mutex);
        all.known[known.id].atLastStep = sent;
    }
}

} // namespace repro::host
