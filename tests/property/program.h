// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <cstdint>
#include <string>
#include <vector>

/// Made-up programs for the machine (machine.h): a main thread and pools that run ops on tensors,
/// and causes planted into one of two runs of them.
namespace repro::property {

/// SplitMix64: the same numbers everywhere.
class Random {
public:
    explicit Random(std::uint64_t seed) : m_state(seed) {}
    std::uint64_t next();
    /// Requires: n > 0.
    std::size_t below(std::size_t n) { return static_cast<std::size_t>(next() % n); }
    bool chance(int percent) { return below(100) < static_cast<std::size_t>(percent); }

private:
    std::uint64_t m_state;
};

std::uint64_t mixed(std::uint64_t a, std::uint64_t b);

/// How an instruction uses tensors, and what the recorder would see of it.
enum class Form : std::uint8_t {
    Elementwise, ///< out[i] of in[..][i]
    Mix,         ///< every element of out of everything that is read
    Heal,        ///< out does not depend on what is read
    Pair,        ///< two outputs
    Copying,     ///< a view op that had to copy
    Full,        ///< out of the argument alone
    Draw,        ///< out of a generator's state
    InPlace,     ///< in[0] of itself and the others
    Fill,        ///< in[0] of the argument: what it held before has no meaning
    Copy,        ///< in[0] of in[1]: likewise
    Out,         ///< in[0] of the others: likewise
    Foreach,     ///< each of `in` of itself, without a result
    Norm,        ///< out of in[0]; also writes in[1], which no schema tells
    Alloc,       ///< out is allocated and not written
    View,        ///< out is a part of in[0]
    Item,        ///< reads a number of in[0] into `scalar`
    Watch,
    Gradient,
    LayerBegin, ///< of in[0]
    LayerEnd,
    NodeBegin,
    NodeEnd,
    OptimizerBegin, ///< of `optimizer`
    OptimizerEnd,   ///< `argument` 1: it ends the step
    RawWrite,       ///< writes into in[0] through a pointer; the recorder does not see it
    Reseed,         ///< sets the generator's state; nor this
    Spawn,          ///< starts a pool's work
    Join,           ///< waits for it
};

/// Ops that an op runs inside.
enum class Nested : std::uint8_t { None, Kernel, AllocAndWrite, OwnRows };

/// In which of the runs something happens.
enum class In : std::uint8_t { Both, A, B };

struct Instruction {
    int id = 0; ///< unique in the program
    Form form = Form::Elementwise;
    std::string op;       ///< "aten::add"
    std::vector<int> in;  ///< tensors
    std::vector<int> out; ///< tensors that it makes
    std::int64_t argument = 0;
    int scalar = -1;          ///< Item: what it sets; else a number that is added to the argument
    int generator = -1;       ///< of a Draw or Reseed
    int first = 0, count = 0; ///< View: elements of in[0]. Alloc, Full, Draw: count is the size
    int pool = -1;            ///< Spawn, Join
    int optimizer = 0;        ///< OptimizerBegin
    std::string parameter;    ///< whose gradient, or what an optimizer's op works on
    Nested nested = Nested::None;
    bool alerted = false;
    bool asked = false;
    In only = In::Both;     ///< added or removed
    std::string opOfB;      ///< another op there, if not empty
    std::vector<int> altIn; ///< what it reads in the run `altRun`, if not empty
    In altRun = In::Both;
};

/// What is planted at an instruction, beside what the instruction itself says.
enum class Plant : std::uint8_t {
    Race,    ///< the kernel says so, or the table does
    Custom,  ///< an op that is not ATen's
    Silent,  ///< nothing tells
    Threads, ///< the number of threads differs, and the op depends on it
    Flags,   ///< a flag of the context differs at the op
    Isa,     ///< the instruction set differs
    Argument,
    Data,      ///< tensor `at` comes from outside, and differs
    Unseeded,  ///< generator `at`
    DrawTwice, ///< the op draws once more in run B
};

struct Planted {
    Plant plant = Plant::Race;
    int at = 0;          ///< instruction, tensor or generator
    bool second = false; ///< the second output differs, not the first
};

struct Pool {
    int threads = 1;
    std::vector<std::vector<Instruction>> items;
};

struct Foreign {
    int tensor = 0;
    int size = 0;
};

struct Program {
    std::uint64_t seed = 0;
    int threads = 2; ///< intra-op
    std::vector<Foreign> foreign;
    std::vector<Instruction> main;
    std::vector<Pool> pools;
    std::vector<Planted> planted;
    int generators = 1; ///< the first is the default one
};

/// The highest that are taken.
struct Numbering {
    int instructions = 0, tensors = 0, numbers = 0;
};
Numbering numberingOf(const Program& program);

/// The last step of main once more, in one run, with ids of its own; but no new seeds.
/// Returns: false, and nothing done, where it runs pools, or is the first and sets up as well.
bool repeatLastStep(Program& program, In only);

/// As a person reads it.
std::string print(const Program& program);

/// Drops what uses tensors or numbers that nothing makes (any more), and plants at what is gone.
void prune(Program& program);

/// Every instruction of main and of the pools.
template <class ProgramLike, class Visit>
void forEachInstruction(ProgramLike& program, Visit&& visit) {
    for (auto& instruction : program.main) {
        visit(instruction);
    }
    for (auto& pool : program.pools) {
        for (auto& item : pool.items) {
            for (auto& instruction : item) {
                visit(instruction);
            }
        }
    }
}

} // namespace repro::property
