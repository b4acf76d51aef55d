// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "recorder/wire/protocol.h"
#include "trace/model.h"

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>
#include <vector>

/// Records as a host makes them, for tests.
namespace repro::tests {

using Bytes = std::vector<std::byte>;

inline void append(Bytes& to, const void* data, std::size_t size) {
    const auto* first = static_cast<const std::byte*>(data);
    to.insert(to.end(), first, first + size);
}

/// `record`, what follows it, padded; the header's kind and size set.
template <class Record>
Bytes finishRecord(Record record, wire::RecordKind kind, const Bytes& tail) {
    record.header.kind = kind;
    record.header.size = static_cast<std::uint32_t>((sizeof record + tail.size() + 7) / 8 * 8);
    Bytes bytes;
    append(bytes, &record, sizeof record);
    append(bytes, tail.data(), tail.size());
    bytes.resize(record.header.size);
    return bytes;
}

inline Bytes textBytes(std::string_view text) {
    Bytes bytes;
    append(bytes, text.data(), text.size());
    return bytes;
}

inline Bytes textRecord(std::uint32_t id, std::string_view text) {
    wire::TextRecord record;
    record.id = id;
    record.length = static_cast<std::uint32_t>(text.size());
    return finishRecord(record, wire::RecordKind::Text, textBytes(text));
}

inline Bytes environmentRecord(std::string_view text) {
    wire::EnvironmentRecord record;
    record.length = static_cast<std::uint32_t>(text.size());
    record.last = 1;
    return finishRecord(record, wire::RecordKind::Environment, textBytes(text));
}

inline Bytes threadRecord(std::uint32_t id, std::uint64_t torchId, std::string_view name = "main") {
    wire::ThreadRecord record;
    record.id = id;
    record.creator = trace::kNone32;
    record.torchId = torchId;
    record.nameLength = static_cast<std::uint32_t>(name.size());
    record.poolLength = record.nameLength;
    return finishRecord(record, wire::RecordKind::Thread,
                        textBytes(std::string(name) + std::string(name)));
}

inline Bytes opRecord(std::uint32_t id, std::string_view name) {
    wire::OpRecord record;
    record.id = id;
    record.flags = trace::op_flag::Aten | trace::op_flag::Schema;
    record.nameLength = static_cast<std::uint32_t>(name.size());
    return finishRecord(record, wire::RecordKind::Op, textBytes(name));
}

inline Bytes layerRecord(std::uint32_t id, std::string_view path) {
    wire::LayerRecord record;
    record.id = id;
    record.parent = trace::kNone32;
    record.pathLength = static_cast<std::uint32_t>(path.size());
    return finishRecord(record, wire::RecordKind::Layer, textBytes(path));
}

inline Bytes moduleRecord(std::uint32_t id, std::string_view path) {
    wire::ModuleRecord record;
    record.id = id;
    record.pathLength = static_cast<std::uint32_t>(path.size());
    return finishRecord(record, wire::RecordKind::Module, textBytes(path));
}

/// Of module 0; the innermost offset first.
inline Bytes stackRecord(std::uint32_t id, const std::vector<std::uint64_t>& offsets) {
    wire::StackRecord record;
    record.id = id;
    record.frameCount = static_cast<std::uint32_t>(offsets.size());
    Bytes frames;
    for (const std::uint64_t offset : offsets) {
        const wire::StackFrame frame{0, 0, offset};
        append(frames, &frame, sizeof frame);
    }
    return finishRecord(record, wire::RecordKind::Stack, frames);
}

/// A float vector of `elements` whose contents have the fingerprint (low, 0).
inline Bytes useOf(std::uint64_t low, trace::Direction direction, std::uint64_t storage = 1,
                   std::int64_t elements = 4, bool wantsBytes = false) {
    wire::UseRecord use;
    use.low = low;
    use.storage = storage;
    use.spanEnd = static_cast<std::uint64_t>(elements) * 4;
    use.elements = static_cast<std::uint64_t>(elements);
    use.name = trace::kNone32;
    use.direction = static_cast<std::uint8_t>(direction);
    use.dtype = static_cast<std::uint8_t>(trace::DType::Float32);
    use.wantsBytes = wantsBytes ? 1 : 0;
    use.rank = 1;
    const std::int64_t stride = 1;
    Bytes bytes;
    append(bytes, &use, sizeof use);
    append(bytes, &elements, sizeof elements);
    append(bytes, &stride, sizeof stride);
    return bytes;
}

inline wire::BeginRecord beginOf(trace::EventKind kind, std::uint32_t op = trace::kNone32,
                                 std::uint64_t sequence = 0) {
    wire::BeginRecord record;
    record.kind = static_cast<std::uint8_t>(kind);
    record.op = op;
    record.layer = trace::kNone32;
    record.context = trace::kNone32;
    record.parameter = trace::kNone32;
    record.stack = trace::kNone32;
    record.extra = trace::kNone64;
    record.sequence = sequence;
    return record;
}

inline Bytes joined(const std::vector<Bytes>& pieces) {
    Bytes all;
    for (const Bytes& piece : pieces) {
        append(all, piece.data(), piece.size());
    }
    return all;
}

inline Bytes beginRecord(wire::BeginRecord record, const std::vector<Bytes>& uses = {}) {
    record.useCount = static_cast<std::uint32_t>(uses.size());
    return finishRecord(record, wire::RecordKind::Begin, joined(uses));
}

inline Bytes endRecord(std::uint64_t beginOrdinal, const std::vector<Bytes>& uses = {},
                       std::uint64_t sequence = 0) {
    wire::EndRecord record;
    record.beginOrdinal = beginOrdinal;
    record.sequence = sequence;
    record.useCount = static_cast<std::uint32_t>(uses.size());
    record.layer = trace::kNone32;
    record.parameter = trace::kNone32;
    return finishRecord(record, wire::RecordKind::End, joined(uses));
}

inline Bytes payloadRecord(std::uint64_t low, std::uint64_t total, std::uint64_t offset,
                           const Bytes& piece) {
    wire::PayloadRecord record;
    record.low = low;
    record.total = total;
    record.offset = offset;
    record.length = static_cast<std::uint32_t>(piece.size());
    record.dtype = static_cast<std::uint8_t>(trace::DType::Float32);
    return finishRecord(record, wire::RecordKind::Payload, piece);
}

inline Bytes byeRecord() {
    return finishRecord(wire::ByeRecord{}, wire::RecordKind::Bye, {});
}

} // namespace repro::tests
