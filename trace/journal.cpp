// SPDX-License-Identifier: BSD-3-Clause
#include "trace/journal.h"

#include "trace/claim.h"
#include "trace/error.h"
#include "trace/header.h"
#include "trace/schema.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstring>
#include <string>
#include <utility>

namespace repro::trace {
namespace {

namespace fs = std::filesystem;

// A segment is HDF5's own size for the first bytes of the dataset, then records.
constexpr const char* kRecords = "records";
constexpr std::uint64_t kHead = sizeof(std::uint64_t); ///< how many bytes were committed
constexpr std::uint64_t kFirstSegment = 1ULL << 20U, kLargestSegment = 256ULL << 20U;
constexpr std::size_t kLargestBuffer = 1U << 20U;
constexpr std::uint64_t kLoad = 4ULL << 20U; ///< that is read at once
constexpr std::string_view kPrefix = "journal-", kSuffix = ".h5";
constexpr const char* kNewSegment = "journal-new.h5";

struct Frame {
    std::uint32_t bytes, tag;
};

fs::path segmentOf(const fs::path& folder, std::uint32_t number) {
    return folder / fmt::format("{}{}{}", kPrefix, number, kSuffix);
}

template <class T>
std::span<const std::byte> bytesOf(const T& value) {
    return std::as_bytes(std::span(&value, 1));
}

/// What is wrong with it is said by the file in it.
const fs::path& made(const fs::path& folder) {
    std::error_code error;
    fs::create_directory(folder, error);
    return folder;
}

} // namespace

bool isOfJournal(const fs::path& name) {
    const std::string text = name.filename().string();
    if (!text.starts_with(kPrefix) || !text.ends_with(kSuffix)) {
        return text == kUnfinished;
    }
    const std::string_view number = std::string_view(text).substr(
        kPrefix.size(), text.size() - kPrefix.size() - kSuffix.size());
    return text == kNewSegment ||
           (!number.empty() && number.find_first_not_of("0123456789") == std::string_view::npos);
}

bool isJournal(const fs::path& folder) {
    std::error_code error;
    return fs::is_regular_file(segmentOf(folder, 0), error);
}

bool isLive(const fs::path& folder) {
    return isJournal(folder) && FolderLock(folder, FolderLock::Kind::Asking).isTaken();
}

JournalWriter::JournalWriter(fs::path folder, const Header& header)
    : m_folder(std::move(folder)), m_header(header),
      m_lock(made(m_folder), FolderLock::Kind::Holding) {
    if (m_lock.isTaken()) {
        throw Error(ErrorKind::Io, m_folder.string() + ": is being written by another recording; "
                                                       "choose another name with -o");
    }
    m_header.complete = false;
    begin(0);
}

fs::path JournalWriter::current() const {
    return segmentOf(m_folder, m_segments - 1);
}

/// A new segment, for a record of so many bytes.
void JournalWriter::begin(std::uint64_t bytes) {
    const std::uint64_t usual =
        std::min(kFirstSegment << std::min(m_segments, 8U), kLargestSegment);
    ++m_segments;
    {
        auto file = hdf5::File::create(m_folder / kNewSegment);
        writeVersion(file);
        writeHeader(file, m_header);
        file.reserve(kRecords, kHead + std::max(usual, bytes));
        file.close();
    }
    std::error_code error;
    fs::rename(m_folder / kNewSegment, current(), error); // readers see it whole
    m_region = hdf5::Region::open(current(), kRecords, true);
    m_committed = 0;
}

void JournalWriter::add(std::uint32_t tag, std::span<const std::byte> record) {
    const Frame frame{static_cast<std::uint32_t>(record.size()), tag};
    const std::uint64_t bytes = sizeof frame + record.size();
    if (kHead + m_committed + m_buffer.size() + bytes > m_region.bytes()) {
        commit();
        begin(bytes);
    }
    const auto head = bytesOf(frame);
    m_buffer.insert(m_buffer.end(), head.begin(), head.end());
    m_buffer.insert(m_buffer.end(), record.begin(), record.end());
    if (m_buffer.size() >= kLargestBuffer) {
        commit();
    }
}

/// The count comes last: what it does not cover is not there.
void JournalWriter::commit() {
    if (m_buffer.empty()) {
        return;
    }
    m_region.write(kHead + m_committed, m_buffer);
    m_committed += m_buffer.size();
    m_buffer.clear();
    m_region.write(0, bytesOf(m_committed));
}

void JournalWriter::discard() {
    std::error_code error;
    for (; m_segments > 0; --m_segments) {
        fs::remove(current(), error);
    }
    fs::remove(m_folder, error);
}

JournalReader::JournalReader(fs::path folder) : m_folder(std::move(folder)) {
    if (!isJournal(m_folder)) {
        throw Error(ErrorKind::Io, m_folder.string() + ": no recording has begun there; name a "
                                                       "folder that reprorec left, NAME.partial");
    }
    m_header = readHeader(hdf5::File::open(segmentOf(m_folder, 0)));
    open(0);
}

void JournalReader::open(std::uint32_t segment) {
    m_segment = segment;
    m_region = hdf5::Region::open(segmentOf(m_folder, segment), kRecords, false);
    m_at = 0;
    m_loaded.clear();
    readCount();
}

void JournalReader::readCount() {
    m_region.read(0, std::as_writable_bytes(std::span(&m_committed, 1)));
    if (m_region.bytes() < kHead || m_committed > m_region.bytes() - kHead) {
        throwDamaged();
    }
}

/// Goes on to the next segment, if there is one. Its writer may still have been in this one when
/// its count was read.
bool JournalReader::goOn() {
    std::error_code error;
    if (!fs::exists(segmentOf(m_folder, m_segment + 1), error)) {
        return false;
    }
    readCount();
    if (m_at == m_committed) {
        open(m_segment + 1);
    }
    return true;
}

void JournalReader::throwDamaged() const {
    throw Error(ErrorKind::Format,
                segmentOf(m_folder, m_segment).string() +
                    ": damaged: its records do not add up; what is before them can be recovered "
                    "from a copy of the folder without this file and those after it");
}

std::span<const std::byte> JournalReader::take(std::size_t bytes) {
    if (m_committed - m_at < bytes) {
        throwDamaged();
    }
    if (m_at < m_loadedAt || m_at + bytes > m_loadedAt + m_loaded.size()) {
        const std::uint64_t left = m_committed - m_at;
        m_loaded.resize(std::max<std::uint64_t>(bytes, std::min<std::uint64_t>(left, kLoad)));
        m_region.read(kHead + m_at, m_loaded);
        m_loadedAt = m_at;
    }
    const auto taken = std::span(m_loaded).subspan(m_at - m_loadedAt, bytes);
    m_at += bytes;
    return taken;
}

std::optional<JournalReader::Entry> JournalReader::next() {
    while (m_at == m_committed) {
        if (!goOn()) {
            return std::nullopt;
        }
    }
    Frame frame{};
    std::memcpy(&frame, take(sizeof frame).data(), sizeof frame);
    return Entry{frame.tag, take(frame.bytes)};
}

} // namespace repro::trace
