// SPDX-License-Identifier: BSD-3-Clause
#include "replay/filter/fields.h"
#include "replay/filter/filter.h"
#include "replay/knowledge/function_name.h"

#include <algorithm>
#include <cctype>
#include <set>

namespace repro::replay {
namespace {

constexpr std::size_t kMost = 50;

bool beginsWith(std::string_view text, std::string_view beginning) {
    return text.size() >= beginning.size() &&
           std::equal(
               beginning.begin(), beginning.end(), text.begin(),
               [](unsigned char a, unsigned char b) { return std::tolower(a) == std::tolower(b); });
}

/// "aten::relu" is found by what follows its namespace.
std::string_view withoutNamespace(std::string_view op) {
    const std::size_t colons = op.find("::");
    return colons == std::string_view::npos ? op : op.substr(colons + 2);
}

/// Functions, files, or lines of files that events were called from.
std::set<std::string> placesOf(const FilterRows& rows, bool functions, bool lines) {
    std::set<std::string> places;
    for (const OwnCalls* own : {rows.callsA, rows.callsB}) {
        for (const SourceLine& call : own ? own->calls : std::vector<SourceLine>()) {
            const std::string file = call.file.substr(call.file.rfind('/') + 1);
            places.insert(functions ? functionName(call.function)
                          : lines   ? file + ':' + std::to_string(call.line)
                                    : file);
        }
    }
    places.erase(std::string());
    return places;
}

} // namespace

std::vector<std::string> Filter::completions(std::string_view text, const FilterRows* rows) {
    const std::size_t boundary = text.find_last_of(" \t\n(|");
    const std::string_view last =
        text.substr(boundary == std::string_view::npos ? 0 : boundary + 1);
    const std::string sign(last.substr(0, last.starts_with('-') || last.starts_with('+') ? 1 : 0));
    const std::string_view word = last.substr(sign.size());
    std::vector<std::string> found;
    const auto offer = [&](const std::string& candidate) {
        if (beginsWith(candidate, word) && candidate != word &&
            std::ranges::find(found, sign + candidate) == found.end()) {
            found.push_back(sign + candidate);
        }
    };
    const std::size_t colon = word.find(':');
    if (colon == std::string_view::npos || colon == 0) {
        for (const char* field : kFilterFields) {
            offer(field);
        }
        return found;
    }
    const std::string field(word.substr(0, colon));
    for (const FieldValue& value : valuesOf(field)) {
        offer(field + ':' + value.name);
    }
    if (rows != nullptr && (field == "site" || field == "fn")) {
        for (const std::string& place : placesOf(*rows, field == "fn", word.rfind(':') != colon)) {
            offer(field + ':' + place);
        }
        found.resize(std::min(found.size(), kMost));
        return found;
    }
    const bool op = field == "op";
    const std::vector<std::string>* names = rows == nullptr    ? nullptr
                                            : op               ? &rows->names
                                            : field == "layer" ? &rows->layers
                                                               : nullptr;
    for (std::size_t i = 0; names != nullptr && i < names->size() && found.size() < kMost; ++i) {
        offer(field + ':' + std::string(op ? withoutNamespace((*names)[i]) : (*names)[i]));
    }
    return found;
}

} // namespace repro::replay
