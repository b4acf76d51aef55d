// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <compare>
#include <cstdint>
#include <string>
#include <vector>

/// The rows of a trace, as trace/FORMAT.md defines them. Plain data, no HDF5, no torch.
/// Every id is the row number in the table it names; kNone32 and kNone64 mean "none, or unknown".
namespace repro::trace {

inline constexpr std::uint32_t kNone32 = 0xFFFFFFFFU;
inline constexpr std::uint64_t kNone64 = 0xFFFFFFFFFFFFFFFFULL;

using TextId = std::uint32_t;
using OpId = std::uint32_t;
using LayerId = std::uint32_t;
using ListId =
    std::uint32_t; ///< a row of `shapes`: an interned list of integers (sizes or strides)
using ArgumentsId = std::uint32_t;
using ContextId = std::uint32_t;
using ThreadId = std::uint32_t;
using SiteId = std::uint32_t;
using GeneratorId = std::uint32_t;
using EventId = std::uint64_t;
using ValueId = std::uint64_t;

/// XXH3-128 of the logical contents (row-major, little endian, no padding), seed 0. Above
/// kLeafThreshold bytes: XXH3-128 of the list of the fingerprints (low, high) of the 256 KiB
/// leaves.
struct Fingerprint {
    std::uint64_t low = 0;
    std::uint64_t high = 0;
    auto operator<=>(const Fingerprint&) const = default;
};
inline constexpr std::uint64_t kLeafThreshold = 1ULL << 20;
inline constexpr std::uint64_t kLeafBytes = 256ULL << 10;

/// Element types with numbers of our own: LibTorch's change between releases.
enum class DType : std::uint8_t {
    Undefined,
    Bool,
    UInt8,
    Int8,
    UInt16,
    Int16,
    UInt32,
    Int32,
    UInt64,
    Int64,
    Float16,
    BFloat16,
    Float32,
    Float64,
    ComplexHalf,
    Complex64,
    Complex128,
    QInt8,
    QUInt8,
    QInt32,
    QUInt4x2,
    QUInt2x4,
    Float8E5M2,
    Float8E4M3FN,
    Float8E5M2FNUZ,
    Float8E4M3FNUZ,
    Float8E8M0FNU,
    Float4E2M1FNX2,
    Other,
};
inline constexpr int kDTypeCount = static_cast<int>(DType::Other) + 1;

/// Name as LibTorch writes it: "float32", "bfloat16", "complex64", ... Never null.
const char* dtypeName(DType dtype);
/// Bytes of one element; 0 for Undefined and Other.
std::uint32_t dtypeSize(DType dtype);

enum class EventKind : std::uint8_t {
    Op,            ///< a dispatched op (RecordScope::FUNCTION with a schema)
    Node,          ///< a backward node (RecordScope::BACKWARD_FUNCTION)
    Script,        ///< TORCHSCRIPT_FUNCTION
    User,          ///< USER_SCOPE
    Text,          ///< a FUNCTION event that has a name but no schema
    Layer,         ///< one call of a module's forward
    Gradient,      ///< a leaf's gradient was accumulated (AccumulateGrad::apply)
    OptimizerStep, ///< Optimizer::step; `extra` is the optimizer's number
    ZeroGrad,      ///< Optimizer::zero_grad or Module::zero_grad; `extra` as above, or none
    Mode,          ///< Module::train; `extra` 1 = train, 0 = eval
    Watch,         ///< reprorec::watch
    StepMark,      ///< reprorec::step; `extra` is the step that begins
    Fork,          ///< the process forked; `extra` counts its forks from 0
    Stream,        ///< generators that are not LibTorch's had moved; its draws tell which
    Batch,         ///< a loader handed over a batch that a worker made; `extra` is its number
};

namespace event_flag {
inline constexpr std::uint32_t Outermost =
    1U << 0U; ///< an op that no ATen op encloses: what runs are aligned on
inline constexpr std::uint32_t Threw = 1U << 1U; ///< left by an exception
inline constexpr std::uint32_t Unfinished =
    1U << 2U; ///< never ended: crashed, killed, or still running
inline constexpr std::uint32_t Verified = 1U << 3U; ///< its inputs were hashed at entry
inline constexpr std::uint32_t Alerted = 1U
                                         << 4U; ///< oracle: the kernel called alertNotDeterministic
inline constexpr std::uint32_t Asked =
    1U << 5U; ///< oracle: the kernel asked deterministicAlgorithms with consequence
inline constexpr std::uint32_t CanDraw = 1U << 6U; ///< may draw random numbers
inline constexpr std::uint32_t Drew = 1U << 7U; ///< a generator moved, innermost op that may draw
inline constexpr std::uint32_t GradNode = 1U << 8U; ///< made an autograd node
inline constexpr std::uint32_t ArgumentsCut =
    1U << 9U; ///< the arguments were too long: cut, but hashed whole
inline constexpr std::uint32_t FromLayer =
    1U << 10U; ///< layer inherited from the forward op that built the node
inline constexpr std::uint32_t GeneratorHeld =
    1U << 11U; ///< its draw, if any, went unseen: another thread was drawing from the generator
inline constexpr std::uint32_t InferredLayer = 1U
                                               << 12U; ///< layer told by the functions on the stack
inline constexpr std::uint32_t ExactLayer =
    1U << 13U; ///< ... of which one has `this` at hand, and that is the layer's module
inline constexpr std::uint32_t LoaderSeed =
    1U << 14U; ///< for the seed of a loader's workers: seen by nothing but what they make
} // namespace event_flag

enum class Phase : std::uint8_t { Other, Forward, Backward, Optimizer };

struct Event {
    std::uint64_t begin = 0;   ///< ordinal at which it began (total order over threads)
    std::uint64_t end = 0;     ///< ordinal at which it ended; 0 = unfinished
    std::uint64_t beginNs = 0; ///< monotonic clock
    std::uint64_t endNs = 0;   ///< 0: it never ended
    EventKind kind = EventKind::Op;
    Phase phase = Phase::Other;
    std::uint32_t flags = 0;
    OpId op = kNone32;
    LayerId layer = kNone32;   ///< innermost layer; of a backward op, that of its forward op
    EventId parent = kNone64;  ///< enclosing event of the same thread
    EventId forward = kNone64; ///< of a Node: the op that built it, where known
    std::uint32_t step = 0;    ///< from 0
    ThreadId thread = kNone32;
    ContextId context = kNone32;
    ArgumentsId arguments = kNone32;
    SiteId site = kNone32;
    TextId parameter = kNone32; ///< of an optimizer's op or a gradient: the parameter's name
    std::uint64_t extra = kNone64;
    std::uint64_t firstUse = 0;
    std::uint32_t useCount = 0;
};

/// Of an event; kNone64 if it never ended.
constexpr std::uint64_t durationNs(std::uint64_t beginNs, std::uint64_t endNs) {
    return endNs < beginNs ? kNone64 : endNs - beginNs;
}

namespace value_flag {
inline constexpr std::uint16_t Conj = 1U << 0U;
inline constexpr std::uint16_t Neg = 1U << 1U;
inline constexpr std::uint16_t RequiresGrad = 1U << 2U;
inline constexpr std::uint16_t Inference = 1U << 4U;
inline constexpr std::uint16_t Sparse = 1U << 5U;
inline constexpr std::uint16_t Quantised = 1U << 6U;
inline constexpr std::uint16_t NoBytes =
    1U << 7U; ///< contents were not readable or not read: fingerprint means nothing
inline constexpr std::uint16_t Undefined = 1U << 8U; ///< an undefined tensor
inline constexpr std::uint16_t Overlapping = 1U
                                             << 9U; ///< a stride of 0 or elements that share bytes
inline constexpr std::uint16_t WrappedNumber =
    1U << 10U; ///< a number that LibTorch made a tensor of, for an op that takes tensors
/// Three bits: the largest power of two up to 64 that divides the address of the first element is
/// 2^(n - 1); n = 0 where it is not known.
inline constexpr std::uint32_t AlignmentShift = 11;
inline constexpr std::uint16_t AlignmentMask = 7U << AlignmentShift;
} // namespace value_flag

/// In bytes, of a value's flags; 0 = unknown.
constexpr std::uint32_t alignmentOf(std::uint16_t flags) {
    const std::uint32_t n = (flags & value_flag::AlignmentMask) >> value_flag::AlignmentShift;
    return n == 0 ? 0 : 1U << (n - 1);
}

/// One distinct observation of contents.
struct Value {
    Fingerprint fingerprint;
    DType dtype = DType::Undefined;
    std::uint8_t deviceType = 0; ///< c10::DeviceType; 0 is the CPU
    std::int8_t deviceIndex = -1;
    std::uint16_t flags = 0;
    ListId sizes = kNone32;
    ListId strides = kNone32; ///< in elements
    std::uint64_t elements = 0;
    std::uint64_t storage = kNone64; ///< number of the storage, unique in the run
    std::uint64_t spanBegin = 0;     ///< bytes [spanBegin, spanEnd) of the storage hold it
    std::uint64_t spanEnd = 0;
    std::uint64_t firstLeaf = kNone64; ///< row of `leaves`, where contents exceed kLeafThreshold
    std::uint64_t payload = kNone64;   ///< index of the first element in payload/<dtype>
};

enum class Direction : std::uint8_t {
    In,
    Out,
    Before
}; ///< Before: contents of what the op will write

namespace use_flag {
inline constexpr std::uint8_t Verified = 1U << 0U; ///< hashed at this use
inline constexpr std::uint8_t Assumed =
    1U << 1U; ///< fingerprint of an earlier use; evidence for nothing
inline constexpr std::uint8_t Unwritten =
    1U << 2U; ///< holds bytes that nobody wrote since they were allocated
inline constexpr std::uint8_t Meaningless =
    1U << 3U; ///< carries no meaning (empty, out=, workspace): never compared
inline constexpr std::uint8_t Written = 1U << 4U;     ///< the op writes this argument
inline constexpr std::uint8_t Workspace = 1U << 6U;   ///< scratch memory of the op, Meaningless too
inline constexpr std::uint8_t Unannotated = 1U << 5U; ///< ... although its schema does not say so
} // namespace use_flag

/// One slot of one event.
struct Use {
    EventId event = kNone64;
    ValueId value = kNone64;
    std::uint16_t slot = 0; ///< argument (In, Before) or output (Out), from 0
    std::uint32_t item = 0; ///< position in a tensor list
    Direction direction = Direction::In;
    std::uint8_t flags = 0;
    TextId name =
        kNone32; ///< parameter, gradient or optimizer state: "Net.fc.weight", "Net.fc.weight.grad"
};

/// A generator moved during an event.
struct Draw {
    EventId event = kNone64;
    GeneratorId generator = kNone32;
    Fingerprint before;
    Fingerprint after;
};

/// A generator's full state: at steps and at each thread's first draw.
struct RngState {
    EventId event = kNone64; ///< the last event before it was taken; none = before the first
    ThreadId thread = kNone32;
    GeneratorId generator = kNone32;
    Fingerprint fingerprint;
    std::vector<std::uint8_t> bytes; ///< as Generator::get_state gives it
};

struct Generator {
    std::uint8_t deviceType = 0;
    std::int8_t deviceIndex = -1;
    bool isDefault = false;
    std::uint64_t seed = 0; ///< when first seen
    TextId name = kNone32;  ///< "default cpu", "own#1", "numpy.random", ...
    bool isForeign = false; ///< Python's or NumPy's; isDefault: behind a module's functions
};

namespace op_flag {
inline constexpr std::uint32_t Aten = 1U << 0U;
inline constexpr std::uint32_t Schema =
    1U << 1U; ///< has a schema (name, overload and arguments are LibTorch's)
inline constexpr std::uint32_t Draws =
    1U << 2U; ///< tagged nondeterministic_seeded, takes a Generator, or is not ATen's
inline constexpr std::uint32_t View = 1U << 3U; ///< an output aliases an input that is not written
} // namespace op_flag

struct Op {
    TextId name = kNone32; ///< "aten::addmm"
    TextId overload = kNone32;
    TextId schema = kNone32; ///< the whole declaration
    std::uint32_t flags = 0;
};

struct Layer {
    TextId path = kNone32; ///< "Net.features.0"; "Linear#2" where no root is known
    TextId type = kNone32; ///< "LinearImpl"
    LayerId parent = kNone32;
};

namespace context_flag {
inline constexpr std::uint32_t Deterministic = 1U << 0U;
inline constexpr std::uint32_t DeterministicWarnOnly = 1U << 1U;
inline constexpr std::uint32_t GradMode = 1U << 2U;
inline constexpr std::uint32_t InferenceMode = 1U << 3U;
inline constexpr std::uint32_t AutocastCpu = 1U << 4U;
inline constexpr std::uint32_t AutocastCuda = 1U << 5U;
inline constexpr std::uint32_t Tf32Matmul = 1U << 6U;
inline constexpr std::uint32_t Tf32Cudnn = 1U << 7U;
inline constexpr std::uint32_t CudnnBenchmark = 1U << 8U;
inline constexpr std::uint32_t CudnnDeterministic = 1U << 9U;
inline constexpr std::uint32_t Mkldnn = 1U << 10U;
inline constexpr std::uint32_t FillUninitialised = 1U << 11U;
inline constexpr std::uint32_t FlushDenormal = 1U << 12U;    ///< of the thread (MXCSR): FTZ
inline constexpr std::uint32_t DenormalsAreZero = 1U << 13U; ///< ... DAZ
inline constexpr std::uint32_t RoundingShift = 14; ///< ... two bits: nearest, down, up, to zero
inline constexpr std::uint32_t RoundingMask = 3U << RoundingShift;
inline constexpr std::uint32_t QEngineShift = 16; ///< three bits: number of the quantized engine
inline constexpr std::uint32_t QEngineMask = 7U << QEngineShift;
} // namespace context_flag

struct Context {
    std::uint32_t threads = 0; ///< intra-op threads
    std::uint32_t flags = 0;
};

struct Thread {
    TextId name = kNone32; ///< "main", "main/worker#2"
    TextId pool = kNone32; ///< threads of one creator and start function share it: "main/worker"
    ThreadId creator = kNone32;
    std::uint64_t systemId = 0;
};

/// A call on a thread's stack, and where it was called from: the innermost site of an event leads
/// to all of its stack, and stacks that begin alike share their beginning.
struct Site {
    TextId module = kNone32; ///< path of the program or library
    std::uint64_t offset =
        0; ///< of the return address: less what the module was moved by when loaded
    TextId function = kNone32; ///< none, too, of file: not resolved
    TextId file = kNone32;
    std::uint32_t line = 0;   ///< from 1; 0 = unknown
    SiteId caller = kNone32;  ///< of an earlier row; none = the thread's first function
    TextId buildId = kNone32; ///< of the module, as hexadecimal digits
};

/// A function that the compiler put into that of a site. Ordered by site, then from the innermost.
struct InlinedFrame {
    SiteId site = kNone32;
    TextId function = kNone32;
    TextId file = kNone32;
    std::uint32_t line = 0;
};

/// A file of source code as it was when the run was recorded.
struct SourceFile {
    TextId file = kNone32;
    Fingerprint contents;
};

struct Statistics {
    ValueId value = kNone64;
    double min = 0, max = 0, mean = 0, l2 = 0; ///< over finite elements; NaN where there is none
    std::uint64_t nan = 0, inf = 0, zero = 0, subnormal = 0;
};

/// What is known of the run as a whole; attributes of the root group.
struct Header {
    std::uint32_t formatMajor = 0;
    std::uint32_t formatMinor = 0;
    std::string toolVersion;
    std::string runId; ///< a UUID
    std::string torchVersion;
    std::string program;         ///< as it was called
    std::uint64_t startedNs = 0; ///< Unix time
    std::uint64_t endedNs = 0;
    bool complete = false;    ///< the host ended by itself and everything it sent is here
    std::string ending;       ///< "exit 0", "signal 9", "collector: disk full", ...
    std::string capture;      ///< "fingerprints", "layers", "full"
    std::string filters;      ///< as given; empty = none
    std::string verifyInputs; ///< "top", "all", "none"
    std::uint64_t drops = 0;  ///< records dropped (only if --drop was given)
    std::uint64_t gaps = 0; ///< ordinals that never arrived (a thread was killed while it recorded)
    std::uint64_t skippedValues = 0; ///< values without bytes although the policy asked for them
    std::uint64_t heldUpNs = 0;      ///< how long the host waited for the collector
    std::uint64_t unrecordedChildren = 0; ///< forked children that ran LibTorch unrecorded
    std::uint64_t cutStacks = 0;          ///< distinct stacks whose beginning could not be found
    std::string environment;              ///< a JSON object, FORMAT.md names the keys
};
/// "3 forked children ran LibTorch and are not recorded"; empty where there are none.
std::string unrecordedText(std::uint64_t children);

} // namespace repro::trace
