// SPDX-License-Identifier: BSD-3-Clause
#include "tests/property/program.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <set>

namespace repro::property {
namespace {

constexpr std::array kForms = {"elementwise", "mix",      "heal",  "pair", "copying",   "full",
                               "draw",        "in_place", "fill",  "copy", "out",       "foreach",
                               "norm",        "alloc",    "view",  "item", "watch",     "gradient",
                               "layer",       "end",      "node",  "end",  "optimizer", "end",
                               "rawwrite",    "reseed",   "spawn", "join"};
constexpr std::array kPlants = {"race", "custom",   "silent", "threads",  "flags",
                                "isa",  "argument", "data",   "unseeded", "draws twice"};

std::string tensors(const std::vector<int>& list) {
    std::string text;
    for (const int tensor : list) {
        text += fmt::format(" %{}", tensor);
    }
    return text;
}

std::string options(const Instruction& i) {
    std::string text;
    const auto add = [&](bool wanted, const std::string& what) {
        text += wanted ? " " + what : "";
    };
    add(i.argument != 0, fmt::format("argument:{}", i.argument));
    add(i.scalar >= 0, fmt::format("number:{}", i.scalar));
    add(i.generator >= 0, fmt::format("generator:{}", i.generator));
    add(i.count > 0, fmt::format("elements:{}+{}", i.first, i.count));
    add(i.pool >= 0, fmt::format("pool:{}", i.pool));
    add(!i.parameter.empty(), "of:" + i.parameter);
    add(i.nested != Nested::None, fmt::format("nested:{}", static_cast<int>(i.nested)));
    add(i.alerted, "alerted");
    add(i.asked, "asked");
    add(i.only != In::Both, i.only == In::A ? "only:A" : "only:B");
    add(!i.opOfB.empty(), "B:" + i.opOfB);
    add(!i.altIn.empty(),
        fmt::format("{}:reads{}", i.altRun == In::A ? "A" : "B", tensors(i.altIn)));
    return text.empty() ? text : " |" + text;
}

std::string line(const Instruction& i) {
    const char* form = kForms.at(static_cast<std::size_t>(i.form));
    const std::string made = i.out.empty() ? "" : " ->" + tensors(i.out);
    return fmt::format("{:4}  {} {}{}{}{}\n", i.id, form, i.op, tensors(i.in), made, options(i));
}

} // namespace

std::uint64_t Random::next() {
    m_state += 0x9E3779B97F4A7C15ULL;
    return mixed(m_state, 0);
}

std::uint64_t mixed(std::uint64_t a, std::uint64_t b) {
    std::uint64_t x = a * 0x9E3779B97F4A7C15ULL + b + 0xD1B54A32D192ED03ULL;
    x = (x ^ (x >> 30U)) * 0xBF58476D1CE4E5B9ULL;
    x = (x ^ (x >> 27U)) * 0x94D049BB133111EBULL;
    return x ^ (x >> 31U);
}

std::string print(const Program& program) {
    std::string text = fmt::format("seed {} threads {}\n", program.seed, program.threads);
    for (const Foreign& foreign : program.foreign) {
        text += fmt::format("      from outside %{} of {}\n", foreign.tensor, foreign.size);
    }
    for (const Instruction& instruction : program.main) {
        text += line(instruction);
    }
    for (std::size_t pool = 0; pool < program.pools.size(); ++pool) {
        for (const auto& item : program.pools[pool].items) {
            text += fmt::format("pool {} ({} threads), item\n", pool, program.pools[pool].threads);
            for (const Instruction& instruction : item) {
                text += line(instruction);
            }
        }
    }
    for (const Planted& planted : program.planted) {
        text +=
            fmt::format("planted {} at {}{}\n", kPlants.at(static_cast<std::size_t>(planted.plant)),
                        planted.at, planted.second ? ", second output" : "");
    }
    return text;
}

namespace {

struct Known {
    std::set<int> tensors, numbers, instructions;

    bool usable(const Instruction& i) const {
        const auto has = [&](int tensor) { return tensors.contains(tensor); };
        return std::all_of(i.in.begin(), i.in.end(), has) &&
               std::all_of(i.altIn.begin(), i.altIn.end(), has) &&
               (i.form == Form::Item || i.scalar < 0 || numbers.contains(i.scalar));
    }
    void add(const Instruction& i) {
        // What only one run makes, only that run may read.
        tensors.insert(i.out.begin(), i.out.end());
        instructions.insert(i.id);
        if (i.form == Form::Item) {
            numbers.insert(i.scalar);
        }
    }
    void keep(std::vector<Instruction>& code) {
        std::erase_if(code, [&](const Instruction& i) {
            if (!usable(i)) {
                return true;
            }
            add(i);
            return false;
        });
    }
};

/// Ends without a beginning and beginnings without an end.
void dropUnbalanced(std::vector<Instruction>& code) {
    std::vector<std::size_t> open;
    std::set<int> dropped;
    for (std::size_t k = 0; k < code.size(); ++k) {
        const Form form = code[k].form;
        if (form == Form::LayerBegin || form == Form::NodeBegin || form == Form::OptimizerBegin) {
            open.push_back(k);
        } else if (form == Form::LayerEnd || form == Form::NodeEnd || form == Form::OptimizerEnd) {
            // Each end stands next to its beginning.
            const auto begin = static_cast<Form>(static_cast<int>(form) - 1);
            if (open.empty() || code[open.back()].form != begin) {
                dropped.insert(code[k].id);
            } else {
                open.pop_back();
            }
        }
    }
    for (const std::size_t k : open) {
        dropped.insert(code[k].id);
    }
    std::erase_if(code, [&](const Instruction& i) { return dropped.contains(i.id); });
}

} // namespace

void prune(Program& program) {
    Known known;
    for (const Foreign& foreign : program.foreign) {
        known.tensors.insert(foreign.tensor);
    }
    std::vector<Instruction> kept;
    for (Instruction& instruction : program.main) {
        if (instruction.form == Form::Spawn) {
            for (auto& item : program.pools.at(static_cast<std::size_t>(instruction.pool)).items) {
                known.keep(item);
            }
        }
        if (known.usable(instruction)) {
            known.add(instruction);
            kept.push_back(instruction);
        }
    }
    program.main = std::move(kept);
    dropUnbalanced(program.main);
    std::set<int> read;
    forEachInstruction(program, [&](const Instruction& i) {
        read.insert(i.in.begin(), i.in.end());
        read.insert(i.altIn.begin(), i.altIn.end());
    });
    std::erase_if(program.foreign, [&](const Foreign& f) { return !read.contains(f.tensor); });
    std::erase_if(program.planted, [&](const Planted& planted) {
        const bool elsewhere = planted.plant == Plant::Data || planted.plant == Plant::Unseeded;
        return !elsewhere && !known.instructions.contains(planted.at);
    });
}

} // namespace repro::property
