// SPDX-License-Identifier: BSD-3-Clause
#include "gui/viewmodel/filter.h"

namespace repro::gui {
namespace {

std::vector<std::string> utf8Of(const QStringList& names) {
    std::vector<std::string> texts;
    texts.reserve(static_cast<std::size_t>(names.size()));
    for (const QString& name : names) {
        texts.push_back(name.toStdString());
    }
    return texts;
}

replay::FilterRows filterRows(const Rows& rows) {
    return {rows.all,     rows.differing, utf8Of(rows.names), utf8Of(rows.layers),
            &rows.callsA, &rows.callsB};
}

QStringList listOf(const std::vector<std::string>& texts) {
    QStringList list;
    for (const std::string& one : texts) {
        list.append(text(one));
    }
    return list;
}

} // namespace

std::optional<Filter> Filter::parse(const QString& text, Error* error) {
    const std::string utf8 = text.toStdString();
    const std::string_view whole = utf8;
    replay::Filter::Error wrong;
    auto parsed = replay::Filter::parse(whole, &wrong);
    if (!parsed) {
        const auto letters = [&](std::size_t from, std::size_t count) {
            return gui::text(whole.substr(std::min(from, whole.size()), count)).size();
        };
        *error = {letters(0, wrong.position),
                  std::max<qsizetype>(letters(wrong.position, wrong.length), 1),
                  gui::text(wrong.message)};
        return std::nullopt;
    }
    Filter filter;
    filter.m_text = parsed->isEmpty() ? QString() : text;
    filter.m_filter = std::move(*parsed);
    return filter;
}

QStringList Filter::explanation() const {
    return listOf(m_filter.explanation());
}

std::vector<std::uint32_t> Filter::apply(const Rows& rows, const FilterFacts& facts,
                                         const std::function<bool()>& cancelled) const {
    return m_filter.apply(filterRows(rows), facts, cancelled);
}

std::optional<std::vector<std::uint32_t>>
Filter::applyNear(std::uint32_t row, const Rows& rows, const FilterFacts& facts,
                  const std::function<bool()>& cancelled) const {
    return m_filter.applyNear(row, filterRows(rows), facts, cancelled);
}

QStringList Filter::completions(const QString& text, const Rows* rows) {
    replay::FilterRows names;
    if (rows != nullptr) {
        names = filterRows(*rows);
    }
    return listOf(replay::Filter::completions(text.toStdString(), &names));
}

} // namespace repro::gui
