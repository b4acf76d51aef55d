// SPDX-License-Identifier: BSD-3-Clause
#include "trace/seal.h"

#include "trace/error.h"
#include "trace/fingerprint.h"
#include "trace/schema.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstring>

namespace repro::trace {
namespace {

void appendInteger(std::vector<std::byte>& out, std::uint64_t integer) {
    std::byte bytes[sizeof integer];
    std::memcpy(bytes, &integer, sizeof integer);
    out.insert(out.end(), bytes, bytes + sizeof integer);
}

Fingerprint readFingerprintOf(const hdf5::Dataset& column) {
    std::vector<Fingerprint> blocks;
    std::vector<std::byte> bytes;
    for (std::uint64_t first = 0; first < column.rows(); first += schema::kBlockRows) {
        const std::uint64_t rows = std::min(schema::kBlockRows, column.rows() - first);
        bytes.resize(rows * column.rowSize());
        column.read(first, rows, bytes.data());
        blocks.push_back(fingerprintOfBytes(bytes));
    }
    return fingerprintOfList(blocks);
}

} // namespace

Fingerprint sealOf(std::vector<SealedColumn> columns) {
    std::sort(columns.begin(), columns.end(),
              [](const auto& a, const auto& b) { return a.path < b.path; });
    std::vector<std::byte> bytes;
    for (const SealedColumn& column : columns) {
        const auto path = std::as_bytes(std::span(column.path));
        bytes.insert(bytes.end(), path.begin(), path.end());
        bytes.push_back(std::byte{0});
        appendInteger(bytes, column.rows);
        appendInteger(bytes, column.fingerprint.low);
        appendInteger(bytes, column.fingerprint.high);
    }
    return fingerprintOfBytes(bytes);
}

std::vector<SealedColumn> sealedColumns(const hdf5::File& file) {
    std::vector<SealedColumn> columns;
    for (const std::string& path : file.datasets()) {
        const hdf5::Dataset column = file.openDataset(path);
        if (const auto sealed = column.fingerprintAttribute(schema::kAttributeFingerprint)) {
            columns.push_back({path, column.rows(), *sealed});
        }
    }
    return columns;
}

void checkSeal(const hdf5::File& file) {
    if (file.fingerprintAttribute(schema::kAttributeSeal) != sealOf(sealedColumns(file))) {
        throw Error(ErrorKind::Format, file.path() +
                                           ": damaged: its columns do not match the seal; "
                                           "restore the file or record again");
    }
}

void checkColumns(const hdf5::File& file, const std::function<void(double)>& progress) {
    const auto paths = file.datasets();
    for (std::size_t i = 0; i < paths.size(); ++i) {
        const hdf5::Dataset column = file.openDataset(paths[i]);
        const auto sealed = column.fingerprintAttribute(schema::kAttributeFingerprint);
        if (sealed && readFingerprintOf(column) != *sealed) {
            throw Error(ErrorKind::Format,
                        fmt::format("{}: damaged: column {} is not what was written; restore "
                                    "the file or record again",
                                    column.file(), paths[i]));
        }
        progress(static_cast<double>(i + 1) / static_cast<double>(paths.size()));
    }
}

} // namespace repro::trace
