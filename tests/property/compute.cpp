// SPDX-License-Identifier: BSD-3-Clause
#include "tests/property/compute.h"

#include <algorithm>

namespace repro::property {
namespace {

/// What every schedule and run has of its own: what chance leaves in fresh memory.
constexpr std::uint64_t kGarbage = 0x6761726261676521ULL;

} // namespace

Computer::Computer(const Program& program, Side side, std::uint64_t schedule)
    : m_program(program), m_side(side), m_garbage(mixed(schedule, kGarbage)) {
    for (const Foreign& foreign : program.foreign) {
        fetch(foreign);
    }
    for (int generator = 0; generator < program.generators; ++generator) {
        const std::uint64_t salt = plantedAt(Plant::Unseeded, generator) ? 1 : 0;
        m_seeds.push_back(mixed(static_cast<std::uint64_t>(generator), salt));
        m_states.push_back(mixed(m_seeds.back(), 7));
    }
}

bool Computer::hasPlant(Plant plant) const {
    return std::any_of(m_program.planted.begin(), m_program.planted.end(),
                       [&](const Planted& p) { return p.plant == plant; });
}

bool Computer::plantedAt(Plant plant, int at) const {
    return m_side == Side::B &&
           std::any_of(m_program.planted.begin(), m_program.planted.end(),
                       [&](const Planted& p) { return p.plant == plant && p.at == at; });
}

const Planted* Computer::kernelPlant(const Instruction& i) const {
    for (const Planted& p : m_program.planted) {
        const bool kernel = p.plant <= Plant::Isa;
        if (m_side == Side::B && kernel && p.at == i.id) {
            return &p;
        }
    }
    return nullptr;
}

int Computer::threads() const {
    return hasPlant(Plant::Threads) && m_side == Side::B ? m_program.threads * 2
                                                         : m_program.threads;
}

bool Computer::happens(const Instruction& i) const {
    return i.only == In::Both || (i.only == In::A) == (m_side == Side::A);
}

const std::vector<int>& Computer::readsOf(const Instruction& i) const {
    const bool alternative = !i.altIn.empty() && (i.altRun == In::A) == (m_side == Side::A);
    return alternative ? i.altIn : i.in;
}

const std::string& Computer::opOf(const Instruction& i) const {
    return m_side == Side::B && !i.opOfB.empty() ? i.opOfB : i.op;
}

std::int64_t Computer::argumentOf(const Instruction& i) const {
    const std::int64_t number = i.form != Form::Item && i.scalar >= 0 ? m_numbers.at(i.scalar) : 0;
    return i.argument + number + (plantedAt(Plant::Argument, i.id) ? 1000 + i.id : 0);
}

void Computer::fetch(const Foreign& foreign) {
    const View view = m_memory.allocate(foreign.size);
    m_tensors[foreign.tensor] = view;
    const bool other = plantedAt(Plant::Data, foreign.tensor);
    std::uint64_t k = mixed(static_cast<std::uint64_t>(foreign.tensor), other ? 1 : 0);
    for (Element& element : m_memory.at(view)) {
        element = {k = mixed(k, 0), {By::Outside, foreign.tensor}};
    }
}

void Computer::make(int tensor, int size, int by) {
    const View view = m_memory.allocate(size);
    m_tensors[tensor] = view;
    std::uint64_t k = mixed(m_garbage, static_cast<std::uint64_t>(tensor));
    for (Element& element : m_memory.at(view)) {
        element = {k = mixed(k, 0), {By::Nobody, by}};
    }
}

int Computer::sizeOf(const Instruction& i) const {
    return i.count > 0 ? i.count : m_tensors.at(readsOf(i).at(0)).count;
}

void Computer::write(const View& view, const std::vector<std::uint64_t>& contents, int by) {
    auto elements = m_memory.at(view);
    for (std::size_t k = 0; k < elements.size(); ++k) {
        elements[k] = {contents[k], {By::Op, by}};
    }
}

std::uint64_t Computer::baseOf(const Instruction& i) const {
    std::uint64_t base = mixed(static_cast<std::uint64_t>(argumentOf(i)), 3);
    for (const char c : opOf(i)) {
        base = mixed(base, static_cast<std::uint64_t>(c));
    }
    return base;
}

std::vector<std::uint64_t> Computer::result(const Instruction& i, const std::vector<int>& reads,
                                            std::size_t size, std::uint64_t salt) {
    std::uint64_t base = mixed(baseOf(i), salt);
    std::vector<std::uint64_t> out(size, base);
    const bool whole = i.form == Form::Mix || i.form == Form::Pair;
    for (const int tensor : reads) {
        const auto elements = m_memory.at(m_tensors.at(tensor));
        for (std::size_t k = 0; k < (whole ? elements.size() : size); ++k) {
            const std::uint64_t read = elements[k % elements.size()].contents;
            whole ? base = mixed(base, read) : out[k] = mixed(out[k], read);
        }
    }
    for (std::size_t k = 0; whole && k < size; ++k) {
        out[k] = mixed(base, k);
    }
    return out;
}

std::vector<std::uint64_t> Computer::compute(const Instruction& i, const View& target,
                                             std::size_t nth) {
    const auto size = static_cast<std::size_t>(target.count);
    const std::vector<int>& reads = readsOf(i);
    std::vector<std::uint64_t> out;
    switch (i.form) {
    case Form::Heal:
    case Form::Full:
    case Form::Fill:
        out = result(i, {}, size, 0);
        break;
    case Form::Draw:
        out = result(i, {}, size, m_drawn);
        break;
    case Form::Copying:
        for (const Element& element : m_memory.at(m_tensors.at(reads[0]))) {
            out.push_back(element.contents);
        }
        break;
    case Form::Copy:
        for (std::size_t k = 0; k < size; ++k) {
            const auto from = m_memory.at(m_tensors.at(reads[1]));
            out.push_back(from[k % from.size()].contents);
        }
        break;
    case Form::Out:
        out = result(i, {reads.begin() + 1, reads.end()}, size, 0);
        break;
    case Form::Foreach:
        out = result(i, {reads[nth]}, size, 0);
        break;
    case Form::Norm:
        out = nth == 0 ? result(i, {reads[0]}, size, 0) : result(i, {reads[1], reads[0]}, size, 1);
        break;
    default:
        out = result(i, reads, size, nth);
    }
    const Planted* plant = kernelPlant(i);
    if (plant != nullptr && plant->second == (nth > 0) && !out.empty()) {
        std::uint64_t& hit = out[static_cast<std::size_t>(i.id) % out.size()];
        hit = mixed(hit, 99);
    }
    return out;
}

/// What the instruction writes, in the order of compute()'s `nth`.
std::vector<View> Computer::targetsOf(const Instruction& i) const {
    const std::vector<int>& reads = readsOf(i);
    switch (i.form) {
    case Form::InPlace:
    case Form::Fill:
    case Form::Copy:
    case Form::Out:
        return {m_tensors.at(reads[0])};
    case Form::Foreach: {
        std::vector<View> all;
        for (const int tensor : reads) {
            all.push_back(m_tensors.at(tensor));
        }
        return all;
    }
    case Form::Norm:
        return {m_tensors.at(i.out[0]), m_tensors.at(reads[1])};
    case Form::Draw:
        return {m_tensors.at(i.out.empty() ? reads[0] : i.out[0])};
    case Form::View:
    case Form::Item:
        return {};
    default: {
        std::vector<View> all;
        for (const int tensor : i.out) {
            all.push_back(m_tensors.at(tensor));
        }
        return all;
    }
    }
}

void Computer::runKernel(const Instruction& i) {
    if (i.form == Form::Alloc) {
        return;
    }
    // All of it before any of it is written: outputs may be inputs.
    const std::vector<View> targets = targetsOf(i);
    std::vector<std::vector<std::uint64_t>> results;
    for (std::size_t nth = 0; nth < targets.size(); ++nth) {
        results.push_back(compute(i, targets[nth], nth));
    }
    for (std::size_t nth = 0; nth < targets.size(); ++nth) {
        write(targets[nth], results[nth], i.id);
    }
    if (i.form == Form::Item) {
        m_numbers[i.scalar] =
            static_cast<std::int64_t>(m_memory.at(m_tensors.at(readsOf(i)[0]))[0].contents >> 2U);
    }
}

void Computer::allocateOutputs(const Instruction& i) {
    if (i.form == Form::View) {
        View view = m_tensors.at(readsOf(i)[0]);
        view.first += i.first;
        view.count = i.count;
        m_tensors[i.out[0]] = view;
        return;
    }
    for (const int tensor : i.out) {
        make(tensor, sizeOf(i), i.id);
    }
}

Computer::Moved Computer::draw(const Instruction& i) {
    std::uint64_t& state = m_states.at(static_cast<std::size_t>(i.generator));
    const std::uint64_t before = state;
    m_drawn = mixed(before, 5);
    state = mixed(before, plantedAt(Plant::DrawTwice, i.id) ? 13 : 11);
    return {before, state};
}

void Computer::reseed(const Instruction& i) {
    const auto seed = static_cast<std::uint64_t>(i.argument);
    m_seeds.at(static_cast<std::size_t>(i.generator)) = seed;
    m_states.at(static_cast<std::size_t>(i.generator)) = mixed(seed, 7);
}

void Computer::writeRaw(const Instruction& i) {
    for (Element& element : m_memory.at(view(i.in[0]))) {
        const Author& author = element.author;
        const bool again = author.by == By::Raw;
        element = {
            mixed(element.contents, static_cast<std::uint64_t>(i.argument)),
            {By::Raw, i.id, again ? author.over : author.by, again ? author.overId : author.id}};
    }
}

} // namespace repro::property
