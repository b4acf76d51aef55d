// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "gui/panes/pane.h"

namespace repro::gui {

/// A pane of the tensor in focus. It follows the TensorStore, not the focus: what is being read is
/// not shown yet.
class TensorBasedPane : public Pane {
    Q_OBJECT
public:
    TensorBasedPane(Context& context, const QString& id, const QString& title);

protected:
    void rebuild() override;
    void follow() override;
    /// Why nothing can be shown, in a line; empty: it can.
    [[nodiscard]] virtual QString whyNot() const;
    /// Lets go of what was shown.
    virtual void clear() {}
    /// Another tensor: shown().
    virtual void showTensor() {}
    /// Another tensor, slice, element, or choice of elements.
    virtual void showElement() {}
    /// Null: nothing.
    [[nodiscard]] const std::shared_ptr<const Tensor>& shown() const { return m_shown; }

private:
    void showReason();

    std::shared_ptr<const Tensor> m_shown;
};

} // namespace repro::gui
