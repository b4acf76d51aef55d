// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "replay/diff.h"
#include "trace/reader.h"

#include <string>

/// A golden trace: the recording that later ones are held to. `diff --update-golden` puts a new one
/// in its place, after it has said what changes.
namespace repro::cli {

/// Refuses a recording that would make a bad measure: damaged, empty, unfinished, with records
/// lost, or of a program that failed. `force` lets all but a damaged or empty one pass.
/// Throws: Error.
void requireFitForGolden(const trace::Reader& run, bool force);

/// Puts `run` in the place of `golden`, or creates it, in one step; says so on stderr.
void replaceGolden(const std::string& golden, const std::string& run);

/// After a comparison: replaces a golden trace that the run diverged from.
/// Returns: the exit status: 0 when the golden trace now is, or already was, what the run says;
/// that of the verdict when nothing was done.
int updateGolden(const replay::DiffResult& result, bool force);

} // namespace repro::cli
