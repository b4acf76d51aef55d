// SPDX-License-Identifier: BSD-3-Clause
#include "cli/command_line.h"
#include "cli/open_trace.h"
#include "cli/terminal.h"
#include "cli/verb.h"
#include "trace/error.h"
#include "trace/reader.h"

#include <fmt/format.h>

namespace repro::cli {

int runVerify(std::span<char*> arguments) {
    CommandLine line("verify",
                     "Read a whole recording and check every checksum and reference in it.\n"
                     "Exit status: 0 intact, 2 damaged, unreadable or empty.",
                     "reprorec verify run.h5");
    std::string path;
    line.app().add_option("trace", path, "The recording")->required()->type_name("FILE");
    if (const auto status = line.parse(arguments)) {
        return *status;
    }
    const trace::Reader reader = openTrace(path);
    {
        Progress progress("verify " + path);
        reader.verify([&](double done) { progress.update(done); });
    }
    if (reader.header().program.empty() && reader.values().count == 0) {
        throw Error(ErrorKind::Format, fmt::format("{}: intact, but it names no program and holds "
                                                   "no value; record it again",
                                                   path));
    }
    fmt::print("ok: {}, {}, {}\n", countText(reader.events().count, "event", "events"),
               countText(reader.values().count, "value", "values"),
               countText(reader.uses().count, "use", "uses"));
    return kSame;
}

} // namespace repro::cli
