// SPDX-License-Identifier: BSD-3-Clause
#include "trace/slots.h"

#include <gtest/gtest.h>

#include <array>
#include <vector>

namespace repro::trace {
namespace {

TEST(TraceSlots, TextsOfSlotsAreRead) {
    EXPECT_EQ(parseSlot("out0"), (Slot{Slot::Kind::Out, 0, 0}));
    EXPECT_EQ(parseSlot("in12"), (Slot{Slot::Kind::In, 12, 0}));
    EXPECT_EQ(parseSlot("in1[3]"), (Slot{Slot::Kind::In, 1, 3}));
    EXPECT_EQ(parseSlot("arg2"), (Slot{Slot::Kind::Argument, 2, 0}));
}

TEST(TraceSlots, ALoneTensorIsItsOwnFirstItem) {
    EXPECT_EQ(parseSlot("in1[0]"), parseSlot("in1"));
}

TEST(TraceSlots, OtherTextsAreNone) {
    for (const char* text : {"", "out", "0", "out-1", "out0x", "in1[", "in1[]", "in1[3", "in1[3]]",
                             "in1[x]", "input0", "Out0", " in1"}) {
        EXPECT_EQ(parseSlot(text), std::nullopt) << text;
    }
}

/// Event 0: a lone argument, a list of two, the argument 0 as it was and after the op wrote it.
class TraceSlotsOfUses : public testing::Test {
protected:
    TraceSlotsOfUses() {
        constexpr auto kIn = static_cast<std::uint8_t>(Direction::In);
        constexpr auto kOut = static_cast<std::uint8_t>(Direction::Out);
        constexpr auto kBefore = static_cast<std::uint8_t>(Direction::Before);
        m_uses.count = 6;
        fill(m_uses.event, {0, 0, 0, 0, 0, 1});
        fill(m_uses.slot, {0, 1, 1, 0, 0, 0});
        fill(m_uses.item, {0, 0, 1, 0, 0, 0});
        fill(m_uses.direction, {kIn, kIn, kIn, kBefore, kOut, kOut});
        fill(m_uses.flags, {0, 0, 0, use_flag::Written, use_flag::Written, 0});
    }
    template <class T>
    static void fill(Column<T>& column, const std::vector<T>& rows) {
        column.setLoader([rows] {
            PackedRows<T> packed;
            packed.append(rows);
            return packed;
        });
    }
    UseColumns m_uses;
};

TEST_F(TraceSlotsOfUses, AreNamedByDirectionNumberAndItem) {
    const std::array names = {"in0", "in1[0]", "in1[1]", "in0", "arg0", "out0"};
    for (std::size_t use = 0; use < names.size(); ++use) {
        EXPECT_EQ(slotName(m_uses, use), names[use]);
    }
}

TEST_F(TraceSlotsOfUses, LeadBackFromTheirNames) {
    for (std::uint64_t use = 0; use < m_uses.count; ++use) {
        EXPECT_EQ(parseSlot(slotName(m_uses, use)), slotOf(m_uses, use));
    }
}

} // namespace
} // namespace repro::trace
