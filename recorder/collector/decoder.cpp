// SPDX-License-Identifier: BSD-3-Clause
#include "recorder/collector/decoder.h"

#include "recorder/collector/site_layers.h"
#include "recorder/collector/site_names.h"

#include <fmt/format.h>

namespace repro::collector {

using wire::RecordKind;

Decoder::Decoder(trace::Sink& sink, Counts& counts, bool lenient, std::string environment)
    : m_payloads(sink, counts), m_values(sink, m_payloads, counts),
      m_definitions(sink, lenient, std::move(environment)),
      m_events(sink, m_definitions, m_values, counts, lenient) {}

bool Decoder::continuesPayload(std::span<const std::byte> record) const {
    Cursor cursor(record);
    const auto header = Cursor(record).take<wire::RecordHeader>();
    return header.kind == RecordKind::Payload &&
           m_payloads.continues(cursor.take<wire::PayloadRecord>());
}

void Decoder::decode(std::size_t ring, std::span<const std::byte> record) {
    Cursor cursor(record);
    const RecordKind kind = Cursor(record).take<wire::RecordHeader>().kind;
    switch (kind) {
    case RecordKind::Begin: {
        const auto begin = cursor.take<wire::BeginRecord>();
        m_events.begin(ring, begin, cursor);
        break;
    }
    case RecordKind::End: {
        const auto end = cursor.take<wire::EndRecord>();
        m_events.end(ring, end, cursor);
        break;
    }
    case RecordKind::Payload: {
        const auto payload = cursor.take<wire::PayloadRecord>();
        m_payloads.add(payload, cursor.bytes(payload.length));
        break;
    }
    case RecordKind::RngState: {
        const auto state = cursor.take<wire::RngStateRecord>();
        m_events.rngState(ring, state, cursor);
        break;
    }
    default:
        if (!define(ring, kind, cursor)) {
            throw Error(ErrorKind::Format,
                        fmt::format("a record is of the unknown kind {}", static_cast<int>(kind)));
        }
    }
}

bool Decoder::define(std::size_t ring, RecordKind kind, Cursor& cursor) {
    switch (kind) {
    case RecordKind::Thread: {
        const auto thread = cursor.take<wire::ThreadRecord>();
        m_events.threadBegins(ring, m_definitions.thread(thread, cursor), thread.torchId);
        return true;
    }
    case RecordKind::Text:
        m_definitions.text(cursor);
        return true;
    case RecordKind::Op:
        m_definitions.op(cursor);
        return true;
    case RecordKind::Layer:
        m_definitions.layer(cursor);
        return true;
    case RecordKind::Context:
        m_definitions.context(cursor);
        return true;
    case RecordKind::Generator:
        m_definitions.generator(cursor);
        return true;
    case RecordKind::Module:
        m_definitions.module(cursor);
        return true;
    case RecordKind::Stack:
        m_definitions.stack(cursor);
        return true;
    case RecordKind::Environment:
        m_definitions.environment(cursor);
        return true;
    case RecordKind::Bye:
        m_bye = true;
        return true;
    case RecordKind::Skip:
        return true;
    default:
        return false;
    }
}

std::vector<trace::EventId> Decoder::close() {
    m_events.closeAll();
    return m_events.stepStarts();
}

void nameSites(const Decoder& decoder, trace::Sink& sink, const std::filesystem::path& symbols,
               std::uint64_t beganNs) {
    const Definitions& definitions = decoder.definitions();
    const SiteAddresses& addresses = definitions.sites().addresses();
    const auto names = nameSites(addresses, sink, symbols, beganNs);
    sink.inferLayers(layersOf(addresses, names.frames, definitions.moduleLayers()));
}

} // namespace repro::collector
