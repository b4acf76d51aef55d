// SPDX-License-Identifier: BSD-3-Clause
#include "tests/property/plant.h"

#include <algorithm>
#include <set>
#include <utility>

namespace repro::property {
namespace {

class Planter {
public:
    Planter(Program& program, Random& random)
        : m_program(program), m_random(random), m_last(numberingOf(program)) {}

    void run() {
        const std::size_t count = m_random.chance(15) ? 0 : 1 + m_random.below(3);
        for (std::size_t k = 0; k < count; ++k) {
            one();
        }
        if (!m_structure && m_random.chance(12)) {
            otherLength();
        }
    }

private:
    using Instructions = std::vector<Instruction*>;

    template <class Fits>
    Instructions those(Fits fits) {
        Instructions found;
        forEachInstruction(m_program, [&](Instruction& i) {
            if (!m_taken.contains(i.id) && i.only == In::Both && fits(i)) {
                found.push_back(&i);
            }
        });
        return found;
    }
    Instruction* take(const Instructions& from) {
        if (from.empty()) {
            return nullptr;
        }
        Instruction* i = from[m_random.below(from.size())];
        m_taken.insert(i->id);
        return i;
    }
    static bool computes(const Instruction& i) {
        return i.form <= Form::Norm && i.form != Form::Heal && i.form != Form::Draw;
    }

    void one() {
        switch (m_random.below(15)) {
        case 0:
        case 1:
            return race();
        case 2:
            return custom();
        case 3:
            return kernelOf(Plant::Silent);
        case 4:
            return environment();
        case 5:
            return argument();
        case 6:
            return data();
        case 7:
            return unseeded();
        case 8:
            return drawTwice();
        case 9:
        case 10:
            return added();
        case 11:
            return removedOrRenamed();
        case 12:
            return rawWrite();
        case 13:
            return uninitialised();
        default:
            return sharedGenerator();
        }
    }

    void plant(Plant plant, int at, bool second = false) {
        m_program.planted.push_back({plant, at, second});
    }

    void race() {
        Instruction* i = take(those(computes));
        if (i == nullptr) {
            return;
        }
        const bool table = isKnownToDiffer(i->op) && m_program.threads > 1;
        i->alerted = !table || m_random.chance(50);
        plant(Plant::Race, i->id, i->form == Form::Pair && m_random.chance(30));
    }

    void custom() {
        Instruction* i = take(those([](const Instruction& c) {
            return (c.form == Form::Elementwise || c.form == Form::Mix) && c.scalar < 0;
        }));
        if (i == nullptr) {
            return;
        }
        i->op = "my::kernel";
        i->alerted = i->asked = false;
        i->nested = m_random.chance(50) ? Nested::OwnRows : Nested::None;
        plant(Plant::Custom, i->id);
    }

    /// At an op of which nothing else is known.
    void kernelOf(Plant what) {
        if (what == Plant::Silent && m_environment) {
            return;
        }
        m_silent = m_silent || what == Plant::Silent;
        Instruction* i = take(those([&](const Instruction& c) {
            return computes(c) && (!isKnownToDiffer(c.op) || m_program.threads == 1);
        }));
        if (i != nullptr) {
            i->alerted = i->asked = false;
            plant(what, i->id);
        }
    }

    void environment() {
        if (m_environment || m_silent) {
            return;
        }
        m_environment = true;
        constexpr Plant kPlants[] = {Plant::Threads, Plant::Flags, Plant::Isa};
        kernelOf(kPlants[m_random.below(3)]);
    }

    void argument() {
        if (const Instruction* i = take(those([](const Instruction& c) {
                return c.form <= Form::Norm && c.form != Form::Copying && c.form != Form::Foreach;
            }))) {
            plant(Plant::Argument, i->id);
        }
    }

    void data() {
        if (!m_program.foreign.empty()) {
            plant(Plant::Data, m_program.foreign[m_random.below(m_program.foreign.size())].tensor);
        }
    }

    void unseeded() {
        const auto draws = those([](const Instruction& c) { return c.form == Form::Draw; });
        if (!draws.empty()) {
            plant(Plant::Unseeded, draws[m_random.below(draws.size())]->generator);
        }
    }

    void drawTwice() {
        if (const Instruction* i =
                take(those([](const Instruction& c) { return c.form == Form::Draw; }))) {
            plant(Plant::DrawTwice, i->id);
        }
    }

    // Places in main.

    std::size_t somewhere() { return m_random.below(m_program.main.size() + 1); }

    /// Tensors (and their sizes) that main made before a place and that are written as a whole.
    std::vector<std::pair<int, int>> readableAt(std::size_t place) {
        std::vector<std::pair<int, int>> found;
        for (std::size_t k = 0; k < place; ++k) {
            const Instruction& i = m_program.main[k];
            const bool part = i.form == Form::Alloc || i.form == Form::View;
            for (const int tensor : part || i.only != In::Both ? std::vector<int>{} : i.out) {
                if (i.count > 0) {
                    found.emplace_back(tensor, i.count);
                }
            }
        }
        return found;
    }

    Instruction inserted(Form form, const char* op, In only) {
        Instruction i;
        i.id = ++m_last.instructions;
        i.form = form;
        i.op = op;
        i.only = only;
        m_taken.insert(i.id);
        return i;
    }

    /// An op that only one run executes: in place, for the next reader, drawing, or for nobody.
    void added() {
        if (std::exchange(m_structure, true)) {
            return;
        }
        const In only = m_random.chance(50) ? In::A : In::B;
        const std::size_t place = somewhere();
        const auto readable = readableAt(place);
        const std::size_t kind = m_random.below(4);
        Instruction i = inserted(Form::Draw, "aten::randint", only);
        i.argument = 3;
        if (kind == 0) {
            i.generator = 0;
            i.count = 4;
            i.out = {++m_last.tensors};
        } else if (readable.empty()) {
            return;
        } else {
            const auto [tensor, size] = readable[m_random.below(readable.size())];
            i.in = {tensor};
            i.form = kind == 1 ? Form::InPlace : Form::Elementwise;
            i.op = kind == 1 ? "aten::celu_" : "aten::celu";
            if (kind > 1) {
                i.count = size;
                i.out = {++m_last.tensors};
            }
            if (kind == 2 && !redirect(place, tensor, i.out[0], only)) {
                return;
            }
        }
        m_program.main.insert(m_program.main.begin() + static_cast<std::ptrdiff_t>(place), i);
    }

    /// The last step comes again, in one run: an epoch more, or a loop that ends when a number that
    /// the program reads says so.
    void otherLength() {
        const std::size_t end = m_program.main.size();
        if (!repeatLastStep(m_program, m_random.chance(50) ? In::A : In::B)) {
            return;
        }
        m_structure = true;
        m_last = numberingOf(m_program);
        const auto readable = readableAt(end);
        if (m_random.chance(40) && !readable.empty()) {
            Instruction read = inserted(Form::Item, "aten::item", In::Both);
            read.in = {readable[m_random.below(readable.size())].first};
            read.scalar = ++m_last.numbers;
            m_program.main.insert(m_program.main.begin() + static_cast<std::ptrdiff_t>(end), read);
        }
    }

    /// The next op of main that reads `tensor` reads `instead` in one run.
    bool redirect(std::size_t place, int tensor, int instead, In run) {
        for (std::size_t k = place; k < m_program.main.size(); ++k) {
            Instruction& i = m_program.main[k];
            const bool op = i.form == Form::Elementwise || i.form == Form::Mix;
            const auto found = std::find(i.in.begin(), i.in.end(), tensor);
            if (op && i.only == In::Both && i.altIn.empty() && found != i.in.end() &&
                !m_taken.contains(i.id)) {
                i.altIn = i.in;
                i.altIn[static_cast<std::size_t>(found - i.in.begin())] = instead;
                i.altRun = run;
                m_taken.insert(i.id);
                return true;
            }
        }
        return false;
    }

    void removedOrRenamed() {
        if (std::exchange(m_structure, true)) {
            return;
        }
        const bool rename = m_random.chance(50);
        Instruction* i = take(those([&](const Instruction& c) {
            return c.nested == Nested::None && c.scalar < 0 && !isKnownToDiffer(c.op) &&
                   (rename ? c.form == Form::Elementwise : c.form == Form::InPlace);
        }));
        if (i == nullptr) {
            return;
        }
        // Names of their own: which of two equal neighbours is gone, nobody could tell.
        if (rename) {
            i->op = "aten::hardswish";
            i->opOfB = "aten::selu";
        } else {
            i->op = "aten::hardtanh_";
            i->only = m_random.chance(50) ? In::A : In::B;
        }
    }

    void rawWrite() {
        const std::size_t place = somewhere();
        const auto readable = readableAt(place);
        if (readable.empty()) {
            return;
        }
        Instruction i = inserted(Form::RawWrite, "", In::B);
        i.in = {readable[m_random.below(readable.size())].first};
        i.argument = 17;
        m_program.main.insert(m_program.main.begin() + static_cast<std::ptrdiff_t>(place), i);
    }

    /// Reads a buffer that was written only in part, or not at all.
    void uninitialised() {
        const std::size_t place = somewhere();
        std::vector<int> buffers;
        for (std::size_t k = 0; k < place; ++k) {
            if (m_program.main[k].form == Form::Alloc) {
                buffers.push_back(m_program.main[k].out[0]);
            }
        }
        Instruction read = inserted(Form::Elementwise, "aten::add", In::Both);
        auto at = m_program.main.begin() + static_cast<std::ptrdiff_t>(place);
        read.out = {++m_last.tensors};
        if (buffers.empty() || m_random.chance(30)) {
            Instruction alloc = inserted(Form::Alloc, "aten::empty", In::Both);
            alloc.count = 4;
            alloc.out = {++m_last.tensors};
            read.in = {alloc.out[0]};
            at = m_program.main.insert(at, read);
            m_program.main.insert(at, alloc);
            return;
        }
        read.in = {buffers[m_random.below(buffers.size())]};
        m_program.main.insert(at, read);
    }

    /// Items of a pool draw from one generator, in the order that chance makes.
    void sharedGenerator() {
        if (m_program.pools.empty()) {
            return;
        }
        Pool& pool = m_program.pools[m_random.below(m_program.pools.size())];
        const int generator = m_program.generators++;
        for (auto& item : pool.items) {
            for (Instruction& i : item) {
                i.generator = i.form == Form::Draw ? generator : i.generator;
            }
        }
    }

    Program& m_program;
    Random& m_random;
    Numbering m_last;
    std::set<int> m_taken; ///< instructions that something was planted at
    bool m_environment = false;
    bool m_silent = false;
    bool m_structure = false;
};

} // namespace

bool isKnownToDiffer(const std::string& op) {
    constexpr const char* kKnown[] = {"aten::index_put", "aten::index_put_", "aten::put",
                                      "aten::index_copy"};
    return std::find(std::begin(kKnown), std::end(kKnown), op) != std::end(kKnown);
}

void plantCauses(Program& program, Random& random) {
    Planter(program, random).run();
}

} // namespace repro::property
