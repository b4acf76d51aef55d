// SPDX-License-Identifier: BSD-3-Clause
#include "gui/panes/rng_pane.h"

#include "gui/viewmodel/focus.h"
#include "gui/viewmodel/texts.h"
#include "replay/report/sentence.h"

#include <algorithm>
#include <map>
#include <unordered_map>

namespace repro::gui {

using namespace Qt::Literals::StringLiterals;
using trace::kNone32;

namespace {

const QString kRngPaneTag = u"random numbers"_s;

struct Drawn {
    std::uint32_t row;
    trace::Fingerprint before, after;
    bool operator==(const Drawn&) const = default;
};

/// The draws of one run by the generator's name, in the order of the rows.
struct RunDraws {
    std::map<QString, std::vector<Drawn>> byName;
    std::map<QString, QString> seeds;

    RunDraws(const replay::Run& run, const std::vector<std::uint32_t>& rowOf) {
        const trace::Reader& reader = run.reader();
        std::vector<QString> names;
        for (const trace::Generator& generator : reader.generators()) {
            names.push_back(text(reader.text(generator.name)));
            seeds[names.back()] = QString::number(generator.seed);
            byName[names.back()];
        }
        for (const trace::Draw& draw : reader.draws()) {
            const trace::EventId event = run.enclosingRow(draw.event);
            const std::uint32_t row = event < rowOf.size() ? rowOf[event] : kNone32;
            if (row != kNone32 && draw.generator < names.size()) {
                byName[names[draw.generator]].push_back({row, draw.before, draw.after});
            }
        }
        for (auto& [name, drawn] : byName) {
            std::stable_sort(drawn.begin(), drawn.end(),
                             [](const Drawn& x, const Drawn& y) { return x.row < y.row; });
        }
    }
};

/// The diff's own words, without the name of the generator, which stands before them.
QString findingOf(const Document& document, const QString& generator) {
    for (const replay::Origin& origin : document.diff().origins) {
        const replay::Cause& cause = origin.cause;
        const bool isOfDraws = cause.kind == replay::CauseClass::ExtraDraw ||
                               cause.kind == replay::CauseClass::RngRace ||
                               cause.kind == replay::CauseClass::Unseeded ||
                               cause.kind == replay::CauseClass::Stream;
        if (isOfDraws && text(cause.subject) == generator) {
            return cause.evidence.empty() ? causeText(cause.kind)
                                          : text(statement(cause.evidence.front()));
        }
    }
    return {};
}

std::vector<plot::RngDraw> drawsOf(const Document& document, const std::vector<Drawn>& mine,
                                   const std::vector<Drawn>* others, int& mismatch) {
    std::unordered_multimap<std::uint32_t, Drawn> there;
    for (std::size_t i = 0; others != nullptr && i < others->size(); ++i) {
        there.emplace((*others)[i].row, (*others)[i]);
    }
    const Rows& rows = document.rows();
    std::vector<plot::RngDraw> draws;
    for (const Drawn& drawn : mine) {
        const auto [first, last] = there.equal_range(drawn.row);
        const bool same = others == nullptr || std::any_of(first, last, [&](const auto& other) {
                              return other.second == drawn;
                          });
        if (!same && mismatch < 0) {
            mismatch = static_cast<int>(draws.size());
        }
        Focus focus;
        focus.row = drawn.row;
        draws.push_back({drawn.row, rows.names[static_cast<qsizetype>(rows.all[drawn.row].name)],
                         addressOf(focus, rows), same});
    }
    return draws;
}

} // namespace

std::vector<plot::RngGenerator> generatorsOf(const Document& document) {
    const RunDraws a(document.runA(), document.rows().rowOfA);
    std::optional<RunDraws> b;
    if (document.isPair()) {
        b.emplace(document.runB(), document.rows().rowOfB);
    }
    std::map<QString, bool> names;
    for (const auto& [name, drawn] : a.byName) {
        names[name] = true;
    }
    for (auto it = b ? b->byName.begin() : a.byName.end(); b && it != b->byName.end(); ++it) {
        names[it->first] = true;
    }
    static const std::vector<Drawn> kNothing;
    std::vector<plot::RngGenerator> generators;
    for (const auto& [name, there] : names) {
        const auto of = [&](const RunDraws& run) -> const std::vector<Drawn>& {
            const auto found = run.byName.find(name);
            return found == run.byName.end() ? kNothing : found->second;
        };
        plot::RngGenerator generator;
        generator.name = name.isEmpty() ? u"generator"_s : name;
        generator.seedA = a.seeds.contains(name) ? a.seeds.at(name) : QString();
        generator.a = drawsOf(document, of(a), b ? &of(*b) : nullptr, generator.mismatchA);
        if (b) {
            generator.seedB = b->seeds.contains(name) ? b->seeds.at(name) : QString();
            generator.b = drawsOf(document, of(*b), &of(a), generator.mismatchB);
        }
        generators.push_back(std::move(generator));
    }
    const auto parted = std::find_if(generators.begin(), generators.end(), [](const auto& g) {
        return g.mismatchA >= 0 || g.mismatchB >= 0;
    });
    if (parted != generators.end()) {
        parted->finding = findingOf(document, parted->name);
    }
    return generators;
}

RngPane::RngPane(Context& context) : Pane(context, u"rng"_s, tr("Random numbers")) {
    m_lanes = new plot::RngLanes;
    m_lanes->setXTitle(tr("row"));
    setContent(m_lanes);
    connect(m_lanes, &plot::RngLanes::drawActivated, this,
            [this](int generator, plot::Run run, int draw) {
                const plot::RngGenerator& chosen =
                    m_generators[static_cast<std::size_t>(generator)];
                const auto& draws = run == plot::Run::A ? chosen.a : chosen.b;
                m_context.session.focus().setRow(
                    static_cast<std::uint32_t>(draws[static_cast<std::size_t>(draw)].x));
            });
    connect(m_lanes, &plot::Canvas::readoutChanged, this, &Pane::statusMessage);
}

void RngPane::rebuild() {
    const auto document = m_context.session.document();
    if (!document) {
        m_shown.reset();
        setMessage(tr("Nothing is open."));
        return;
    }
    if (document == m_shown.lock()) {
        follow();
        return;
    }
    m_context.session.jobs().start(
        kRngPaneTag, [document](const CancelFlag&) { return generatorsOf(*document); },
        [this, document](std::vector<plot::RngGenerator> generators) {
            m_shown = document;
            m_generators = std::move(generators);
            setMessage(m_generators.empty() ? tr("No random numbers were drawn.") : QString());
            m_lanes->setGenerators(m_generators);
            zoomToMismatch();
            follow();
        });
}

/// Of many draws the ones around the first mismatch; F shows all.
void RngPane::zoomToMismatch() {
    constexpr int kAround = 60;
    for (const plot::RngGenerator& generator : m_generators) {
        const bool inA = generator.mismatchA >= 0;
        const auto& draws = inA ? generator.a : generator.b;
        const int at = inA ? generator.mismatchA : generator.mismatchB;
        if (at >= 0 && static_cast<int>(draws.size()) > 4 * kAround) {
            const auto place = [&](int draw) {
                return static_cast<double>(draws[static_cast<std::size_t>(std::clamp(
                                                     draw, 0, static_cast<int>(draws.size()) - 1))]
                                               .x);
            };
            const double left = place(at - kAround), right = place(at + kAround);
            m_lanes->setView(QRectF(left - 2, 0, right - left + 4, 1e9));
            return;
        }
    }
}

void RngPane::follow() {
    const std::uint32_t row = m_context.session.focus().now().row;
    m_lanes->setFocusX(row == kNone32 ? std::nullopt : std::optional<qint64>(row));
}

} // namespace repro::gui
