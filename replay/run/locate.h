// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "replay/result/result.h"
#include "replay/run/row_compare.h"
#include "replay/run/run.h"
#include "trace/error.h"
#include "trace/slots.h"

#include <optional>
#include <string>
#include <vector>

namespace repro::replay {

/// Says where a row is, for a reader of the report. Of a row of one run alone, what that run knows.
/// `slot` adds the slot, its dtype and shape, and how far the two values are apart; for `damaged`
/// see compareUses().
Location locate(const Run& a, const Run& b, const Row& row, std::optional<UsePair> slot,
                std::vector<std::string>& damaged);

/// The difference of what two uses hold. Bytes that fail their fingerprint count as not recorded,
/// and are a line of `damaged`, once.
Difference compareUses(const Run& a, const Run& b, UsePair pair, std::vector<std::string>& damaged);

/// To call where an error is handled: adds the line, or throws the error on, where it is of
/// something else than contents.
void noteDamage(const Run& a, UsePair pair, const Error& error, std::vector<std::string>& damaged);

/// "out0": see trace/slots.h.
inline std::string slotName(const Run& run, std::uint64_t use) {
    return trace::slotName(run.uses, use);
}

/// The same with the argument's name, and whose tensor it is where that is known:
/// "in3 (running_mean, Net.norm.running_mean)".
std::string argumentName(const Run& run, std::uint64_t use);

/// One run's name for an event, "aten::mul (event 17)", and the same as data.
std::string eventName(const Run& run, trace::EventId event);
EventRef eventRef(const Run& run, trace::EventId event, char side);

} // namespace repro::replay
