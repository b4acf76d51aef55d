// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "tests/property/program.h"

#include <algorithm>
#include <array>
#include <string_view>
#include <utility>
#include <vector>

namespace repro::property {

inline constexpr std::array kElementwise = std::to_array<std::string_view>(
    {"aten::add", "aten::mul", "aten::sub", "aten::relu", "aten::sigmoid", "aten::div"});
inline constexpr std::array kMix = std::to_array<std::string_view>(
    {"aten::mm", "aten::linear", "aten::convolution", "aten::softmax", "aten::sum"});
inline constexpr std::array kInPlace = std::to_array<std::string_view>(
    {"aten::add_", "aten::mul_", "aten::relu_", "aten::index_put_", "aten::addcdiv_"});
inline constexpr std::array kKnown =
    std::to_array<std::string_view>({"aten::index_put", "aten::put", "aten::index_copy"});

/// A tensor that an instruction may read, or write too.
struct Variable {
    int tensor = 0;
    int size = 0;
    bool local = true; ///< else others read it as well: a parameter, data
};

/// Appends random ops to code: on what is known there, of which they make more.
class OpWriter {
protected:
    explicit OpWriter(std::uint64_t seed) : m_random(seed) {
        m_program.seed = seed;
        m_program.threads = m_random.chance(20) ? 1 : 2;
        m_size = 4 + static_cast<int>(m_random.below(3)) * 2;
    }

    using Code = std::vector<Instruction>;

    Instruction& add(Code& code, Form form, std::string_view op, std::vector<int> in = {}) {
        Instruction i;
        i.id = ++m_ids;
        i.form = form;
        i.op = op;
        i.in = std::move(in);
        i.argument = static_cast<std::int64_t>(m_random.below(5));
        code.push_back(std::move(i));
        return code.back();
    }

    int tensor() { return ++m_tensors; }

    template <std::size_t N>
    std::string_view pick(const std::array<std::string_view, N>& names) {
        return names[m_random.below(N)];
    }

    const Variable& any(const std::vector<Variable>& from) {
        // Mostly what was made last: long chains.
        const std::size_t back = m_random.below(m_random.chance(60) ? 2 : from.size());
        return from[from.size() - 1 - std::min(back, from.size() - 1)];
    }

    Variable fresh(Instruction& i, int size) {
        i.out.push_back(tensor());
        return {i.out.back(), size, true};
    }

    /// One op, or a few that belong together. `generator`: which it may draw from, -1 = none.
    void op(Code& code, std::vector<Variable>& known, int generator) {
        const Variable from = any(known);
        const Variable other = any(known);
        switch (m_random.below(14)) {
        case 0:
        case 1:
        case 2:
            return result(
                add(code, Form::Elementwise, pick(kElementwise), {from.tensor, other.tensor}),
                from.size, known);
        case 3:
            return result(add(code, Form::Mix, pick(kMix), {from.tensor, other.tensor}), m_size,
                          known);
        case 4:
            return result(add(code, m_random.chance(50) ? Form::Heal : Form::Copying,
                              m_random.chance(50) ? "aten::sign" : "aten::contiguous",
                              {from.tensor}),
                          from.size, known);
        case 5: {
            Instruction& i = add(code, Form::Pair, "aten::max", {from.tensor});
            known.push_back(fresh(i, from.size));
            const Variable second = fresh(i, from.size);
            if (m_random.chance(50)) {
                known.push_back(second);
            }
            return;
        }
        case 6:
        case 7:
            if (from.local) {
                decorate(add(code, Form::InPlace, pick(kInPlace), {from.tensor, other.tensor}));
            }
            return;
        case 8:
            if (from.local && from.size > 1) {
                return view(code, known, from);
            }
            return;
        case 9:
            return buffer(code, known, from);
        case 10:
            if (generator >= 0) {
                return draw(code, known, generator);
            }
            return;
        case 11:
            return result(add(code, Form::Elementwise, pick(kKnown), {from.tensor, other.tensor}),
                          from.size, known);
        case 12:
            if (from.local) {
                add(code, Form::Norm, "aten::native_batch_norm", {other.tensor, from.tensor})
                    .out.push_back(tensor());
                known.push_back({m_tensors, other.size, true});
            }
            return;
        default:
            return number(code, known, from);
        }
    }

    void decorate(Instruction& i) {
        if (m_random.chance(30)) {
            i.nested = m_random.chance(60) ? Nested::Kernel : Nested::AllocAndWrite;
        }
        i.alerted = m_random.chance(5);
        i.asked = m_random.chance(5);
    }

    void result(Instruction& i, int size, std::vector<Variable>& known) {
        decorate(i);
        i.count = size;
        known.push_back(fresh(i, size));
    }

    Variable part(Code& code, const Variable& of, int first, int count) {
        Instruction& i = add(code, Form::View, "aten::slice", {of.tensor});
        i.argument = first;
        i.first = first;
        i.count = count;
        return fresh(i, count);
    }

    void view(Code& code, std::vector<Variable>& known, const Variable& of) {
        const int count = 1 + static_cast<int>(m_random.below(static_cast<std::size_t>(of.size)));
        const int first =
            static_cast<int>(m_random.below(static_cast<std::size_t>(of.size - count + 1)));
        known.push_back(part(code, of, first, count));
    }

    /// Allocated and then written, whole or in halves, as programs do it.
    void buffer(Code& code, std::vector<Variable>& known, const Variable& from) {
        Instruction& alloc = add(code, Form::Alloc, "aten::empty");
        alloc.count = m_size;
        const Variable whole = fresh(alloc, m_size);
        if (m_random.chance(30)) {
            add(code, Form::Out, "aten::add", {whole.tensor, from.tensor});
            known.push_back(whole);
            return;
        }
        const int half = m_size / 2;
        const Variable left = part(code, whole, 0, half);
        add(code, Form::Copy, "aten::copy_", {left.tensor, from.tensor});
        known.push_back(left);
        if (m_random.chance(60)) {
            const Variable right = part(code, whole, half, m_size - half);
            add(code, Form::Fill, "aten::fill_", {right.tensor});
            known.push_back(whole);
        }
    }

    void draw(Code& code, std::vector<Variable>& known, int generator) {
        Instruction& i = add(code, Form::Draw, "aten::rand");
        i.generator = generator;
        i.count = m_size;
        i.nested = m_random.chance(30) ? Nested::Kernel : Nested::None;
        known.push_back(fresh(i, m_size));
    }

    void number(Code& code, std::vector<Variable>& known, const Variable& from) {
        if (!m_random.chance(25) || &code != &m_program.main) {
            return;
        }
        add(code, Form::Item, "aten::item", {from.tensor}).scalar = ++m_numbers;
        Instruction& i = add(code, Form::Elementwise, "aten::mul", {any(known).tensor});
        i.scalar = m_numbers;
        result(i, m_size, known);
    }

    Program m_program;
    Random m_random;
    int m_size = 4;
    int m_ids = 0;
    int m_tensors = 0;
    int m_numbers = 0;
};

} // namespace repro::property
