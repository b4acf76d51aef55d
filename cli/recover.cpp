// SPDX-License-Identifier: BSD-3-Clause
#include "cli/command_line.h"
#include "cli/open_trace.h"
#include "cli/terminal.h"
#include "cli/verb.h"
#include "recorder/collector/journal.h"
#include "recorder/launcher/environment.h"
#include "trace/claim.h"
#include "trace/error.h"
#include "trace/writer.h"

#include <fmt/format.h>

namespace repro::cli {
namespace {

namespace fs = std::filesystem;

struct RecoverCommand {
    std::string path, output;
    bool overwrite = false;
};

fs::path targetOf(const fs::path& folder, const std::string& output) {
    constexpr std::string_view kSuffix = ".partial";
    const std::string name = folder.lexically_normal().string();
    if (!output.empty()) {
        return output;
    }
    if (!name.ends_with(kSuffix)) {
        throw Error(ErrorKind::Usage,
                    fmt::format("{}: has another name than a recording gives; name the trace to "
                                "make with -o",
                                name));
    }
    return name.substr(0, name.size() - kSuffix.size());
}

void recover(const RecoverCommand& command) {
    const fs::path folder = unfinishedAt(command.path);
    if (folder.empty()) {
        throw Error(ErrorKind::Usage, fmt::format("{}: is no recording that was cut off; name the "
                                                  "folder that it left, NAME.partial",
                                                  command.path));
    }
    if (trace::isLive(folder)) {
        throw Error(
            ErrorKind::Usage,
            fmt::format("{}: is still being recorded; read it as it is, or wait for its end",
                        folder.string()));
    }
    const fs::path target = targetOf(folder, command.output);
    std::error_code error;
    if (fs::exists(target, error) && !command.overwrite) {
        throw Error(ErrorKind::Io, fmt::format("{}: exists; overwrite it with -f or choose another "
                                               "name with -o",
                                               target.string()));
    }
    // Beside the target first: its own folder is the one that is read.
    const fs::path made = target.string() + ".recovered";
    trace::Writer writer(made, {.overwrite = true});
    const collector::Recovery recovery =
        collector::recover(folder, writer, launcher::privateFolder() / "repro-symbols");
    fs::rename(made, target, error);
    if (error) {
        throw Error(ErrorKind::Io,
                    fmt::format("{}: cannot be renamed to {}: {}; rename it yourself",
                                made.string(), target.string(), error.message()));
    }
    if (trace::partialOf(target) == folder) {
        trace::removePartial(target);
    }
    fmt::print("{}: {}; {}\n", target.string(), countText(recovery.events, "event", "events"),
               recovery.header.ending);
}

} // namespace

int runRecover(std::span<char*> arguments) {
    CommandLine line("recover",
                     "Makes a trace of what a recording left that was cut off: its recorder was\n"
                     "killed, or the disk was full. All that was committed is in it; it says that\n"
                     "it is incomplete. Exit status: 0 made, 2 it cannot be.",
                     "reprorec recover run.h5.partial\n"
                     "reprorec recover run.h5 -o what-is-left.h5");
    RecoverCommand command;
    line.app()
        .add_option("recording", command.path, "The folder NAME.partial, or NAME")
        ->required()
        ->type_name("PATH");
    line.app().add_option("-o,--output", command.output, "The trace to make; default: NAME");
    line.app().add_flag("-f,--force", command.overwrite, "Overwrite a trace that is there");
    if (const auto status = line.parse(arguments)) {
        return *status;
    }
    recover(command);
    return kSame;
}

} // namespace repro::cli
