// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "trace/hdf5/hdf5.h"
#include "trace/model.h"

namespace repro::trace {

/// The attributes that a file of ours has from the beginning: whose it is, in which version, and
/// that it is not complete.
void writeVersion(hdf5::File& file);
/// All that is in a header but the environment. Texts that are longer than an attribute are cut.
void writeHeader(hdf5::File& file, const Header& header);
/// Throws: Error (Format, Version) where this version cannot read the file.
Header readHeader(const hdf5::File& file);

} // namespace repro::trace
