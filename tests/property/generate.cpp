// SPDX-License-Identifier: BSD-3-Clause
#include "tests/property/generate.h"

#include "tests/property/plant.h"

#include <fmt/format.h>

#include <array>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace repro::property {
namespace {

constexpr std::array kElementwise = std::to_array<std::string_view>(
    {"aten::add", "aten::mul", "aten::sub", "aten::relu", "aten::sigmoid", "aten::div"});
constexpr std::array kMix = std::to_array<std::string_view>(
    {"aten::mm", "aten::linear", "aten::convolution", "aten::softmax", "aten::sum"});
constexpr std::array kInPlace = std::to_array<std::string_view>(
    {"aten::add_", "aten::mul_", "aten::relu_", "aten::index_put_", "aten::addcdiv_"});
constexpr std::array kKnown =
    std::to_array<std::string_view>({"aten::index_put", "aten::put", "aten::index_copy"});

/// A tensor that an instruction may read, or write too.
struct Variable {
    int tensor = 0;
    int size = 0;
    bool local = true; ///< else others read it as well: a parameter, data
};

/// What one optimizer trains.
struct Model {
    struct Parameter {
        std::string name;
        Variable weight;
        std::optional<Variable> state; ///< of an optimizer with momentum
    };
    std::string root;
    std::vector<Parameter> parameters;
};

class Generator {
public:
    explicit Generator(std::uint64_t seed) : m_random(seed) {
        m_program.seed = seed;
        m_program.threads = m_random.chance(20) ? 1 : 2;
        m_size = 4 + static_cast<int>(m_random.below(3)) * 2;
    }

    Program make() {
        setUp();
        const std::size_t steps = 1 + m_random.below(3);
        for (std::size_t step = 0; step < steps; ++step) {
            trainingStep();
        }
        plantCauses(m_program, m_random);
        return std::move(m_program);
    }

private:
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

    void setUp() {
        m_models.push_back({"net", {}});
        if (m_random.chance(25)) {
            m_models.push_back({"critic", {}}); // two that train each other, as a GAN does
        }
        for (Model& model : m_models) {
            const bool momentum = m_random.chance(40);
            const std::size_t parameters = 1 + m_random.below(3);
            for (std::size_t k = 0; k < parameters; ++k) {
                const bool drawn = m_random.chance(60);
                Model::Parameter parameter{fmt::format("{}.{}.weight", model.root, k), {}, {}};
                parameter.weight = kept(drawn, k);
                if (momentum) {
                    parameter.state = kept(false, 0);
                }
                model.parameters.push_back(std::move(parameter));
            }
        }
    }

    Variable kept(bool drawn, std::size_t argument) {
        Instruction& i = add(m_program.main, drawn ? Form::Draw : Form::Full,
                             drawn ? "aten::randn" : "aten::full");
        i.generator = drawn ? 0 : -1;
        i.count = m_size;
        i.argument = static_cast<std::int64_t>(argument);
        Variable variable = fresh(i, m_size);
        variable.local = false;
        return variable;
    }

    Variable data() {
        m_program.foreign.push_back({tensor(), m_size});
        return {m_program.foreign.back().tensor, m_size, false};
    }

    void trainingStep() {
        Code& code = m_program.main;
        if (m_random.chance(10)) {
            Instruction& i = add(code, Form::Reseed, "");
            i.generator = 0;
            i.argument = static_cast<std::int64_t>(m_random.below(1000));
        }
        std::vector<Variable> before = {data()};
        for (const Model& model : m_models) {
            std::vector<Variable> known = before;
            for (const Model::Parameter& parameter : model.parameters) {
                known.insert(known.begin(), parameter.weight);
            }
            train(model, known);
            before.push_back(known.back()); // the next one judges what this one made
            before.back().local = false;
        }
    }

    void train(const Model& model, std::vector<Variable>& known) {
        Code& code = m_program.main;
        const bool pool = m_random.chance(45);
        const std::size_t blocks = 1 + m_random.below(3);
        const std::size_t spawnAt = m_random.below(blocks);
        std::vector<Variable> results;
        for (std::size_t block = 0; block < blocks; ++block) {
            if (pool && block == spawnAt) {
                results = spawn(known.back());
            }
            layer(code, known, fmt::format("{}.{}", model.root, block));
        }
        if (pool) {
            join(known, results);
        }
        if (m_random.chance(60)) {
            backward(model, known);
        }
        optimizer(model, known);
    }

    void layer(Code& code, std::vector<Variable>& known, const std::string& path) {
        const bool inside = m_random.chance(70);
        if (inside) {
            add(code, Form::LayerBegin, path, {any(known).tensor});
        }
        const std::size_t count = 1 + m_random.below(4);
        for (std::size_t k = 0; k < count; ++k) {
            op(code, known, 0);
        }
        if (inside) {
            add(code, Form::LayerEnd, "");
        }
    }

    void backward(const Model& model, std::vector<Variable>& known) {
        Code& code = m_program.main;
        const std::size_t count = 1 + m_random.below(3);
        for (std::size_t k = 0; k < count; ++k) {
            add(code, Form::NodeBegin, fmt::format("Backward{}", k));
            op(code, known, 0);
            add(code, Form::NodeEnd, "");
        }
        if (m_random.chance(50)) {
            const auto& parameters = model.parameters;
            add(code, Form::Gradient, "", {any(known).tensor}).parameter =
                parameters[m_random.below(parameters.size())].name;
        }
    }

    void optimizer(const Model& model, std::vector<Variable>& known) {
        Code& code = m_program.main;
        const auto which = static_cast<int>(&model - m_models.data());
        add(code, Form::OptimizerBegin, "").optimizer = which;
        if (m_random.chance(30)) {
            std::vector<int> all;
            for (const Model::Parameter& parameter : model.parameters) {
                all.push_back(parameter.weight.tensor);
            }
            add(code, Form::Foreach, "aten::_foreach_mul_", all);
        }
        for (const Model::Parameter& parameter : model.parameters) {
            int change = any(known).tensor;
            if (parameter.state) {
                add(code, Form::InPlace, "aten::add_", {parameter.state->tensor, change})
                    .parameter = parameter.name;
                change = parameter.state->tensor;
            }
            add(code, Form::InPlace, "aten::add_", {parameter.weight.tensor, change}).parameter =
                parameter.name;
        }
        const int weight = model.parameters[0].weight.tensor;
        add(code, Form::OptimizerEnd, "").argument = model.root == m_models.back().root ? 1 : 0;
        if (m_random.chance(30)) {
            add(code, Form::Watch, "", {weight});
        }
    }

    /// Items on data of their own; returns what they make.
    std::vector<Variable> spawn(const Variable& shared) {
        Pool pool;
        pool.threads = 1 + static_cast<int>(m_random.below(3));
        const bool draws = m_random.chance(50);
        const std::size_t items = 2 + m_random.below(4);
        std::vector<Variable> results;
        for (std::size_t k = 0; k < items; ++k) {
            Code code;
            std::vector<Variable> known;
            if (!shared.local) {
                known.push_back(shared);
            }
            if (m_random.chance(70)) {
                known.push_back(data());
            } else {
                Instruction& i = add(code, Form::Full, "aten::full");
                i.count = m_size;
                i.argument = 100 + static_cast<std::int64_t>(k);
                known.push_back(fresh(i, m_size));
            }
            const Variable own = known.back();
            const std::size_t count = 1 + m_random.below(4);
            for (std::size_t n = 0; n < count; ++n) {
                op(code, known, draws ? m_program.generators : -1);
            }
            // What it is about goes into what it makes.
            Instruction& last =
                add(code, Form::Elementwise, "aten::add", {own.tensor, known.back().tensor});
            results.push_back(fresh(last, own.size));
            m_program.generators += draws ? 1 : 0;
            pool.items.push_back(std::move(code));
        }
        add(m_program.main, Form::Spawn, "").pool = static_cast<int>(m_program.pools.size());
        m_program.pools.push_back(std::move(pool));
        return results;
    }

    void join(std::vector<Variable>& known, const std::vector<Variable>& results) {
        add(m_program.main, Form::Join, "").pool = static_cast<int>(m_program.pools.size()) - 1;
        std::vector<int> all;
        for (const Variable& result : results) {
            all.push_back(result.tensor);
        }
        Instruction& i = add(m_program.main, Form::Mix, "aten::cat", all);
        i.count = m_size;
        known.push_back(fresh(i, m_size));
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
    std::vector<Model> m_models;
};

} // namespace

Program generate(std::uint64_t seed) {
    return Generator(seed).make();
}

} // namespace repro::property
