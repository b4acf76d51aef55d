// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "gui/viewmodel/session.h"
#include "gui/viewmodel/tensor.h"

#include <QObject>

#include <memory>
#include <vector>

namespace repro::gui {

/// The tensor in focus, for all panes that show it: its slots at once, its bytes when a job has
/// read them. Belongs to the GUI thread.
class TensorStore : public QObject {
    Q_OBJECT
public:
    explicit TensorStore(Session& session, QObject* parent = nullptr);

    [[nodiscard]] const std::vector<Slot>& slots() const { return m_slots; }
    [[nodiscard]] int slotIndex() const { return m_slot; } ///< -1: the row has none
    /// Null while it is read, and where there are no bytes.
    [[nodiscard]] const std::shared_ptr<const Tensor>& tensor() const { return m_tensor; }
    [[nodiscard]] const Plane& plane() const { return m_plane; }
    /// Differing elements, the farthest apart first; at most kListed.
    [[nodiscard]] const std::vector<std::uint64_t>& differing() const { return m_differing; }
    /// What a list of differences shows: all, or those that were chosen.
    [[nodiscard]] const std::vector<std::uint64_t>& listed() const {
        return m_choice ? m_choice->listed : m_differing;
    }
    /// What is listed, in words, where it was chosen; empty: all is.
    [[nodiscard]] QString choiceSentence() const;
    static constexpr std::size_t kListed = 100'000;
    /// Why there is no tensor, with what to do about it; empty where there is one.
    [[nodiscard]] const QString& reason() const { return m_reason; }
    /// The command of the reason, to copy; empty where it has none.
    [[nodiscard]] const QString& remedy() const { return m_remedy; }

    /// Reads the tensor in focus although it takes more than a quarter of the machine's memory,
    /// which is not done unasked.
    void readAnyway();
    [[nodiscard]] bool isTooLarge() const { return m_tooLarge; }
    void setMemory(std::uint64_t bytes) { m_memory = bytes; } ///< what the machine has

    void selectSlot(int index);
    void selectElement(std::uint64_t element,
                       FocusStore::Reason reason = FocusStore::Reason::Nudge);
    void selectSlice(std::vector<std::int64_t> slice);

    /// Lists only the differing elements inside a lasso, as `inside` tells; by a job. Another
    /// tensor ends it.
    void choose(ElementTest inside);
    void chooseAll();

Q_SIGNALS:
    void reading();      ///< another tensor is in focus; changed() tells when it is there
    void changed();      ///< another tensor, none, or another choice of its elements
    void planeChanged(); ///< another slice or element of the same tensor

private:
    void follow(const Focus& now, const Focus& old);
    void load();
    void read(const Slot& slot);
    /// There is no tensor.
    void setReason(const QString& reason, const QString& remedy = {});

    struct Choice {
        std::uint64_t elements = 0; ///< that were chosen, listed or not
        std::vector<std::uint64_t> listed;
    };

    Session& m_session;
    std::vector<Slot> m_slots;
    int m_slot = -1;
    std::shared_ptr<const Tensor> m_tensor;
    std::vector<std::uint64_t> m_differing;
    std::optional<Choice> m_choice;
    Plane m_plane;
    std::uint64_t m_memory;
    bool m_tooLarge = false; ///< waits for readAnyway()
    QString m_reason, m_remedy;
};

} // namespace repro::gui
