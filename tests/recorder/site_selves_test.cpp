// SPDX-License-Identifier: BSD-3-Clause
#include "recorder/collector/site_selves.h"

#include <gtest/gtest.h>

namespace repro::collector {
namespace {

using symbols::Location;
using Base = symbols::Location::Base;
using trace::kNone32;

constexpr std::uint8_t kRbx = 3, kRdi = 5;

/// main (site 0) calls Net::forward (site 1), which calls an op. main has module 7 in rbx and at
/// CFA - 16, Net::forward module 8 at CFA - 24.
class SiteSelvesTest : public testing::Test {
protected:
    SiteSelvesTest() {
        m_addresses.sites.resize(2);
        m_addresses.callers = {kNone32, 0};
        m_addresses.held = {{{kRbx, 0, 7}, {kNone32, -16, 7}}, {{kNone32, -24, 8}}};
        m_frames[0].front().function = "main";
        m_frames[0].front().callee = "Net::forward";
        m_frames[1].front().function = "Net::forward";
    }
    void passes(Location value) { m_frames[0].front().arguments = {{kRdi, value}}; }
    [[nodiscard]] trace::LayerId selfAt(trace::SiteId site, Location self) const {
        return SiteSelves(m_addresses, m_frames).at(site, self);
    }

    SiteAddresses m_addresses;
    SiteFrames m_frames{{symbols::SourceFrame{}}, {symbols::SourceFrame{}}};
};

TEST_F(SiteSelvesTest, InARegisterOrInASlotOfItsOwnFrame) {
    EXPECT_EQ(selfAt(0, {Base::Register, kRbx}), 7U);
    EXPECT_EQ(selfAt(0, {Base::Slot, 0, -16}), 7U);
    EXPECT_EQ(selfAt(1, {Base::Slot, 0, -24}), 8U);
    EXPECT_EQ(selfAt(1, {Base::Slot, 0, -16}), kNone32);
    EXPECT_EQ(selfAt(1, {Base::Register, kRbx}), kNone32);
    EXPECT_EQ(selfAt(0, {}), kNone32);
}

TEST_F(SiteSelvesTest, APlaceBesideTheModuleIsAnotherObject) {
    EXPECT_EQ(selfAt(0, {Base::Register, kRbx, 0, 8}), kNone32);
    EXPECT_EQ(selfAt(0, {Base::Frame, 0, -16}), kNone32);
}

TEST_F(SiteSelvesTest, WhatTheCallerPassedAtEntry) {
    const Location entry{Base::Entry, kRdi};
    EXPECT_EQ(selfAt(1, entry), kNone32);
    passes({Base::Register, kRbx});
    EXPECT_EQ(selfAt(1, entry), 7U);
    EXPECT_EQ(selfAt(1, {Base::Entry, kRbx}), kNone32); // in another register
    EXPECT_EQ(selfAt(0, entry), kNone32);               // by nobody
    passes({Base::Register, kRbx, 0, 16});
    EXPECT_EQ(selfAt(1, entry), kNone32);
}

TEST_F(SiteSelvesTest, WhatWasNotCalledByNameMayHaveBeenJumpedTo) {
    passes({Base::Register, kRbx});
    m_frames[0].front().callee = "Net::run";
    EXPECT_EQ(selfAt(1, {Base::Entry, kRdi}), kNone32);
    m_frames[0].front().callee = "";
    EXPECT_EQ(selfAt(1, {Base::Entry, kRdi}), kNone32);
}

} // namespace
} // namespace repro::collector
