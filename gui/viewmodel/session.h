// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "gui/jobs/job_runner.h"
#include "gui/viewmodel/document.h"
#include "gui/viewmodel/focus.h"
#include "gui/viewmodel/visible_rows.h"

#include <QElapsedTimer>
#include <QFileSystemWatcher>
#include <QObject>
#include <QString>

#include <memory>
#include <string>
#include <vector>

namespace repro::gui {

/// How far loading has come.
struct LoadProgress {
    replay::DiffProgress diff;
    qint64 stageMs = 0; ///< since the stage began
    /// "Comparing: no difference in the first 412,000 of 1,000,000 rows; about 3 s left". `a`: the
    /// rows of run A, where they are known.
    [[nodiscard]] QString sentence(const Rows* a) const;
};

/// What is open, and the jobs that open it. Belongs to the GUI thread; whatever it hands out is
/// shared with workers and immutable.
class Session : public QObject {
    Q_OBJECT
public:
    enum class State { Empty, Loading, Ready, Failed };

    explicit Session(QObject* parent = nullptr);

    /// One run where `b` is empty.
    void open(const QString& a, const QString& b = {});
    /// Compares with another run B.
    void addB(const QString& b) { open(m_pathA, b); }
    /// A file of names by which whatever is opened from now on is aligned; empty: none.
    void setMap(const QString& file) { m_map = file; }
    /// Aligns the pair anew with two of its events held together, which is kept beside it.
    /// Returns: an empty string, or why that cannot be.
    QString align(trace::EventId a, trace::EventId b);
    /// Lets the events go that were held together last. Returns: likewise.
    QString unalign();
    void swap() { open(m_pathB, m_pathA); }
    void reload() { open(m_pathA, m_pathB); }
    void close();
    /// Gives up loading; what was open before stays.
    void cancel();

    [[nodiscard]] State state() const { return m_state; }
    [[nodiscard]] const QString& error() const { return m_error; } ///< of Failed: one line
    [[nodiscard]] const LoadProgress& progress() const { return m_progress; }
    [[nodiscard]] const QString& pathA() const { return m_pathA; }
    [[nodiscard]] const QString& pathB() const { return m_pathB; }
    /// progress() in words.
    [[nodiscard]] QString progressSentence() const;
    /// Null where nothing is open.
    [[nodiscard]] const std::shared_ptr<const Document>& document() const {
        return m_open.document;
    }
    /// What the list of events is of: the document or, while a pair is being compared, its first
    /// look (Document::isFirstLook()), as soon as there is one.
    [[nodiscard]] const std::shared_ptr<const Document>& listed() const {
        return (m_firstLook.document ? m_firstLook : m_open).document;
    }
    /// All rows of what is listed, as steps and layers.
    [[nodiscard]] const std::shared_ptr<const VisibleRows>& everything() const {
        return (m_firstLook.document ? m_firstLook : m_open).everything;
    }
    /// A line for each tensor of the document whose bytes were read and fail their fingerprint.
    [[nodiscard]] const std::vector<std::string>& damaged() const { return m_damaged; }
    /// Distances of bytes, once they are known; null before.
    [[nodiscard]] const std::shared_ptr<const std::vector<RowDetail>>& details() const {
        return m_details;
    }
    [[nodiscard]] FocusStore& focus() { return m_focus; }
    [[nodiscard]] JobRunner& jobs() { return m_jobs; }

    /// Moves: by -1 or 1 to the next row that differs, origin, row, layer or step. Returns: false
    /// at the end.
    enum class Grain { Event, Layer, Step, Difference, Origin };
    bool move(Grain grain, int direction);
    /// The row a move would lead to; kNone32 at the end.
    [[nodiscard]] std::uint32_t destination(Grain grain, int direction) const;

Q_SIGNALS:
    void stateChanged();
    void progressed();
    void detailsReady();
    void fileChanged(const QString& path);

private:
    struct Loaded {
        std::shared_ptr<const Document> document;
        std::shared_ptr<const VisibleRows> everything;
    };
    static Loaded listOf(std::shared_ptr<const Document> document);
    void accept(Loaded loaded, const QString& a, const QString& b);
    void compareBytes();
    QString hold(const QStringList& pairs);
    void setProgress(const replay::DiffProgress& now);
    void watch();
    void setState(State state);

    JobRunner m_jobs;
    FocusStore m_focus;
    QFileSystemWatcher m_watcher;
    State m_state = State::Empty;
    QString m_pathA, m_pathB, m_error, m_map;
    trace::EventId m_aligned = trace::kNone64; ///< of A, to go to once the runs are aligned anew
    LoadProgress m_progress;
    QElapsedTimer m_stage;
    quint64 m_opening = 0; ///< what was told by an earlier opening, or one given up, is stale
    Loaded m_open, m_firstLook;
    std::shared_ptr<const std::vector<RowDetail>> m_details;
    std::vector<std::string> m_damaged;
};

} // namespace repro::gui
