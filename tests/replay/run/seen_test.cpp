// SPDX-License-Identifier: BSD-3-Clause
#include "tests/support/diff_fixture.h"

#include <fmt/format.h>
#include <gmock/gmock.h>

#include <string>

namespace repro::replay {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::SizeIs;

/// A difference counts when somebody can see it.
class ReplaySeen : public test::DiffTest {
protected:
    static int seedOf(const std::string& run) { return run.front(); }
    /// A weight that is drawn from a generator whose seed differs from run to run.
    static std::string drawn(const std::string& run, const std::string& name = "w") {
        return fmt::format("seed cpu {2}\nempty -> %{1}:f32[4]=*\nuniform_ %{1}=*! -> %{1}={0}{1} "
                           "| draw:cpu:{0}0:{0}1\n",
                           run, name, seedOf(run));
    }
    static std::string loaded(const std::string& name, const std::string& contents) {
        return fmt::format("empty -> %{0}:f32[4]=*\nset_ %{0}=*! -> %{0}={1}\n", name, contents);
    }
    static constexpr auto kSchemas = "schema set_ aten::set_(Tensor(a!) self, Storage s) -> "
                                     "Tensor(a!)\n";

    DiffResult compareStrictly(const std::string& a, const std::string& b) const {
        const auto readerA = test::buildTrace(folder() / "a.h5", a);
        const auto readerB = test::buildTrace(folder() / "b.h5", b);
        return diff(readerA, readerB, {.strict = true, .keepRows = true});
    }
};

TEST_F(ReplaySeen, WeightsThatAreOverwrittenBeforeAnythingReadsThemAreANote) {
    const auto run = [](const std::string& name) {
        return drawn(name) + "copy_ %w*! %file:f32[4]=file -> %w=file\nsum %w -> %s:f32[1]=s\n";
    };
    const DiffResult result = compare(run("p"), run("q"));
    EXPECT_EQ(result.verdict, Verdict::Same);
    EXPECT_EQ(result.originCount, 0U);
    ASSERT_THAT(result.notes, SizeIs(1));
    EXPECT_THAT(sentence(result.notes[0]), HasSubstr("nobody sees the difference in 1 op"));
    EXPECT_THAT(sentence(result.notes[0]), HasSubstr("aten::uniform_ (event 1)"));
    EXPECT_EQ(classOfEvent(result, 1), RowClass::Unseen);
}

TEST_F(ReplaySeen, StrictCountsThem) {
    const auto run = [](const std::string& name) {
        return drawn(name) + "copy_ %w*! %file:f32[4]=file -> %w=file\nsum %w -> %s:f32[1]=s\n";
    };
    const DiffResult result = compareStrictly(run("p"), run("q"));
    expectCause(result, CauseClass::Unseeded, 1);
}

TEST_F(ReplaySeen, TheDrawThatIsReadLeads) {
    const auto run = [](const std::string& name) {
        return drawn(name) + fmt::format("randn -> %k:f32[4]={0}k | draw:cpu:{0}1:{0}2\n"
                                         "copy_ %w*! %file:f32[4]=file -> %w=file\n"
                                         "add %w %k -> %s:f32[4]={0}s\n",
                                         name);
    };
    const DiffResult result = compare(run("p"), run("q"));
    expectCause(result, CauseClass::Unseeded, 2);
    EXPECT_THAT(result.origins, SizeIs(1));
}

TEST_F(ReplaySeen, WhatNobodyOverwritesMayBeReadByPointer) {
    expectCause(compare(drawn("p") + "neg %x:f32[1]=x -> %y:f32[1]=y\n",
                        drawn("q") + "neg %x:f32[1]=x -> %y:f32[1]=y\n"),
                CauseClass::Unseeded, 1);
}

TEST_F(ReplaySeen, ATensorThatWasGivenAnotherStorageIsReplaced) {
    const auto run = [](const std::string& name) {
        return kSchemas + drawn(name) + "set_ %w*! -> %v:f32[4]=file\nsum %v -> %s:f32[1]=s\n";
    };
    EXPECT_EQ(compare(run("p"), run("q")).verdict, Verdict::Same);
}

TEST_F(ReplaySeen, WhatIsReadBeforeItIsReplacedIsSeen) {
    const auto run = [](const std::string& name) {
        return drawn(name) + fmt::format("sum %w -> %s:f32[1]={}s\n", name) +
               "copy_ %w*! %file:f32[4]=file -> %w=file\nneg %w -> %n:f32[4]=n\n";
    };
    expectCause(compare(run("p"), run("q")), CauseClass::Unseeded, 1);
}

TEST_F(ReplaySeen, WhatIsReadForWhatIsReplacedIsNot) {
    const auto run = [](const std::string& name) {
        return fmt::format("seed cpu {1}\nrandn -> %r:f32[4]={0}r | draw:cpu:{0}0:{0}1\n"
                           "mul %r -> %w:f32[4]={0}w | args:0.1\n"
                           "copy_ %w*! %file:f32[4]=file -> %w=file\nsum %w -> %s:f32[1]=s\n",
                           name, seedOf(name));
    };
    const DiffResult result = compare(run("p"), run("q"));
    EXPECT_EQ(result.verdict, Verdict::Same);
    EXPECT_THAT(sentences(result.notes), ElementsAre(HasSubstr("difference in 2 ops")));
}

TEST_F(ReplaySeen, APartThatIsNotOverwrittenIsSeen) {
    const auto run = [](const std::string& name) {
        return drawn(name) +
               "slice %w? -> %h:f32[2]=?@w+0?\n"
               "copy_ %h*! %file:f32[2]=file -> %h=file\n" +
               fmt::format("sum %w={0}mixed -> %s:f32[1]={0}s\n", name);
    };
    expectCause(compare(run("p"), run("q")), CauseClass::Unseeded, 1);
}

TEST_F(ReplaySeen, ShapeOfATensorTellsNothingOfItsBytes) {
    const auto run = [](const std::string& name) {
        return drawn(name) + "zeros_like %w? -> %z:f32[4]=z\n"
                             "copy_ %w*! %file:f32[4]=file -> %w=file\nadd %w %z -> %s:f32[4]=s\n";
    };
    EXPECT_EQ(compare(run("p"), run("q")).verdict, Verdict::Same);
}

TEST_F(ReplaySeen, ANumberThatTheProgramReadsIsSeen) {
    const auto run = [](const std::string& name) {
        return drawn(name) +
               "item %w\ncopy_ %w*! %file:f32[4]=file -> %w=file\nneg %w -> %n:f32[4]=n\n";
    };
    expectCause(compare(run("p"), run("q")), CauseClass::Unseeded, 1);
}

TEST_F(ReplaySeen, TheSeedOfALoadersWorkersIsSeenInWhatTheyMake) {
    const auto run = [](const std::string& name, const std::string& flag) {
        const std::string rest = flag.empty() ? "" : " | " + flag;
        return fmt::format("seed cpu {0}\nempty -> %s:i64[]=*{1}\n"
                           "random_ %s=*! -> %s={2}s | draw:cpu:{2}0:{2}1 {3}\nitem %s{1}\n"
                           "neg %k:f32[4]=k -> %n:f32[4]=n\n",
                           seedOf(name), rest, name, flag);
    };
    EXPECT_EQ(compare(run("p", "loader-seed"), run("q", "loader-seed")).verdict, Verdict::Same);
    expectCause(compare(run("p", ""), run("q", "")), CauseClass::Unseeded, 1);
}

TEST_F(ReplaySeen, StorageThatIsFilledLaterAndReadByNobodyIsNoDifference) {
    const std::string rest = "neg %k:f32[4]=k -> %n:f32[4]=n\n";
    EXPECT_EQ(
        compare(kSchemas + loaded("x", "junk1") + rest, kSchemas + loaded("x", "junk2") + rest)
            .verdict,
        Verdict::Same);
}

TEST_F(ReplaySeen, TensorsAreLoadedInAnyOrderOfAnyShape) {
    const auto load = [](const std::string& name, const std::string& size) {
        return fmt::format("empty -> %{0}:f32[{1}]=*\nset_ %{0}=*! -> %{0}=file{0}\n", name, size);
    };
    const std::string use = "sum %x -> %s:f32[1]=s\nsum %y -> %t:f32[1]=t\n";
    EXPECT_EQ(compare(kSchemas + load("x", "4") + load("y", "2") + use,
                      kSchemas + load("y", "2") + load("x", "4") + use)
                  .verdict,
              Verdict::Same);
}

TEST_F(ReplaySeen, StructureThatReachesOnlyWhatIsReplacedIsANote) {
    const std::string a = "mul %x:f32[4]=x -> %w:f32[4]=w\n"
                          "copy_ %w*! %file:f32[4]=file -> %w=file\nsum %w -> %s:f32[1]=s\n";
    const std::string b = replaced(a, "copy_", "mul_ %w! -> %w=w2\ncopy_");
    const DiffResult result = compare(a, b);
    EXPECT_EQ(result.verdict, Verdict::Same);
    EXPECT_THAT(result.notes, SizeIs(1));
}

} // namespace
} // namespace repro::replay
