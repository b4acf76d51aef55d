// SPDX-License-Identifier: BSD-3-Clause
#include "gui/viewmodel/session.h"

#include "gui/viewmodel/sidecar.h"
#include "gui/viewmodel/texts.h"
#include "replay/align/alignment_map.h"
#include "trace/error.h"

#include <QFileInfo>

#include <algorithm>
#include <cmath>
#include <malloc.h>
#include <numeric>

namespace repro::gui {

using namespace Qt::Literals::StringLiterals;
using trace::kNone32;

namespace {

const QString kLoad = u"load"_s;
const QString kDetails = u"bytes"_s;

std::vector<std::uint32_t> allOf(const Rows& rows) {
    std::vector<std::uint32_t> all(rows.size());
    std::iota(all.begin(), all.end(), 0U);
    return all;
}

/// Where a run begins to show something: the first row whose output has bytes, if it is early on.
std::uint32_t firstWithBytes(const Document& document) {
    constexpr std::uint32_t kMost = 10'000;
    const replay::Run& run = document.runA();
    const Rows& rows = document.rows();
    for (std::uint32_t row = 0; row < std::min(rows.size(), kMost); ++row) {
        const std::uint32_t event = rows.all[row].a;
        for (std::uint64_t use = event == kNone32 ? 0 : run.usesBegin(event);
             event != kNone32 && use < run.usesEnd(event); ++use) {
            if (static_cast<trace::Direction>(run.uses.direction[use]) == trace::Direction::Out &&
                run.reader().values().payload[run.uses.value[use]] != trace::kNone64) {
                return row;
            }
        }
    }
    return 0;
}

/// ", first so far in aten::mm of net.fc, step 12": of a row of run A.
QString placeOf(const replay::Row& first, const Rows* a) {
    if (a == nullptr || first.a >= a->rowOfA.size() || a->rowOfA[first.a] == kNone32) {
        return {};
    }
    const RowEntry& row = a->all[a->rowOfA[first.a]];
    const QString layer = a->layers[static_cast<qsizetype>(row.layer)];
    return u", first so far in %1%2, step %3"_s
        .arg(a->names[static_cast<qsizetype>(row.name)],
             layer.isEmpty() ? layer : u" of "_s + layer)
        .arg(row.step);
}

/// Known once a twentieth is done: the first rows take longer than others, for they read columns.
QString timeLeft(const LoadProgress& progress) {
    const auto& [stage, done, all, difference] = progress.diff;
    if (done * 20 < all || done == 0) {
        return {};
    }
    const auto ms = static_cast<double>(progress.stageMs) * static_cast<double>(all - done) /
                    static_cast<double>(done);
    return ms < 1000 ? u"; a moment left"_s
                     : u"; about %1 s left"_s.arg(static_cast<int>(std::lround(ms / 1000)));
}

/// The neighbour of `row` in a sorted list; from no row, the first or last.
std::uint32_t neighbour(const std::vector<std::uint32_t>& list, std::uint32_t row, int direction) {
    if (direction > 0) {
        const auto next =
            row == kNone32 ? list.begin() : std::upper_bound(list.begin(), list.end(), row);
        return next == list.end() ? kNone32 : *next;
    }
    const auto at = row == kNone32 ? list.end() : std::lower_bound(list.begin(), list.end(), row);
    return at == list.begin() ? kNone32 : *(at - 1);
}

} // namespace

QString LoadProgress::sentence(const Rows* a) const {
    const QString of = u"%1 of %2 rows"_s.arg(countText(diff.rowsDone), countText(diff.rows));
    switch (diff.stage) {
    case replay::DiffStage::Index:
        return u"Reading the index of the traces"_s;
    case replay::DiffStage::Align:
        return diff.rows == 0
                   ? u"Aligning the runs"_s
                   : u"Aligning the runs before comparing them: "_s + of + timeLeft(*this);
    case replay::DiffStage::Classify:
        break;
    }
    return (diff.firstDifference ? u"Comparing: the runs differ%1; %2 judged"_s.arg(
                                       placeOf(*diff.firstDifference, a), of)
                                 : u"Comparing: no difference in the first %1"_s.arg(of)) +
           timeLeft(*this);
}

QString Session::progressSentence() const {
    return m_progress.sentence(m_firstLook.document ? &m_firstLook.document->rows() : nullptr);
}

Session::Session(QObject* parent)
    : QObject(parent), m_jobs(this, 2), // one reads (HDF5 has one lock for all), another computes
      m_focus(this) {
    connect(&m_watcher, &QFileSystemWatcher::fileChanged, this, &Session::fileChanged);
    connect(&m_jobs, &JobRunner::failed, this, [this](const QString& tag, const QString& message) {
        if (tag == kLoad) {
            m_firstLook = {};
            m_error = message;
            setState(State::Failed);
        }
    });
}

void Session::setState(State state) {
    m_state = state;
    Q_EMIT stateChanged();
}

void Session::open(const QString& a, const QString& b) {
    m_pathA = a;
    m_pathB = b;
    m_progress = {};
    m_firstLook = {};
    m_error.clear();
    m_jobs.cancelAll();
    m_stage.start();
    const KnownPartners partners{m_map, heldPairs(a, b), sidecarOf(a, b)};
    // Runs `tell` in the GUI thread, unless by then nobody waits for it.
    const auto telling = [this, opening = ++m_opening](auto tell) {
        QMetaObject::invokeMethod(
            this,
            [this, opening, tell] {
                if (opening == m_opening && m_state == State::Loading) {
                    tell();
                }
            },
            Qt::QueuedConnection);
    };
    m_jobs.start(
        kLoad,
        [this, a, b, partners, telling](const CancelFlag& cancel) {
            replay::DiffOptions options;
            options.progress = [this, &cancel, &telling](const replay::DiffProgress& now) {
                telling([this, now] { setProgress(now); });
                return !cancel;
            };
            LoadWatch watch;
            watch.cancelled = [&cancel] { return cancel.load(); };
            watch.firstLook = [this, &telling](std::shared_ptr<const Document> document) {
                telling([this, look = listOf(std::move(document))] {
                    m_firstLook = look;
                    Q_EMIT stateChanged();
                });
            };
            // What was open before, and what comparing took, lies in heaps of threads that ended.
            ::malloc_trim(0);
            Loaded loaded = listOf(Document::load(a, b, options, watch, partners));
            ::malloc_trim(0);
            return loaded;
        },
        [this, a, b](Loaded loaded) { accept(std::move(loaded), a, b); });
    setState(State::Loading);
}

Session::Loaded Session::listOf(std::shared_ptr<const Document> document) {
    const Rows& rows = document->rows();
    return {document, std::make_shared<const VisibleRows>(allOf(rows), rows)};
}

/// A comparison tells more often than anyone can read.
void Session::setProgress(const replay::DiffProgress& now) {
    constexpr qint64 kBetweenMs = 100;
    const bool newStage = now.stage != m_progress.diff.stage;
    if (newStage) {
        m_stage.start();
    }
    const qint64 stageMs = m_stage.elapsed();
    if (newStage || stageMs - m_progress.stageMs >= kBetweenMs) {
        m_progress = {now, stageMs};
        Q_EMIT progressed();
    }
}

void Session::accept(Loaded loaded, const QString& a, const QString& b) {
    // A run that gets its counterpart is a new question; what is read again is not.
    const bool nowAPair =
        loaded.document->isPair() && !(m_open.document && m_open.document->isPair());
    m_open = std::move(loaded);
    m_firstLook = {};
    m_details = nullptr;
    m_damaged = m_open.document->diff().damaged;
    m_pathA = a;
    m_pathB = b;
    m_focus.setDocument(m_open.document);
    watch();
    setState(State::Ready);
    const Rows& rows = m_open.document->rows();
    const trace::EventId aligned = std::exchange(m_aligned, trace::kNone64);
    if (aligned < rows.rowOfA.size() && rows.rowOfA[aligned] != kNone32) {
        m_focus.setRow(rows.rowOfA[aligned]);
    } else if (rows.size() > 0 && (nowAPair || m_focus.now().isNone())) {
        const std::uint32_t origin = m_open.document->rowOfOrigin(0);
        m_focus.setRow(origin != kNone32        ? origin
                       : rows.differing.empty() ? firstWithBytes(*m_open.document)
                                                : rows.differing.front());
    }
    compareBytes();
}

QString Session::align(trace::EventId a, trace::EventId b) {
    const QStringList pairs =
        heldPairs(m_pathA, m_pathB) + QStringList(u"event %1 = %2"_s.arg(a).arg(b));
    try {
        replay::AlignmentMap map;
        map.parse(pairs.join(u'\n').toStdString(), "by hand");
        replay::pairsByLane(map, m_open.document->runA(), m_open.document->runB());
    } catch (const Error& error) {
        return text(error.what());
    }
    m_aligned = a;
    return hold(pairs);
}

QString Session::unalign() {
    QStringList pairs = heldPairs(m_pathA, m_pathB);
    if (pairs.isEmpty()) {
        return u"No events are pinned; Edit > Align by hand pins two"_s;
    }
    m_aligned = pairs.takeLast().section(u' ', 1, 1).toULongLong();
    return hold(pairs);
}

QString Session::hold(const QStringList& pairs) {
    const QString why = keepHeldPairs(m_pathA, m_pathB, pairs);
    if (why.isEmpty()) {
        reload();
    }
    return why;
}

void Session::compareBytes() {
    struct Compared {
        std::vector<RowDetail> details;
        std::vector<std::string> damaged;
    };
    m_jobs.start(
        kDetails,
        [document = m_open.document](const CancelFlag& cancel) {
            Compared compared{{}, document->diff().damaged};
            compared.details =
                document->compareBytes([&cancel] { return cancel.load(); }, compared.damaged);
            return compared;
        },
        [this](Compared compared) {
            m_details = std::make_shared<const std::vector<RowDetail>>(std::move(compared.details));
            m_damaged = std::move(compared.damaged);
            Q_EMIT detailsReady();
        });
}

void Session::close() {
    m_jobs.cancelAll();
    m_open = m_firstLook = {};
    m_details = nullptr;
    m_damaged.clear();
    m_pathA.clear();
    m_pathB.clear();
    m_focus.setDocument(nullptr);
    watch();
    setState(State::Empty);
}

void Session::watch() {
    if (!m_watcher.files().isEmpty()) {
        m_watcher.removePaths(m_watcher.files());
    }
    for (const QString& path : {m_pathA, m_pathB}) {
        if (!path.isEmpty() && QFileInfo::exists(path)) {
            m_watcher.addPath(path);
        }
    }
}

void Session::cancel() {
    if (m_state == State::Loading) {
        m_jobs.cancel(kLoad);
        m_firstLook = {};
        if (m_open.document) {
            m_pathA = QString::fromStdString(m_open.document->a().path().string());
            m_pathB = m_open.document->isPair()
                          ? QString::fromStdString(m_open.document->b().path().string())
                          : QString();
        }
        setState(m_open.document ? State::Ready : State::Empty);
    }
}

std::uint32_t Session::destination(Grain grain, int direction) const {
    if (!m_open.document || m_open.document->rows().size() == 0) {
        return kNone32;
    }
    const Rows& rows = m_open.document->rows();
    const std::uint32_t row = m_focus.now().row;
    switch (grain) {
    case Grain::Difference:
        return neighbour(rows.differing, row, direction);
    case Grain::Origin:
        return neighbour(rows.origins, row, direction);
    case Grain::Step:
        return neighbour(rows.stepStarts, row, direction);
    case Grain::Event:
    case Grain::Layer:
        break;
    }
    if (row == kNone32) {
        return 0;
    }
    std::uint32_t at = row;
    do {
        if (direction > 0 ? at + 1 >= rows.size() : at == 0) {
            return kNone32;
        }
        at = direction > 0 ? at + 1 : at - 1;
    } while (grain == Grain::Layer && rows.all[at].layer == rows.all[row].layer &&
             rows.all[at].step == rows.all[row].step);
    return at;
}

bool Session::move(Grain grain, int direction) {
    const std::uint32_t row = destination(grain, direction);
    if (row == kNone32) {
        return false;
    }
    m_focus.setRow(row);
    return true;
}

} // namespace repro::gui
