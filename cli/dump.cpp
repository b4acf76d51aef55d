// SPDX-License-Identifier: BSD-3-Clause
#include "cli/command_line.h"
#include "cli/event_text.h"
#include "cli/find_event.h"
#include "cli/npy.h"
#include "cli/open_trace.h"
#include "cli/verb.h"
#include "replay/run/rerecord.h"
#include "trace/error.h"
#include "trace/reader.h"

#include <fmt/format.h>

namespace repro::cli {

int runDump(std::span<char*> arguments) {
    CommandLine line("dump", "Write one recorded tensor to a .npy file.",
                     "reprorec dump run.h5 --event 42 --slot out0 -o out.npy\n"
                     "python3 -c \"import numpy; print(numpy.load('out.npy'))\"");
    std::string path;
    std::string slot;
    std::string output;
    trace::EventId id = 0;
    line.app().add_option("trace", path, "The recording")->required()->type_name("FILE");
    line.app()
        .add_option("--event", id, "The event, as `reprorec ls` numbers it")
        ->required()
        ->type_name("N");
    line.app()
        .add_option("--slot", slot, "out0, in1, in1[3] (of a list), as `reprorec show` names them")
        ->required()
        ->type_name("SLOT");
    line.app().add_option("-o,--output", output, "Where to write")->required()->type_name("FILE");
    if (const auto status = line.parse(arguments)) {
        return *status;
    }
    const trace::Reader reader = openTrace(path);
    requireEvent(reader, id);
    const trace::Value value = reader.value(reader.uses().value[findSlot(reader, id, slot)]);
    if (value.payload == trace::kNone64) {
        throw Error(
            ErrorKind::Usage,
            fmt::format("{}: event {} {}: its bytes were not recorded; record them with: {}", path,
                        id, slot, replay::rerecordCommand(reader, id)));
    }
    const NpyType type = npyType(value.dtype);
    const auto bytes = reader.bytes(value);
    if (bytes.size() != value.elements * trace::dtypeSize(value.dtype)) {
        throw Error(ErrorKind::Format,
                    fmt::format("{}: event {} {}: {} elements in {} bytes have no .npy form; read "
                                "payload/ of the trace with HDF5",
                                path, id, slot, value.elements, bytes.size()));
    }
    writeNpy(output, npyHeader(type, reader.list(value.sizes)), bytes);
    if (!type.note.empty()) {
        fmt::print(stderr, "reprorec: {}: {}\n", output, type.note);
    }
    fmt::print("{}: {} {}\n", output, trace::dtypeName(value.dtype), listText(reader, value.sizes));
    return kSame;
}

} // namespace repro::cli
