// SPDX-License-Identifier: BSD-3-Clause
#include "gui/viewmodel/preview.h"

#include "gui/viewmodel/texts.h"
#include "replay/run/row_compare.h"

namespace repro::gui {

using namespace Qt::Literals::StringLiterals;
using replay::RowClass;

namespace {

bool isOfValues(RowClass rowClass) {
    return rowClass == RowClass::Origin || rowClass == RowClass::Inherited ||
           rowClass == RowClass::Amplified;
}

bool hasOneOutputThatDiffers(const Document& document, const RowEntry& row) {
    replay::RowComparison comparison;
    replay::compareRows(document.runA(), row.a, document.runB(), row.b, comparison);
    return comparison.outputs.size() == 1;
}

} // namespace

TolerancePreview previewTolerance(const Document& document, const std::vector<RowDetail>* details,
                                  std::uint64_t ulp) {
    TolerancePreview preview;
    preview.ulp = ulp;
    const Rows& rows = document.rows();
    for (const std::uint32_t row : rows.differing) {
        const RowEntry& entry = rows.all[row];
        if (entry.rowClass == RowClass::Healed) {
            continue; // what it wrote is equal
        }
        ++preview.all;
        const RowDetail* detail = detailOf(details, row);
        if (!isOfValues(entry.rowClass)) {
            continue;
        }
        if (detail == nullptr) {
            ++preview.unknown;
        } else if (detail->ulpKnown && !detail->nonFinite && detail->maxUlp <= ulp) {
            if (hasOneOutputThatDiffers(document, entry)) {
                preview.hidden.push_back(row);
            } else {
                ++preview.unknown;
            }
        }
    }
    return preview;
}

QString TolerancePreview::sentence() const {
    const QString line =
        u"A tolerance of %1 ULP would hide %2 of %3 rows that differ; %4 remain"_s.arg(
            countText(ulp), countText(hidden.size()), countText(all),
            countText(all - hidden.size() - unknown));
    return unknown == 0
               ? line + u'.'
               : line +
                     u"; for %1 this is unknown, because their bytes were not recorded or several outputs differ."_s
                         .arg(countText(unknown));
}

} // namespace repro::gui
