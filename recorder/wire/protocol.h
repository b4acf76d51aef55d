// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <cstddef>
#include <cstdint>

/// What the host's recorder says to the collector. No dependency on torch or HDF5: both ends
/// include it. Plain structs in native byte order, for both ends run on one machine. Numbers of
/// kinds, flags, dtypes and phases are those of trace/model.h.
///
/// A connection (a Unix stream socket, named in REPROREC_SOCKET) lives for one request: the host
/// sends a Request, the collector answers a Reply with descriptors attached (SCM_RIGHTS), both
/// close. So a host that closes every descriptor loses nothing.
namespace repro::wire {

inline constexpr std::uint32_t kProtocolVersion = 7;

enum class RequestKind : std::uint32_t {
    Attach = 1,  ///< a process begins to record: the reply carries the control page
    Ring = 2,    ///< one of its threads wants a ring: the reply carries the ring
    Refused = 3, ///< a process maps a LibTorch that no recorder library fits; no reply
    Passes = 4,  ///< does a name pass a filter? The name follows; status 0 in the reply: it does
};

/// Of the options: which of their regular expressions.
enum class NameFilter : std::uint32_t { Op, Layer };
inline constexpr std::uint32_t kLongestName = 1U << 16U;

struct Request {
    std::uint32_t version = kProtocolVersion;
    RequestKind kind = RequestKind::Attach;
    std::int32_t pid = 0;
    std::int32_t threadId = 0;
    std::uint64_t session = 0;          ///< from the reply to Attach
    char torchVersion[32] = {};         ///< "2.13.0", zero terminated
    NameFilter filter = NameFilter::Op; ///< of Passes
    std::uint32_t nameLength = 0;       ///< ... at most kLongestName
    char rank[16] = {}; ///< of the process among its peers, from its environment, or empty
};

struct Reply {
    std::uint32_t version = kProtocolVersion;
    std::uint32_t status = 0; ///< 0 = granted, else the host stays silent
    std::uint64_t session = 0;
    std::uint64_t ringBytes = 0; ///< capacity of the data area, a power of two
    std::uint64_t ring = 0;      ///< number of the ring in its session
    std::uint32_t reused = 0;    ///< 1 = the ring of a thread that ended: the host has it mapped
    std::uint32_t reserved = 0;
};

/// How to record; written by the collector before it sends the control page, read only for the
/// host.
enum class Verify : std::uint32_t { None, Top, All };
enum class Capture : std::uint32_t { Fingerprints, Layers, Full };
enum class StatisticsOf : std::uint32_t { None, Layers, All };
enum class Sites : std::uint32_t { None, All };

struct Options {
    Verify verify = Verify::Top;
    Capture capture = Capture::Fingerprints;
    StatisticsOf statistics = StatisticsOf::Layers;
    Sites sites = Sites::All;
    std::uint32_t drop = 0; ///< 1 = a full ring drops records instead of waiting
    std::uint64_t seed = 0;
    std::uint32_t hasSeed = 0;
    std::uint32_t deterministic = 0; ///< 0 = leave alone, 1 = on, 2 = warn only
    std::int32_t threads = 0;        ///< 0 = leave alone
    std::uint32_t fillUninitialised = 0;
    std::uint32_t noTf32 = 0;
    std::uint64_t minBytes = 0; ///< of a captured tensor
    std::uint64_t maxBytes = ~0ULL;
    /// Regular expressions, empty = all; only the collector runs them, see RequestKind::Passes.
    char captureOps[1024] = {};
    char captureLayers[1024] = {};
    std::int64_t captureFirstStep = 0;
    std::int64_t captureLastStep = INT64_MAX;
};

/// Shared by host and collector, one per recording process. `alive` is a robust process-shared
/// mutex that the collector holds for its life: a trylock that does not answer EBUSY tells that it
/// died.
struct Control {
    std::uint32_t version;
    std::uint32_t ready;
    alignas(64) std::uint64_t ordinal; ///< next ordinal; atomic
    alignas(64) std::uint32_t stop;    ///< set by the collector: record no more (disk full); atomic
    std::uint64_t heldUpNs;            ///< sum of the waits for a full ring; atomic
    std::uint64_t dropped;             ///< atomic
    std::uint64_t unrecordedChildren;  ///< forked children that ran an op; atomic
    std::int64_t step;                 ///< provisional step of the host, for filters; atomic
    alignas(64) unsigned char alive[64]; ///< pthread_mutex_t
    Options options;
};

enum class RecordKind : std::uint16_t {
    Skip = 0,         ///< filler up to the end of the ring
    Thread = 1,       ///< ThreadRecord: first record of every ring
    Text = 2,         ///< TextRecord
    Op = 3,           ///< OpRecord
    Layer = 4,        ///< LayerRecord: new, or a path that became known later
    Context = 5,      ///< ContextRecord
    Generator = 6,    ///< GeneratorRecord
    Begin = 7,        ///< BeginRecord: an event begins
    End = 8,          ///< EndRecord
    Payload = 9,      ///< PayloadRecord: a piece of a tensor's bytes
    RngState = 10,    ///< RngStateRecord
    Environment = 11, ///< EnvironmentRecord: a piece of the JSON text
    Bye = 12,         ///< ByeRecord: the host ends in an orderly way
    Module = 13,      ///< ModuleRecord
    Stack = 14,       ///< StackRecord
};

/// Every record: this header, its struct, its variable part; size is a multiple of 8. Records of
/// all rings together have the ordinals 0, 1, 2, ... without a gap; definitions come before first
/// use.
struct RecordHeader {
    std::uint32_t size = 0;
    RecordKind kind = RecordKind::Skip;
    std::uint16_t flags = 0;
    std::uint64_t ordinal = 0;
};

/// Followed by text: name, pool, each of the given length, without terminators.
struct ThreadRecord {
    RecordHeader header;
    std::uint32_t id = 0;      ///< numbered by the host from 0
    std::uint32_t creator = 0; ///< kNone32 = unknown
    std::uint64_t systemId = 0;
    std::uint64_t torchId = 0; ///< at::RecordFunction::currentThreadId()
    std::uint32_t nameLength = 0;
    std::uint32_t poolLength = 0;
};

/// Followed by the text.
struct TextRecord {
    RecordHeader header;
    std::uint32_t id = 0;
    std::uint32_t length = 0;
};

/// Followed by name, overload, schema.
struct OpRecord {
    RecordHeader header;
    std::uint32_t id = 0;
    std::uint32_t flags = 0; ///< trace::op_flag
    std::uint32_t nameLength = 0, overloadLength = 0, schemaLength = 0, reserved = 0;
};

/// Followed by path, type, and the classes that the type derives from, a line each. A known id =
/// its path has changed.
struct LayerRecord {
    RecordHeader header;
    std::uint32_t id = 0;
    std::uint32_t parent = 0; ///< kNone32 = none
    std::uint32_t pathLength = 0, typeLength = 0, basesLength = 0, reserved = 0;
};

/// A program or library that stacks lead through, or a function of Python, of which offsets are
/// lines. Followed by path, build ID (hexadecimal) and the function's name.
struct ModuleRecord {
    RecordHeader header;
    std::uint32_t id = 0;
    std::uint32_t pathLength = 0, buildIdLength = 0, functionLength = 0;
};

inline constexpr std::uint32_t kDeepestStack = 256;

/// Followed by frameCount StackFrames, the innermost first, and heldCount HeldModules.
struct StackRecord {
    RecordHeader header;
    std::uint32_t id = 0;
    std::uint32_t frameCount = 0; ///< at most kDeepestStack
    std::uint32_t isCut = 0;      ///< 1 = its beginning could not be found
    std::uint32_t heldCount = 0;  ///< at most kMostHeld
};

struct StackFrame {
    std::uint32_t module = 0;
    std::uint32_t reserved = 0;
    std::uint64_t offset = 0; ///< of the return address, see trace::Site
};

inline constexpr std::uint32_t kMostHeld = 1024;

/// Where a frame has the address of a module that lives: its layer may be the one that runs there.
struct HeldModule {
    std::uint32_t frame = 0; ///< of the record's, ascending
    std::uint32_t layer = 0;
    std::int32_t slot = 0; ///< in memory, at the frame's CFA + slot
    std::uint32_t reg =
        0; ///< in this register of DWARF's, which calls preserve; kNone32 = in memory
};

struct ContextRecord {
    RecordHeader header;
    std::uint32_t id = 0;
    std::uint32_t threads = 0;
    std::uint32_t flags = 0; ///< trace::context_flag
    std::uint32_t reserved = 0;
};

/// Followed by the name of one that is not LibTorch's.
struct GeneratorRecord {
    RecordHeader header;
    std::uint32_t id = 0;
    std::uint8_t deviceType = 0;
    std::int8_t deviceIndex = -1;
    std::uint8_t isDefault = 0;
    std::uint8_t reserved = 0;
    std::uint64_t seed = 0;
    std::uint32_t nameLength = 0; ///< 0 = LibTorch's
    std::uint32_t reserved2 = 0;
};

struct WireStatistics {
    double min, max, mean, l2;
    std::uint64_t nan, inf, zero, subnormal;
};

/// One tensor in one slot. Followed by: i64 sizes[rank], i64 strides[rank],
/// u64 leaves[2 * leafCount] (low, high), WireStatistics if hasStatistics.
struct UseRecord {
    std::uint64_t low = 0, high = 0;
    std::uint64_t storage = 0; ///< kNone64 = none
    std::uint64_t spanBegin = 0, spanEnd = 0;
    std::uint64_t elements = 0;
    std::uint32_t name = 0; ///< text id of the host; kNone32 = none
    std::uint32_t item = 0;
    std::uint16_t slot = 0;
    std::uint16_t valueFlags = 0; ///< trace::value_flag
    std::uint8_t direction = 0;   ///< trace::Direction
    std::uint8_t useFlags = 0;    ///< trace::use_flag
    std::uint8_t dtype = 0;       ///< trace::DType
    std::uint8_t deviceType = 0;
    std::int8_t deviceIndex = -1;
    std::uint8_t hasStatistics = 0;
    std::uint8_t wantsBytes = 0; ///< the policy asks for its bytes: a Payload record with this
                                 ///< fingerprint and dtype came before, in this or an earlier event
    std::uint8_t reserved = 0;
    std::uint32_t rank = 0;
    std::uint32_t leafCount = 0;
};

struct DrawRecord {
    std::uint32_t generator = 0;
    std::uint32_t reserved = 0;
    std::uint64_t beforeLow = 0, beforeHigh = 0, afterLow = 0, afterHigh = 0;
};

/// Followed by useCount uses (In and Before), then argumentBytes of tagged arguments, padded to 8.
struct BeginRecord {
    RecordHeader header;
    std::uint64_t timeNs = 0;
    std::uint64_t sequence = 0; ///< next autograd sequence number of the thread; of a Node its own
    std::uint64_t forwardThread = 0; ///< of a Node: torchId of the thread that built it
    std::uint64_t extra = 0;         ///< trace::Event::extra
    std::uint32_t op = 0;            ///< kNone32 = none (layers, marks)
    std::uint32_t layer = 0;         ///< innermost layer, kNone32 = none
    std::uint32_t context = 0;
    std::uint32_t parameter = 0; ///< text id, kNone32 = none
    std::uint32_t flags = 0;     ///< trace::event_flag
    std::uint32_t useCount = 0;
    std::uint32_t argumentBytes = 0;
    std::uint32_t stack = 0; ///< kNone32 = that of the enclosing event
    std::uint8_t kind = 0;   ///< trace::EventKind
    std::uint8_t phase = 0;  ///< trace::Phase as far as known at the beginning
    std::uint16_t reserved = 0;
    std::uint32_t reserved2 = 0;
};

/// Followed by useCount uses (Out; Before where an unannotated write showed), then drawCount draws.
/// `beginOrdinal` names the event: the ordinal of its Begin.
struct EndRecord {
    RecordHeader header;
    std::uint64_t beginOrdinal = 0;
    std::uint64_t timeNs = 0;
    std::uint64_t sequence = 0; ///< next autograd sequence number now
    std::uint32_t flags = 0;    ///< or-ed to those of Begin
    std::uint32_t useCount = 0;
    std::uint32_t drawCount = 0;
    std::uint32_t layer = 0;     ///< kNone32 = as at the beginning
    std::uint32_t parameter = 0; ///< kNone32 = as at the beginning
    std::uint8_t phase = 0;
    std::uint8_t reserved[3] = {};
};

/// Followed by `length` bytes at `offset` of a tensor's dense contents of `total` bytes. The pieces
/// of one tensor follow each other in one ring.
struct PayloadRecord {
    RecordHeader header;
    std::uint64_t low = 0, high = 0;
    std::uint64_t total = 0, offset = 0;
    std::uint32_t length = 0;
    std::uint8_t dtype = 0;
    std::uint8_t reserved[3] = {};
};

/// Followed by the state.
struct RngStateRecord {
    RecordHeader header;
    std::uint32_t generator = 0;
    std::uint32_t length = 0;
    std::uint64_t low = 0, high = 0;
};

/// Followed by the piece; `last` = the text is whole.
struct EnvironmentRecord {
    RecordHeader header;
    std::uint32_t length = 0;
    std::uint32_t last = 0;
};

struct ByeRecord {
    RecordHeader header;
};

} // namespace repro::wire
