// SPDX-License-Identifier: BSD-3-Clause
#include "trace/arguments.h"
#include "trace/reader_impl.h"
#include "trace/seal.h"

#include <fmt/format.h>

#include <set>
#include <tuple>

namespace repro::trace {
namespace {

/// Reading a column checks it.
template <class Row, class Columns>
void touchAll(const Columns& columns) {
    schema::forEach(schema::Table<Row>::fields, [&](const auto& field) {
        constexpr auto kLazy = std::remove_cvref_t<decltype(field)>::kLazy;
        (columns.*kLazy).load();
    });
}

} // namespace

void Reader::verify(const std::function<void(double)>& progress) const {
    constexpr double kTables = 0.5; // share of the tables; payload takes the rest
    const auto report = [&](double done) {
        if (progress) {
            progress(done);
        }
    };
    if (isSealed()) {
        checkColumns(m_impl->file, [&](double done) { report(done * kTables); });
    }
    touchAll<Event>(events());
    touchAll<Value>(values());
    touchAll<Use>(uses());
    static_cast<void>(draws());
    static_cast<void>(rngStates());
    static_cast<void>(statistics());
    static_cast<void>(m_impl->text());
    static_cast<void>(m_impl->lists());
    for (ArgumentsId id = 0; id < argumentsCount(); ++id) {
        static_cast<void>(describeArguments(arguments(id)));
    }
    // Values share payload; each piece is read once.
    std::set<std::tuple<DType, std::uint64_t, std::uint64_t, Fingerprint>> seen;
    for (ValueId id = 0; id < values().count; ++id) {
        const Value row = value(id);
        static_cast<void>(leaves(row));
        if (row.payload != kNone64 &&
            seen.emplace(row.dtype, row.payload, row.elements, row.fingerprint).second) {
            static_cast<void>(bytes(row));
        }
        report(kTables +
               (1 - kTables) * static_cast<double>(id + 1) / static_cast<double>(values().count));
    }
    report(1);
}

} // namespace repro::trace
