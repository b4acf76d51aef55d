// SPDX-License-Identifier: BSD-3-Clause
#include "trace/amendment.h"

#include "trace/claim.h"
#include "trace/column_writer.h"
#include "trace/error.h"
#include "trace/reader.h"
#include "trace/seal.h"

#include <fmt/format.h>

#include <algorithm>
#include <string>
#include <unordered_map>
#include <vector>

namespace repro::trace {
namespace {

namespace fs = std::filesystem;

constexpr int kDeflate = 1;

template <class Row>
void replaceTable(const ColumnTarget& target, const std::vector<Row>& rows) {
    const char* group = schema::Table<Row>::name;
    target.file.remove(group);
    target.file.createGroup(group);
    TableWriter<Row> table;
    for (const Row& row : rows) {
        table.add(target, row);
    }
    for (ColumnWriter& column : table.columns()) {
        column.close(target);
        column.seal();
    }
}

void replaceTexts(const ColumnTarget& target, const std::vector<std::string>& texts) {
    target.file.remove(schema::kText.group);
    target.file.createGroup(schema::kText.group);
    ListWriter<std::uint8_t> list(schema::kText);
    for (const std::string& text : texts) {
        list.add(target, std::as_bytes(std::span(text)));
    }
    for (ColumnWriter* column : {&list.end(), &list.items()}) {
        column->close(target);
        column->seal();
    }
}

} // namespace

struct Amendment::Impl {
    explicit Impl(const fs::path& path) : trace(path) {
        const Reader reader(path);
        if (!reader.isSealed()) {
            throw Error(ErrorKind::Usage,
                        fmt::format("{}: was never finished; nothing can be added", path.string()));
        }
        sites = reader.sites();
        sources = reader.sources();
        for (SiteId site = 0; site < sites.size(); ++site) {
            const auto frames = reader.inlinedInto(site);
            inlined.emplace_back(frames.begin(), frames.end());
        }
        for (TextId id = 0; id < reader.textCount(); ++id) {
            texts.emplace_back(reader.text(id));
            ids.emplace(texts.back(), id);
        }
    }

    void write(const fs::path& copy) const {
        hdf5::File file = hdf5::File::openForChange(copy);
        const ColumnTarget target{file, kDeflate};
        std::vector<InlinedFrame> frames;
        for (const auto& ofSite : inlined) {
            frames.insert(frames.end(), ofSite.begin(), ofSite.end());
        }
        replaceTable(target, sites);
        replaceTable(target, frames);
        replaceTable(target, sources);
        replaceTexts(target, texts);
        file.setAttribute(schema::kAttributeSeal, sealOf(sealedColumns(file)));
        file.close();
    }

    fs::path trace;
    std::vector<Site> sites;
    std::vector<std::vector<InlinedFrame>> inlined; ///< by site
    std::vector<SourceFile> sources;
    std::vector<std::string> texts;
    std::unordered_map<std::string, TextId> ids;
};

Amendment::Amendment(const fs::path& trace) : m_impl(std::make_unique<Impl>(trace)) {}
Amendment::~Amendment() = default;

TextId Amendment::text(std::string_view text) {
    const auto [entry, isNew] =
        m_impl->ids.try_emplace(std::string(text), static_cast<TextId>(m_impl->texts.size()));
    if (isNew) {
        m_impl->texts.emplace_back(text);
    }
    return entry->second;
}

void Amendment::resolve(SiteId site, TextId function, TextId file, std::uint32_t line) {
    Site& row = m_impl->sites.at(site);
    row.function = function;
    row.file = file;
    row.line = line;
    m_impl->inlined[site].clear();
}

void Amendment::add(const InlinedFrame& row) {
    m_impl->inlined.at(row.site).push_back(row);
}

void Amendment::add(const SourceFile& row) {
    std::erase_if(m_impl->sources, [&](const SourceFile& old) { return old.file == row.file; });
    m_impl->sources.push_back(row);
}

void Amendment::finish() {
    const fs::path target = fs::canonical(m_impl->trace);
    const fs::path copy = partialOf(target);
    std::error_code error;
    fs::copy_file(target, copy, error);
    if (error) {
        throw Error(ErrorKind::Io,
                    fmt::format("{}: cannot be written: {}; remove it, or free space",
                                copy.string(), error.message()));
    }
    try {
        m_impl->write(copy);
        fs::rename(copy, target);
    } catch (...) {
        fs::remove(copy, error);
        throw;
    }
}

} // namespace repro::trace
