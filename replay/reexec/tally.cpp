// SPDX-License-Identifier: BSD-3-Clause
#include "replay/reexec/tally.h"

#include "replay/numbers/values.h"
#include "trace/fingerprint.h"

#include <algorithm>
#include <optional>

namespace repro::replay::exec {
namespace {

using trace::use_flag::Meaningless;
using trace::use_flag::Written;

/// The use of an event that a result is.
std::optional<trace::Use> useOf(const Result& result, const trace::Reader& reader,
                                trace::EventId id) {
    const trace::Event event = reader.event(id);
    for (std::uint32_t i = 0; i < event.useCount; ++i) {
        const trace::Use use = reader.use(event.firstUse + i);
        if (use.direction == trace::Direction::Out && use.slot == result.slot &&
            use.item == result.item && ((use.flags & Written) != 0) == result.isWritten) {
            return use;
        }
    }
    return std::nullopt;
}

bool isEqual(const Result& a, const Result& b) {
    return a.slot == b.slot && a.item == b.item && a.isWritten == b.isWritten &&
           a.dtype == b.dtype && a.sizes == b.sizes && a.contents == b.contents;
}

} // namespace

Tally::Tally(std::vector<Recording> recordings) : m_recordings(std::move(recordings)) {}

std::size_t Tally::add(Outcome outcome) {
    // What the recording does not have, or has without meaning, is nobody's business.
    std::erase_if(outcome.results, [&](const Result& result) {
        const auto use = useOf(result, *m_recordings[0].reader, m_recordings[0].event);
        return !use || (use->flags & Meaningless) != 0;
    });
    const auto found = std::ranges::find_if(m_distinct, [&](const Distinct& other) {
        return std::ranges::equal(other.results, outcome.results, isEqual);
    });
    if (found != m_distinct.end()) {
        ++found->runs;
        return static_cast<std::size_t>(found - m_distinct.begin());
    }
    Distinct distinct{1, std::move(outcome.results), {}};
    for (const Recording& recording : m_recordings) {
        distinct.isRecorded.push_back(isAsRecorded(distinct.results, recording));
    }
    m_distinct.push_back(std::move(distinct));
    return m_distinct.size() - 1;
}

std::uint64_t Tally::runs() const {
    std::uint64_t runs = 0;
    for (const Distinct& distinct : m_distinct) {
        runs += distinct.runs;
    }
    return runs;
}

Difference Tally::spread() const {
    Difference most;
    for (std::size_t i = 1; i < m_distinct.size(); ++i) {
        const auto& first = m_distinct[0].results;
        const auto& other = m_distinct[i].results;
        for (std::size_t k = 0; k < std::min(first.size(), other.size()); ++k) {
            if (first[k].sizes != other[k].sizes || first[k].dtype != other[k].dtype) {
                continue;
            }
            const Difference difference = compareNumbers(first[k].dtype, first[k].contents,
                                                         other[k].contents, first[k].sizes);
            most.elements = std::max(most.elements, difference.elements);
            most.maxUlp = std::max(most.maxUlp, difference.maxUlp);
            most.maxAbs = std::max(most.maxAbs, difference.maxAbs);
        }
    }
    return most;
}

std::uint64_t Tally::asRecorded(std::size_t recording) const {
    std::uint64_t runs = 0;
    for (const Distinct& distinct : m_distinct) {
        runs += distinct.isRecorded[recording] ? distinct.runs : 0;
    }
    return runs;
}

bool Tally::isAsRecorded(const std::vector<Result>& results, const Recording& recording) const {
    return std::ranges::all_of(results, [&](const Result& result) {
        const auto use = useOf(result, *recording.reader, recording.event);
        return use && recording.reader->value(use->value).fingerprint ==
                          trace::fingerprintOfContents(result.contents);
    });
}

} // namespace repro::replay::exec
