// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "gui/viewmodel/session.h"

#include <QHash>
#include <QObject>
#include <QString>

#include <vector>

namespace repro::gui {

/// What the runs of an op under some conditions came to, so far.
struct RerunFinding {
    QString conditions;        ///< "as recorded", "1 thread", "deterministic"
    QString refused;           ///< why there are no runs
    std::vector<quint64> runs; ///< of each different result, in the order of their coming
    QString spread; ///< "up to 3 ulp"; empty until all have run, and where there is one result
    qint64 asRecorded = -1; ///< runs that gave what was recorded; -1: not known yet
};

/// One op, run again and again on its recorded inputs.
struct RerunResult {
    std::vector<RerunFinding> findings;
    QString conclusion; ///< empty while it runs
    QString error;      ///< one line; why it could not be run
    bool varies = false;
};

/// Runs recorded ops again, by `reprorec reexec` in a process of its own: an op that crashes cannot
/// take the window down. Results are kept by row until another document is open. Belongs to the GUI
/// thread.
class Rerun : public QObject {
    Q_OBJECT
public:
    static constexpr int kRuns = 20; ///< unless the user says otherwise

    /// `program`: reprorec; empty: the one beside this program, else the one on PATH.
    explicit Rerun(Session& session, const QString& program = {});

    /// Of run A, or of B. Gives up what runs already.
    void start(std::uint32_t row, bool ofB, int runs);
    void stop();
    [[nodiscard]] bool isRunning() const;
    /// Null where the row was not run again.
    [[nodiscard]] const RerunResult* of(std::uint32_t row) const;

Q_SIGNALS:
    /// A result, or whether it is running.
    void changed();

private:
    void take(std::uint32_t row, const QByteArray& line);

    Session& m_session;
    const QString m_program;
    QHash<std::uint32_t, RerunResult> m_results;
    bool m_wasRunning = false;
    std::weak_ptr<const Document> m_document; ///< what the results are of
};

} // namespace repro::gui
