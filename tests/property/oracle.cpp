// SPDX-License-Identifier: BSD-3-Clause
#include "tests/property/oracle.h"

#include "tests/property/sight.h"
#include "tests/property/stream_oracle.h"

#include <algorithm>
#include <map>
#include <optional>
#include <utility>

namespace repro::property {
namespace {

using replay::CauseClass;
using trace::Direction;

bool sameContents(const Slot& a, const Slot& b) {
    return std::equal(a.elements.begin(), a.elements.end(), b.elements.begin(), b.elements.end(),
                      [](const Element& x, const Element& y) { return x.contents == y.contents; });
}

bool overlap(const View& x, const View& y) {
    return x.storage == y.storage && x.first < y.first + y.count && y.first < x.first + x.count;
}

class Oracle {
public:
    Oracle(const Program& program, const Execution& a, const Execution& b)
        : m_program(program), m_a(a), m_b(b), m_sightA(program, a), m_sightB(program, b) {}

    std::vector<Expectation> run() {
        findNumbers();
        inOrder([&](const Instruction& i) {
            judge(i);
            if (i.nested == Nested::OwnRows) {
                Instruction row;
                row.id = -i.id;
                judge(row);
            }
        });
        for (auto& [key, root] : m_roots) {
            if (!root.instructions.empty()) {
                // Gradients are looked at, and hashed only where nobody has before.
                root.required = std::any_of(root.instructions.begin(), root.instructions.end(),
                                            [&](int id) { return !m_gradients.contains(id); });
                m_expected.push_back(root);
            } else if (!m_mixedReaders[key].empty()) {
                m_expected.push_back({root.classes, m_mixedReaders[key], false});
            }
        }
        expectOtherLength();
        for (Expectation& stream :
             expectStreams(m_program, m_a, m_b, m_alone, m_numbersAt.empty())) {
            m_expected.push_back(withLaterDraws(std::move(stream)));
        }
        for (Expectation& e : m_expected) {
            e.required = e.required && isSeen(e);
        }
        mergePlaces();
        // Origins are held against them in this order.
        std::stable_partition(m_expected.begin(), m_expected.end(),
                              [](const Expectation& e) { return e.required; });
        return std::move(m_expected);
    }

private:
    using Key = std::pair<By, int>; ///< what made bytes differ without an op

    template <class Visit>
    void inOrder(Visit visit) {
        for (const Instruction& i : m_program.main) {
            if (i.form == Form::Spawn) {
                for (const auto& item : m_program.pools[static_cast<std::size_t>(i.pool)].items) {
                    for (const Instruction& inner : item) {
                        visit(inner);
                    }
                }
            }
            visit(i);
        }
    }

    /// Numbers that the program reads and that differ: what it does from there on may follow.
    void findNumbers() {
        for (const Instruction& i : m_program.main) {
            if (i.form != Form::Item || !m_a.done.contains(i.id) || !m_b.done.contains(i.id)) {
                continue;
            }
            const Slot& a = m_a.done.at(i.id).slots[0];
            const Slot& b = m_b.done.at(i.id).slots[0];
            if (a.elements[0].contents != b.elements[0].contents) {
                m_numberDiffers.insert(i.scalar);
            }
            if (!sameContents(a, b)) {
                m_numbersAt.insert(i.id);
            }
        }
    }
    /// May a number that differs have had a say at this place? Items of pools run at any time.
    [[nodiscard]] bool numbersBefore(const Instruction& i) const {
        for (const Instruction& main : m_program.main) {
            if (m_numbersAt.contains(main.id)) {
                return true;
            }
            if (main.id == i.id) {
                return false;
            }
        }
        return !m_numbersAt.empty();
    }

    void judge(const Instruction& i) {
        if (i.form == Form::Gradient) {
            m_gradients.insert(i.id);
        }
        if (i.form == Form::LayerBegin) {
            return; // its ops are judged
        }
        const auto inA = m_a.done.find(i.id);
        const auto inB = m_b.done.find(i.id);
        if (inA == m_a.done.end() && inB == m_b.done.end()) {
            return;
        }
        if (inA == m_a.done.end() || inB == m_b.done.end()) {
            return judgeAlone(i, inA == m_a.done.end() ? m_b : m_a);
        }
        judgeBoth(i, inA->second, inB->second);
    }

    /// A difference that nobody can see is a note.
    [[nodiscard]] bool isSeen(const Expectation& e) const {
        return std::any_of(e.instructions.begin(), e.instructions.end(),
                           [&](int id) { return m_sightA.isSeen(id) || m_sightB.isSeen(id); });
    }

    /// Streams that parted are blamed at the first draw that is seen, which may be a later one;
    /// where no number that differs is seen, not at all.
    [[nodiscard]] Expectation withLaterDraws(Expectation stream) const {
        bool seen = false;
        for (const auto& [generator, draws] : m_a.draws) {
            bool later = false;
            for (const DrawDone& draw : draws) {
                later = later || stream.instructions.contains(draw.instruction);
                if (later) {
                    stream.instructions.insert(draw.instruction);
                    seen = seen || isOtherAndSeen(draw.instruction);
                }
            }
        }
        stream.required = stream.required && seen;
        return stream;
    }

    /// Did it write other numbers, and does somebody see them?
    [[nodiscard]] bool isOtherAndSeen(int id) const {
        const auto inA = m_a.done.find(id);
        const auto inB = m_b.done.find(id);
        if (inA == m_a.done.end() || inB == m_b.done.end() ||
            !(m_sightA.isSeen(id) || m_sightB.isSeen(id))) {
            return false;
        }
        const auto& a = inA->second.slots;
        const auto& b = inB->second.slots;
        for (std::size_t k = 0; k < std::min(a.size(), b.size()); ++k) {
            if (!isInput(a[k]) && !sameContents(a[k], b[k])) {
                return true;
            }
        }
        return false;
    }

    /// The same cause at the same op of the same layer or parameter counts as the same.
    void mergePlaces() {
        for (std::size_t k = 0; k < m_expected.size(); ++k) {
            for (std::size_t n = 0; n < m_expected.size(); ++n) {
                Expectation& one = m_expected[k];
                const Expectation& other = m_expected[n];
                const bool merges = k != n && other.required && one.classes == other.classes &&
                                    isAgain(one, other) && isLater(one, other);
                one.required = one.required && !merges;
            }
        }
    }
    [[nodiscard]] bool isAgain(const Expectation& one, const Expectation& other) const {
        const Done* x = find(*one.instructions.begin());
        const Done* y = find(*other.instructions.begin());
        return x != nullptr && y != nullptr && x->op == y->op && x->layer == y->layer &&
               x->parameter == y->parameter;
    }
    [[nodiscard]] bool isLater(const Expectation& one, const Expectation& other) const {
        return find(*one.instructions.begin())->event > find(*other.instructions.begin())->event;
    }
    [[nodiscard]] const Done* find(int id) const {
        const Execution& run = m_a.done.contains(id) ? m_a : m_b;
        const auto found = run.done.find(id);
        return found == run.done.end() ? nullptr : &found->second;
    }

    // What both runs executed.

    void judgeBoth(const Instruction& i, const Done& a, const Done& b) {
        bool inputsEqual = true;
        bool outputsEqual = true;
        for (std::size_t k = 0; k < a.slots.size(); ++k) {
            if (sameContents(a.slots[k], b.slots[k])) {
                continue;
            }
            if (isInput(a.slots[k])) {
                inputsEqual = false;
                judgeInput(i, a.slots[k], b.slots[k]);
            } else if (!isScratch(a.slots[k], m_a) || !isScratch(b.slots[k], m_b)) {
                outputsEqual = false;
            }
        }
        if (!outputsEqual) {
            m_differing.insert(i.id);
        }
        const bool numbersEqual =
            i.form == Form::Item || i.scalar < 0 || !m_numberDiffers.contains(i.scalar);
        const Planted* planted = plantedAt(m_program, i.id);
        if (planted != nullptr && planted->plant == Plant::Argument && a.argument != b.argument) {
            add({CauseClass::Argument}, {i.id}, inputsEqual && drewSame(i) && !numbersBefore(i));
        } else if (a.op != b.op) {
            add({CauseClass::Structure}, {i.id},
                inputsEqual && !numbersBefore(i) && reaches(i.id, m_a));
        } else if (!outputsEqual && inputsEqual && numbersEqual && drewSame(i)) {
            add(kernelClasses(planted), {i.id}, true);
        }
    }

    static std::set<CauseClass> kernelClasses(const Planted* planted) {
        if (planted == nullptr) {
            return {}; // the machine itself is wrong
        }
        switch (planted->plant) {
        case Plant::Race:
            return {CauseClass::NondeterministicKernel};
        case Plant::Custom:
            return {CauseClass::CustomOp};
        case Plant::Threads:
            return {CauseClass::Threads};
        case Plant::Flags:
            return {CauseClass::Flags};
        case Plant::Isa:
            return {CauseClass::Isa};
        default:
            return {CauseClass::Unknown};
        }
    }

    /// Read by nobody, and not the first output: nothing says that it is meant.
    static bool isScratch(const Slot& slot, const Execution& run) {
        if (slot.slot == 0 || slot.isArgument) {
            return false;
        }
        for (const auto& [id, done] : run.done) {
            for (const Slot& other : done.slots) {
                if (isInput(other) && overlap(other.view, slot.view)) {
                    return false;
                }
            }
        }
        return true;
    }

    bool drewSame(const Instruction& i) const {
        if (i.form != Form::Draw) {
            return true;
        }
        const auto drawOf = [&](const Execution& run) {
            for (const DrawDone& draw : run.draws.at(i.generator)) {
                if (draw.instruction == i.id) {
                    return draw.before;
                }
            }
            return std::uint64_t{0};
        };
        return drawOf(m_a) == drawOf(m_b);
    }

    // Inputs that differ.

    void judgeInput(const Instruction& i, const Slot& a, const Slot& b) {
        std::set<Key> keys;
        bool inherited = isFromDifference(a) || isFromDifference(b);
        for (std::size_t k = 0; k < a.elements.size(); ++k) {
            const Element& x = a.elements[k];
            const Element& y = b.elements[k];
            if (x.contents == y.contents) {
                continue;
            }
            const Author& author = x.author.by == By::Raw ? x.author : y.author;
            if (author.by == By::Op) {
                inherited = true;
            } else {
                // Who writes past the ops does so again: one cause for a storage. That its bytes
                // changed twice can be seen, but not whether one hand did it or two.
                const Key key = {author.by, author.by == By::Raw ? a.view.storage : author.id};
                keys.insert(key);
                addClasses(key, author);
            }
        }
        const bool pure = !inherited && keys.size() == 1;
        for (const Key& key : keys) {
            (pure ? m_roots[key].instructions : m_mixedReaders[key]).insert(i.id);
        }
    }

    void addClasses(const Key& key, const Author& author) {
        auto& classes = m_roots[key].classes;
        const By by = author.by == By::Raw ? author.over : author.by;
        if (by == By::Op) {
            classes.insert(CauseClass::WrittenOutsideOps);
            if (isFactory(author.by == By::Raw ? author.overId : author.id)) {
                classes.insert(CauseClass::InputData); // it was filled
            }
        } else if (by == By::Outside) {
            classes.insert(CauseClass::InputData);
        } else {
            classes.insert(CauseClass::UninitialisedMemory);
            if (author.by == By::Raw) {
                classes.insert(CauseClass::InputData);
            }
        }
    }

    /// Did it make a tensor of no other one?
    [[nodiscard]] bool isFactory(int id) const {
        bool found = false;
        forEachInstruction(m_program, [&](const Instruction& i) {
            found = found || (i.id == id && i.form == Form::Full);
        });
        return found;
    }

    /// Did an op whose outputs differ, or that one run lacks, write some of it? Then nobody can
    /// tell what else happened to it.
    bool isFromDifference(const Slot& slot) const {
        return std::any_of(slot.elements.begin(), slot.elements.end(), [&](const Element& element) {
            const Author& author = element.author;
            const bool byOp =
                author.by == By::Op || (author.by == By::Raw && author.over == By::Op);
            const int id = author.by == By::Op ? author.id : author.overId;
            return byOp &&
                   (m_differing.contains(id) || !m_a.done.contains(id) || !m_b.done.contains(id));
        });
    }

    // What one run executed alone.

    void judgeAlone(const Instruction& i, const Execution& run) {
        m_alone.insert(i.id);
        const Done& done = run.done.at(i.id);
        if (i.form == Form::Draw) {
            return; // judged by its stream
        }
        if (!reaches(i.id, run)) {
            if (inStepOfItsOwn(i)) {
                add({CauseClass::Structure}, {i.id}, false);
            }
            return;
        }
        add({CauseClass::Structure}, {i.id}, !readsDifference(done) && !numbersBefore(i));
    }

    bool readsDifference(const Done& done) const {
        return std::any_of(done.slots.begin(), done.slots.end(), [&](const Slot& slot) {
            return isInput(slot) && (isFromDifference(slot) || differsUnseen(slot));
        });
    }

    /// A step more, as an epoch more or a loop that ends later makes, is told once: at its first
    /// op, or at any, for which run's ops are whose is a guess. But not where it may follow from a
    /// difference.
    void expectOtherLength() {
        std::set<int> all;
        bool longer = false;
        bool follows = false;
        for (const Instruction& i : m_program.main) {
            if (m_a.done.contains(i.id) == m_b.done.contains(i.id)) {
                continue;
            }
            all.insert(i.id);
            longer = longer || i.form == Form::OptimizerBegin;
            follows = follows || numbersBefore(i) || readsDifference(*find(i.id));
        }
        if (longer) {
            add({CauseClass::Structure}, all, !follows);
        }
    }

    /// Is it all that happens after the last step? It looks like a step more.
    bool inStepOfItsOwn(const Instruction& i) const {
        bool after = false;
        bool alone = true;
        for (const Instruction& main : m_program.main) {
            if (main.form == Form::OptimizerEnd && main.argument == 1) {
                after = false;
                alone = true;
            } else if (main.id == i.id) {
                after = true;
            } else {
                alone = alone && !(m_a.done.contains(main.id) && m_b.done.contains(main.id));
            }
        }
        return after && alone;
    }

    /// Bytes that differ, or may, though no op wrote them so.
    bool differsUnseen(const Slot& slot) const {
        return std::any_of(slot.elements.begin(), slot.elements.end(), [&](const Element& element) {
            const Author& author = element.author;
            const bool planted = author.by == By::Outside &&
                                 std::any_of(m_program.planted.begin(), m_program.planted.end(),
                                             [&](const Planted& p) {
                                                 return p.plant == Plant::Data && p.at == author.id;
                                             });
            return author.by == By::Raw || author.by == By::Nobody || planted;
        });
    }

    /// Does what it wrote reach an instruction of both runs?
    bool reaches(int id, const Execution& run) const {
        for (const auto& [reader, done] : run.done) {
            const bool both = m_a.done.contains(reader) && m_b.done.contains(reader);
            for (const Slot& slot : done.slots) {
                const bool reads = isInput(slot) && isWrittenBy(slot, id);
                if (reads && (both || (reader != id && reaches(reader, run)))) {
                    return true;
                }
            }
        }
        return false;
    }

    void add(std::set<CauseClass> classes, std::set<int> instructions, bool required) {
        m_expected.push_back({std::move(classes), std::move(instructions), required});
    }

    const Program& m_program;
    const Execution& m_a;
    const Execution& m_b;
    const Sight m_sightA;
    const Sight m_sightB;
    std::vector<Expectation> m_expected;
    std::map<Key, Expectation> m_roots;
    std::map<Key, std::set<int>> m_mixedReaders;
    std::set<int> m_differing; ///< instructions whose outputs differ
    std::set<int> m_alone;     ///< of one run only
    std::set<int> m_gradients;
    std::set<int> m_numberDiffers; ///< by their name
    std::set<int> m_numbersAt;     ///< by the instruction that reads them
};

} // namespace

std::vector<Expectation> expect(const Program& program, const Execution& a, const Execution& b) {
    return Oracle(program, a, b).run();
}

} // namespace repro::property
