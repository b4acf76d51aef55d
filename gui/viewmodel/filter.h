// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "gui/viewmodel/document.h"
#include "replay/filter/filter.h"

#include <QString>
#include <QStringList>

#include <functional>
#include <optional>
#include <vector>

namespace repro::gui {

using replay::FilterFacts;

/// The filter language of replay/filter, in the viewer's strings.
class Filter {
public:
    struct Error {
        qsizetype position = 0; ///< in the text, of what is wrong
        qsizetype length = 0;
        QString message;
    };

    /// Returns: no filter and the error, or a filter. An empty text lets everything pass.
    static std::optional<Filter> parse(const QString& text, Error* error);

    [[nodiscard]] bool isEmpty() const { return m_filter.isEmpty(); }
    /// Empty where everything passes.
    [[nodiscard]] const QString& text() const { return m_text; }
    /// One phrase a term: "class is origin".
    [[nodiscard]] QStringList explanation() const;
    /// See replay::Filter. Throws replay::Cancelled.
    [[nodiscard]] std::vector<std::uint32_t> apply(const Rows& rows, const FilterFacts& facts,
                                                   const std::function<bool()>& cancelled) const;
    [[nodiscard]] std::optional<std::vector<std::uint32_t>>
    applyNear(std::uint32_t row, const Rows& rows, const FilterFacts& facts,
              const std::function<bool()>& cancelled) const;

    /// What may stand at the end of `text` instead of its last word, best first.
    static QStringList completions(const QString& text, const Rows* rows);

private:
    QString m_text;
    replay::Filter m_filter;
};

} // namespace repro::gui
