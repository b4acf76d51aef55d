// SPDX-License-Identifier: BSD-3-Clause
#include "sample_trace.h"

#include "trace/arguments.h"
#include "trace/fingerprint.h"
#include "trace/writer.h"

#include <cstdint>
#include <sstream>

namespace repro::trace::test {
namespace {

void fillSites(Sink& sink) {
    const TextId train = sink.text("/bin/train");
    const TextId file = sink.text("train.cpp");
    const TextId id = sink.text("c0ffee");
    const SiteId outer = sink.add(Site{train, 0x1234, sink.text("main"), file, 80, kNone32, id});
    const SiteId inner = sink.add(Site{train, 0x2345, kNone32, kNone32, 0, outer, id});
    sink.resolve(inner, sink.text("step"), file, 42);
    sink.add(InlinedFrame{inner, sink.text("scale"), sink.text("scale.h"), 7});
    sink.add(InlinedFrame{inner, sink.text("twice"), file, 9});
    sink.add(SourceFile{file, {1, 2}});
}

void fillInterned(Sink& sink) {
    const TextId empty = sink.text("");
    const TextId add = sink.text("aten::add");
    const TextId path = sink.text("Net.fc");
    sink.add(Op{add, empty, sink.text("aten::add(Tensor a, Tensor b) -> Tensor"), op_flag::Aten});
    const LayerId net = sink.add(Layer{sink.text("Net"), sink.text("NetImpl"), kNone32});
    sink.add(Layer{sink.text("Linear#1"), sink.text("LinearImpl"), kNone32});
    sink.update(1, Layer{path, sink.text("LinearImpl"), net});
    sink.add(Context{2, context_flag::GradMode | context_flag::Mkldnn});
    sink.add(Thread{sink.text("main"), sink.text("main"), kNone32, 4711});
    sink.add(Thread{sink.text("main/worker#1"), sink.text("main/worker"), 0, 4712});
    fillSites(sink);
    sink.add(Generator{0, -1, true, 67280421310721, sink.text("default cpu")});
    sink.add(Generator{1, 0, false, 17, sink.text("own#1")});
}

Value sampleValue(Sink& sink, DType dtype, std::uint64_t elements) {
    const auto contents = sampleContents(dtype, elements);
    const std::int64_t sizes[] = {static_cast<std::int64_t>(elements)};
    const std::int64_t strides[] = {1};
    Value value;
    value.fingerprint = fingerprintOfContents(contents);
    value.dtype = dtype;
    value.deviceType = static_cast<std::uint8_t>(elements % 2);
    value.deviceIndex = static_cast<std::int8_t>(elements % 3);
    value.flags = value_flag::Neg | value_flag::RequiresGrad;
    value.sizes = sink.list(sizes);
    value.strides = sink.list(strides);
    value.elements = elements;
    value.storage = 100 + static_cast<std::uint64_t>(dtype);
    value.spanBegin = 8;
    value.spanEnd = 8 + contents.size();
    // In two pieces, as large contents arrive.
    const std::size_t half = elements / 2 * dtypeSize(dtype);
    value.payload = sink.payload(dtype, std::span(contents).first(half));
    sink.payload(dtype, std::span(contents).subspan(half));
    return value;
}

void fillValues(Sink& sink, bool large) {
    for (int number = 0; number < kDTypeCount; ++number) {
        const auto dtype = static_cast<DType>(number);
        if (dtypeSize(dtype) == 0) {
            Value unread;
            unread.dtype = dtype;
            unread.flags = value_flag::NoBytes;
            sink.add(unread, {});
        } else {
            sink.add(sampleValue(sink, dtype, 5 + static_cast<std::uint64_t>(number)), {});
        }
    }
    if (large) {
        const auto leaves = leavesOf(sampleContents(DType::Float32, kLargeElements));
        sink.add(sampleValue(sink, DType::Float32, kLargeElements), leaves);
    }
}

void fillEvents(Sink& sink) {
    std::vector<std::byte> bytes;
    ArgumentEncoder encoder(bytes);
    encoder.tag(ArgumentTag::Tensor);
    encoder.real(1e-05);
    const ArgumentsId arguments = sink.arguments(bytes);
    const EventId outer = sink.begin({.begin = 1,
                                      .beginNs = 1000,
                                      .kind = EventKind::Layer,
                                      .flags = event_flag::Outermost,
                                      .layer = 0,
                                      .thread = 0});
    const EventId inner = sink.begin({.begin = 2,
                                      .beginNs = 2000,
                                      .kind = EventKind::Op,
                                      .op = 0,
                                      .layer = 1,
                                      .parent = outer,
                                      .thread = 1,
                                      .context = 0,
                                      .arguments = arguments,
                                      .site = 0,
                                      .extra = 7});
    const Use uses[] = {
        {inner, 1, 0, 0, Direction::In, use_flag::Verified, sink.text("Net.fc.weight")},
        {inner, 2, 1, 3, Direction::Before, use_flag::Written | use_flag::Meaningless, kNone32},
        {inner, 3, 0, 0, Direction::Out, use_flag::Assumed, kNone32}};
    const std::uint64_t firstUse = sink.add(uses);
    sink.end(inner, {3, 3000, event_flag::Verified, Phase::Forward, 1, sink.text("Net.fc.weight"),
                     firstUse, 3});
    sink.end(outer, {4, 4000, event_flag::Outermost | event_flag::GradNode, Phase::Forward, 0,
                     kNone32, 0, 0});
    const EventId last =
        sink.begin({.begin = 5, .kind = EventKind::Node, .op = 0, .forward = inner});
    sink.add(Draw{last, 0, {1, 2}, {3, 4}});
    sink.add(RngState{kNone64, 0, 0, {5, 6}, {1, 2, 3}});
    sink.add(RngState{last, 1, 1, {7, 8}, {}});
    sink.add(Statistics{1, -1.5, 2.5, 0.25, 3.5, 1, 2, 3, 4});
}

void dumpInterned(std::ostream& out, const Reader& reader) {
    for (const Op& row : reader.ops()) {
        out << "op " << reader.text(row.name) << '|' << reader.text(row.overload) << '|'
            << reader.text(row.schema) << '|' << row.flags << '\n';
    }
    for (const Layer& row : reader.layers()) {
        out << "layer " << reader.text(row.path) << '|' << reader.text(row.type) << '|'
            << row.parent << '\n';
    }
    for (const Context& row : reader.contexts()) {
        out << "context " << row.threads << '|' << row.flags << '\n';
    }
    for (const Thread& row : reader.threads()) {
        out << "thread " << reader.text(row.name) << '|' << reader.text(row.pool) << '|'
            << row.creator << '|' << row.systemId << '\n';
    }
    for (const Site& row : reader.sites()) {
        out << "site " << reader.text(row.module) << '|' << row.offset << '|'
            << reader.text(row.function) << '|' << reader.text(row.file) << '|' << row.line << '|'
            << row.caller << '|' << reader.text(row.buildId) << '\n';
    }
    for (SiteId site = 0; site < reader.sites().size(); ++site) {
        for (const InlinedFrame& row : reader.inlinedInto(site)) {
            out << "inlined " << row.site << '|' << reader.text(row.function) << '|'
                << reader.text(row.file) << '|' << row.line << '\n';
        }
    }
    for (const SourceFile& row : reader.sources()) {
        out << "source " << reader.text(row.file) << '|' << row.contents.low << '|'
            << row.contents.high << '\n';
    }
    for (const Generator& row : reader.generators()) {
        out << "generator " << int{row.deviceType} << '|' << int{row.deviceIndex} << '|'
            << row.isDefault << '|' << row.seed << '|' << reader.text(row.name) << '\n';
    }
}

void dumpEvents(std::ostream& out, const Reader& reader) {
    for (EventId id = 0; id < reader.events().count; ++id) {
        const Event row = reader.event(id);
        out << "event " << row.begin << '|' << row.end << '|' << row.beginNs << '|' << row.endNs
            << '|' << static_cast<int>(row.kind) << '|' << static_cast<int>(row.phase) << '|'
            << row.flags << '|' << row.op << '|' << row.layer << '|' << row.parent << '|'
            << row.forward << '|' << row.step << '|' << row.thread << '|' << row.context << '|'
            << row.site << '|' << reader.text(row.parameter) << '|' << row.extra << '|'
            << row.firstUse << '|' << row.useCount;
        for (const std::string& argument : describeArguments(reader.arguments(row.arguments))) {
            out << '|' << argument;
        }
        out << '\n';
    }
    for (std::uint64_t id = 0; id < reader.uses().count; ++id) {
        const Use row = reader.use(id);
        out << "use " << row.event << '|' << row.value << '|' << row.slot << '|' << row.item << '|'
            << static_cast<int>(row.direction) << '|' << int{row.flags} << '|'
            << reader.text(row.name) << '\n';
    }
}

void dumpValues(std::ostream& out, const Reader& reader) {
    for (ValueId id = 0; id < reader.values().count; ++id) {
        const Value row = reader.value(id);
        out << "value " << row.fingerprint.low << '|' << row.fingerprint.high << '|'
            << dtypeName(row.dtype) << '|' << int{row.deviceType} << '|' << int{row.deviceIndex}
            << '|' << row.flags << '|' << row.elements << '|' << row.storage << '|' << row.spanBegin
            << '|' << row.spanEnd << '|' << row.payload;
        for (const std::int64_t size : reader.list(row.sizes)) {
            out << '|' << size;
        }
        for (const std::int64_t stride : reader.list(row.strides)) {
            out << '|' << stride;
        }
        for (const Fingerprint& leaf : reader.leaves(row)) {
            out << '|' << leaf.low << ',' << leaf.high;
        }
        if (row.payload != kNone64) {
            const Fingerprint bytes = fingerprintOfBytes(reader.bytes(row));
            out << '|' << bytes.low << ',' << bytes.high;
        }
        out << '\n';
    }
    for (const Statistics& row : reader.statistics()) {
        out << "statistics " << row.value << '|' << row.min << '|' << row.max << '|' << row.mean
            << '|' << row.l2 << '|' << row.nan << '|' << row.inf << '|' << row.zero << '|'
            << row.subnormal << '\n';
    }
}

void dumpRng(std::ostream& out, const Reader& reader) {
    for (const Draw& row : reader.draws()) {
        out << "draw " << row.event << '|' << row.generator << '|' << row.before.low << '|'
            << row.before.high << '|' << row.after.low << '|' << row.after.high << '\n';
    }
    for (const RngState& row : reader.rngStates()) {
        out << "state " << row.event << '|' << row.thread << '|' << row.generator << '|'
            << row.fingerprint.low << '|' << row.fingerprint.high;
        for (const std::uint8_t byte : row.bytes) {
            out << '|' << int{byte};
        }
        out << '\n';
    }
}

} // namespace

std::vector<std::byte> sampleContents(DType dtype, std::uint64_t elements) {
    std::vector<std::byte> bytes(elements * dtypeSize(dtype));
    std::uint64_t state = 0x9E3779B97F4A7C15ULL * (static_cast<std::uint64_t>(dtype) + 1);
    for (std::byte& byte : bytes) {
        state = state * 6364136223846793005ULL + 1442695040888963407ULL;
        const auto random = static_cast<unsigned char>(state >> 56U);
        byte = static_cast<std::byte>(dtype == DType::Bool ? random & 1U : random);
    }
    return bytes;
}

void fillSample(Sink& sink, bool large) {
    sink.environment(sampleHeader().environment);
    fillInterned(sink);
    fillValues(sink, large);
    fillEvents(sink);
}

void writeSample(const std::filesystem::path& path, bool large) {
    Writer writer(path);
    fillSample(writer, large);
    const EventId starts[] = {kSampleStepStart};
    writer.finish(sampleHeader(), starts);
}

std::string dump(const Reader& reader) {
    std::ostringstream out;
    out.precision(17);
    const Header& h = reader.header();
    out << h.formatMajor << '|' << h.formatMinor << '|' << h.toolVersion << '|' << h.runId << '|'
        << h.torchVersion << '|' << h.program << '|' << h.startedNs << '|' << h.endedNs << '|'
        << h.complete << '|' << h.ending << '|' << h.capture << '|' << h.filters << '|'
        << h.verifyInputs << '|' << h.drops << '|' << h.gaps << '|' << h.skippedValues << '|'
        << h.heldUpNs << '|' << h.unrecordedChildren << '|' << h.cutStacks << '|' << h.environment
        << '\n';
    dumpInterned(out, reader);
    dumpEvents(out, reader);
    dumpValues(out, reader);
    dumpRng(out, reader);
    return out.str();
}

} // namespace repro::trace::test
