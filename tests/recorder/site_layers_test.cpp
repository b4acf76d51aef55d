// SPDX-License-Identifier: BSD-3-Clause
#include "recorder/collector/site_layers.h"

#include <gtest/gtest.h>

namespace repro::collector {
namespace {

using trace::kNone32;

/// Net holds two blocks and a head; each block holds a gate; another model is beside it.
const std::vector<ModuleLayer> kLayers = {
    {"NetImpl", kNone32}, {"BlockImpl", 0}, {"BlockImpl", 0},       {"HeadImpl", 0},
    {"GateImpl", 1},      {"GateImpl", 2},  {"OtherImpl", kNone32}, {"GateImpl", 6},
};

class SiteLayersTest : public testing::Test {
protected:
    /// The layer of a call that is in these functions, the outermost first.
    trace::LayerId in(const std::vector<std::string>& functions) {
        SiteLayers sites(kLayers);
        trace::SiteId caller = kNone32;
        trace::LayerId layer = kNone32;
        for (trace::SiteId site = 0; site < functions.size(); ++site) {
            layer = sites.add(caller, {functions[site]});
            caller = site;
        }
        return layer;
    }
};

TEST_F(SiteLayersTest, TheOnlyModuleOfATypeRunsItsMembers) {
    EXPECT_EQ(in({"main"}), kNone32);
    EXPECT_EQ(in({"main", "NetImpl::forward"}), 0U);
    EXPECT_EQ(in({"main", "(anonymous namespace)::NetImpl::forward(at::Tensor)"}), 0U);
    EXPECT_EQ(in({"main", "NetImpl::forward", "HeadImpl::forward", "project"}), 3U);
    EXPECT_EQ(in({"main", "HeadImpl::forward"}), 3U);
}

TEST_F(SiteLayersTest, OfSeveralOfATypeTheOnlyOneBelowTheOuterModule) {
    EXPECT_EQ(in({"OtherImpl::forward", "GateImpl::forward"}), 7U);
}

TEST_F(SiteLayersTest, SeveralOfATypeAreNotGuessed) {
    EXPECT_EQ(in({"main", "BlockImpl::forward"}), kNone32);
    EXPECT_EQ(in({"main", "NetImpl::forward", "BlockImpl::forward"}), kNone32);
    EXPECT_EQ(in({"NetImpl::forward", "BlockImpl::forward", "GateImpl::forward"}), kNone32);
    EXPECT_EQ(in({"NetImpl::forward", "BlockImpl::forward", "relu"}), kNone32);
    EXPECT_EQ(in({"NetImpl::forward", "BlockImpl::forward", "HeadImpl::forward"}), 3U);
}

TEST_F(SiteLayersTest, AMemberThatCallsAnotherIsTheSameModuleUnlessItHoldsOneOfItsKind) {
    EXPECT_EQ(in({"NetImpl::forward", "NetImpl::encode"}), 0U);
    const std::vector<ModuleLayer> tree = {{"TreeImpl", kNone32}, {"TreeImpl", 0}};
    SiteLayers sites(tree);
    EXPECT_EQ(sites.add(kNone32, {"TreeImpl::forward"}), kNone32);
}

TEST_F(SiteLayersTest, LambdasAndFreeFunctionsRunInTheModuleAround) {
    EXPECT_EQ(in({"NetImpl::forward", "NetImpl::forward(at::Tensor)::{lambda(int)#1}::operator()"}),
              0U);
    EXPECT_EQ(in({"NetImpl::forward", "std::function<void (NetImpl::Mode)>::operator()"}), 0U);
}

TEST_F(SiteLayersTest, AModuleThatIsBeingMadeRunsNothing) {
    EXPECT_EQ(in({"main", "NetImpl::NetImpl"}), kNone32);
    EXPECT_EQ(in({"main", "NetImpl::NetImpl", "NetImpl::reset"}), kNone32);
    EXPECT_EQ(in({"main", "NetImpl::~NetImpl"}), kNone32);
}

TEST_F(SiteLayersTest, WhatHoldsAModuleOfASequentialRunsThatModule) {
    EXPECT_EQ(in({"main", "torch::nn::AnyModuleHolder<(anonymous namespace)::HeadImpl, "
                          "at::Tensor const&>::forward(std::vector<torch::nn::AnyValue>&&)"}),
              3U);
    EXPECT_EQ(in({"torch::nn::AnyModuleHolder<HeadImpl>::forward", "HeadImpl::forward"}), 3U);
    EXPECT_EQ(in({"torch::nn::AnyModuleHolder<BlockImpl, at::Tensor>::forward"}), kNone32);
}

TEST_F(SiteLayersTest, AForwardOfAnUnnamedClassHidesWhatIsInIt) {
    EXPECT_EQ(in({"NetImpl::forward", "forward"}), kNone32);
    EXPECT_EQ(in({"NetImpl::forward", "forward", "relu"}), kNone32);
}

TEST_F(SiteLayersTest, WhatIsInlinedCountsAsCalled) {
    SiteLayers sites(kLayers);
    EXPECT_EQ(sites.add(kNone32, {"main", "NetImpl::forward", "HeadImpl::forward"}), 3U);
    EXPECT_EQ(sites.add(0, {"at::relu"}), 3U);
}

} // namespace
} // namespace repro::collector
