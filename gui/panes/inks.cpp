// SPDX-License-Identifier: BSD-3-Clause
#include "gui/panes/inks.h"

namespace repro::gui {

using plot::Ink;
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

plot::InkSet inkOf(const RowEntry& row) {
    switch (markOf(row)) {
    case Mark::Same:
        return Ink::Same;
    case Mark::Healed:
        return Ink::Healed;
    case Mark::Tolerated:
        return Ink::Tolerated;
    case Mark::OnlyA:
        return Ink::OnlyA;
    case Mark::OnlyB:
        return Ink::OnlyB;
    case Mark::Changed:
        return Ink::Changed;
    case Mark::NonFinite:
        return Ink::NonFinite;
    case Mark::RngOrigin:
        return plot::InkSet(Ink::RngOrigin) | Ink::UnknownSize;
    case Mark::Origin:
        return plot::InkSet(Ink::Origin) | Ink::UnknownSize;
    case Mark::Unknown:
        return Ink::Unknown;
    default:
        return Ink::UnknownSize;
    }
}

} // namespace

std::vector<plot::InkSet> inksOf(const Rows& rows, const std::vector<RowDetail>* details,
                                 const VisibleRows* shown) {
    std::vector<plot::InkSet> inks(shown != nullptr ? shown->count() : rows.size());
    for (std::uint32_t place = 0; place < inks.size(); ++place) {
        inks[place] = inkOf(rows.all[shown != nullptr ? shown->rowAt(place) : place]);
    }
    for (std::size_t i = 0; details != nullptr && i < details->size(); ++i) {
        const RowDetail& detail = (*details)[i];
        const std::uint32_t place = shown != nullptr ? shown->placeOf(detail.row) : detail.row;
        if (place == trace::kNone32 || !detail.ulpKnown || detail.elements == 0) {
            continue;
        }
        // An origin keeps its mark over the severity.
        inks[place] = inks[place].without(Ink::UnknownSize) | plot::inkOfUlp(detail.maxUlp);
    }
    return inks;
}

} // namespace repro::gui
