// SPDX-License-Identifier: BSD-3-Clause
#include "gui/viewmodel/rerun.h"

#include <QCoreApplication>
#include <QFileInfo>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QProcess>
#include <QStandardPaths>

#include <utility>

namespace repro::gui {

using namespace Qt::Literals::StringLiterals;
using trace::kNone32;

namespace {

const QString kTag = u"re-execution"_s;
constexpr int kPollMs = 50;
constexpr int kTrouble = 2; // as cli/verb.h has it

/// The program beside this one, else the one on PATH.
QString findReprorec() {
    const QString beside = QCoreApplication::applicationDirPath() + u"/reprorec"_s;
    return QFileInfo(beside).isExecutable() ? beside
                                            : QStandardPaths::findExecutable(u"reprorec"_s);
}

/// Hands each line to `each` as it comes. Returns: what went wrong, one line; empty if nothing did.
QString runProgram(const QString& program, const QStringList& words, const CancelFlag& cancel,
                   const std::function<void(const QByteArray&)>& each) {
    if (program.isEmpty()) {
        return u"reprorec is neither beside reproview nor on PATH; install both"_s;
    }
    QProcess process;
    process.start(program, words);
    const auto drain = [&] {
        while (process.canReadLine()) {
            each(process.readLine());
        }
    };
    while (!process.waitForFinished(kPollMs) && process.state() != QProcess::NotRunning) {
        drain();
        if (cancel) {
            process.kill();
            process.waitForFinished();
            return u"stopped"_s;
        }
    }
    drain();
    if (process.error() == QProcess::FailedToStart) {
        return program + u": cannot be started; install reprorec again"_s;
    }
    if (process.exitStatus() == QProcess::NormalExit && process.exitCode() < kTrouble) {
        return {};
    }
    const QString said = QString::fromUtf8(process.readAllStandardError()).trimmed();
    return said.isEmpty() ? u"reprorec failed without a message"_s
                          : said.section(u'\n', -1).remove(u"reprorec: "_s);
}

QString spreadOf(const QJsonObject& finding) {
    const QJsonValue ulp = finding.value("max_ulp"_L1);
    return finding.value("results"_L1).toInteger() < 2 ? QString()
           : ulp.isNull()                              ? u"other bits"_s
                                                       : u"up to %1 ULP"_s.arg(ulp.toInteger());
}

RerunFinding& findingOf(RerunResult& result, const QString& conditions) {
    for (RerunFinding& finding : result.findings) {
        if (finding.conditions == conditions) {
            return finding;
        }
    }
    result.findings.push_back({conditions, {}, {}, {}, -1});
    return result.findings.back();
}

} // namespace

Rerun::Rerun(Session& session, const QString& program)
    : m_session(session), m_program(program.isEmpty() ? findReprorec() : program) {
    connect(&session, &Session::stateChanged, this, [this] {
        if (m_session.document() != m_document.lock()) {
            m_document = m_session.document();
            m_results.clear();
            stop();
        }
    });
    connect(&session.jobs(), &JobRunner::changed, this, [this] {
        const bool running = isRunning();
        if (std::exchange(m_wasRunning, running) != running) {
            Q_EMIT changed();
        }
    });
}

void Rerun::start(std::uint32_t row, bool ofB, int runs) {
    const RowEntry& entry = m_session.document()->rows().all[row];
    const std::uint32_t event = ofB ? entry.b : entry.a;
    RerunResult& result = m_results[row];
    result = {};
    if (event == kNone32) {
        result.error = ofB ? tr("Run B has no such event") : tr("Run A has no such event");
        Q_EMIT changed();
        return;
    }
    const QStringList words{u"reexec"_s,
                            u"--json"_s,
                            ofB ? m_session.pathB() : m_session.pathA(),
                            u"--event"_s,
                            QString::number(event),
                            u"--runs"_s,
                            QString::number(runs)};
    m_session.jobs().start(
        kTag,
        [this, row, words, program = m_program](const CancelFlag& cancel) {
            return runProgram(program, words, cancel, [this, row](const QByteArray& line) {
                // The session outlives its jobs, this may not.
                QMetaObject::invokeMethod(&m_session, [this, row, line] { take(row, line); });
            });
        },
        [this, row](const QString& error) {
            m_results[row].error = error;
            Q_EMIT changed();
        });
    Q_EMIT changed();
}

void Rerun::stop() {
    m_session.jobs().cancel(kTag);
}

bool Rerun::isRunning() const {
    return m_session.jobs().active().contains(kTag);
}

const RerunResult* Rerun::of(std::uint32_t row) const {
    const auto found = m_results.constFind(row);
    return found == m_results.constEnd() ? nullptr : &*found;
}

void Rerun::take(std::uint32_t row, const QByteArray& line) {
    const QJsonObject json = QJsonDocument::fromJson(line).object();
    const auto known = m_results.find(row);
    if (known == m_results.end()) {
        return; // of a document that is closed
    }
    RerunResult& result = *known;
    if (json.contains("conclusion"_L1)) {
        result.conclusion = json.value("conclusion"_L1).toString();
        result.varies = json.value("varies"_L1).toBool();
    } else if (json.contains("conditions"_L1)) {
        RerunFinding& finding = findingOf(result, json.value("conditions"_L1).toString());
        if (json.contains("result"_L1)) {
            const auto which = static_cast<std::size_t>(json.value("result"_L1).toInteger());
            finding.runs.resize(std::max(finding.runs.size(), which + 1));
            ++finding.runs[which];
        } else {
            finding.refused = json.value("refused"_L1).toString();
            finding.spread = spreadOf(json);
            finding.asRecorded = json.value("as_recorded"_L1).toArray().at(0).toInteger(-1);
        }
    }
    Q_EMIT changed();
}

} // namespace repro::gui
