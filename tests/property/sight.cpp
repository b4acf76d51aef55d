// SPDX-License-Identifier: BSD-3-Clause
#include "tests/property/sight.h"

#include "tests/property/stream_oracle.h"

#include <cstdlib>
#include <map>
#include <tuple>
#include <vector>

namespace repro::property {
namespace {

/// The instruction that wrote an element as far as ops go; 0 = none.
int writerOf(const Author& author) {
    if (author.by == By::Op) {
        return author.id;
    }
    return author.by == By::Raw && author.over == By::Op ? author.overId : 0;
}

} // namespace

Sight::Sight(const Program& program, const Execution& run) {
    std::map<int, Form> forms;
    forEachInstruction(program, [&](const Instruction& i) { forms[i.id] = i.form; });
    std::map<int, std::set<int>> sources; // of a reader
    std::set<std::tuple<int, int, int>> read;
    std::vector<int> open;
    for (const auto& [id, done] : run.done) {
        const Form form = forms[std::abs(id)];
        if (form == Form::Item || form == Form::Watch || !done.op.starts_with("aten::")) {
            open.push_back(id);
        }
        for (const Slot& slot : done.slots) {
            if (!isInput(slot) || form == Form::View || form == Form::Gradient) {
                continue;
            }
            for (std::size_t k = 0; k < slot.elements.size(); ++k) {
                const int writer = writerOf(slot.elements[k].author);
                sources[id].insert(writer);
                read.emplace(slot.view.storage, slot.view.first + static_cast<int>(k), writer);
            }
        }
    }
    for (const Survivor& last : run.last) {
        const int writer = writerOf(last.author);
        if (writer != 0 && !read.contains({last.storage, last.index, writer})) {
            open.push_back(writer);
        }
    }
    while (!open.empty()) {
        const int id = open.back();
        open.pop_back();
        if (m_seen.insert(id).second) {
            open.insert(open.end(), sources[id].begin(), sources[id].end());
        }
    }
}

} // namespace repro::property
