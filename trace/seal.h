// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "trace/hdf5/hdf5.h"

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

/// What proves that the tables of a finished trace are the ones that were written (FORMAT.md,
/// "Seal").
namespace repro::trace {

/// What the seal takes of one column.
struct SealedColumn {
    std::string path;
    std::uint64_t rows = 0;
    Fingerprint fingerprint; ///< of the list of its blocks' fingerprints
};

/// The columns may come in any order.
Fingerprint sealOf(std::vector<SealedColumn> columns);

/// The columns of a file, as their attributes have them.
std::vector<SealedColumn> sealedColumns(const hdf5::File& file);

/// Holds the set of columns, their lengths and fingerprints to the seal, without reading them.
/// Throws: Error (Format).
void checkSeal(const hdf5::File& file);

/// Reads every sealed column. Throws: Error (Format) when one is not what was sealed. `progress`
/// gets the share of columns that are done.
void checkColumns(const hdf5::File& file, const std::function<void(double)>& progress);

} // namespace repro::trace
