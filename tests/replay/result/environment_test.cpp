// SPDX-License-Identifier: BSD-3-Clause
#include "replay/result/environment.h"
#include "tests/support/diff_fixture.h"
#include "trace/error.h"

#include <gtest/gtest.h>

namespace repro::replay {
namespace {

TEST(ReplayEnv, WhatCanChangeNumbersComesFirst) {
    const auto found = diffEnvironments(
        R"({"pid":1,"cpu_capability":"AVX2","cwd":"/a","env":{"HOME":"/h","OMP_NUM_THREADS":"2"}})",
        R"({"pid":2,"cpu_capability":"DEFAULT","cwd":"/a","env":{"HOME":"/g"}})");
    ASSERT_EQ(found.size(), 4U);
    EXPECT_EQ(found[0].key, "cpu_capability");
    EXPECT_EQ(found[0].topic, EnvironmentTopic::Isa);
    EXPECT_EQ(found[1].key, "env.OMP_NUM_THREADS");
    EXPECT_EQ(found[1].b, "");
    EXPECT_EQ(found[2].rank, EnvironmentRank::Possible);
    EXPECT_EQ(found[3].key, "pid");
}

TEST(ReplayEnv, TheInstructionSetIsNoOtherBuildOfLibTorch) {
    const auto found = diffEnvironments(
        R"({"cpu_capability":"AVX2","torch_config":"built with\n  - CPU capability usage: AVX2\n  - GCC 9\n"})",
        R"({"cpu_capability":"AVX512","torch_config":"built with\n  - CPU capability usage: AVX512\n  - GCC 9\n"})");
    ASSERT_EQ(found.size(), 1U);
    EXPECT_EQ(found[0].key, "cpu_capability");
}

TEST(ReplayEnv, FolderOfALibraryDoesNotCount) {
    EXPECT_TRUE(diffEnvironments(R"({"libraries":[{"path":"/a/libm.so.6","build_id":"1f"}]})",
                                 R"({"libraries":[{"path":"/b/libm.so.6","build_id":"1f"}]})")
                    .empty());
}

TEST(ReplayEnv, OtherBuildOfALibraryCounts) {
    const auto found =
        diffEnvironments(R"({"libraries":[{"path":"/a/libtorch_cpu.so","build_id":"1f"}]})",
                         R"({"libraries":[{"path":"/a/libtorch_cpu.so","build_id":"2f"}]})");
    ASSERT_EQ(found.size(), 1U);
    EXPECT_EQ(found[0].key, "library.libtorch_cpu.so");
    EXPECT_EQ(found[0].rank, EnvironmentRank::Numbers);
}

TEST(ReplayEnv, ALibraryWithoutABuildIdIsThereToo) {
    const auto found = diffEnvironments(R"({"libraries":[]})",
                                        R"({"libraries":[{"path":"/b/plugin.so","build_id":""}]})");
    ASSERT_EQ(found.size(), 1U);
    EXPECT_EQ(found[0].key, "library.plugin.so");
    EXPECT_EQ(found[0].a, "");
}

TEST(ReplayEnv, AnotherCommitMattersOnlyWithOtherSources) {
    const auto found = diffEnvironments(R"({"git_commit":"1f","git_sources":"aa"})",
                                        R"({"git_commit":"2f","git_sources":"aa+bb"})");
    ASSERT_EQ(found.size(), 2U);
    EXPECT_EQ(found[0].key, "git_sources");
    EXPECT_EQ(found[0].rank, EnvironmentRank::Possible);
    EXPECT_EQ(found[1].rank, EnvironmentRank::Harmless);
}

class ReplayEnvCause : public test::DiffTest {};

TEST_F(ReplayEnvCause, EvidenceIsAboutTheSettingItRestsOn) {
    const std::string run = "environment {\"cpu_capability\":\"AVX2\",\"cwd\":\"/a\","
                            "\"torch_version\":\"2.12.0\"}\n"
                            "mul %x:f32[2]=x -> %y:f32[2]=y\n";
    const auto spokenOf = [](const DiffResult& result) {
        std::string keys;
        for (const EnvironmentDifference& setting : result.environment) {
            for (const Evidence& evidence : result.origins.at(0).cause.evidence) {
                keys += isAbout(evidence, setting) ? setting.key + " " : "";
            }
        }
        return keys;
    };
    const std::string other = replaced(replaced(run, "/a", "/b"), "=y", "=z");
    EXPECT_EQ(spokenOf(compare(run, other)), "");
    EXPECT_EQ(spokenOf(compare(run, replaced(other, "AVX2", "DEFAULT"))), "cpu_capability ");
    EXPECT_EQ(spokenOf(compare(run, replaced(other, "2.12.0", "2.13.0"))), "torch_version ");
}

TEST(ReplayEnv, RefusesWhatIsNoObject) {
    EXPECT_THROW(diffEnvironments("[1]", "{}"), Error);
}

} // namespace
} // namespace repro::replay
