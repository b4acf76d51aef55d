// SPDX-License-Identifier: BSD-3-Clause
#include "replay/classify/tolerance_rules.h"

#include "replay/knowledge/nearest.h"
#include "replay/knowledge/text_file.h"
#include "replay/run/locate.h"
#include "trace/error.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <set>
#include <sstream>

namespace repro::replay {
namespace {

/// Reads the words of one line: key=pattern, key=number, or a word alone.
class RuleLine {
public:
    explicit RuleLine(std::string place) { m_rule.place = std::move(place); }

    ToleranceRule read(const std::string& line) {
        std::istringstream words(line);
        for (std::string word; words >> word && word.front() != '#';) {
            const std::size_t equal = word.find('=');
            if (equal == std::string::npos) {
                alone(word);
            } else {
                keyed(word.substr(0, equal), word.substr(equal + 1));
            }
        }
        const Tolerance& t = m_rule.tolerance;
        if (t.byDtype && (t.rtol || t.atol)) {
            refuse("default stands for rtol and atol; give either");
        }
        const bool limits = t.rtol || t.atol || t.ulp || t.cos;
        if (m_alone + (limits ? 1 : 0) != 1 && !(t.byDtype && (t.ulp || t.cos))) {
            refuse("a rule says one of: ignore, exact, default, or rtol= atol= ulp= cos=");
        }
        m_rule.tolerance.integers = m_rule.dtype.has_value();
        return std::move(m_rule);
    }

private:
    [[noreturn]] void refuse(const std::string& what) const {
        throw Error(ErrorKind::Usage, fmt::format("{}: {}", m_rule.place, what));
    }

    void alone(const std::string& word) {
        if (word != "ignore" && word != "exact" && word != "default") {
            refuse(fmt::format("'{}' is neither key=value nor ignore, exact or default", word));
        }
        ++m_alone;
        m_rule.tolerance.ignore = word == "ignore";
        m_rule.tolerance.byDtype = word == "default";
    }

    void keyed(const std::string& key, const std::string& value) {
        if (key == "op") {
            m_rule.op = pattern(value);
        } else if (key == "layer") {
            m_rule.layer = pattern(value);
        } else if (key == "slot") {
            m_rule.slot = pattern(value);
        } else if (key == "dtype") {
            m_rule.dtype = pattern(value);
        } else if (key == "step") {
            m_rule.steps = steps(value);
        } else if (key == "rtol") {
            m_rule.tolerance.rtol = number(value, 0, INFINITY);
        } else if (key == "atol") {
            m_rule.tolerance.atol = number(value, 0, INFINITY);
        } else if (key == "cos") {
            m_rule.tolerance.cos = number(value, 0, 1);
        } else if (key == "ulp") {
            m_rule.tolerance.ulp = whole(value);
        } else {
            refuse(fmt::format("unknown key '{}'; there are op, layer, slot, dtype, step, rtol, "
                               "atol, ulp, cos",
                               key));
        }
    }

    [[nodiscard]] NamePattern pattern(const std::string& text) const {
        try {
            return {text, Pattern(text)};
        } catch (const PatternError& error) {
            refuse(fmt::format("'{}' is {}", text, error.what()));
        }
    }

    template <class T>
    static bool isWhole(std::string_view text, T& value) {
        const auto end = text.data() + text.size();
        const auto read = std::from_chars(text.data(), end, value);
        return read.ec == std::errc() && read.ptr == end;
    }

    [[nodiscard]] double number(const std::string& text, double least, double most) const {
        double value = 0;
        if (!isWhole<double>(text, value) || !(value >= least && value <= most) ||
            std::isinf(value)) {
            refuse(fmt::format("'{}' is not a number {}", text,
                               most == 1 ? "from 0 to 1" : "of at least 0"));
        }
        return value;
    }

    [[nodiscard]] std::uint64_t whole(const std::string& text) const {
        std::uint64_t value = 0;
        if (!isWhole(text, value)) {
            refuse(fmt::format("'{}' is not a whole number", text));
        }
        return value;
    }

    [[nodiscard]] trace::StepRange steps(const std::string& text) const {
        const auto range = trace::parseStepRange(text);
        if (!range) {
            refuse(fmt::format("'{}' is not a range of steps; write 3, 3-5 or 3-", text));
        }
        return *range;
    }

    ToleranceRule m_rule;
    int m_alone = 0;
};

bool fits(const std::optional<NamePattern>& pattern, std::string_view text) {
    return !pattern || pattern->regex.isAllOf(text);
}

/// The names that a key of a rule is held against, of one value.
std::vector<std::string> namesFor(std::string_view key, const Run& run, std::uint64_t use) {
    const trace::Reader& reader = run.reader();
    const trace::EventId event = run.uses.event[use];
    if (key == "op") {
        const std::string name(run.opName(event));
        const auto overload = reader.text(run.op(event).overload);
        return {name, fmt::format("{}.{}", name, overload)};
    }
    if (key == "layer") {
        const trace::LayerId layer = run.events.layer[event];
        return {std::string(layer == trace::kNone32 ? std::string_view()
                                                    : reader.text(reader.layers()[layer].path))};
    }
    return {key == "slot" ? slotName(run, use)
                          : trace::dtypeName(
                                static_cast<trace::DType>(run.values.dtype[run.uses.value[use]]))};
}

/// The first name is the one to propose.
std::string whyUnused(std::string_view key, const std::optional<NamePattern>& pattern,
                      const Run& run, const std::vector<std::uint64_t>& uses) {
    std::set<std::string> names;
    for (const std::uint64_t use : uses) {
        const auto all = namesFor(key, run, use);
        if (std::ranges::any_of(all,
                                [&](const std::string& name) { return fits(pattern, name); })) {
            return {};
        }
        names.insert(all.front());
    }
    names.erase("");
    std::string literal = pattern->text;
    std::erase(literal, '\\');
    return fmt::format(": {}={} fits none of them; the nearest are {}", key, pattern->text,
                       fmt::join(nearestNames(literal, {names.begin(), names.end()}), ", "));
}

} // namespace

Tolerances::Tolerances(Tolerance general) : m_general(general) {}
Tolerances::~Tolerances() = default;
Tolerances::Tolerances(Tolerances&&) noexcept = default;
Tolerances& Tolerances::operator=(Tolerances&&) noexcept = default;

void Tolerances::readRules(const std::filesystem::path& path) {
    parseRules(textOf(path, "rules"), path.string());
}

void Tolerances::parseRules(std::string_view text, std::string_view name) {
    std::istringstream lines{std::string(text)};
    int number = 0;
    const std::size_t before = m_rules.size();
    for (std::string line; std::getline(lines, line);) {
        ++number;
        const std::size_t first = line.find_first_not_of(" \t\r");
        if (first != std::string::npos && line[first] != '#') {
            m_rules.push_back(RuleLine(fmt::format("{}:{}", name, number)).read(line));
        }
    }
    if (m_rules.size() == before) {
        throw Error(ErrorKind::Usage, fmt::format("{}: holds no rule; a rule is a line such as: "
                                                  "op=aten::index_put_ ulp=4",
                                                  name));
    }
}

RuleMatcher::RuleMatcher(const Tolerances& tolerances, const Run& run)
    : m_tolerances(tolerances), m_run(run), m_matches(tolerances.rules().size()) {
    const trace::Reader& reader = run.reader();
    for (std::size_t i = 0; i < m_matches.size(); ++i) {
        const ToleranceRule& rule = tolerances.rules()[i];
        Matches& matches = m_matches[i];
        for (const trace::Op& op : reader.ops()) {
            const auto name = reader.text(op.name);
            matches.ops.push_back(
                fits(rule.op, name) ||
                fits(rule.op, fmt::format("{}.{}", name, reader.text(op.overload))));
        }
        matches.ops.push_back(fits(rule.op, ""));
        for (const trace::Layer& layer : reader.layers()) {
            matches.layers.push_back(fits(rule.layer, reader.text(layer.path)));
        }
        matches.layers.push_back(fits(rule.layer, ""));
        for (int dtype = 0; dtype < trace::kDTypeCount; ++dtype) {
            matches.dtypes[static_cast<std::size_t>(dtype)] =
                fits(rule.dtype, trace::dtypeName(static_cast<trace::DType>(dtype)));
        }
    }
}

bool RuleMatcher::fitsEvent(std::size_t rule, trace::EventId event) const {
    const auto passes = [](const std::vector<bool>& matches, std::uint32_t id) {
        return matches[std::min<std::size_t>(id, matches.size() - 1)];
    };
    return m_tolerances.rules()[rule].steps.contains(m_run.events.step[event]) &&
           passes(m_matches[rule].ops, m_run.events.op[event]) &&
           passes(m_matches[rule].layers, m_run.events.layer[event]);
}

bool RuleMatcher::fitsSlot(std::size_t rule, std::uint64_t use) {
    const auto& pattern = m_tolerances.rules()[rule].slot;
    if (!pattern) {
        return true;
    }
    const auto [found, isNew] = m_matches[rule].slots.try_emplace(slotName(m_run, use), false);
    if (isNew) {
        found->second = fits(pattern, found->first);
    }
    return found->second;
}

std::size_t RuleMatcher::find(std::uint64_t use) {
    const auto event = m_run.uses.event[use];
    const auto dtype = m_run.values.dtype[m_run.uses.value[use]];
    std::size_t rule = 0;
    while (rule < m_matches.size() &&
           !(fitsEvent(rule, event) && m_matches[rule].dtypes[dtype] && fitsSlot(rule, use))) {
        ++rule;
    }
    return rule;
}

const Tolerance& RuleMatcher::tolerance(std::size_t number) const {
    const auto& rules = m_tolerances.rules();
    return number < rules.size() ? rules[number].tolerance : m_tolerances.general();
}

std::string whyUnused(const ToleranceRule& rule, const Run& run,
                      const std::vector<std::uint64_t>& uses) {
    for (const auto& [key, pattern] : {std::pair("op", &rule.op),
                                       {"layer", &rule.layer},
                                       {"slot", &rule.slot},
                                       {"dtype", &rule.dtype}}) {
        if (const std::string why = whyUnused(key, *pattern, run, uses); !why.empty()) {
            return why;
        }
    }
    return rule.steps.first > run.lastStep() ? fmt::format(": the last step is {}", run.lastStep())
                                             : "";
}

bool RuleMatcher::ignoresRow(trace::EventId event) const {
    for (std::size_t i = 0; i < m_matches.size(); ++i) {
        const ToleranceRule& rule = m_tolerances.rules()[i];
        if (rule.isOfRows() && fitsEvent(i, event)) {
            return rule.tolerance.ignore;
        }
    }
    return false;
}

} // namespace repro::replay
