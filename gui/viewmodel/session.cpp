// SPDX-License-Identifier: BSD-3-Clause
#include "gui/viewmodel/session.h"

#include "gui/viewmodel/texts.h"

#include <QFileInfo>

#include <algorithm>
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

QString LoadProgress::sentence() const {
    switch (diff.stage) {
    case replay::DiffStage::Index:
        return u"Reading the index of the recordings"_s;
    case replay::DiffStage::Align:
        return u"Aligning the runs"_s;
    case replay::DiffStage::Classify:
        break;
    }
    const QString of = u"%1 of %2 rows"_s.arg(countText(diff.rowsJudged), countText(diff.rows));
    return diff.differs ? u"Comparing: the runs differ; %1 judged"_s.arg(of)
                        : u"Comparing: no difference in the first %1"_s.arg(of);
}

Session::Session(QObject* parent) : QObject(parent), m_jobs(this), m_focus(this) {
    connect(&m_watcher, &QFileSystemWatcher::fileChanged, this, &Session::fileChanged);
    connect(&m_jobs, &JobRunner::failed, this, [this](const QString& tag, const QString& message) {
        if (tag == kLoad) {
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
    m_error.clear();
    m_jobs.cancelAll();
    m_jobs.start(
        kLoad,
        [this, a, b](const CancelFlag& cancel) {
            replay::DiffOptions options;
            options.progress = [this, &cancel](const replay::DiffProgress& now) {
                QMetaObject::invokeMethod(
                    this,
                    [this, now] {
                        m_progress.diff = now;
                        Q_EMIT progressed();
                    },
                    Qt::QueuedConnection);
                return !cancel;
            };
            Loaded loaded;
            loaded.document = Document::load(a, b, options, [&cancel] { return cancel.load(); });
            const Rows& rows = loaded.document->rows();
            loaded.everything = std::make_shared<const VisibleRows>(allOf(rows), rows);
            return loaded;
        },
        [this, a, b](Loaded loaded) { accept(std::move(loaded), a, b); });
    setState(State::Loading);
}

void Session::accept(Loaded loaded, const QString& a, const QString& b) {
    // A run that gets its counterpart is a new question; what is read again is not.
    const bool nowAPair = loaded.document->isPair() && !(m_document && m_document->isPair());
    m_document = std::move(loaded.document);
    m_everything = std::move(loaded.everything);
    m_details = nullptr;
    m_pathA = a;
    m_pathB = b;
    m_focus.setDocument(m_document);
    watch();
    setState(State::Ready);
    const Rows& rows = m_document->rows();
    if (rows.size() > 0 && (nowAPair || m_focus.now().isNone())) {
        const std::uint32_t origin = m_document->rowOfOrigin(0);
        m_focus.setRow(origin != kNone32        ? origin
                       : rows.differing.empty() ? firstWithBytes(*m_document)
                                                : rows.differing.front());
    }
    m_jobs.start(
        kDetails,
        [document = m_document](const CancelFlag& cancel) {
            return document->compareBytes([&cancel] { return cancel.load(); });
        },
        [this](std::vector<RowDetail> details) {
            m_details = std::make_shared<const std::vector<RowDetail>>(std::move(details));
            Q_EMIT detailsReady();
        });
}

void Session::close() {
    m_jobs.cancelAll();
    m_document = nullptr;
    m_everything = nullptr;
    m_details = nullptr;
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
        if (m_document) {
            m_pathA = QString::fromStdString(m_document->a().path().string());
            m_pathB = m_document->isPair() ? QString::fromStdString(m_document->b().path().string())
                                           : QString();
        }
        setState(m_document ? State::Ready : State::Empty);
    }
}

std::uint32_t Session::destination(Grain grain, int direction) const {
    if (!m_document || m_document->rows().size() == 0) {
        return kNone32;
    }
    const Rows& rows = m_document->rows();
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
