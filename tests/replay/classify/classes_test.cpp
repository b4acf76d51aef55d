// SPDX-License-Identifier: BSD-3-Clause
#include "tests/support/diff_fixture.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <random>
#include <string>
#include <vector>

namespace repro::replay {
namespace {

class ReplayClasses : public test::DiffTest {
protected:
    /// The class of each row, in the order of run A.
    [[nodiscard]] static std::string classesOf(const DiffResult& result) {
        std::string text;
        for (const Row& row : result.rows) {
            text += (text.empty() ? "" : " ") + std::string(rowClassName(row.rowClass));
        }
        return text;
    }
};

struct Fixture {
    const char* name;
    std::string a, b;
    const char* classes;
};

/// A run, and the same after some words were replaced.
Fixture changed(const char* name, std::string a,
                const std::vector<std::pair<std::string, std::string>>& words,
                const char* classes) {
    std::string b = a;
    for (const auto& [what, by] : words) {
        for (std::size_t at = 0; (at = b.find(what, at)) != std::string::npos; at += by.size()) {
            b.replace(at, what.size(), by);
        }
    }
    return {name, std::move(a), std::move(b), classes};
}

/// One pair for each thing that a row can be.
std::vector<Fixture> fixtures() {
    const std::string chain = "mul %x:f32[2]=x -> %m:f32[2]=m\nrelu %m -> %r:f32[2]=r\n"
                              "sum %r -> %s:f32[1]=s\n";
    const std::string bytes = "mul %x:f32[1]=(2) -> %m:f32[1]=(1)\nexp %m -> %e:f32[1]=(1)\n";
    const std::string draws =
        "seed cpu 7\nrand -> %u:f32[2]=u | draw:cpu:s0:s1\nneg %u -> %n:f32[2]=n\n";
    const std::string pool = "thread w1 w\nneg %a:f32[2]=a -> %b:f32[2]=b\nthread w2 w\n"
                             "neg %c:f32[2]=c -> %d:f32[2]=d\n";
    return {
        changed("nothing differs", chain, {}, "same same same"),
        changed("an op made another result", chain, {{"=m", "=M"}, {"=r", "=R"}, {"=s", "=S"}},
                "origin inherited inherited"),
        changed("healed", chain, {{"=m", "=M"}}, "origin healed same"),
        changed("other input data", chain, {{"=x", "=X"}, {"=m", "=M"}, {"=r", "=R"}},
                "origin inherited healed"),
        changed("two origins", chain + "neg %y:f32[2]=y -> %z:f32[2]=z\n",
                {{"=m", "=M"}, {"=z", "=Z"}}, "origin healed same origin"),
        changed("an argument", "add %x:f32[2]=x -> %y:f32[2]=y | args:T,1\nneg %y -> %n:f32[2]=n\n",
                {{"args:T,1", "args:T,2"}, {"=y", "=Y"}, {"=n", "=N"}},
                "argument_origin inherited"),
        changed("another seed", draws,
                {{"seed cpu 7", "seed cpu 8"}, {"=u", "=U"}, {"s0:s1", "t0:t1"}, {"=n", "=N"}},
                "rng_origin inherited"),
        changed("changed between two ops",
                "neg %x:f32[2]=x -> %y:f32[2]=y\nabs %y -> %z:f32[2]=z\n",
                {{"abs %y", "abs %y=Y"}, {"=z", "=Z"}}, "same origin"),
        changed("inputs were only assumed", "neg %x:f32[2]=x? -> %y:f32[2]=y\n", {{"=y", "=Y"}},
                "unknown"),
        changed("much larger than what came in", bytes,
                {{"%m:f32[1]=(1)", "%m:f32[1]=(1.00000012)"}, {"%e:f32[1]=(1)", "%e:f32[1]=(8)"}},
                "origin amplified"),
        {"an op too many", "neg %x:f32[2]=x -> %y:f32[2]=y\nabs %y -> %z:f32[2]=z\n",
         "neg %x:f32[2]=x -> %y:f32[2]=y\nexp %y -> %q:f32[2]=q\nabs %q -> %z:f32[2]=Z\n",
         "same structural inherited"},
        changed("another op in the place", chain, {{"relu", "celu"}, {"=r", "=R"}, {"=s", "=S"}},
                "same structural inherited"),
        changed("other shapes", chain,
                {{"f32[2]=m", "f32[3]=M"},
                 {"f32[2]=x", "f32[3]=X"},
                 {"f32[2]=r", "f32[3]=R"},
                 {"=s", "=S"}},
                "origin structural structural"),
        changed("work of a pool", pool, {{"=d", "=D"}}, "same origin"),
    };
}

TEST_F(ReplayClasses, AreRightOnEveryFixture) {
    for (const Fixture& fixture : fixtures()) {
        EXPECT_EQ(classesOf(compare(fixture.a, fixture.b)), fixture.classes) << fixture.name;
    }
}

/// A program of ops on a few tensors, as it ran twice; each knows what it has to be.
class Drawn {
public:
    explicit Drawn(std::uint32_t seed) : m_random(seed) {
        constexpr int kOps = 60;
        for (int tensor = 0; tensor < kForeign; ++tensor) {
            const std::string word = "x" + std::to_string(tensor);
            const bool other = oneIn(8);
            m_tensors.push_back({word, other ? word + "o" : word, false, other});
        }
        for (int op = 0; op < kOps; ++op) {
            add(op);
        }
    }
    [[nodiscard]] const std::string& a() const { return m_a; }
    [[nodiscard]] const std::string& b() const { return m_b; }
    [[nodiscard]] const std::string& classes() const { return m_classes; }

private:
    static constexpr int kForeign = 6;
    struct Tensor {
        std::string a, b; ///< what it holds
        bool named = false;
        bool unexplained = false; ///< differs, and nobody has read it yet
    };

    bool oneIn(unsigned n) { return m_random() % n == 0; }
    static std::string hashed(const std::string& text) {
        return std::to_string(std::hash<std::string>{}(text));
    }

    std::string read(std::size_t tensor, bool ofA) {
        const Tensor& t = m_tensors[tensor];
        return " %t" + std::to_string(tensor) + (t.named ? "" : ":f32[4]=" + (ofA ? t.a : t.b));
    }

    void add(int op) {
        const std::string name = "op" + std::to_string(op % 7);
        std::string inA, inB, readsA, readsB;
        bool unexplained = false;
        std::vector<std::size_t> inputs;
        for (std::size_t count = 1 + m_random() % 3; count > 0; --count) {
            const std::size_t tensor = m_random() % m_tensors.size();
            if (std::find(inputs.begin(), inputs.end(), tensor) == inputs.end()) {
                inputs.push_back(tensor);
            }
        }
        for (const std::size_t tensor : inputs) {
            Tensor& t = m_tensors[tensor];
            readsA += read(tensor, true);
            readsB += read(tensor, false);
            inA += t.a + ",";
            inB += t.b + ",";
            unexplained = unexplained || t.unexplained;
            t.named = true;
            t.unexplained = false;
        }
        const bool heals = oneIn(6), argument = oneIn(25), varies = oneIn(20);
        const std::string constant = "c" + std::to_string(op);
        Tensor out;
        out.a = heals ? constant : hashed(name + inA);
        out.b = heals ? constant : hashed(name + inB);
        out.b += varies || argument ? "v" : "";
        out.named = true;
        const std::string result = " -> %t" + std::to_string(m_tensors.size()) + ":f32[4]=";
        m_a += name + readsA + result + out.a + " | args:T,1\n";
        m_b += name + readsB + result + out.b + (argument ? " | args:T,2\n" : " | args:T,1\n");
        const bool in = inA != inB, wrote = out.a != out.b;
        const RowClass is = unexplained ? RowClass::Origin
                            : argument  ? RowClass::ArgumentOrigin
                            : in        ? (wrote ? RowClass::Inherited : RowClass::Healed)
                            : wrote     ? RowClass::Origin
                                        : RowClass::Same;
        m_classes += (m_classes.empty() ? "" : " ") + std::string(rowClassName(is));
        m_tensors.push_back(std::move(out));
    }

    std::mt19937 m_random;
    std::vector<Tensor> m_tensors;
    std::string m_a, m_b, m_classes;
};

TEST_F(ReplayClasses, AreRightOnEveryDrawnProgram) {
    constexpr std::uint32_t kPrograms = 150;
    for (std::uint32_t seed = 0; seed < kPrograms; ++seed) {
        const Drawn program(seed);
        ASSERT_EQ(classesOf(compare(program.a(), program.b())), program.classes())
            << "seed " << seed << "\n"
            << program.a() << "\n"
            << program.b();
    }
}

} // namespace
} // namespace repro::replay
