// SPDX-License-Identifier: BSD-3-Clause
#include "gui/viewmodel/texts.h"

#include "trace/words.h"

#include <QFileInfo>
#include <QLocale>
#include <QStringList>

#include <algorithm>
#include <array>
#include <cmath>

namespace repro::gui {

using namespace Qt::Literals::StringLiterals;
using replay::RowClass;

QString kindText(trace::EventKind kind) {
    constexpr std::array kNames = {"op",        "backward node",  "script",   "user scope",
                                   "text",      "layer call",     "gradient", "optimizer step",
                                   "zero grad", "train or eval",  "watch",    "step mark",
                                   "fork",      "random numbers", "batch"};
    static_assert(kNames.size() == static_cast<std::size_t>(trace::EventKind::Batch) + 1);
    return QString::fromLatin1(kNames.at(static_cast<std::size_t>(kind)));
}

QString phaseText(trace::Phase phase) {
    return QString::fromLatin1(trace::phaseName(phase));
}

QString gainText(const RowDetail& detail) {
    const auto gain = detail.gain();
    return gain ? realText(*gain, *gain < 1000 ? 3 : 4) + u'\u00d7' : QString();
}

QString growthText(const RowDetail& detail) {
    return u"read up to %1 ULP, wrote up to %2, %3"_s.arg(
        countText(detail.inUlp), countText(detail.maxUlp), gainText(detail));
}

QString strategyText(replay::Strategy strategy) {
    return QString::fromLatin1(replay::strategyName(strategy)).replace(u'_', u' ');
}

QString causeText(replay::CauseClass cause) {
    constexpr std::array kTexts = {"a kernel that is not deterministic",
                                   "an op from outside LibTorch",
                                   "memory written outside any op",
                                   "uninitialized memory",
                                   "a generator that was not seeded",
                                   "a random number drawn in one run only",
                                   "threads that share a generator",
                                   "random numbers of Python or NumPy",
                                   "threads that race on a tensor",
                                   "different input data",
                                   "a different argument",
                                   "a different program structure",
                                   "a different number of threads",
                                   "a different instruction set",
                                   "a different library version",
                                   "a different device",
                                   "different flags",
                                   "a differently aligned address",
                                   "no known cause"};
    static_assert(kTexts.size() == static_cast<std::size_t>(replay::CauseClass::Unknown) + 1);
    return QString::fromLatin1(kTexts.at(static_cast<std::size_t>(cause)));
}

QChar classLetter(const RowEntry& row, bool isPair) {
    if (row.rowClass == RowClass::NonFinite) {
        return u'!';
    }
    if (!isPair) {
        return u'\u00b7';
    }
    switch (row.rowClass) {
    case RowClass::Same:
        return u'=';
    case RowClass::Origin:
    case RowClass::ArgumentOrigin:
        return u'\u25c6';
    case RowClass::RngOrigin:
        return u'\u25c8';
    case RowClass::Inherited:
        return u'\u25c7';
    case RowClass::Amplified:
        return u'\u25b2';
    case RowClass::Healed:
        return u'\u25cb';
    case RowClass::Structural:
        return row.b == trace::kNone32 ? u'A' : row.a == trace::kNone32 ? u'B' : u'#';
    case RowClass::WithinTolerance:
        return u'\u2248';
    case RowClass::Unseen:
        return u'\u2013';
    case RowClass::NonFinite:
    case RowClass::Unknown:
        break;
    }
    return u'?';
}

QString classText(const RowEntry& row, bool isPair) {
    if (!isPair) {
        return row.rowClass == RowClass::NonFinite ? u"NaN or infinity"_s : u"recorded"_s;
    }
    if (row.rowClass == RowClass::Structural) {
        return row.b == trace::kNone32   ? u"only in A"_s
               : row.a == trace::kNone32 ? u"only in B"_s
                                         : u"changed"_s;
    }
    return row.rowClass == RowClass::RngOrigin
               ? u"RNG origin"_s
               : QString::fromLatin1(replay::rowClassName(row.rowClass)).replace(u'_', u' ');
}

QString countText(std::uint64_t count) {
    static const QLocale english(QLocale::English, QLocale::UnitedStates);
    return english.toString(static_cast<qulonglong>(count));
}

QString elementsText(std::uint64_t count) {
    return count == 1 ? u"1 element"_s : countText(count) + u" elements"_s;
}

QString realText(double value, int digits) {
    if (std::isnan(value)) {
        return u"NaN"_s;
    }
    if (std::isinf(value)) {
        return value > 0 ? u"Inf"_s : u"-Inf"_s;
    }
    return QString::number(value, 'g', digits);
}

QString shapeText(std::span<const std::int64_t> shape) {
    QStringList parts;
    for (const std::int64_t size : shape) {
        parts.append(QString::number(size));
    }
    return u'[' + parts.join(u", "_s) + u']';
}

QString durationText(std::uint64_t ns) {
    const auto value = static_cast<double>(ns);
    return ns < 1000        ? u"%1 ns"_s.arg(ns)
           : ns < 1000000   ? u"%1 \u00b5s"_s.arg(value / 1e3, 0, 'f', 1)
           : ns < 999999999 ? u"%1 ms"_s.arg(value / 1e6, 0, 'f', 1)
                            : u"%1 s"_s.arg(value / 1e9, 0, 'f', 2);
}

QString placeText(const replay::Location& place) {
    QString line = place.op.empty() ? u"a mark"_s : text(place.op);
    if (!place.overload.empty()) {
        line += u'.' + text(place.overload);
    }
    if (place.layer) {
        line += u" in "_s + text(*place.layer);
    }
    if (place.step) {
        line += u", step %1"_s.arg(*place.step);
    }
    return line;
}

QString differenceText(const replay::Difference& d) {
    QStringList parts;
    if (d.elements) {
        parts.append(elementsText(*d.elements));
    }
    if (d.maxUlp && *d.maxUlp > 0) {
        parts.append(u"up to %1 ULP"_s.arg(countText(*d.maxUlp)));
    }
    if (d.maxAbs && *d.maxAbs > 0) {
        parts.append(u"|\u0394| up to %1"_s.arg(realText(*d.maxAbs)));
    }
    if (d.leaves) {
        parts.append(u"%1 blocks of 256 KiB"_s.arg(countText(*d.leaves)));
    }
    if (d.nonFinite.value_or(false)) {
        parts.append(u"NaN or infinity on one side only"_s);
    }
    return parts.join(u", "_s);
}

QString verdictWord(const Document& document) {
    if (!document.isPair()) {
        return u"one run"_s;
    }
    return QString::fromLatin1(replay::verdictName(document.diff().verdict)).replace(u'_', u' ');
}

namespace {

/// Settings that differ and may change numbers.
std::size_t settingsThatMatter(const replay::DiffResult& diff) {
    return static_cast<std::size_t>(
        std::count_if(diff.environment.begin(), diff.environment.end(), [](const auto& setting) {
            return setting.rank != replay::EnvironmentRank::Harmless;
        }));
}

} // namespace

namespace {

QString oneRunSentence(const Document& document) {
    const std::size_t count = document.rows().differing.size();
    const QString name = QFileInfo(QString::fromStdString(document.a().path().string())).fileName();
    return count == 0
               ? u"One run: %1. No tensor with statistics holds NaN or infinity. Add run B "
                 "to compare."_s.arg(name)
               : u"One run: %1. %2 ops have NaN or infinity in what they wrote. Add run B to "
                 "compare."_s.arg(name, countText(count));
}

QString divergedSentence(const replay::Origin& origin) {
    const replay::Location& place = origin.first;
    QString line = u"First divergence: "_s + placeText(place);
    if (place.slot) {
        line += u", "_s + text(*place.slot);
        if (place.dtype && place.shape) {
            line += u" %1%2"_s.arg(QString::fromLatin1(trace::dtypeName(*place.dtype)),
                                   shapeText(*place.shape));
        }
    }
    const QString difference = differenceText(place.difference);
    line += difference.isEmpty() ? u"."_s : u": "_s + difference + u'.';
    const bool unknown = origin.cause.kind == replay::CauseClass::Unknown;
    return unknown
               ? line + u" No known cause."_s
               : line + u" Cause: %1 (%2)."_s.arg(
                            causeText(origin.cause.kind),
                            QString::fromLatin1(replay::confidenceName(origin.cause.confidence)));
}

} // namespace

QString verdictSentence(const Document& document) {
    if (!document.isPair()) {
        return oneRunSentence(document);
    }
    const replay::DiffResult& diff = document.diff();
    switch (diff.verdict) {
    case replay::Verdict::Same: {
        const QString same =
            u"Bit-identical: %1 values compared in %2 matched events, none differs."_s.arg(
                countText(diff.coverage.valuesCompared), countText(diff.coverage.matched));
        const std::size_t settings = settingsThatMatter(diff);
        return settings == 0 ? same
               : settings == 1
                   ? same + u" Only the environment differs, in 1 setting."_s
                   : same + u" Only the environment differs, in %1 settings."_s.arg(settings);
    }
    case replay::Verdict::NotComparable:
        return u"Not comparable: %1."_s.arg(text(diff.reason));
    case replay::Verdict::Diverged:
        break;
    }
    return divergedSentence(diff.origins.front());
}

QString placeAmongDifferences(const Document& document, std::uint32_t row) {
    const auto among = [row](const std::vector<std::uint32_t>& list) {
        const auto at = std::lower_bound(list.begin(), list.end(), row);
        const QString place = at != list.end() && *at == row
                                  ? countText(static_cast<std::uint64_t>(at - list.begin()) + 1)
                                  : u"\u2013"_s;
        return place + u'/' + countText(list.size());
    };
    const Rows& rows = document.rows();
    if (!document.isPair()) {
        return rows.differing.empty() ? QString() : u"NaN or infinity "_s + among(rows.differing);
    }
    return rows.differing.empty() ? u"no difference"_s
                                  : u"origin %1 \u00b7 difference %2"_s.arg(among(rows.origins),
                                                                            among(rows.differing));
}

QString againText(std::uint64_t times) {
    return times == 0   ? QString()
           : times == 1 ? u", and 1 more time"_s
                        : u", and %1 more times"_s.arg(countText(times));
}

QString originsSentence(const replay::DiffResult& diff, const QString& nextKey) {
    std::uint64_t again = 0;
    for (const replay::Origin& origin : diff.origins) {
        again += origin.again;
    }
    return (diff.originCount == 1
                ? u"1 origin"_s
                : u"%1 origins (%2)"_s.arg(countText(diff.originCount), nextKey)) +
           againText(again);
}

QString environmentSentence(const replay::DiffResult& diff) {
    const std::size_t count = settingsThatMatter(diff);
    return count == 0   ? u"environment: nothing that could change numbers"_s
           : count == 1 ? u"environment: 1 setting differs"_s
                        : u"environment: %1 settings differ"_s.arg(count);
}

QString coverageSentence(const Document& document) {
    const auto bytesOf = [](const trace::Reader& reader) { return text(reader.header().capture); };
    if (!document.isPair()) {
        return u"%1 rows, %2 events, capture: %3"_s.arg(countText(document.rows().size()),
                                                        countText(document.a().events().count),
                                                        bytesOf(document.a()));
    }
    const replay::Coverage& coverage = document.diff().coverage;
    const QString counts =
        u"%1 of %2 and %3 events matched; %4 values compared, %5 skipped; capture: %6 | %7"_s;
    return counts.arg(countText(coverage.matched), countText(coverage.eventsA),
                      countText(coverage.eventsB), countText(coverage.valuesCompared),
                      countText(coverage.skipped), bytesOf(document.a()), bytesOf(document.b()));
}

} // namespace repro::gui
