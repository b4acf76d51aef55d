// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "tests/property/machine.h"
#include "tests/property/memory.h"
#include "tests/property/program.h"

#include <cstdint>
#include <map>
#include <string>
#include <vector>

namespace repro::property {

/// One run's tensors, numbers and generators, and what instructions make of them, with the causes
/// that are planted in this run.
class Computer {
public:
    Computer(const Program& program, Side side, std::uint64_t schedule);

    [[nodiscard]] bool hasPlant(Plant plant) const;
    [[nodiscard]] bool plantedAt(Plant plant, int at) const; ///< in this run
    [[nodiscard]] int threads() const;                       ///< intra-op

    [[nodiscard]] bool happens(const Instruction& i) const;
    [[nodiscard]] const std::vector<int>& readsOf(const Instruction& i) const;
    [[nodiscard]] const std::string& opOf(const Instruction& i) const;
    [[nodiscard]] std::int64_t argumentOf(const Instruction& i) const;
    [[nodiscard]] const View& view(int tensor) const { return m_tensors.at(tensor); }
    [[nodiscard]] Memory& memory() { return m_memory; }

    void allocateOutputs(const Instruction& i);
    /// What the instruction writes.
    [[nodiscard]] std::vector<View> targetsOf(const Instruction& i) const;
    void runKernel(const Instruction& i);

    struct Moved {
        std::uint64_t before, after;
    };
    Moved draw(const Instruction& i); ///< the next kernel draws what lies between
    [[nodiscard]] std::uint64_t seedOf(int generator) const {
        return m_seeds.at(static_cast<std::size_t>(generator));
    }
    void reseed(const Instruction& i);
    void writeRaw(const Instruction& i);

private:
    [[nodiscard]] const Planted* kernelPlant(const Instruction& i) const;
    void fetch(const Foreign& foreign);
    void make(int tensor, int size, int by);
    [[nodiscard]] int sizeOf(const Instruction& i) const;
    void write(const View& view, const std::vector<std::uint64_t>& contents, int by);
    [[nodiscard]] std::uint64_t baseOf(const Instruction& i) const;
    std::vector<std::uint64_t> result(const Instruction& i, const std::vector<int>& reads,
                                      std::size_t size, std::uint64_t salt);
    std::vector<std::uint64_t> compute(const Instruction& i, const View& target, std::size_t nth);

    const Program& m_program;
    Side m_side;
    std::uint64_t m_garbage;
    Memory m_memory;
    std::map<int, View> m_tensors;
    std::map<int, std::int64_t> m_numbers;
    std::vector<std::uint64_t> m_seeds, m_states; ///< of the generators
    std::uint64_t m_drawn = 0;
};

} // namespace repro::property
