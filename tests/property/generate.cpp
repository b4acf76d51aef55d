// SPDX-License-Identifier: BSD-3-Clause
#include "tests/property/generate.h"

#include "tests/property/op_writer.h"
#include "tests/property/plant.h"

#include <fmt/format.h>

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace repro::property {
namespace {

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

class Generator : OpWriter {
public:
    explicit Generator(std::uint64_t seed) : OpWriter(seed) {}

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

    std::vector<Model> m_models;
};

} // namespace

Program generate(std::uint64_t seed) {
    return Generator(seed).make();
}

} // namespace repro::property
