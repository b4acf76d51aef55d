// SPDX-License-Identifier: BSD-3-Clause
#include "gui/panes/tensor_pane.h"
#include "gui/window/main_window.h"
#include "gui/window/window_commands.h"

#include <QApplication>

#include <algorithm>

namespace repro::gui {

void WindowCommands::bindTensor() {
    TensorPane* pane = m_window.panes().tensor;
    const auto view = [pane](View of) {
        return [pane, of](const QString&) { return pane->setView(of), QString(); };
    };
    bind("tensor.view-a", view(View::A));
    bind("tensor.view-b", view(View::B));
    bind("tensor.view-delta", view(View::Delta));
    bind("tensor.view-ulp", view(View::Ulp));
    const auto layout = [pane](plot::TensorLayout of) {
        return [pane, of](const QString&) { return pane->setLayoutMode(of), QString(); };
    };
    bind("tensor.side-by-side", layout(plot::TensorLayout::SideBySide));
    bind("tensor.split", layout(plot::TensorLayout::Split));
    bind("tensor.blink", layout(plot::TensorLayout::Blink));
    bind("tensor.single", layout(plot::TensorLayout::Single));
    bind("tensor.log", [pane](const QString&) { return pane->setLog(!pane->isLog()), QString(); });
    bind("tensor.zero-lock",
         [pane](const QString&) { return pane->setZeroLocked(!pane->isZeroLocked()), QString(); });
    bind("tensor.fit-range", [pane](const QString&) { return pane->fitRange(), QString(); });
    bind("tensor.read-large", [&store = m_window.context().tensors](const QString&) {
        const bool waits = store.isTooLarge();
        store.readAnyway();
        return waits ? QString() : QObject::tr("No large tensor is waiting to be read");
    });
}

void WindowCommands::bindElements() {
    TensorStore& store = m_window.context().tensors;
    const auto element = [&store, this](int direction) {
        return [&store, this, direction](const QString&) {
            const auto& all = store.listed();
            if (!store.tensor() || all.empty()) {
                return QObject::tr("No element is known to differ");
            }
            const auto& index = m_window.context().session.focus().now().index;
            const auto now = store.tensor()->holds(index)
                                 ? std::find(all.begin(), all.end(), store.tensor()->flat(index))
                                 : all.end();
            if (now == all.end()) {
                store.selectElement(all.front());
            } else if (direction > 0 ? now + 1 == all.end() : now == all.begin()) {
                QApplication::beep();
                return QObject::tr("No more elements in that direction");
            } else {
                store.selectElement(*(now + direction));
            }
            return QString();
        };
    };
    bind("tensor.next-element", element(1));
    bind("tensor.previous-element", element(-1));
    const auto slice = [&store](int direction) {
        return [&store, direction](const QString&) {
            const auto next = store.tensor()
                                  ? nextDifferingSlice(*store.tensor(), store.plane(), direction)
                                  : std::nullopt;
            if (!next) {
                QApplication::beep();
                return QObject::tr("No more differing slices in that direction");
            }
            store.selectSlice(*next);
            return QString();
        };
    };
    bind("tensor.next-slice", slice(1));
    bind("tensor.previous-slice", slice(-1));
    const auto slot = [&store](int direction) {
        return [&store, direction](const QString&) {
            return store.selectSlot(store.slotIndex() + direction), QString();
        };
    };
    bind("tensor.next-slot", slot(1));
    bind("tensor.previous-slot", slot(-1));
}

} // namespace repro::gui
