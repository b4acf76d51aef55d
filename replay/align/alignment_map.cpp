// SPDX-License-Identifier: BSD-3-Clause
#include "replay/align/alignment_map.h"

#include "replay/knowledge/text_file.h"
#include "trace/error.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <optional>
#include <sstream>
#include <unordered_map>
#include <unordered_set>

namespace repro::replay {
namespace {

using Name = AlignmentMap::Name;

[[noreturn]] void refuse(const std::string& place, const std::string& what) {
    throw Error(ErrorKind::Usage, fmt::format("{}: {}", place, what));
}

trace::EventId eventOf(const std::string& word, const std::string& place) {
    trace::EventId event = 0;
    const char* end = word.data() + word.size();
    const auto read = std::from_chars(word.data(), end, event);
    if (read.ec != std::errc() || read.ptr != end) {
        refuse(place, fmt::format("'{}' is no number of an event; `reprorec ls` lists them", word));
    }
    return event;
}

Name nameOf(const std::string& inA, const std::string& inB, const std::string& place) {
    try {
        Name name{place, Pattern(inA), inB};
        for (std::size_t i = 1; i < inB.size(); ++i) {
            const char group = inB[i];
            if (inB[i - 1] == '$' && group >= '0' && group <= '9' &&
                group - '0' > name.inA.groups()) {
                refuse(place, fmt::format("'{}' has no group {} for the ${} in '{}'", inA, group,
                                          group, inB));
            }
        }
        return name;
    } catch (const PatternError& error) {
        refuse(place, fmt::format("'{}' is {}", inA, error.what()));
    }
}

/// The words of a line before its comment.
std::vector<std::string> wordsOf(const std::string& line) {
    std::vector<std::string> words;
    std::istringstream text(line);
    for (std::string word; text >> word && word.front() != '#';) {
        words.push_back(word);
    }
    return words;
}

/// "Net#2.fc" as a person would write it, "Net.fc": see hashPath().
std::string withoutNumber(std::string_view path) {
    const std::size_t end = std::min(path.find('.'), path.size());
    return std::string(path.substr(0, std::min(path.rfind('#', end), end)))
        .append(path.substr(end));
}

/// Puts names of A in the words of B, and remembers which lines were of use.
class Translator {
public:
    explicit Translator(const std::vector<Name>& lines) : m_lines(lines), m_uses(lines.size()) {}

    /// None where no line fits any of the ways to write the name. `exists` tells of a name of B.
    template <class Exists>
    std::optional<std::string> operator()(std::initializer_list<std::string> spellings,
                                          Exists exists) {
        for (std::size_t i = 0; i < m_lines.size(); ++i) {
            for (const std::string& name : spellings) {
                if (const auto inB = m_lines[i].inA.rewritten(name, m_lines[i].inB)) {
                    m_uses[i].last = name;
                    m_uses[i].asInB = *inB;
                    m_uses[i].exists = m_uses[i].exists || exists(*inB, m_lines[i].place);
                    return inB;
                }
            }
        }
        return std::nullopt;
    }

    void requireUse(std::string_view what) const {
        for (std::size_t i = 0; i < m_lines.size(); ++i) {
            const Use& use = m_uses[i];
            if (use.last.empty()) {
                refuse(
                    m_lines[i].place,
                    fmt::format("no {} of run A has that name, or an earlier line took it", what));
            }
            if (!use.exists) {
                refuse(m_lines[i].place, fmt::format("{} would be {}, but run B has no such {}",
                                                     use.last, use.asInB, what));
            }
        }
    }

private:
    struct Use {
        std::string last, asInB; ///< a name of A that it fits
        bool exists = false;     ///< in B, of at least one
    };
    const std::vector<Name>& m_lines;
    std::vector<Use> m_uses;
};

void translateLayers(const AlignmentMap& map, const Run& a, const Run& b, OtherNames& names) {
    std::unordered_set<std::uint64_t> inB;
    for (const trace::Layer& layer : b.reader().layers()) {
        inB.insert(hashPath(b.reader().text(layer.path)));
    }
    const auto exists = [&](const std::string& path, const std::string& /*place*/) {
        return inB.contains(hashPath(path));
    };
    Translator translate(map.layers);
    const auto& layers = a.reader().layers();
    for (std::uint32_t id = 0; id < layers.size(); ++id) {
        const std::string path(a.reader().text(layers[id].path));
        if (const auto other = translate({path, withoutNumber(path)}, exists)) {
            names.layers[id] = hashPath(*other);
        }
    }
    translate.requireUse("layer");
    // A parameter goes with its layer.
    for (trace::EventId event = 0; event < a.events.count && !map.layers.empty(); ++event) {
        const std::uint32_t id = a.events.parameter[event];
        const std::string path(a.reader().text(id));
        const std::size_t dot = path.rfind('.');
        if (dot == std::string::npos || names.parameters.contains(id)) {
            continue;
        }
        const std::string layer = path.substr(0, dot);
        if (const auto other = translate({layer, withoutNumber(layer)}, exists)) {
            names.parameters[id] = hashPath(*other + path.substr(dot));
        }
    }
}

std::string fullName(const trace::Reader& reader, const trace::Op& op) {
    const std::string_view overload = reader.text(op.overload);
    return std::string(reader.text(op.name)) + (overload.empty() ? "" : ".") +
           std::string(overload);
}

/// The op of B of that name; of several overloads, the one that A runs.
const trace::Op* opNamed(const trace::Reader& b, const std::string& name, const std::string& place,
                         std::string_view overloadInA) {
    const trace::Op* found = nullptr;
    for (const trace::Op& op : b.ops()) {
        if (fullName(b, op) == name) {
            return &op;
        }
        if (b.text(op.name) != name) {
            continue;
        }
        if (b.text(op.overload) == overloadInA) {
            return &op;
        }
        if (found != nullptr && op.overload != found->overload) {
            refuse(place, fmt::format("run B has more than one {}: write {} or {}", name,
                                      fullName(b, *found), fullName(b, op)));
        }
        found = &op;
    }
    return found;
}

void translateOps(const AlignmentMap& map, const Run& a, const Run& b, OtherNames& names) {
    Translator translate(map.ops);
    const auto& ops = a.reader().ops();
    for (std::uint32_t id = 0; id < ops.size(); ++id) {
        const trace::Reader& reader = a.reader();
        const trace::Op* other = nullptr;
        translate({std::string(reader.text(ops[id].name)), fullName(reader, ops[id])},
                  [&](const std::string& name, const std::string& place) {
                      other = opNamed(b.reader(), name, place, reader.text(ops[id].overload));
                      return other != nullptr;
                  });
        if (other != nullptr) {
            names.ops[id] = hashOp(b.reader().text(other->name), b.reader().text(other->overload));
        }
    }
    translate.requireUse("op");
}

/// Refuses an event that is not aligned.
void requireRow(const Run& run, trace::EventId event, const char* side, const std::string& place) {
    if (event >= run.events.count) {
        refuse(place, fmt::format("run {} has no event {}; its last is {}", side, event,
                                  run.events.count - 1));
    }
    if (!run.isRow(event)) {
        const trace::EventId row = run.enclosingRow(event);
        refuse(place,
               fmt::format("event {} of run {} is not aligned by itself{}", event, side,
                           row == trace::kNone64 ? "" : fmt::format("; event {} runs it", row)));
    }
}

std::size_t laneOf(const std::vector<Lane>& lanes, trace::EventId event) {
    std::size_t lane = 0;
    while (!std::binary_search(lanes[lane].events.begin(), lanes[lane].events.end(), event)) {
        ++lane;
    }
    return lane;
}

} // namespace

void AlignmentMap::parse(std::string_view text, std::string_view name) {
    std::istringstream lines{std::string(text)};
    std::string line;
    for (int number = 1; std::getline(lines, line); ++number) {
        const std::string place = fmt::format("{}:{}", name, number);
        const std::vector<std::string> words = wordsOf(line);
        if (words.empty()) {
            continue;
        }
        if (words.size() != 4 || words[2] != "=" ||
            (words[0] != "layer" && words[0] != "op" && words[0] != "event")) {
            refuse(place, "a line is: layer NAME = NAME, op NAME = NAME, or event NUMBER = NUMBER; "
                          "A's is on the left");
        }
        if (words[0] == "event") {
            pairs.push_back({eventOf(words[1], place), eventOf(words[3], place), place});
        } else {
            (words[0] == "op" ? ops : layers).push_back(nameOf(words[1], words[3], place));
        }
    }
}

void AlignmentMap::read(const std::filesystem::path& path) {
    AlignmentMap lines;
    lines.parse(textOf(path, "names"), path.string());
    if (lines.isEmpty()) {
        refuse(path.string(), "holds no line; write such as: layer Net\\.fc = Net.head");
    }
    *this = std::move(lines);
}

OtherNames namesInB(const AlignmentMap& map, const Run& a, const Run& b) {
    OtherNames names;
    translateLayers(map, a, b, names);
    translateOps(map, a, b, names);
    return names;
}

std::vector<const Lane*> pairLanes(const Run& a, const Run& b) {
    std::vector<const Lane*> partners(a.lanes().size());
    std::unordered_map<std::string_view, const Lane*> left;
    const auto pairBy = [&](std::string Lane::*what) {
        left.clear();
        for (const Lane& lane : b.lanes()) {
            if (std::find(partners.begin(), partners.end(), &lane) == partners.end()) {
                left.try_emplace(lane.*what, &lane);
            }
        }
        for (std::size_t i = 0; i < partners.size(); ++i) {
            const auto found = left.find(a.lanes()[i].*what);
            if (partners[i] == nullptr && found != left.end()) {
                partners[i] = found->second;
                left.erase(found);
            }
        }
    };
    pairBy(&Lane::name);
    pairBy(&Lane::label);
    return partners;
}

std::vector<std::vector<AlignmentMap::Pair>> pairsByLane(const AlignmentMap& map, const Run& a,
                                                         const Run& b) {
    const std::vector<const Lane*> partners = pairLanes(a, b);
    std::vector<std::vector<AlignmentMap::Pair>> byLane(a.lanes().size());
    std::unordered_map<trace::EventId, std::string> takenA, takenB;
    for (const AlignmentMap::Pair& pair : map.pairs) {
        requireRow(a, pair.a, "A", pair.place);
        requireRow(b, pair.b, "B", pair.place);
        if (a.events.kind[pair.a] != b.events.kind[pair.b]) {
            refuse(pair.place, fmt::format("event {} of A and event {} of B are of different kinds",
                                           pair.a, pair.b));
        }
        const std::size_t lane = laneOf(a.lanes(), pair.a);
        const Lane& other = b.lanes()[laneOf(b.lanes(), pair.b)];
        if (partners[lane] != &other) {
            refuse(pair.place, fmt::format("event {} of A is of thread {}, event {} of B of {}",
                                           pair.a, a.lanes()[lane].name, pair.b, other.name));
        }
        const auto [knownA, newA] = takenA.try_emplace(pair.a, pair.place);
        const auto [knownB, newB] = takenB.try_emplace(pair.b, pair.place);
        if (!newA || !newB) {
            refuse(pair.place,
                   fmt::format("{} has event {} already", newA ? knownB->second : knownA->second,
                               newA ? pair.b : pair.a));
        }
        byLane[lane].push_back(pair);
    }
    for (std::size_t lane = 0; lane < byLane.size(); ++lane) {
        auto& pairs = byLane[lane];
        std::sort(pairs.begin(), pairs.end(),
                  [](const auto& x, const auto& y) { return x.a < y.a; });
        const bool inOrder = !a.lanes()[lane].isPool && !partners[lane]->isPool;
        for (std::size_t i = 1; i < pairs.size() && inOrder; ++i) {
            if (pairs[i].b < pairs[i - 1].b) {
                refuse(pairs[i].place,
                       fmt::format("event {} = {} crosses event {} = {}", pairs[i].a, pairs[i].b,
                                   pairs[i - 1].a, pairs[i - 1].b));
            }
        }
    }
    return byLane;
}

} // namespace repro::replay
