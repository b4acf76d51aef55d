// SPDX-License-Identifier: BSD-3-Clause
#include "gui/plot/kit/ink.h"

#include <QCoreApplication>

#include <algorithm>
#include <array>
#include <bit>
#include <utility>

namespace repro::gui::plot {
namespace {

constexpr qint64 kFan = 16;

} // namespace

QString inkName(Ink ink) {
    static constexpr std::array<const char*, kInkCount> kNames{
        QT_TRANSLATE_NOOP("Ink", "same"),
        QT_TRANSLATE_NOOP("Ink", "healed"),
        QT_TRANSLATE_NOOP("Ink", "within tolerance"),
        QT_TRANSLATE_NOOP("Ink", "unknown"),
        QT_TRANSLATE_NOOP("Ink", "unknown size"),
        QT_TRANSLATE_NOOP("Ink", "1-3 ULP"),
        QT_TRANSLATE_NOOP("Ink", "4-31 ULP"),
        QT_TRANSLATE_NOOP("Ink", "32-1023 ULP"),
        QT_TRANSLATE_NOOP("Ink", "1024 ULP or more"),
        QT_TRANSLATE_NOOP("Ink", "2^20 ULP or more"),
        QT_TRANSLATE_NOOP("Ink", "shape or type changed"),
        QT_TRANSLATE_NOOP("Ink", "only in A"),
        QT_TRANSLATE_NOOP("Ink", "only in B"),
        QT_TRANSLATE_NOOP("Ink", "NaN or Inf on one side"),
        QT_TRANSLATE_NOOP("Ink", "RNG origin"),
        QT_TRANSLATE_NOOP("Ink", "origin")};
    return QCoreApplication::translate("Ink", kNames[std::size_t(ink)]);
}

Ink inkOfUlp(std::uint64_t ulp) {
    return ulp < 4           ? Ink::Ulp1
           : ulp < 32        ? Ink::Ulp4
           : ulp < 1024      ? Ink::Ulp32
           : ulp < 1U << 20U ? Ink::Ulp1024
                             : Ink::Ulp1M;
}

Ink InkSet::heaviest() const {
    return static_cast<Ink>(std::bit_width(m_bits) - 1);
}

bool InkSet::notable() const {
    return m_bits > InkSet(Ink::Same).m_bits;
}

InkPyramid::InkPyramid(std::vector<InkSet> rows) {
    m_levels.push_back(std::move(rows));
    while (m_levels.back().size() > std::size_t(kFan)) {
        const std::vector<InkSet>& below = m_levels.back();
        std::vector<InkSet> level((below.size() + kFan - 1) / kFan);
        for (std::size_t i = 0; i < below.size(); ++i) {
            level[i / kFan] |= below[i];
        }
        m_levels.push_back(std::move(level));
    }
}

InkSet InkPyramid::merged(qint64 first, qint64 last) const {
    InkSet result;
    for (const std::vector<InkSet>& level : m_levels) {
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

std::span<const InkSet> InkPyramid::rows() const {
    return m_levels.empty() ? std::span<const InkSet>() : std::span(m_levels.front());
}

} // namespace repro::gui::plot
