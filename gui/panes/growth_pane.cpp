// SPDX-License-Identifier: BSD-3-Clause
#include "gui/panes/growth_pane.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace repro::gui {

using namespace Qt::Literals::StringLiterals;
using trace::kNone32;

GrowthPane::GrowthPane(Context& context) : Pane(context, u"growth"_s, tr("Growth")) {
    m_curve = new plot::GrowthCurve;
    setContent(m_curve);
    connect(m_curve, &plot::GrowthCurve::pointActivated, this, [this](int point) {
        if (point >= 0 && static_cast<std::size_t>(point) < m_firstRow.size()) {
            m_context.session.focus().setRow(m_firstRow[static_cast<std::size_t>(point)]);
        }
    });
    connect(m_curve, &plot::Canvas::readoutChanged, this, &Pane::statusMessage);
    connect(&context.session, &Session::detailsReady, this, &Pane::invalidate);
}

void GrowthPane::rebuild() {
    const auto& document = m_context.session.document();
    if (!document) {
        m_shown.reset();
        setMessage(tr("Nothing is open."));
        return;
    }
    setMessage({});
    if (document == m_shown.lock() && m_context.session.details() == m_details) {
        follow();
        return;
    }
    m_shown = document;
    m_details = m_context.session.details();
    const Rows& rows = document->rows();
    plot::GrowthData curve;
    m_firstRow.clear();
    std::uint32_t steps = 0;
    for (const std::uint32_t start : rows.stepStarts) {
        steps = std::max(steps, rows.all[start].step + 1);
    }
    curve.differing.assign(steps, 0);
    curve.maxRelative.assign(steps, std::numeric_limits<double>::quiet_NaN());
    m_firstRow.assign(steps, kNone32);
    for (std::uint32_t step = 0; step < steps; ++step) {
        curve.x.push_back(step);
    }
    for (const std::uint32_t start : rows.stepStarts) {
        std::uint32_t& first = m_firstRow[rows.all[start].step];
        first = std::min(first, start);
    }
    std::vector<bool> differs(steps);
    for (const std::uint32_t row : rows.differing) {
        const std::uint32_t step = rows.all[row].step;
        curve.differing[step] += 1;
        if (!differs[step]) { // a click leads to the first difference of a step
            differs[step] = true;
            m_firstRow[step] = row;
        }
    }
    if (const auto& details = m_context.session.details()) {
        for (const RowDetail& detail : *details) {
            double& most = curve.maxRelative[rows.all[detail.row].step];
            const double relative =
                detail.nonFinite ? std::numeric_limits<double>::infinity() : detail.maxRel;
            most = std::isnan(most) ? relative : std::max(most, relative);
        }
    }
    m_curve->setData(std::move(curve));
    follow();
}

void GrowthPane::follow() {
    const auto& document = m_context.session.document();
    const std::uint32_t row = m_context.session.focus().now().row;
    if (document && row < document->rows().size()) {
        m_curve->setFocusPoint(static_cast<int>(document->rows().all[row].step));
    }
}

} // namespace repro::gui
