// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "replay/env.h"
#include "trace/reader.h"

#include <cstddef>
#include <cstdint>
#include <exception>
#include <functional>
#include <optional>
#include <string>
#include <vector>

/// Comparing two traces: align, classify, name the first divergence and its cause.
namespace repro::replay {

struct AlignmentMap;
class Tolerances;

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
    std::vector<std::string> evidence; ///< one sentence each
    std::vector<std::string> against;
    std::string remedy;
    std::string subject; ///< the generator or setting it is about: one cause wherever it shows
};

/// One element of both runs: digits that read back to the same number, and its bits.
struct ElementPair {
    std::string a, b;
    std::string bitsA, bitsB; ///< "0x3f800001"; empty for integers
};

/// How far two values are apart. Null or empty = not known (no bytes were recorded), or without
/// meaning for the dtype. Distances are of finite pairs that differ.
struct Difference {
    std::optional<std::uint64_t> elements; ///< that differ
    std::optional<std::uint64_t> maxUlp;
    std::optional<double> maxAbs;
    std::optional<double> meanAbs; ///< over the pairs that differ
    std::optional<double> maxRel;  ///< of |a - b| / |a|, where a is not 0
    /// [0] elements 0 ULP apart (-0 and +0), [k] from 2^(k-1) to 2^k - 1 ULP apart.
    std::vector<std::uint64_t> ulpHistogram;
    std::optional<std::uint64_t> firstIndex; ///< row-major, of the first element that differs
    std::optional<std::uint64_t>
        worstIndex; ///< of the largest distance in ULP (integers: absolute)
    std::optional<ElementPair> firstPair;
    std::optional<ElementPair> worstPair;
    std::string pattern; ///< how they lie: see replay/numbers/pattern.h
    /// Of leaves of 256 KiB, where contents are large: how many differ, and the first.
    std::optional<std::uint64_t> leaves;
    std::optional<std::uint64_t> firstLeaf;
    std::optional<bool> nonFinite;       ///< NaN or infinity on one side only
    std::optional<std::uint64_t> beyond; ///< elements that break the tolerance, if there is one
    std::optional<std::uint64_t> firstBeyond; ///< row-major, of the first of those
};

const char* phaseName(trace::Phase phase); ///< "forward", ...

struct SourceLine {
    std::string file;
    std::uint32_t line = 0;
    std::string function;
    std::string module; ///< with `offset`, where it was not symbolised
    std::uint64_t offset = 0;
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
    std::optional<std::string> parameter; ///< of an optimizer's op
    std::optional<std::string> node;      ///< the backward node that ran it: "IndexBackward0"
    std::optional<std::uint32_t> step;    ///< from 0
    trace::Phase phase = trace::Phase::Other;
    std::optional<std::string> thread;
    std::optional<SourceLine> site;
    std::optional<trace::DType> dtype;
    std::optional<std::vector<std::int64_t>> shape;
    std::optional<trace::ValueId> valueA; ///< what the slot held
    std::optional<trace::ValueId> valueB;
    Difference difference;
};

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

/// What a running comparison has come to.
enum class DiffStage { Index, Align, Classify };

struct DiffProgress {
    DiffStage stage = DiffStage::Index;
    std::uint64_t rowsDone = 0;              ///< of `rows`, by the stage, in the order of run A
    std::uint64_t rows = 0;                  ///< 0 where the stage counts none
    std::optional<Row> firstDifference = {}; ///< of the rows judged so far
};

/// Thrown by diff() when its progress callback says so.
class Cancelled : public std::exception {
public:
    [[nodiscard]] const char* what() const noexcept override { return "cancelled"; }
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

struct DiffOptions {
    const AlignmentMap* map = nullptr; ///< borrowed; what else is known of who is whose partner
    const Tolerances* tolerances = nullptr; ///< borrowed; none: bits decide
    bool strict = false;                    ///< count what nobody can see as a difference, too
    bool keepRows = false;                  ///< fill DiffResult::rows (16 to 24 bytes a row)
    std::size_t maxOrigins = 256;           ///< further ones are counted, not described
    std::size_t maxNotes = 64;
    bool allowUnrecordedChildren = false; ///< runs may be the same though forked children computed
    /// Told at each stage and every few thousand rows of it, on the caller's thread. False: give
    /// up.
    std::function<bool(const DiffProgress&)> progress = {};

    /// Throws: Cancelled when the callback says so.
    void report(const DiffProgress& now) const {
        if (progress && !progress(now)) {
            throw Cancelled();
        }
    }
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
    std::vector<std::string> notes;
    /// Tensors whose bytes were asked for and fail their fingerprint, a line each; how far they
    /// differ is not known. Also in the notes.
    std::vector<std::string> damaged;
    std::vector<Row> rows; ///< in the order of run A, when asked for
};

/// Compares two recordings. Threads: safe for readers that no one else moves.
/// Throws: Error when a trace cannot be read, or a line of a map or a rule of a tolerance applies
/// to nothing; Cancelled.
DiffResult diff(const trace::Reader& a, const trace::Reader& b, const DiffOptions& options = {});

class Run;
/// Likewise, of runs that the caller has indexed and keeps: A with the names of the map.
DiffResult diff(Run& a, Run& b, const DiffOptions& options = {});

} // namespace repro::replay
