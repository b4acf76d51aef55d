// SPDX-License-Identifier: BSD-3-Clause
#include "cli/command_line.h"
#include "cli/terminal.h"
#include "cli/verb.h"
#include "recorder/collector/site_names.h"
#include "recorder/launcher/environment.h"
#include "trace/amendment.h"
#include "trace/error.h"
#include "trace/reader.h"

#include <fmt/format.h>

#include <utility>

namespace repro::cli {
namespace {

collector::SiteAddresses addressesOf(const trace::Reader& reader) {
    collector::SiteAddresses addresses;
    for (const trace::Site& row : reader.sites()) {
        collector::SiteAddresses::Module module{std::string(reader.text(row.module)),
                                                std::string(reader.text(row.buildId))};
        if (row.module == row.file) { // of Python
            module.function = reader.text(row.function);
        }
        addresses.sites.push_back({numberOf(module, addresses.modules), row.offset});
    }
    return addresses;
}

const char* statusWords(symbols::Status status) {
    using symbols::Status;
    switch (status) {
    case Status::Resolved:
        return "functions and lines";
    case Status::SymbolsOnly:
        return "functions, but no lines; build it with -g";
    case Status::Stripped:
        return "no symbols; give the folder of its debugging information with --debug-dir";
    case Status::Missing:
        return "cannot be opened; its sites stay as they are";
    case Status::Rebuilt:
        return "was built again since the recording; its sites stay as they are";
    case Status::Damaged:
        return "damaged; its sites stay as they are";
    case Status::TooBig:
        return "took too long or too much memory; its sites stay as they are";
    case Status::Unread:
        break;
    }
    return "was not looked at";
}

} // namespace

int runSymbolize(std::span<char*> arguments) {
    CommandLine line(
        "symbolize",
        "Finds the functions and lines of a recording's call sites: what could not be\n"
        "found when it was recorded, because symbols were elsewhere.",
        "reprorec symbolize run.h5\n"
        "reprorec symbolize run.h5 --debug-dir build/debug");
    std::string path;
    std::vector<std::string> folders;
    line.app().add_option("trace", path, "The recording")->required()->type_name("FILE");
    line.app()
        .add_option("--debug-dir", folders, "Where debugging information is kept apart")
        ->type_name("DIR")
        ->check(CLI::ExistingDirectory)
        ->take_all()
        ->expected(1);
    if (const auto status = line.parse(arguments)) {
        return *status;
    }
    const auto [addresses, beganNs] = [&] {
        const trace::Reader reader(path);
        return std::pair(addressesOf(reader), reader.header().startedNs);
    }();
    if (addresses.sites.empty()) {
        throw Error(ErrorKind::Usage,
                    fmt::format("{}: has no call sites; record it without --sites none", path));
    }
    trace::Amendment amendment(path);
    const auto names = nameSites(addresses, amendment, launcher::privateFolder() / "repro-symbols",
                                 beganNs, folders);
    amendment.finish();
    for (const collector::ModuleNames& module : names.modules) {
        fmt::print("{}: {}{}{}\n", printable(module.path), statusWords(module.status),
                   module.detail.empty() ? "" : ": ", printable(module.detail));
    }
    return kSame;
}

} // namespace repro::cli
