// SPDX-License-Identifier: BSD-3-Clause
#include "gui/viewmodel/filter.h"
#include "gui/viewmodel/texts.h"

#include <QHash>
#include <QRegularExpression>

#include <array>
#include <limits>

namespace repro::gui {

using namespace Qt::Literals::StringLiterals;

namespace {

struct Value {
    const char* name;
    std::uint32_t mask;
};

constexpr std::uint32_t bit(auto value) {
    return 1U << static_cast<std::uint32_t>(value);
}

constexpr std::array kClasses = std::to_array<Value>({
    {"origin", bit(replay::RowClass::Origin) | bit(replay::RowClass::RngOrigin) |
                   bit(replay::RowClass::ArgumentOrigin)},
    {"inherited", bit(replay::RowClass::Inherited)},
    {"amplified", bit(replay::RowClass::Amplified)},
    {"healed", bit(replay::RowClass::Healed)},
    {"structural", bit(replay::RowClass::Structural)},
    {"nonfinite", bit(replay::RowClass::NonFinite)},
    {"rng", bit(replay::RowClass::RngOrigin)},
    {"unseen", bit(replay::RowClass::Unseen)},
    {"unknown", bit(replay::RowClass::Unknown)},
    {"same", bit(replay::RowClass::Same)},
    {"differs", ~bit(replay::RowClass::Same)},
});
constexpr std::array kPhases = std::to_array<Value>({{"forward", bit(trace::Phase::Forward)},
                                                     {"backward", bit(trace::Phase::Backward)},
                                                     {"optimizer", bit(trace::Phase::Optimizer)},
                                                     {"other", bit(trace::Phase::Other)}});
constexpr std::array kKinds =
    std::to_array<Value>({{"op", bit(trace::EventKind::Op)},
                          {"layer", bit(trace::EventKind::Layer)},
                          {"gradient", bit(trace::EventKind::Gradient)},
                          {"optimizer", bit(trace::EventKind::OptimizerStep)},
                          {"watch", bit(trace::EventKind::Watch)},
                          {"mark", bit(trace::EventKind::StepMark) | bit(trace::EventKind::Mode) |
                                       bit(trace::EventKind::ZeroGrad)}});
constexpr std::array kMatches = std::to_array<Value>({
    {"exact", bit(replay::Strategy::Exact)},
    {"edit", bit(replay::Strategy::Edit)},
    {"anchor", bit(replay::Strategy::Anchor)},
    {"content", bit(replay::Strategy::Content)},
    {"lineage", bit(replay::Strategy::Lineage)},
    {"order", bit(replay::Strategy::Order)},
    {"moved", bit(replay::Strategy::Moved)},
    {"reshaped", bit(replay::Strategy::Reshaped)},
    {"renamed", bit(replay::Strategy::Renamed)},
    {"mapped", bit(replay::Strategy::Mapped)},
    {"manual", bit(replay::Strategy::Manual)},
});

std::span<const Value> valuesOf(const QString& field) {
    return field == u"class"   ? std::span<const Value>(kClasses)
           : field == u"phase" ? std::span<const Value>(kPhases)
           : field == u"kind"  ? std::span<const Value>(kKinds)
           : field == u"match" ? std::span<const Value>(kMatches)
                               : std::span<const Value>();
}

QString namesOf(std::span<const Value> values) {
    QStringList names;
    for (const Value& value : values) {
        names.append(QString::fromLatin1(value.name));
    }
    return names.join(u", "_s);
}

constexpr std::array kFields = {"class:", "op:",   "layer:", "step:", "phase:", "kind:", "only:",
                                "match:", "note:", "ulp>",   "rel>",  "abs>",   "n>"};

} // namespace

/// Recursive descent over the text; throws Filter::Error.
class FilterParser {
public:
    explicit FilterParser(const QString& text) : m_text(text) {}

    Filter parse() {
        const auto root = alternatives(false);
        skipSpace();
        if (m_at < m_text.size()) {
            fail(m_at, 1, u"there is no '(' for this ')'"_s);
        }
        if (root) {
            m_filter.m_text = m_text;
        } else {
            m_filter.m_nodes.clear();
        }
        return std::move(m_filter);
    }

private:
    using Kind = Filter::Kind;
    using Node = Filter::Node;

    [[noreturn]] void fail(qsizetype at, qsizetype length, const QString& message) const {
        throw Filter::Error{at, std::max<qsizetype>(length, 1), message};
    }

    void skipSpace() {
        while (m_at < m_text.size() && m_text[m_at].isSpace()) {
            ++m_at;
        }
    }

    std::size_t add(Node node) {
        m_filter.m_nodes.push_back(std::move(node));
        return m_filter.m_nodes.size() - 1;
    }

    std::optional<std::size_t> join(Kind kind, const std::vector<std::size_t>& children) {
        if (children.empty()) {
            return std::nullopt;
        }
        if (children.size() == 1) {
            return children.front();
        }
        return add({.kind = kind, .children = children});
    }

    std::optional<std::size_t> alternatives(bool nested) {
        std::vector<std::size_t> either;
        while (true) {
            const qsizetype start = m_at;
            const auto all = terms();
            if (all) {
                either.push_back(*all);
            }
            skipSpace();
            if (m_at >= m_text.size() || m_text[m_at] != u'|') {
                if (!all && (!either.empty() || nested)) {
                    fail(start, 1, u"a term is missing here"_s);
                }
                break;
            }
            if (!all) {
                fail(m_at, 1, u"a term is missing before '|'"_s);
            }
            ++m_at;
        }
        return join(Kind::Or, either);
    }

    std::optional<std::size_t> terms() {
        std::vector<std::size_t> all;
        skipSpace();
        while (m_at < m_text.size() && m_text[m_at] != u'|' && m_text[m_at] != u')') {
            all.push_back(term());
            skipSpace();
        }
        return join(Kind::And, all);
    }

    std::size_t term() {
        const bool negative = m_text[m_at] == u'-';
        if (negative || m_text[m_at] == u'+') {
            ++m_at;
        }
        if (m_at >= m_text.size() || m_text[m_at].isSpace()) {
            fail(m_at - 1, 1, u"a word is missing here"_s);
        }
        const std::size_t inner = m_text[m_at] == u'('   ? group()
                                  : m_text[m_at] == u'/' ? regex()
                                                         : word();
        if (negative && !m_filter.m_explanation.isEmpty()) {
            m_filter.m_explanation.back().prepend(u"not: "_s);
        }
        return negative ? add({.kind = Kind::Not, .children = {inner}}) : inner;
    }

    std::size_t group() {
        const qsizetype open = m_at++;
        const auto inner = alternatives(true);
        skipSpace();
        if (m_at >= m_text.size()) {
            fail(open, 1, u"this '(' is not closed"_s);
        }
        ++m_at;
        return *inner;
    }

    std::size_t regex() {
        const qsizetype open = m_at;
        const qsizetype close = m_text.indexOf(u'/', open + 1);
        if (close < 0) {
            fail(open, m_text.size() - open, u"the regular expression has no closing '/'"_s);
        }
        const QString pattern = m_text.mid(open + 1, close - open - 1);
        m_at = close + 1;
        return named(Kind::Word, pattern, open, u"op or layer matches /%1/"_s.arg(pattern));
    }

    std::size_t named(Kind kind, const QString& pattern, qsizetype at, const QString& explanation) {
        const QRegularExpression compiled(pattern);
        if (!compiled.isValid()) {
            fail(at, pattern.size() + 1, compiled.errorString());
        }
        m_filter.m_explanation.append(explanation);
        return add({.kind = kind, .pattern = pattern});
    }

    std::size_t word() {
        static const QRegularExpression end(u"[\\s()|]"_s);
        const qsizetype start = m_at;
        qsizetype stop = m_text.indexOf(end, start);
        stop = stop < 0 ? m_text.size() : stop;
        const QString word = m_text.mid(start, stop - start);
        m_at = stop;
        static const QRegularExpression distance(u"^(ulp|rel|abs|n)(>=|<=|>|<|=)(.*)$"_s);
        if (const auto match = distance.match(word); match.hasMatch()) {
            return compare(match.captured(1), match.captured(2), match.captured(3), start);
        }
        static const QRegularExpression field(u"^([a-z]+):(?!:)(.*)$"_s);
        if (const auto match = field.match(word); match.hasMatch()) {
            return fieldTerm(match.captured(1), match.captured(2), start);
        }
        return named(Kind::Word, wildcard(word), start, u"op or layer has '%1'"_s.arg(word));
    }

    /// "*" stands for anything; the rest for itself.
    static QString wildcard(const QString& word) {
        return QRegularExpression::escape(word).replace(u"\\*"_s, u".*"_s);
    }

    std::size_t compare(const QString& field, const QString& comparison, const QString& value,
                        qsizetype at) {
        bool ok = false;
        const double bound = value.toDouble(&ok);
        if (!ok) {
            fail(at + field.size() + comparison.size(), value.size(),
                 u"'%1' is not a number; write %2%3 and one, such as 4 or 1e-6"_s.arg(value, field,
                                                                                      comparison));
        }
        const Kind kind = field == u"ulp"   ? Kind::Ulp
                          : field == u"rel" ? Kind::Rel
                          : field == u"abs" ? Kind::Abs
                                            : Kind::Count;
        m_filter.m_explanation.append(
            u"%1 %2 %3, where bytes of both runs were recorded"_s.arg(field, comparison, value));
        return add({.kind = kind, .low = bound, .comparison = comparison});
    }

    std::size_t fieldTerm(const QString& field, const QString& value, qsizetype at) {
        const qsizetype valueAt = at + field.size() + 1;
        if (field == u"op" || field == u"layer") {
            return named(field == u"op" ? Kind::Op : Kind::Layer, wildcard(value), at,
                         u"%1 has '%2'"_s.arg(field, value));
        }
        if (field == u"note") {
            m_filter.m_explanation.append(u"has a note or a bookmark"_s);
            return add({.kind = Kind::Noted});
        }
        if (field == u"step") {
            return step(value, valueAt);
        }
        if (field == u"only") {
            if (value.compare(u"a"_s, Qt::CaseInsensitive) != 0 &&
                value.compare(u"b"_s, Qt::CaseInsensitive) != 0) {
                fail(valueAt, value.size(), u"only: takes A or B"_s);
            }
            const bool ofA = value.compare(u"a"_s, Qt::CaseInsensitive) == 0;
            m_filter.m_explanation.append(u"is only in run %1"_s.arg(value.toUpper()));
            return add({.kind = ofA ? Kind::OnlyA : Kind::OnlyB});
        }
        const auto values = valuesOf(field);
        if (values.empty()) {
            fail(at, field.size(),
                 u"there is no field '%1'; there are class, op, layer, step, phase, kind, only, "
                 "match, note, ulp, rel, abs, n"_s.arg(field));
        }
        for (const Value& known : values) {
            if (!value.isEmpty() && QString::fromLatin1(known.name).startsWith(value)) {
                m_filter.m_explanation.append(
                    u"%1 is %2"_s.arg(field, QString::fromLatin1(known.name)));
                const Kind kind = field == u"class"   ? Kind::Class
                                  : field == u"phase" ? Kind::Phase
                                  : field == u"kind"  ? Kind::EventKind
                                                      : Kind::Match;
                return add({.kind = kind, .mask = known.mask});
            }
        }
        fail(valueAt, value.size(), u"%1: takes one of %2"_s.arg(field, namesOf(values)));
    }

    std::size_t step(const QString& value, qsizetype at) {
        static const QRegularExpression range(u"^(\\d+)?(\\.\\.)?(\\d+)?$"_s);
        const auto match = range.match(value);
        if (value.isEmpty() || !match.hasMatch()) {
            fail(at, value.size(), u"'%1' is no step; write 3, 3..7 or 3.."_s.arg(value));
        }
        const bool isRange = !match.captured(2).isEmpty();
        const double low = match.captured(1).isEmpty() ? 0 : match.captured(1).toDouble();
        const double high = !isRange                      ? low
                            : match.captured(3).isEmpty() ? std::numeric_limits<double>::infinity()
                                                          : match.captured(3).toDouble();
        m_filter.m_explanation.append(u"step is %1"_s.arg(value));
        return add({.kind = Kind::Step, .low = low, .high = high});
    }

    const QString m_text;
    qsizetype m_at = 0;
    Filter m_filter;
};

std::optional<Filter> Filter::parse(const QString& text, Error* error) {
    try {
        return FilterParser(text).parse();
    } catch (const Error& wrong) {
        *error = wrong;
        return std::nullopt;
    }
}

QStringList Filter::completions(const QString& text, const Rows* rows) {
    static const QRegularExpression boundary(u"[\\s(|]"_s);
    const QString last = text.mid(text.lastIndexOf(boundary) + 1);
    const QString sign = last.startsWith(u'-') || last.startsWith(u'+') ? last.left(1) : QString();
    const QString word = last.mid(sign.size());
    QStringList found;
    const qsizetype colon = word.indexOf(u':');
    const auto offer = [&](const QString& candidate) {
        if (candidate.startsWith(word, Qt::CaseInsensitive) && candidate != word &&
            !found.contains(sign + candidate)) {
            found.append(sign + candidate);
        }
    };
    if (colon > 0) {
        const QString field = word.left(colon);
        for (const Value& value : valuesOf(field)) {
            offer(field + u':' + QString::fromLatin1(value.name));
        }
        const QStringList* names = rows == nullptr     ? nullptr
                                   : field == u"op"    ? &rows->names
                                   : field == u"layer" ? &rows->layers
                                                       : nullptr;
        for (qsizetype i = 0; names != nullptr && i < names->size() && found.size() < 50; ++i) {
            const QString& name = names->at(i);
            offer(field + u':' +
                  (field == u"op"
                       ? name.mid(name.indexOf(u"::"_s) < 0 ? 0 : name.indexOf(u"::"_s) + 2)
                       : name));
        }
        return found;
    }
    for (const char* field : kFields) {
        offer(QString::fromLatin1(field));
    }
    return found;
}

} // namespace repro::gui
