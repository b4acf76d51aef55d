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
            layer = sites.add(caller, {{functions[site]}}).layer;
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
    EXPECT_EQ(sites.add(kNone32, {{"TreeImpl::forward"}}).layer, kNone32);
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
    EXPECT_EQ(sites.add(kNone32, {{"main"}, {"NetImpl::forward"}, {"HeadImpl::forward"}}).layer,
              3U);
    EXPECT_EQ(sites.add(0, {{"at::relu"}}).layer, 3U);
}

TEST_F(SiteLayersTest, ThisTellsWhichOfSeveral) {
    SiteLayers sites(kLayers);
    const auto isExact = [](trace::SiteLayer found, trace::LayerId layer) {
        return found.layer == layer && found.isExact;
    };
    EXPECT_TRUE(isExact(sites.add(kNone32, {{"main"}, {"BlockImpl::forward", 2}}), 2));
    EXPECT_TRUE(isExact(sites.add(0, {{"at::relu"}}), 2));
    EXPECT_TRUE(isExact(sites.add(0, {{"BlockImpl::forward(at::Tensor)::{lambda()#1}"}}), 2));
    const trace::SiteLayer gate = sites.add(0, {{"GateImpl::forward"}});
    EXPECT_EQ(gate.layer, 5U); // the only one below that block
    EXPECT_FALSE(gate.isExact);
    EXPECT_FALSE(sites.add(kNone32, {{"NetImpl::forward"}}).isExact);
}

TEST_F(SiteLayersTest, ThisOfAnotherClassIsWhatHoldsTheModule) {
    SiteLayers sites(kLayers);
    EXPECT_EQ(sites.add(kNone32, {{"Trainer::step", 2}}).layer, kNone32);
    EXPECT_EQ(sites.add(kNone32, {{"BlockImpl::forward", 3}}).layer, kNone32);
}

TEST_F(SiteLayersTest, ThisOfAConstructorRunsNothing) {
    SiteLayers sites(kLayers);
    EXPECT_EQ(sites.add(kNone32, {{"BlockImpl::BlockImpl", 2}}).layer, kNone32);
}

TEST_F(SiteLayersTest, AMemberOfABaseClassRunsTheModuleThatDerives) {
    const std::vector<ModuleLayer> layers = {{"NetImpl", kNone32},
                                             {"WideImpl", 0, "BlockBase\n"},
                                             {"DeepImpl", 0, "BlockBase\nGateBase\n"}};
    SiteLayers sites(layers);
    EXPECT_EQ(sites.add(kNone32, {{"BlockBase::run", 1}}).layer, 1U);
    EXPECT_EQ(sites.add(kNone32, {{"NetImpl::forward", 0}, {"BlockBase::run"}}).layer, kNone32);
    EXPECT_EQ(sites.add(kNone32, {{"NetImpl::forward"}, {"GateBase::gate"}}).layer, 2U);
    EXPECT_EQ(sites.add(kNone32, {{"WideImpl::forward"}, {"BlockBase::run"}}).layer, 1U);
    EXPECT_EQ(sites.add(kNone32, {{"NetImpl::NetImpl"}, {"BlockBase::BlockBase", 1}}).layer,
              kNone32);
}

} // namespace
} // namespace repro::collector
