// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "gui/viewmodel/write_index.h"
#include "replay/diff.h"
#include "replay/filter/rows.h"
#include "replay/run/call_stack.h"
#include "replay/run/run.h"
#include "trace/reader.h"

#include <QString>
#include <QStringList>

#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace repro::gui {

using replay::RowDetail;
using replay::RowEntry;

/// That of a row, or null; `details` may be null.
[[nodiscard]] const RowDetail* detailOf(const std::vector<RowDetail>* details, std::uint32_t row);

/// The rows of a pair (or of one run) in the order of run A, with their names interned, and what
/// navigation needs in sorted lists.
struct Rows {
    std::vector<RowEntry> all;
    QStringList names;                         ///< "aten::addmm", "layer call"
    QStringList layers;                        ///< paths; [0] is empty: "no layer"
    std::vector<std::uint32_t> differing;      ///< rows that differ, rising
    std::vector<std::uint32_t> origins;        ///< rows of the diff's origins, rising
    std::vector<std::uint32_t> stepStarts;     ///< rows at which another step begins, rising
    std::vector<std::uint32_t> rowOfA, rowOfB; ///< by event; kNone32 for events that are no rows
    replay::OwnCalls callsA, callsB;           ///< none in a first look

    [[nodiscard]] std::uint32_t size() const { return static_cast<std::uint32_t>(all.size()); }
    /// The program's own call in run A, or in the only run that has the row; null: none is known.
    [[nodiscard]] const replay::SourceLine* callOf(const RowEntry& entry) const {
        const bool inA = entry.a != trace::kNone32;
        const replay::OwnCalls& own = inA ? callsA : callsB;
        const std::uint32_t call = own.indexOf(inA ? entry.a : entry.b);
        return call == trace::kNone32 ? nullptr : &own.calls[call];
    }
};

class Document;

/// Who waits for a document; both are called by threads that load.
struct LoadWatch {
    std::function<bool()> cancelled = {}; ///< asked all along
    /// Of a pair: told the events of run A, and what differs around the runs, as soon as they are
    /// read. What it gets has nothing else: neither readers nor runs.
    std::function<void(std::shared_ptr<const Document>)> firstLook = {};
};

/// What a user knows of which event is whose counterpart (see replay/align/alignment_map.h).
struct KnownPartners {
    QString mapFile = {};   ///< its lines have to hold
    QStringList held = {};  ///< "event 3 = 5"; where they do not hold, all are left out
    QString heldWhere = {}; ///< for messages
};

/// What is open: a pair, or one run. Never changed after it was loaded, so workers share it.
class Document {
public:
    /// Reads, aligns, classifies. `pathB` empty: one run. Throws: Error, replay::Cancelled.
    static std::shared_ptr<const Document> load(const QString& pathA, const QString& pathB,
                                                const replay::DiffOptions& options,
                                                const LoadWatch& watch = {},
                                                const KnownPartners& partners = {});

    /// A first look at a pair that is still being compared: see LoadWatch.
    [[nodiscard]] bool isFirstLook() const { return m_readerA == nullptr; }
    [[nodiscard]] bool isPair() const { return m_readerB != nullptr; }
    [[nodiscard]] const trace::Reader& a() const { return *m_readerA; }
    [[nodiscard]] const trace::Reader& b() const { return *m_readerB; }
    [[nodiscard]] const replay::Run& runA() const { return *m_runA; }
    [[nodiscard]] const replay::Run& runB() const { return *m_runB; }
    [[nodiscard]] const replay::DiffResult& diff() const { return m_diff; }
    [[nodiscard]] const Rows& rows() const { return m_rows; }
    /// Why events that were to be held together are not; empty: they are.
    [[nodiscard]] const QString& notHeld() const { return m_notHeld; }
    /// Index in diff().origins of a row's origin; -1 where it has none.
    [[nodiscard]] int originAt(std::uint32_t row) const;
    /// The row of the n-th origin; kNone32 where there is none.
    [[nodiscard]] std::uint32_t rowOfOrigin(int origin) const;
    /// Rows of `uses` that touch the storage (see replay::Run).
    [[nodiscard]] std::span<const std::uint32_t> usesNearStorage(bool inA,
                                                                 std::uint64_t storage) const;
    [[nodiscard]] const WriteIndex& writes(bool inA) const { return inA ? m_writesA : m_writesB; }
    /// Compares the bytes of every row that differs; those that fail their fingerprint are lines of
    /// `damaged`. Slow; throws replay::Cancelled.
    [[nodiscard]] std::vector<RowDetail> compareBytes(const std::function<bool()>& cancelled,
                                                      std::vector<std::string>& damaged) const;

private:
    Document() = default;
    void loadPair(const replay::DiffOptions& options, const LoadWatch& watch,
                  const KnownPartners& partners);
    replay::AlignmentMap mapOf(const KnownPartners& partners);
    void readAhead() const;
    void indexWrites();
    void listOrigins();
    void watchForNonFinite();

    std::unique_ptr<trace::Reader> m_readerA, m_readerB;
    std::unique_ptr<replay::Run> m_runA, m_runB;
    replay::DiffResult m_diff;
    Rows m_rows;
    QString m_notHeld;
    WriteIndex m_writesA, m_writesB;
    mutable std::mutex m_lineageMutex; ///< of the runs' indexes, built when they are asked for
};

/// UTF-8 of a trace.
inline QString text(std::string_view utf8) {
    return QString::fromUtf8(utf8.data(), static_cast<qsizetype>(utf8.size()));
}

} // namespace repro::gui
