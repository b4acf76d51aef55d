// SPDX-License-Identifier: BSD-3-Clause
#include "cli/open_trace.h"

#include "cli/terminal.h"
#include "recorder/collector/journal.h"
#include "trace/claim.h"
#include "trace/error.h"
#include "trace/writer.h"

#include <fmt/format.h>

#include <cstdlib>

namespace repro::cli {
namespace {

namespace fs = std::filesystem;

/// A folder that nobody else has, removed with what is in it.
class TemporaryFolder {
public:
    TemporaryFolder() : m_path((fs::temp_directory_path() / "reprorec-XXXXXX").string()) {
        if (mkdtemp(m_path.data()) == nullptr) {
            throw Error(ErrorKind::Io,
                        m_path + ": cannot be made; set TMPDIR to a folder with room");
        }
    }
    ~TemporaryFolder() {
        std::error_code error;
        fs::remove_all(m_path, error);
    }
    TemporaryFolder(const TemporaryFolder&) = delete;
    TemporaryFolder& operator=(const TemporaryFolder&) = delete;
    [[nodiscard]] fs::path file(const char* name) const { return fs::path(m_path) / name; }

private:
    std::string m_path;
};

} // namespace

fs::path unfinishedAt(const fs::path& path) {
    if (trace::isJournal(path)) {
        return path;
    }
    std::error_code error;
    const fs::path folder = trace::partialOf(path);
    return !fs::exists(path, error) && trace::isJournal(folder) ? folder : fs::path();
}

trace::Reader openTrace(const std::string& path) {
    const fs::path folder = unfinishedAt(path);
    if (folder.empty()) {
        return trace::Reader(path);
    }
    const TemporaryFolder folderOfCopy; // the reader keeps what it opened when the name is gone
    const fs::path copy = folderOfCopy.file("trace.h5");
    trace::Writer writer(copy);
    const collector::Recovery recovery = collector::recover(folder, writer, {});
    fmt::print(stderr, "reprorec: {}: {}; {} so far\n", folder.string(),
               recovery.isLive ? "is still being recorded"
                               : "its recorder ended before the program",
               countText(recovery.events, "event", "events"));
    return trace::Reader(copy);
}

} // namespace repro::cli
