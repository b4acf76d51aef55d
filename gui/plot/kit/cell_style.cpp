// SPDX-License-Identifier: BSD-3-Clause
#include "gui/plot/kit/cell_style.h"

#include <QCoreApplication>

#include <algorithm>
#include <array>
#include <bit>
#include <utility>

namespace repro::gui::plot {
namespace {

constexpr qint64 kFan = 16;

} // namespace

QString styleName(CellStyle style) {
    static constexpr std::array<const char*, kCellStyleCount> kNames{
        QT_TRANSLATE_NOOP("CellStyle", "same"),
        QT_TRANSLATE_NOOP("CellStyle", "healed"),
        QT_TRANSLATE_NOOP("CellStyle", "within tolerance"),
        QT_TRANSLATE_NOOP("CellStyle", "unknown"),
        QT_TRANSLATE_NOOP("CellStyle", "unknown size"),
        QT_TRANSLATE_NOOP("CellStyle", "1-3 ULP"),
        QT_TRANSLATE_NOOP("CellStyle", "4-31 ULP"),
        QT_TRANSLATE_NOOP("CellStyle", "32-1023 ULP"),
        QT_TRANSLATE_NOOP("CellStyle", "1024 ULP or more"),
        QT_TRANSLATE_NOOP("CellStyle", "2^20 ULP or more"),
        QT_TRANSLATE_NOOP("CellStyle", "shape or type changed"),
        QT_TRANSLATE_NOOP("CellStyle", "only in A"),
        QT_TRANSLATE_NOOP("CellStyle", "only in B"),
        QT_TRANSLATE_NOOP("CellStyle", "NaN or Inf on one side"),
        QT_TRANSLATE_NOOP("CellStyle", "RNG origin"),
        QT_TRANSLATE_NOOP("CellStyle", "origin")};
    return QCoreApplication::translate("CellStyle", kNames[std::size_t(style)]);
}

CellStyle styleOfUlp(std::uint64_t ulp) {
    return ulp < 4           ? CellStyle::Ulp1
           : ulp < 32        ? CellStyle::Ulp4
           : ulp < 1024      ? CellStyle::Ulp32
           : ulp < 1U << 20U ? CellStyle::Ulp1024
                             : CellStyle::Ulp1M;
}

CellStyle CellStyleSet::heaviest() const {
    return static_cast<CellStyle>(std::bit_width(m_bits) - 1);
}

bool CellStyleSet::notable() const {
    return m_bits > CellStyleSet(CellStyle::Same).m_bits;
}

CellStylePyramid::CellStylePyramid(std::vector<CellStyleSet> rows) {
    m_levels.push_back(std::move(rows));
    while (m_levels.back().size() > std::size_t(kFan)) {
        const std::vector<CellStyleSet>& below = m_levels.back();
        std::vector<CellStyleSet> level((below.size() + kFan - 1) / kFan);
        for (std::size_t i = 0; i < below.size(); ++i) {
            level[i / kFan] |= below[i];
        }
        m_levels.push_back(std::move(level));
    }
}

CellStyleSet CellStylePyramid::merged(qint64 first, qint64 last) const {
    CellStyleSet result;
    for (const std::vector<CellStyleSet>& level : m_levels) {
        // What does not fill a cell of the next level is taken from this one.
        while (first < last && first % kFan != 0) {
            result |= level[std::size_t(first++)];
        }
        while (first < last && last % kFan != 0) {
            result |= level[std::size_t(--last)];
        }
        if (first >= last) {
            break;
        }
        if (&level == &m_levels.back()) {
            for (; first < last; ++first) {
                result |= level[std::size_t(first)];
            }
            break;
        }
        first /= kFan;
        last /= kFan;
    }
    return result;
}

std::span<const CellStyleSet> CellStylePyramid::rows() const {
    return m_levels.empty() ? std::span<const CellStyleSet>() : std::span(m_levels.front());
}

} // namespace repro::gui::plot
