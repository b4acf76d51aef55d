// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "replay/result/difference.h"
#include "replay/result/environment.h"
#include "replay/result/evidence.h"
#include "trace/model.h"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

/// What a comparison says: plain data. Words for it are made in replay/report.
namespace repro::replay {

enum class Verdict { Same, Diverged, NotComparable };
const char* verdictName(Verdict verdict); ///< "same", "diverged", "not_comparable"
/// 0 same, 1 diverged, 3 not comparable. Trouble (2) is an Error.
int exitStatus(Verdict verdict);

enum class CauseClass {
    NondeterministicKernel,
    CustomOp,
    WrittenOutsideOps,
    UninitialisedMemory,
    Unseeded,
    ExtraDraw,
    RngRace,
    Stream, ///< Python's random, NumPy's generators, or the hash secret of Python
    Race,
    InputData,
    Argument,
    Structure,
    Threads,
    Isa,
    Library,
    Device,
    Flags,
    Alignment,
    Unknown,
};
const char* causeName(CauseClass cause); ///< "nondeterministic_kernel", ...

enum class Confidence { Possible, Likely, Proven };
const char* confidenceName(Confidence confidence);

struct Cause {
    CauseClass kind = CauseClass::Unknown;
    Confidence confidence = Confidence::Possible;
    std::vector<Evidence> evidence;
    std::vector<Evidence> against;
    std::string remedy;
    bool inPython = false; ///< the program is: see remedyWords()
    std::string subject;   ///< the generator or setting it is about: one cause wherever it shows
};

/// A call. File and function are empty where nothing tells them.
struct SourceLine {
    std::string file;
    std::uint32_t line = 0;
    std::string function;
    std::string module;                         ///< the program or library
    std::uint64_t offset = 0;                   ///< of the return address in it
    std::optional<trace::Fingerprint> contents; ///< of the file when the run was recorded
};

/// Where something was called, the innermost call first.
struct CallStack {
    std::vector<SourceLine> calls; ///< at least one
    std::size_t own = 0;           ///< the innermost that the program's own code made
    [[nodiscard]] const SourceLine& ownCall() const { return calls[own]; }
};

/// A place in both runs. Empty optional = unknown, or absent in that run.
struct Location {
    std::optional<trace::EventId> eventA;
    std::optional<trace::EventId> eventB;
    std::string op;
    std::string overload;
    std::optional<std::string> slot; ///< "out0", "in2", "in1[3]", "arg3"
    std::optional<std::string> layer;
    std::optional<std::string> layerType;
    bool layerInferred = false;           ///< told by the functions on the stack
    std::optional<std::string> parameter; ///< of an optimizer's op
    std::optional<std::string> node;      ///< the backward node that ran it: "IndexBackward0"
    std::optional<std::uint32_t> step;    ///< from 0
    trace::Phase phase = trace::Phase::Other;
    std::optional<std::string> thread;
    std::optional<CallStack> site;  ///< in A, or in the only run that has it
    std::optional<CallStack> siteB; ///< where the program's own calls are others in B
    std::optional<trace::DType> dtype;
    std::optional<std::vector<std::int64_t>> shape;
    std::optional<trace::ValueId> valueA; ///< what the slot held
    std::optional<trace::ValueId> valueB;
    Difference difference;
};

std::string opName(const Location& place);    ///< "aten::add.Tensor"; "a mark" where there is none
std::string placeName(const Location& place); ///< op, layer and step

/// A further place where the cause of an origin shows itself.
struct OriginPlace {
    std::optional<trace::EventId> eventA;
    std::optional<trace::EventId> eventB;
    std::uint32_t step = 0;
};

struct Origin {
    Location first;
    Cause cause;
    std::uint64_t again = 0; ///< how often the same cause came again, in this step or a later one
    std::vector<OriginPlace> places; ///< the first few of those
};

/// How a row of the alignment was found.
enum class Strategy : std::uint8_t {
    Exact,    ///< equal from the beginning of the step, or to its end
    Edit,     ///< by the diff within a window
    Anchor,   ///< unique on both sides of a window
    Content,  ///< a pool's work, by what it read
    Lineage,  ///< a pool's work, by its neighbours in the thread
    Order,    ///< a pool's work that nothing tells apart, in order: evidence for nothing
    Moved,    ///< same op and shapes under another layer path
    Reshaped, ///< same op and layer, other shapes or dtypes
    Renamed,  ///< same neighbours and shapes, another op
    Mapped,   ///< as the first three, under names of an alignment map
    Manual,   ///< held together by an alignment map
    OnlyA,
    OnlyB,
};
const char* strategyName(Strategy strategy);

enum class RowClass : std::uint8_t {
    Same,
    Origin,
    RngOrigin,
    ArgumentOrigin,
    Inherited,
    Amplified,
    Healed,
    Structural,
    NonFinite,
    WithinTolerance,
    Unseen, ///< it differs, but is overwritten or replaced before anything reads it
    Unknown,
};
const char* rowClassName(RowClass rowClass);
inline constexpr int kRowClassCount = static_cast<int>(RowClass::Unknown) + 1;

/// One row of the alignment: an outermost op, layer call, gradient, or mark.
struct Row {
    trace::EventId a = trace::kNone64;
    trace::EventId b = trace::kNone64;
    Strategy strategy = Strategy::Exact;
    RowClass rowClass = RowClass::Same;
};

struct Coverage {
    std::uint64_t eventsA = 0; ///< that were to be aligned
    std::uint64_t eventsB = 0;
    std::uint64_t matched = 0;
    std::uint64_t valuesCompared = 0; ///< pairs of observations, both of them hashed at the time
    std::uint64_t skipped = 0;        ///< pairs left out: no meaning, no contents, or only assumed
};

/// What a tolerance did, in pairs of observations that differ.
struct ToleranceCount {
    std::uint64_t within = 0;
    std::uint64_t ignored = 0; ///< by a rule, whatever they hold
    std::uint64_t beyond = 0;
    std::uint64_t withoutBytes = 0; ///< of those beyond: nothing but their fingerprints is known
    std::uint64_t elements = 0;     ///< that differ, of the values within
    std::optional<std::uint64_t> maxUlp; ///< of the values within
    double maxAbs = 0;
};

struct DiffResult {
    Verdict verdict = Verdict::NotComparable;
    std::string reason; ///< why not comparable; empty otherwise
    std::string pathA;
    std::string pathB;
    Coverage coverage;
    /// Independent causes in the order of run A; the first is the first divergence. Not empty when
    /// diverged: where no origin could be shown, it is the first difference, cause unknown.
    std::vector<Origin> origins;
    std::uint64_t originCount = 0;
    std::uint64_t classCounts[kRowClassCount] = {};
    std::optional<ToleranceCount> tolerance; ///< when one was asked for
    std::vector<EnvironmentDifference> environment;
    std::vector<Evidence> notes;
    /// Tensors whose bytes were asked for and fail their fingerprint, a line each; how far they
    /// differ is not known. Also in the notes.
    std::vector<std::string> damaged;
    std::vector<Row> rows; ///< in the order of run A, when asked for
};

} // namespace repro::replay
