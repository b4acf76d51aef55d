// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "trace/hdf5/hdf5.h"
#include "trace/reader.h"

#include <tuple>
#include <type_traits>

/// The one place that names the tables and columns of a trace. Writer, Reader and verify() are
/// generated from it; a test compares the files that come of it with FORMAT.md.
namespace repro::trace::schema {

inline constexpr const char* kFormat = "reprorec";
inline constexpr std::uint32_t kMajor = 1;
inline constexpr std::uint32_t kMinor = 2;

/// Rows of a chunk of a full column, and of a block of its fingerprint (FORMAT.md, "Seal").
inline constexpr std::uint64_t kBlockRows = 65536;
/// Bytes of a chunk of payload: more than h5py's default chunk cache of 1 MiB, which would
/// otherwise read whole chunks for a part of one.
inline constexpr std::uint64_t kPayloadBlockBytes = 4ULL << 20;

/// What the ids of a column number.
enum class Refers : std::uint8_t {
    Nothing,
    Text,
    Shapes,
    Arguments,
    Ops,
    Layers,
    Contexts,
    Threads,
    Sites,
    Generators,
    Events,
    Values,
    Leaves,
    Uses,
};
inline constexpr std::size_t kRefersCount = static_cast<std::size_t>(Refers::Uses) + 1;

/// How a member is stored: enums as their number, bool as u8.
template <class T, bool isEnum = std::is_enum_v<T>>
struct StoredAs {
    using type = T;
};
template <class T>
struct StoredAs<T, true> {
    using type = std::underlying_type_t<T>;
};
template <>
struct StoredAs<bool, false> {
    using type = std::uint8_t;
};

template <class T>
constexpr hdf5::Element elementOf() {
    using hdf5::Element;
    if constexpr (std::is_same_v<T, double>) {
        return Element::F64;
    } else if constexpr (std::is_signed_v<T>) {
        return sizeof(T) == 1 ? Element::I8 : Element::I64;
    } else {
        constexpr Element kUnsigned[] = {Element::U8, Element::U16, Element::U32, Element::U64};
        return kUnsigned[sizeof(T) == 1 ? 0 : sizeof(T) == 2 ? 1 : sizeof(T) == 4 ? 2 : 3];
    }
}

template <auto...>
struct MemberPath {};

/// One column: `Lazy` is its member of the table's Columns struct (nullptr where the table is read
/// as rows), `Path` leads from the row to the member.
template <auto Lazy, auto... Path>
struct Field {
    static constexpr auto kLazy = Lazy;
    template <auto Member>
    static constexpr bool kIs = std::is_same_v<MemberPath<Path...>, MemberPath<Member>>;
    const char* name;
    Refers refers = Refers::Nothing;

    template <class Row>
    static constexpr auto& in(Row& row) {
        return (row.*....*Path);
    }
    template <class Row>
    using Stored = typename StoredAs<std::remove_cvref_t<decltype(in(std::declval<Row&>()))>>::type;
};

/// Position of the column that holds this member of the row.
template <auto Member, class Fields>
constexpr std::size_t indexOf(const Fields& fields) {
    std::size_t index = 0;
    std::size_t found = 0;
    std::apply(
        [&](const auto&... field) {
            ((found = std::remove_cvref_t<decltype(field)>::template kIs<Member> ? index : found,
              ++index),
             ...);
        },
        fields);
    return found;
}

/// A table of rows: `name` is the group, `fields` its columns.
template <class Row>
struct Table;

template <>
struct Table<Event> {
    static constexpr const char* name = "events";
    using C = EventColumns;
    static constexpr auto fields = std::tuple{
        Field<&C::begin, &Event::begin>{"begin"},
        Field<&C::end, &Event::end>{"end"},
        Field<&C::beginNs, &Event::beginNs>{"begin_ns"},
        Field<&C::endNs, &Event::endNs>{"end_ns"},
        Field<&C::kind, &Event::kind>{"kind"},
        Field<&C::phase, &Event::phase>{"phase"},
        Field<&C::flags, &Event::flags>{"flags"},
        Field<&C::op, &Event::op>{"op", Refers::Ops},
        Field<&C::layer, &Event::layer>{"layer", Refers::Layers},
        Field<&C::parent, &Event::parent>{"parent", Refers::Events},
        Field<&C::forward, &Event::forward>{"forward", Refers::Events},
        Field<&C::step, &Event::step>{"step"},
        Field<&C::thread, &Event::thread>{"thread", Refers::Threads},
        Field<&C::context, &Event::context>{"context", Refers::Contexts},
        Field<&C::arguments, &Event::arguments>{"arguments", Refers::Arguments},
        Field<&C::site, &Event::site>{"site", Refers::Sites},
        Field<&C::parameter, &Event::parameter>{"parameter", Refers::Text},
        Field<&C::extra, &Event::extra>{"extra"},
        Field<&C::firstUse, &Event::firstUse>{"first_use"},
        Field<&C::useCount, &Event::useCount>{"use_count"},
    };
};

template <>
struct Table<Value> {
    static constexpr const char* name = "values";
    using C = ValueColumns;
    static constexpr auto fields = std::tuple{
        Field<&C::fingerprintLow, &Value::fingerprint, &Fingerprint::low>{"fingerprint_low"},
        Field<&C::fingerprintHigh, &Value::fingerprint, &Fingerprint::high>{"fingerprint_high"},
        Field<&C::dtype, &Value::dtype>{"dtype"},
        Field<&C::deviceType, &Value::deviceType>{"device_type"},
        Field<&C::deviceIndex, &Value::deviceIndex>{"device_index"},
        Field<&C::flags, &Value::flags>{"flags"},
        Field<&C::sizes, &Value::sizes>{"sizes", Refers::Shapes},
        Field<&C::strides, &Value::strides>{"strides", Refers::Shapes},
        Field<&C::elements, &Value::elements>{"elements"},
        Field<&C::storage, &Value::storage>{"storage"},
        Field<&C::spanBegin, &Value::spanBegin>{"span_begin"},
        Field<&C::spanEnd, &Value::spanEnd>{"span_end"},
        Field<&C::firstLeaf, &Value::firstLeaf>{"first_leaf", Refers::Leaves},
        Field<&C::payload, &Value::payload>{"payload"},
    };
};

template <>
struct Table<Use> {
    static constexpr const char* name = "uses";
    using C = UseColumns;
    static constexpr auto fields = std::tuple{
        Field<&C::event, &Use::event>{"event", Refers::Events},
        Field<&C::value, &Use::value>{"value", Refers::Values},
        Field<&C::slot, &Use::slot>{"slot"},
        Field<&C::item, &Use::item>{"item"},
        Field<&C::direction, &Use::direction>{"direction"},
        Field<&C::flags, &Use::flags>{"flags"},
        Field<&C::name, &Use::name>{"name", Refers::Text},
    };
};

template <>
struct Table<Draw> {
    static constexpr const char* name = "draws";
    static constexpr auto fields = std::tuple{
        Field<nullptr, &Draw::event>{"event", Refers::Events},
        Field<nullptr, &Draw::generator>{"generator", Refers::Generators},
        Field<nullptr, &Draw::before, &Fingerprint::low>{"before_low"},
        Field<nullptr, &Draw::before, &Fingerprint::high>{"before_high"},
        Field<nullptr, &Draw::after, &Fingerprint::low>{"after_low"},
        Field<nullptr, &Draw::after, &Fingerprint::high>{"after_high"},
    };
};

template <>
struct Table<Op> {
    static constexpr const char* name = "ops";
    static constexpr auto fields = std::tuple{
        Field<nullptr, &Op::name>{"name", Refers::Text},
        Field<nullptr, &Op::overload>{"overload", Refers::Text},
        Field<nullptr, &Op::schema>{"schema", Refers::Text},
        Field<nullptr, &Op::flags>{"flags"},
    };
};

template <>
struct Table<Layer> {
    static constexpr const char* name = "layers";
    static constexpr auto fields = std::tuple{
        Field<nullptr, &Layer::path>{"path", Refers::Text},
        Field<nullptr, &Layer::type>{"type", Refers::Text},
        Field<nullptr, &Layer::parent>{"parent", Refers::Layers},
    };
};

template <>
struct Table<Context> {
    static constexpr const char* name = "contexts";
    static constexpr auto fields = std::tuple{
        Field<nullptr, &Context::threads>{"threads"},
        Field<nullptr, &Context::flags>{"flags"},
    };
};

template <>
struct Table<Site> {
    static constexpr const char* name = "sites";
    static constexpr auto fields = std::tuple{
        Field<nullptr, &Site::module>{"module", Refers::Text},
        Field<nullptr, &Site::offset>{"offset"},
        Field<nullptr, &Site::function>{"function", Refers::Text},
        Field<nullptr, &Site::file>{"file", Refers::Text},
        Field<nullptr, &Site::line>{"line"},
        Field<nullptr, &Site::caller>{"caller", Refers::Sites},
        Field<nullptr, &Site::buildId>{"build_id", Refers::Text},
    };
};

template <>
struct Table<InlinedFrame> {
    static constexpr const char* name = "inlined";
    static constexpr auto fields = std::tuple{
        Field<nullptr, &InlinedFrame::site>{"site", Refers::Sites},
        Field<nullptr, &InlinedFrame::function>{"function", Refers::Text},
        Field<nullptr, &InlinedFrame::file>{"file", Refers::Text},
        Field<nullptr, &InlinedFrame::line>{"line"},
    };
};

template <>
struct Table<SourceFile> {
    static constexpr const char* name = "sources";
    static constexpr auto fields = std::tuple{
        Field<nullptr, &SourceFile::file>{"file", Refers::Text},
        Field<nullptr, &SourceFile::contents, &Fingerprint::low>{"low"},
        Field<nullptr, &SourceFile::contents, &Fingerprint::high>{"high"},
    };
};

template <>
struct Table<Thread> {
    static constexpr const char* name = "threads";
    static constexpr auto fields = std::tuple{
        Field<nullptr, &Thread::name>{"name", Refers::Text},
        Field<nullptr, &Thread::pool>{"pool", Refers::Text},
        Field<nullptr, &Thread::creator>{"creator", Refers::Threads},
        Field<nullptr, &Thread::systemId>{"system_id"},
    };
};

template <>
struct Table<Generator> {
    static constexpr const char* name = "generators";
    static constexpr auto fields = std::tuple{
        Field<nullptr, &Generator::deviceType>{"device_type"},
        Field<nullptr, &Generator::deviceIndex>{"device_index"},
        Field<nullptr, &Generator::isDefault>{"is_default"},
        Field<nullptr, &Generator::seed>{"seed"},
        Field<nullptr, &Generator::name>{"name", Refers::Text},
        Field<nullptr, &Generator::isForeign>{"is_foreign"},
    };
};

/// The bytes of the states are the list of the same group.
template <>
struct Table<RngState> {
    static constexpr const char* name = "rng_states";
    static constexpr auto fields = std::tuple{
        Field<nullptr, &RngState::event>{"event", Refers::Events},
        Field<nullptr, &RngState::thread>{"thread", Refers::Threads},
        Field<nullptr, &RngState::generator>{"generator", Refers::Generators},
        Field<nullptr, &RngState::fingerprint, &Fingerprint::low>{"fingerprint_low"},
        Field<nullptr, &RngState::fingerprint, &Fingerprint::high>{"fingerprint_high"},
    };
};

template <>
struct Table<Statistics> {
    static constexpr const char* name = "statistics";
    static constexpr auto fields = std::tuple{
        Field<nullptr, &Statistics::value>{"value", Refers::Values},
        Field<nullptr, &Statistics::min>{"min"},
        Field<nullptr, &Statistics::max>{"max"},
        Field<nullptr, &Statistics::mean>{"mean"},
        Field<nullptr, &Statistics::l2>{"l2"},
        Field<nullptr, &Statistics::nan>{"nan"},
        Field<nullptr, &Statistics::inf>{"inf"},
        Field<nullptr, &Statistics::zero>{"zero"},
        Field<nullptr, &Statistics::subnormal>{"subnormal"},
    };
};

/// A leaf is a fingerprint.
template <>
struct Table<Fingerprint> {
    static constexpr const char* name = "leaves";
    static constexpr auto fields = std::tuple{
        Field<nullptr, &Fingerprint::low>{"low"},
        Field<nullptr, &Fingerprint::high>{"high"},
    };
};

/// Lists of different length (FORMAT.md, "Lists"): the items of all rows one after another in
/// `items`, and in `end` the index after the last item of each row.
struct ListTable {
    const char* group;
    const char* items;
};
inline constexpr const char* kListEnd = "end";
inline constexpr ListTable kText{"text", "bytes"};
inline constexpr ListTable kShapes{"shapes", "integers"};
inline constexpr ListTable kArguments{"arguments", "bytes"};
inline constexpr ListTable kRngBytes{"rng_states", "bytes"};

inline constexpr const char* kEnvironment = "environment"; ///< u8, UTF-8 of a JSON object
inline constexpr const char* kPayload = "payload";         ///< payload/<dtypeName>

/// Longer texts of the header are cut: HDF5 has no checksum for larger attributes.
inline constexpr std::size_t kLongestAttribute = 60000;
inline constexpr const char* kAttributeFormat = "format";
inline constexpr const char* kAttributeMajor = "version_major";
inline constexpr const char* kAttributeMinor = "version_minor";
inline constexpr const char* kAttributeComplete = "complete";
inline constexpr const char* kAttributeSeal = "seal";
/// Of every sealed column: the fingerprint of its blocks.
inline constexpr const char* kAttributeFingerprint = "fingerprint";
/// Of every payload dataset: the name of the dtype.
inline constexpr const char* kAttributeDType = "dtype";

/// Attributes of `/` that are Header's members, beside the ones above.
inline constexpr auto kHeaderTexts = std::tuple{
    Field<nullptr, &Header::toolVersion>{"tool_version"},
    Field<nullptr, &Header::runId>{"run_id"},
    Field<nullptr, &Header::torchVersion>{"torch_version"},
    Field<nullptr, &Header::program>{"program"},
    Field<nullptr, &Header::ending>{"ending"},
    Field<nullptr, &Header::capture>{"capture"},
    Field<nullptr, &Header::filters>{"filters"},
    Field<nullptr, &Header::verifyInputs>{"verify_inputs"},
};
inline constexpr auto kHeaderIntegers = std::tuple{
    Field<nullptr, &Header::startedNs>{"started_ns"},
    Field<nullptr, &Header::endedNs>{"ended_ns"},
    Field<nullptr, &Header::drops>{"drops"},
    Field<nullptr, &Header::gaps>{"gaps"},
    Field<nullptr, &Header::skippedValues>{"skipped_values"},
    Field<nullptr, &Header::heldUpNs>{"held_up_ns"},
    Field<nullptr, &Header::unrecordedChildren>{"unrecorded_children"},
    Field<nullptr, &Header::cutStacks>{"cut_stacks"},
};

/// Calls `visit(field)` for each field of a tuple, in order.
template <class Fields, class Visit>
constexpr void forEach(const Fields& fields, Visit&& visit) {
    std::apply([&](const auto&... field) { (visit(field), ...); }, fields);
}

inline std::string columnPath(const char* group, const char* column) {
    return std::string(group) + "/" + column;
}

} // namespace repro::trace::schema
