// SPDX-License-Identifier: BSD-3-Clause
#include "gui/panes/tensor_based_pane.h"

namespace repro::gui {

TensorBasedPane::TensorBasedPane(Context& context, const QString& id, const QString& title)
    : Pane(context, id, title, Of::Tensor) {
    const TensorStore& store = context.tensors;
    connect(&store, &TensorStore::changed, this, &Pane::invalidate);
    connect(&store, &TensorStore::planeChanged, this, [this] { outdate(Stale::Focus); });
    connect(&store, &TensorStore::reading, this, &TensorBasedPane::showReason);
}

QString TensorBasedPane::whyNot() const {
    const TensorStore& store = m_context.tensors;
    return store.tensor()             ? QString()
           : store.reason().isEmpty() ? tr("No tensor has the focus.")
                                      : store.reason();
}

void TensorBasedPane::showReason() {
    m_shown = nullptr;
    clear();
    setMessage(whyNot(), m_context.tensors.remedy());
}

void TensorBasedPane::rebuild() {
    if (!whyNot().isEmpty()) {
        showReason();
        return;
    }
    setMessage({});
    if (m_shown != m_context.tensors.tensor()) {
        m_shown = m_context.tensors.tensor();
        showTensor();
    }
    showElement();
}

void TensorBasedPane::follow() {
    if (m_shown && m_shown == m_context.tensors.tensor()) {
        showElement();
    } else {
        rebuild();
    }
}

} // namespace repro::gui
