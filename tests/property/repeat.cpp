// SPDX-License-Identifier: BSD-3-Clause
#include "tests/property/program.h"

#include <algorithm>
#include <iterator>
#include <map>

namespace repro::property {
namespace {

/// Makes copies of instructions in one run, which use what other copies made.
class Copier {
public:
    Copier(const Program& program, In only) : m_last(numberingOf(program)), m_only(only) {}

    Instruction copyOf(Instruction i) {
        i.id = ++m_last.instructions;
        i.only = m_only;
        i.altIn.clear();
        i.opOfB.clear();
        for (int& tensor : i.in) {
            const auto found = m_tensors.find(tensor);
            tensor = found == m_tensors.end() ? tensor : found->second;
        }
        for (int& tensor : i.out) {
            tensor = m_tensors[tensor] = ++m_last.tensors;
        }
        if (i.form == Form::Item) {
            i.scalar = m_numbers[i.scalar] = ++m_last.numbers;
        } else if (const auto found = m_numbers.find(i.scalar); found != m_numbers.end()) {
            i.scalar = found->second;
        }
        return i;
    }

private:
    Numbering m_last;
    In m_only;
    std::map<int, int> m_tensors, m_numbers;
};

bool endsStep(const Instruction& i) {
    return i.form == Form::OptimizerEnd && i.argument == 1;
}

} // namespace

Numbering numberingOf(const Program& program) {
    Numbering last;
    forEachInstruction(program, [&](const Instruction& i) {
        last.instructions = std::max(last.instructions, i.id);
        last.numbers = std::max(last.numbers, i.scalar);
        for (const int tensor : i.out) {
            last.tensors = std::max(last.tensors, tensor);
        }
    });
    for (const Foreign& foreign : program.foreign) {
        last.tensors = std::max(last.tensors, foreign.tensor);
    }
    return last;
}

bool repeatLastStep(Program& program, In only) {
    std::vector<Instruction>& main = program.main;
    const auto last = std::find_if(main.rbegin(), main.rend(), endsStep);
    if (last == main.rend()) {
        return false;
    }
    const auto first = std::find_if(std::next(last), main.rend(), endsStep).base();
    const std::vector<Instruction> step(first, last.base());
    const bool pools = std::any_of(step.begin(), step.end(), [](const Instruction& i) {
        return i.form == Form::Spawn || i.form == Form::Join;
    });
    if (pools || first == main.begin()) {
        return false;
    }
    Copier copier(program, only);
    for (const Instruction& i : step) {
        if (i.only == In::Both && i.form != Form::Reseed) {
            main.push_back(copier.copyOf(i));
        }
    }
    return true;
}

} // namespace repro::property
