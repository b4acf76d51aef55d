// SPDX-License-Identifier: BSD-3-Clause
#include "replay/cause/remedy.h"
#include "replay/knowledge/knowledge.h"
#include "replay/report/remedy_words.h"

#include <gtest/gtest.h>

namespace repro::replay {
namespace {

std::string inPython(std::string remedy) {
    Cause cause;
    cause.remedy = std::move(remedy);
    cause.inPython = true;
    return remedyWords(cause);
}

TEST(RemedyWords, OfACppProgramStayAsTheyAre) {
    Cause cause;
    cause.remedy = remedyFor(CauseClass::Unseeded);
    EXPECT_EQ(remedyWords(cause), cause.remedy);
}

TEST(RemedyWords, OfAPythonProgramAreItsOwn) {
    EXPECT_EQ(inPython(remedyFor(CauseClass::Unseeded)),
              "seed the generator before its first use: torch.manual_seed(n), or record with "
              "--seed n");
    EXPECT_EQ(inPython(remedyFor(CauseClass::NondeterministicKernel)),
              "torch.use_deterministic_algorithms(True), or another op");
    EXPECT_EQ(inPython("setDeterministicAlgorithms(true,warn_only)"),
              "torch.use_deterministic_algorithms(True, warn_only=True)");
}

TEST(RemedyWords, NoClassSpeaksCppToPython) {
    for (int kind = 0; kind <= static_cast<int>(CauseClass::Unknown); ++kind) {
        const std::string words = inPython(remedyFor(static_cast<CauseClass>(kind)));
        EXPECT_EQ(words.find("::"), std::string::npos) << words;
    }
}

} // namespace
} // namespace repro::replay
