// SPDX-License-Identifier: BSD-3-Clause
#include "gui/panes/cell_styles.h"

namespace repro::gui {

using plot::CellStyle;
using plot::Mark;
using replay::RowClass;

Mark markOf(const RowEntry& row) {
    switch (row.rowClass) {
    case RowClass::Same:
        return Mark::Same;
    case RowClass::Origin:
    case RowClass::ArgumentOrigin:
        return Mark::Origin;
    case RowClass::RngOrigin:
        return Mark::RngOrigin;
    case RowClass::Inherited:
        return Mark::Inherited;
    case RowClass::Amplified:
        return Mark::Amplified;
    case RowClass::Healed:
    case RowClass::Unseen:
        return Mark::Healed;
    case RowClass::Structural:
        return row.b == trace::kNone32   ? Mark::OnlyA
               : row.a == trace::kNone32 ? Mark::OnlyB
                                         : Mark::Changed;
    case RowClass::WithinTolerance:
        return Mark::Tolerated;
    case RowClass::NonFinite:
        return Mark::NonFinite;
    case RowClass::Unknown:
        break;
    }
    return Mark::Unknown;
}

namespace {

plot::CellStyleSet styleOf(const RowEntry& row) {
    switch (markOf(row)) {
    case Mark::Same:
        return CellStyle::Same;
    case Mark::Healed:
        return CellStyle::Healed;
    case Mark::Tolerated:
        return CellStyle::Tolerated;
    case Mark::OnlyA:
        return CellStyle::OnlyA;
    case Mark::OnlyB:
        return CellStyle::OnlyB;
    case Mark::Changed:
        return CellStyle::Changed;
    case Mark::NonFinite:
        return CellStyle::NonFinite;
    case Mark::RngOrigin:
        return plot::CellStyleSet(CellStyle::RngOrigin) | CellStyle::UnknownSize;
    case Mark::Origin:
        return plot::CellStyleSet(CellStyle::Origin) | CellStyle::UnknownSize;
    case Mark::Unknown:
        return CellStyle::Unknown;
    default:
        return CellStyle::UnknownSize;
    }
}

} // namespace

std::vector<plot::CellStyleSet> stylesOf(const Rows& rows, const std::vector<RowDetail>* details,
                                         const VisibleRows* shown) {
    std::vector<plot::CellStyleSet> styles(shown != nullptr ? shown->count() : rows.size());
    for (std::uint32_t place = 0; place < styles.size(); ++place) {
        styles[place] = styleOf(rows.all[shown != nullptr ? shown->rowAt(place) : place]);
    }
    for (std::size_t i = 0; details != nullptr && i < details->size(); ++i) {
        const RowDetail& detail = (*details)[i];
        const std::uint32_t place = shown != nullptr ? shown->placeOf(detail.row) : detail.row;
        if (place == trace::kNone32 || !detail.ulpKnown || detail.elements == 0) {
            continue;
        }
        // An origin keeps its mark over the severity.
        styles[place] =
            styles[place].without(CellStyle::UnknownSize) | plot::styleOfUlp(detail.maxUlp);
    }
    return styles;
}

} // namespace repro::gui
