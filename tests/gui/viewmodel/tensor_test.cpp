// SPDX-License-Identifier: BSD-3-Clause
#include "gui/viewmodel/explanation.h"
#include "gui/viewmodel/lineage.h"
#include "gui/viewmodel/preview.h"
#include "gui/viewmodel/tensor.h"
#include "gui/viewmodel/texts.h"
#include "tests/bench/synthetic_trace.h"
#include "tests/gui/fixture.h"

#include <algorithm>

namespace repro::gui {
namespace {

using namespace Qt::Literals::StringLiterals;

Tensor made(std::vector<std::int64_t> shape, std::vector<std::uint64_t> differing = {}) {
    Tensor tensor;
    tensor.type = &elementType(trace::DType::UInt8);
    std::size_t count = 1;
    for (const std::int64_t size : shape) {
        count *= static_cast<std::size_t>(size);
    }
    tensor.shape = std::move(shape);
    tensor.a.assign(count, std::byte{1});
    tensor.b = tensor.a;
    for (const std::uint64_t element : differing) {
        tensor.b[element] = std::byte{3};
    }
    return tensor;
}

TEST(Plane, ShowsEveryRankAsRowsAndColumns) {
    for (std::size_t rank = 0; rank <= 8; ++rank) {
        const Tensor tensor = made(std::vector<std::int64_t>(rank, 2));
        const Plane plane = planeOf(tensor, {});
        EXPECT_EQ(plane.rows * plane.columns, rank == 0 ? 1 : rank == 1 ? 2 : 4) << rank;
        EXPECT_LT(plane.element(plane.rows - 1, plane.columns - 1), tensor.elements());
    }
}

TEST(Plane, FoldsVectors) {
    EXPECT_EQ(planeOf(made({64}), {}).columns, 8);
    EXPECT_EQ(planeOf(made({7}), {}).columns, 7);
    EXPECT_EQ(planeOf(made({0}), {}).rows, 0);
}

TEST(Plane, FollowsSliceAndElement) {
    const Tensor tensor = made({3, 4, 5});
    Focus focus;
    focus.index = {2, 1, 3};
    EXPECT_EQ(planeOf(tensor, focus).slice, (std::vector<std::int64_t>{2, -1, -1}));
    focus.slice = {-1, 1, -1};
    const Plane plane = planeOf(tensor, focus);
    EXPECT_EQ(plane.rows, 3);
    EXPECT_EQ(plane.columns, 5);
    EXPECT_EQ(plane.element(2, 3), tensor.flat({2, 1, 3}));
    EXPECT_EQ(placeIn(plane, tensor, {2, 1, 3}), (std::pair<std::int64_t, std::int64_t>{2, 3}));
    EXPECT_FALSE(placeIn(plane, tensor, {2, 0, 3}));
}

TEST(Plane, NextDifferingSliceSkipsEqualOnes) {
    const Tensor tensor = made({4, 2, 2}, {13});
    const auto next = nextDifferingSlice(tensor, planeOf(tensor, {}), 1);
    ASSERT_TRUE(next);
    EXPECT_EQ(*next, (std::vector<std::int64_t>{3, -1, -1}));
    Focus focus;
    focus.slice = *next;
    EXPECT_FALSE(nextDifferingSlice(tensor, planeOf(tensor, focus), 1));
}

TEST(Differences, AreListedFarthestFirst) {
    Tensor tensor = made({8}, {2, 5});
    tensor.b[5] = std::byte{200};
    const CancelFlag go(false);
    EXPECT_EQ(differingElements(tensor, 10, go), (std::vector<std::uint64_t>{5, 2}));
    EXPECT_EQ(differingElements(tensor, 1, go), (std::vector<std::uint64_t>{5}));
    const CancelFlag stop(true);
    EXPECT_THROW((void)differingElements(tensor, 10, stop), replay::Cancelled);
}

class SlotTest : public test::ViewerTest {};

TEST_F(SlotTest, OutputsComeFirstAndTheDifferingOneIsChosen) {
    const auto pair = load(test::kRunA, test::runB());
    const auto slots = slotsOf(*pair, pair->rows().origins.front());
    ASSERT_EQ(slots.size(), 3U);
    EXPECT_EQ(slots[0].name, u"out0"_s);
    EXPECT_EQ(slots[0].state, Slot::State::Differs);
    EXPECT_EQ(slots[1].state, Slot::State::Same);
    EXPECT_EQ(slotOf(slots, {}), 0);
    EXPECT_EQ(slotOf(slots, {.row = 0, .slot = u"in1"_s, .index = {}, .slice = {}}), 2);
    EXPECT_EQ(slotOf(slots, {.row = 0, .slot = u"in9"_s, .index = {}, .slice = {}}), -1);
}

TEST_F(SlotTest, BytesOfBothRunsAreReadAndCompared) {
    const auto pair = loadNet();
    const std::uint32_t row = pair->rows().origins.front();
    const auto slots = slotsOf(*pair, row);
    const auto tensor = loadTensor(*pair, slots[static_cast<std::size_t>(slotOf(slots, {}))]);
    ASSERT_TRUE(tensor->isPair());
    EXPECT_GT(tensor->difference.elements.value_or(0), 0U);
    std::vector<std::string> damaged;
    const auto details = pair->compareBytes([] { return false; }, damaged);
    EXPECT_TRUE(damaged.empty());
    ASSERT_FALSE(details.empty());
    EXPECT_EQ(details.front().elements, *tensor->difference.elements);
    EXPECT_EQ(details.front().maxUlp, *tensor->difference.maxUlp);
}

TEST_F(SlotTest, LineageFollowsBytesBothWays) {
    const auto pair = load(test::kRunA, test::runB());
    const std::uint32_t origin = pair->rows().origins.front();
    const std::uint32_t consumer = consumerOf(*pair, origin);
    ASSERT_NE(consumer, trace::kNone32);
    EXPECT_EQ(producerOf(*pair, consumer), origin);
    const CancelFlag go(false);
    const Lineage lineage = lineageOf(*pair, origin, {}, go);
    EXPECT_EQ(lineage.rows.size(), 3U); // relu, which heals, and neg
    EXPECT_EQ(lineage.edges.size(), 2U);
    EXPECT_EQ(lineage.edges.front().from, 0);
    EXPECT_EQ(producerOf(*pair, origin), trace::kNone32);
}

TEST_F(SlotTest, CopiesAreFoldedIntoWhatTheyHandOn) {
    const std::string a = "mm %x:f32[4]=x %w:f32[4]=w -> %y:f32[4]=y\n"
                          "clone %y -> %c:f32[4]=c\n"
                          "to %c -> %d:f32[4]=d\n"
                          "neg %d -> %n:f32[4]=n\n"
                          "clone %o:f32[4]=o -> %p:f32[4]=p\n"
                          "mul %n %p -> %m:f32[4]=m\n";
    std::string b = a;
    for (const char word : {'y', 'c', 'd', 'n', 'm'}) {
        const std::string is = std::string("=") + word;
        b.replace(b.find(is), 2, std::string("=") + char(word - 'a' + 'A'));
    }
    const auto pair = load(a, b);
    const CancelFlag go(false);
    const auto rowsOf = [&](std::uint32_t row, const LineageOptions& options) {
        std::vector<std::uint32_t> rows = lineageOf(*pair, row, options, go).rows;
        std::sort(rows.begin(), rows.end());
        return rows;
    };
    using Rows = std::vector<std::uint32_t>;
    // From both ends; the copy of what nobody in the run wrote stays.
    EXPECT_EQ(rowsOf(0, {}), (Rows{0, 3, 5}));
    EXPECT_EQ(rowsOf(5, {}), (Rows{0, 3, 4, 5}));
    const Lineage folded = lineageOf(*pair, 0, {.depth = 1}, go);
    EXPECT_EQ(folded.rows, (Rows{0, 3})) << "copies are no hops";
    EXPECT_EQ(folded.folded.at(0), (Rows{1, 2}));
    EXPECT_EQ(lineageOf(*pair, 3, {}, go).folded.at(1), (Rows{1, 2}));
    EXPECT_EQ(rowsOf(0, {.fold = false}), (Rows{0, 1, 2, 3}));
    EXPECT_EQ(rowsOf(0, {.depth = 9, .open = {0}}), (Rows{0, 1, 2, 3, 5}));
    EXPECT_EQ(rowsOf(2, {.depth = 1}), (Rows{0, 2, 3})) << "the focus itself is never folded";
}

TEST_F(SlotTest, ThePathOfTheLargestErrorGoesThroughTheFocus) {
    Lineage lineage;
    lineage.rows = {10, 11, 12, 13, 14};
    // 1 and 2 lead to the focus, 3 and 4 come after it.
    lineage.edges = {{1, 0}, {2, 0}, {0, 3}, {0, 4}};
    EXPECT_EQ(largestErrorPath(lineage, {2, 1, 3, 4, 1}), (std::vector{2, 0, 3}));
    EXPECT_EQ(largestErrorPath(lineage, {0, 1, 3, 4, 1}), (std::vector{0, 3}));
    EXPECT_EQ(largestErrorPath(lineage, {0, 0, 0, 0, 0}), std::vector{0});
}

/// In run B mm makes the next number, exp four steps of it, and relu nothing.
TEST_F(SlotTest, TheGainOfAnHeirIsWhatItWroteByWhatItRead) {
    const std::string a = "mm %x:f32[1]=(2) -> %y:f32[1]=(1)\nexp %y -> %e:f32[1]=(2)\n"
                          "relu %y -> %r:f32[1]=(0)\nto %y -> %d:f64[1]=(1)\n";
    std::string b = a;
    b.replace(b.find("y:f32[1]=(1)"), 12, "y:f32[1]=(1.00000012)");
    b.replace(b.find("e:f32[1]=(2)"), 12, "e:f32[1]=(2.00000095)");
    b.replace(b.find("=(1)\n", b.find("to ")), 5, "=(1.5)\n");
    const auto pair = load(a, b);
    std::vector<std::string> damaged;
    const auto details = pair->compareBytes([] { return false; }, damaged);
    const auto gainOf = [&](std::uint32_t row) {
        const RowDetail* detail = detailOf(&details, row);
        return detail != nullptr ? detail->gain() : std::nullopt;
    };
    EXPECT_EQ(gainOf(0), std::nullopt) << "an origin read nothing that differs";
    EXPECT_EQ(gainOf(1), 4.0);
    EXPECT_EQ(gainOf(2), std::nullopt) << "healed";
    EXPECT_EQ(gainOf(3), std::nullopt) << "another dtype has another unit";
    EXPECT_EQ(growthText(*detailOf(&details, 1)), u"read up to 1 ULP, wrote up to 4, 4\u00d7"_s);
    EXPECT_TRUE(explainCard(*pair, 1, detailOf(&details, 1)).contains(u"wrote up to 4, 4\u00d7"_s));
}

TEST_F(SlotTest, WhoWroteIsFoundWithoutALookAtWhoRead) {
    std::size_t readers = 0;
    for (const std::uint64_t events : {10'000U, 100'000U}) {
        bench::writeSyntheticRun(path("a.h5").toStdString(), {.events = events});
        const auto document = Document::load(path("a.h5"), {}, {});
        const replay::Run& run = document->runA();
        const std::uint64_t weight = run.usesBegin(document->rows().all[1].a) + 1;
        EXPECT_GT(document->usesNearStorage(true, run.storageOf(weight)).size(), 9 * readers);
        readers = document->usesNearStorage(true, run.storageOf(weight)).size();
        EXPECT_TRUE(document->writes(true).near(run.storageOf(weight)).empty());
        EXPECT_FALSE(document->writes(true).near(run.storageOf(weight - 1)).empty());
    }
    EXPECT_GT(readers, 1000U);
}

TEST_F(SlotTest, APreviewHidesOnlyWhatItKnows) {
    const std::string a = "mm %x:f32[1]=(2) -> %y:f32[1]=(1)\nexp %y -> %e:f32[1]=(2)\n"
                          "relu %y -> %r:f32[1]=r\nabs %e -> %h:f32[1]=(2)\n"
                          "add %h -> %q:f32[1]=(2) | args:T,1\n"
                          "topk %y -> %k:f32[1]=(1) %i:i64[1]=(1)\nargmax %y -> %g:i64[1]=(1)\n"
                          "neg %k -> %o:f32[1]=(1)\nneg %i -> %p:i64[1]=(1)\n";
    std::string b = a;
    const auto change = [&b](const std::string& what, const std::string& by) {
        b.replace(b.find(what), what.size(), by);
    };
    change("y:f32[1]=(1)", "y:f32[1]=(1.00000012)");
    change("e:f32[1]=(2)", "e:f32[1]=(2.00000095)");
    change("=r\n", "=R\n");
    change("q:f32[1]=(2) | args:T,1", "q:f32[1]=(2.00000095) | args:T,2");
    change("k:f32[1]=(1) %i:i64[1]=(1)", "k:f32[1]=(1.00000012) %i:i64[1]=(2)");
    change("g:i64[1]=(1)", "g:i64[1]=(2)");
    const auto pair = load(a, b);
    std::vector<std::string> damaged;
    const auto details = pair->compareBytes([] { return false; }, damaged);
    const auto at = [&](std::uint64_t ulp) { return previewTolerance(*pair, &details, ulp); };
    using Rows = std::vector<std::uint32_t>;
    // Never: 2, without bytes; 4, whose argument differs; 5, one of two outputs; 6, an integer.
    EXPECT_EQ(at(0).hidden, Rows());
    EXPECT_EQ(at(1).hidden, (Rows{0}));
    EXPECT_EQ(at(4).hidden, (Rows{0, 1}));
    EXPECT_EQ(at(1'000'000).hidden, (Rows{0, 1}));
    EXPECT_EQ(at(0).unknown, 1U);
    EXPECT_EQ(at(4).unknown, 2U);
    EXPECT_EQ(at(4).all, 6U);
    EXPECT_TRUE(at(4).sentence().startsWith(
        u"A tolerance of 4 ULP would hide 2 of 6 rows that differ; 2 remain; for 2 this is unknown"_s))
        << qPrintable(at(4).sentence());
}

} // namespace
} // namespace repro::gui
