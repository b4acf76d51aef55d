// SPDX-License-Identifier: BSD-3-Clause
#include "recorder/collector/journal.h"

#include "recorder/collector/decoder.h"
#include "recorder/wire/protocol.h"
#include "trace/error.h"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <optional>
#include <utility>

namespace repro::collector {
namespace {

using nlohmann::json;

/// The first record tells what the decoder has to know of the others.
constexpr std::uint32_t kAbout = 0xffffffff;

struct About {
    bool lenient = false;
    std::string environment;
};

About aboutOf(trace::JournalReader& journal, const std::filesystem::path& folder) {
    const auto entry = journal.next();
    if (!entry || entry->tag != kAbout) {
        throw Error(ErrorKind::Format, folder.string() + ": nothing was recorded yet");
    }
    const std::string_view text(reinterpret_cast<const char*>(entry->record.data()),
                                entry->record.size());
    const json about = json::parse(text, nullptr, false);
    const auto protocol = about.is_object() ? about.value("protocol", 0U) : 0U;
    if (protocol != wire::kProtocolVersion) {
        throw Error(ErrorKind::Version,
                    fmt::format("{}: was recorded by reprorec {}, whose records this one does not "
                                "read; recover it with that version",
                                folder.string(), journal.header().toolVersion));
    }
    return {about.value("lenient", false), about.value("environment", "")};
}

/// Returns: why a record could not be decoded; empty = all were.
std::string decodeAll(trace::JournalReader& journal, Decoder& decoder) {
    while (const auto entry = journal.next()) {
        try {
            if (decoder.payloadOpen() && !decoder.continuesPayload(entry->record)) {
                decoder.abandonPayload();
            }
            decoder.decode(entry->tag, entry->record);
        } catch (const Error& error) {
            if (error.kind() == ErrorKind::Io) {
                throw; // of the sink
            }
            return error.what();
        }
    }
    return {};
}

} // namespace

Journal::Journal(const std::filesystem::path& folder, const trace::Header& header, bool lenient,
                 const std::string& environment)
    : m_writer(folder, header) {
    const json about = {
        {"protocol", wire::kProtocolVersion}, {"lenient", lenient}, {"environment", environment}};
    const std::string text = about.dump(-1, ' ', false, json::error_handler_t::replace);
    m_writer.add(kAbout, std::as_bytes(std::span(text)));
    m_writer.commit();
}

Recovery recover(const std::filesystem::path& folder, trace::Sink& sink,
                 const std::filesystem::path& symbols) {
    trace::JournalReader journal(folder);
    const About about = aboutOf(journal, folder);
    Counts counts;
    Decoder decoder(sink, counts, about.lenient, about.environment);
    const std::string trouble = decodeAll(journal, decoder);
    const auto steps = decoder.close();
    Recovery recovery{journal.header(), counts.events, trace::isLive(folder)};
    recovery.header.endedNs = journal.changedNs();
    recovery.header.ending = !trouble.empty()  ? "collector: " + trouble
                             : recovery.isLive ? "collector: still recording"
                                               : "collector: ended before the program did";
    if (!symbols.empty()) {
        nameSites(decoder, sink, symbols, recovery.header.startedNs);
    }
    sink.finish(recovery.header, steps);
    return recovery;
}

} // namespace repro::collector
