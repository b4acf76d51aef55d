// SPDX-License-Identifier: BSD-3-Clause
#include "gui/viewmodel/tensor_store.h"

#include "gui/viewmodel/texts.h"
#include "replay/run/rerecord.h"

#include <QLocale>

#include <unistd.h>
#include <utility>

namespace repro::gui {

using namespace Qt::Literals::StringLiterals;

namespace {
const QString kTag = u"tensor"_s;
const QString kChoiceTag = u"lasso"_s;

std::uint64_t machineMemory() {
    const long pages = sysconf(_SC_PHYS_PAGES), page = sysconf(_SC_PAGESIZE);
    return pages > 0 && page > 0
               ? static_cast<std::uint64_t>(pages) * static_cast<std::uint64_t>(page)
               : UINT64_MAX;
}

/// Bytes that both runs' tensors of a slot take.
std::uint64_t bytesOf(const Slot& slot) {
    std::uint64_t bytes = trace::dtypeSize(slot.dtype);
    for (const std::int64_t size : slot.shape) {
        bytes *= static_cast<std::uint64_t>(size);
    }
    return bytes * ((slot.bytesA ? 1 : 0) + (slot.bytesB ? 1 : 0));
}

} // namespace

TensorStore::TensorStore(Session& session, QObject* parent)
    : QObject(parent), m_session(session), m_memory(machineMemory()) {
    connect(&session.focus(), &FocusStore::changed, this, &TensorStore::follow);
    connect(&session, &Session::stateChanged, this, [this] {
        if (!m_session.document() || m_session.focus().now().isNone()) {
            follow({}, {.row = 0, .slot = {}, .index = {}, .slice = {}});
        }
    });
    connect(&session.jobs(), &JobRunner::failed, this,
            [this](const QString& tag, const QString& message) {
                if (tag == kTag) {
                    setReason(message);
                }
            });
}

void TensorStore::setReason(const QString& reason, const QString& remedy) {
    m_reason = reason;
    m_remedy = remedy;
    Q_EMIT changed();
}

void TensorStore::follow(const Focus& now, const Focus& old) {
    if (now.row == old.row && now.slot == old.slot) {
        if (m_tensor && (now.index != old.index || now.slice != old.slice)) {
            m_plane = planeOf(*m_tensor, now);
        }
        Q_EMIT planeChanged();
        return;
    }
    m_session.jobs().cancel(kTag);
    m_session.jobs().cancel(kChoiceTag);
    m_tensor = nullptr;
    m_differing.clear();
    m_choice.reset();
    const bool nothing = now.isNone() || !m_session.document();
    m_slots = nothing ? std::vector<Slot>() : slotsOf(*m_session.document(), now.row);
    m_slot = slotOf(m_slots, now);
    load();
}

void TensorStore::readAnyway() {
    if (m_slot >= 0 && m_tooLarge) {
        read(m_slots[static_cast<std::size_t>(m_slot)]);
    }
}

void TensorStore::load() {
    m_tooLarge = false;
    const Focus& now = m_session.focus().now();
    if (m_slot < 0) {
        setReason(now.isNone()          ? tr("No event has the focus.")
                  : !now.slot.isEmpty() ? tr("This event has no tensor %1.").arg(now.slot)
                                        : tr("This event reads and writes no tensor."));
        return;
    }
    const Slot slot = m_slots[static_cast<std::size_t>(m_slot)];
    if (!slot.bytesA && !slot.bytesB && slot.state == Slot::State::Meaningless) {
        setReason(tr("%1 is uninitialized memory: no op has written it yet. Its contents are "
                     "neither compared nor recorded.")
                      .arg(slot.name));
        return;
    }
    if (!slot.bytesA && !slot.bytesB) {
        const Document& document = *m_session.document();
        const RowEntry& row = document.rows().all[now.row];
        const bool ofA = slot.valueA.has_value();
        setReason(tr("Only the fingerprint of %1 was recorded, not its bytes: it is known whether "
                     "they differ, but not by how much. Record the bytes in both runs with:")
                      .arg(slot.name),
                  QString::fromStdString(replay::rerecordCommand(ofA ? document.a() : document.b(),
                                                                 ofA ? row.a : row.b)));
        return;
    }
    if (const std::uint64_t bytes = bytesOf(slot); bytes > m_memory / 4) {
        m_tooLarge = true;
        const auto sized = [](std::uint64_t size) {
            return QLocale::c().formattedDataSize(static_cast<qint64>(size));
        };
        setReason(tr("Reading %1 takes %2 of this machine's %3 of memory. Tensor > Read a large "
                     "tensor reads it anyway.")
                      .arg(slot.name, sized(bytes), sized(m_memory)));
        return;
    }
    read(slot);
}

void TensorStore::read(const Slot& slot) {
    m_tooLarge = false;
    m_reason = tr("Reading %1...").arg(slot.name);
    m_remedy.clear();
    Q_EMIT reading();
    struct Loaded {
        std::shared_ptr<const Tensor> tensor;
        std::vector<std::uint64_t> differing;
    };
    m_session.jobs().start(
        kTag,
        [document = m_session.document(), slot](const CancelFlag& cancel) {
            Loaded loaded;
            loaded.tensor = loadTensor(*document, slot);
            loaded.differing = differingElements(*loaded.tensor, kListed, cancel);
            return loaded;
        },
        [this](Loaded loaded) {
            m_tensor = std::move(loaded.tensor);
            m_differing = std::move(loaded.differing);
            Focus focus = m_session.focus().now();
            if (!m_tensor->holds(focus.index) && !m_differing.empty()) {
                // The cursor goes to the worst element; the address stays as it was typed.
                focus.index = m_tensor->unflat(m_differing.front());
            }
            m_plane = planeOf(*m_tensor, focus);
            m_reason.clear();
            Q_EMIT changed();
        });
}

void TensorStore::choose(ElementTest inside) {
    if (!m_tensor) {
        return;
    }
    m_session.jobs().start(
        kChoiceTag,
        [tensor = m_tensor, inside = std::move(inside)](const CancelFlag& cancel) {
            Choice choice;
            const auto counted = [&](double a, double b, double ulp) {
                const bool is = inside(a, b, ulp);
                choice.elements += is ? 1 : 0;
                return is;
            };
            choice.listed = differingElements(*tensor, kListed, cancel, counted);
            return choice;
        },
        [this](Choice choice) {
            m_choice = std::move(choice);
            Q_EMIT changed();
            if (!listed().empty()) {
                selectElement(listed().front());
            }
        });
}

void TensorStore::chooseAll() {
    m_session.jobs().cancel(kChoiceTag);
    m_choice.reset();
    Q_EMIT changed();
}

QString TensorStore::choiceSentence() const {
    return !m_choice
               ? QString()
               : tr("%1 inside the lasso %2%3")
                     .arg(elementsText(m_choice->elements),
                          m_choice->elements == 1 ? tr("differs") : tr("differ"),
                          m_choice->elements > kListed
                              ? tr("; the %1 farthest apart are listed").arg(countText(kListed))
                              : tr("; only these are listed"));
}

void TensorStore::selectSlot(int index) {
    if (index >= 0 && index < static_cast<int>(m_slots.size()) && index != m_slot) {
        Focus focus = m_session.focus().now();
        focus.slot = m_slots[static_cast<std::size_t>(index)].name;
        focus.index.clear();
        focus.slice.clear();
        m_session.focus().set(std::move(focus));
    }
}

void TensorStore::selectElement(std::uint64_t element, FocusStore::Reason reason) {
    if (!m_tensor || element >= m_tensor->elements()) {
        return;
    }
    Focus focus = m_session.focus().now();
    focus.index = m_tensor->unflat(element);
    if (!placeIn(m_plane, *m_tensor, focus.index)) {
        focus.slice.clear(); // the element is in another slice
    }
    m_session.focus().set(std::move(focus), reason);
}

void TensorStore::selectSlice(std::vector<std::int64_t> slice) {
    Focus focus = m_session.focus().now();
    focus.slice = std::move(slice);
    focus.index.clear();
    m_session.focus().set(std::move(focus), FocusStore::Reason::Nudge);
}

} // namespace repro::gui
