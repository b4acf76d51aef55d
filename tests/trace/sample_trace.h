// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "trace/model.h"
#include "trace/reader.h"
#include "trace/sink.h"

#include <cstddef>
#include <filesystem>
#include <string>
#include <vector>

/// A small trace in which every table has rows and every member another value, for the tests here.
namespace repro::trace::test {

/// Contents of `elements` elements; different for each dtype, reproducible.
std::vector<std::byte> sampleContents(DType dtype, std::uint64_t elements);

/// A value above kLeafThreshold, float32.
inline constexpr std::uint64_t kLargeElements = (kLeafThreshold + 3 * kLeafBytes / 2) / 4;

inline Header sampleHeader() {
    return {.toolVersion = "0.1.0",
            .runId = "2f1c1f0e-9d3a-4b7a-8a0e-0123456789ab",
            .torchVersion = "2.13.0",
            .program = "./train --epochs 2",
            .startedNs = 1'700'000'000'000'000'001,
            .endedNs = 1'700'000'000'000'000'999,
            .complete = true,
            .ending = "exit 0",
            .capture = "full",
            .filters = "",
            .verifyInputs = "top",
            .drops = 1,
            .gaps = 2,
            .skippedValues = 3,
            .heldUpNs = 4,
            .unrecordedChildren = 5,
            .cutStacks = 6,
            .environment = R"({"argv":["./train","--epochs","2"],"note":"Grüße"})"};
}

/// Writes everything but finish(). `large` adds the value above kLeafThreshold.
void fillSample(Sink& sink, bool large = true);

/// The first event of step 1.
inline constexpr EventId kSampleStepStart = 2;

/// Writes a finished sample to `path`.
void writeSample(const std::filesystem::path& path, bool large = true);

/// Everything that a reader of the trace can see, as text.
std::string dump(const Reader& reader);

} // namespace repro::trace::test
