// SPDX-License-Identifier: BSD-3-Clause
#include "gui/viewmodel/filter.h"
#include "tests/gui/fixture.h"

namespace repro::gui {
namespace {

using namespace Qt::Literals::StringLiterals;

class FilterTest : public test::ViewerTest {
protected:
    FilterTest() : m_document(load(test::kRunA, test::runB())) {}

    [[nodiscard]] QStringList names(const QString& text, const FilterFacts& facts = {}) const {
        Filter::Error error;
        const auto filter = Filter::parse(text, &error);
        EXPECT_TRUE(filter) << qPrintable(error.message);
        QStringList found;
        const Rows& rows = m_document->rows();
        for (const std::uint32_t row : filter ? filter->apply(rows, facts, [] { return false; })
                                              : std::vector<std::uint32_t>()) {
            found.append(rows.names[qsizetype(rows.all[row].name)].section(u"::"_s, -1));
        }
        return found;
    }
    static Filter::Error errorOf(const QString& text) {
        Filter::Error error;
        EXPECT_FALSE(Filter::parse(text, &error)) << qPrintable(text);
        return error;
    }
    std::shared_ptr<const Document> m_document;
};

TEST_F(FilterTest, EmptyTextLetsAllPass) {
    EXPECT_EQ(names(u""_s).size(), qsizetype(m_document->rows().size()));
    EXPECT_EQ(names(u"  "_s).size(), qsizetype(m_document->rows().size()));
}

TEST_F(FilterTest, WordsLookInOpsAndLayersAndMustAllHold) {
    EXPECT_EQ(names(u"relu"_s), (QStringList{u"relu"_s, u"relu"_s}));
    EXPECT_EQ(names(u"net.act kind:op"_s), (QStringList{u"relu"_s, u"relu"_s, u"neg"_s}));
    EXPECT_EQ(names(u"net.act kind:op -neg"_s), (QStringList{u"relu"_s, u"relu"_s}));
}

TEST_F(FilterTest, FieldsRangesAlternativesAndRegularExpressions) {
    EXPECT_EQ(names(u"op:mm step:1.."_s), (QStringList{u"mm"_s, u"mm"_s}));
    EXPECT_EQ(names(u"op:mm step:1"_s), QStringList{u"mm"_s});
    EXPECT_EQ(names(u"(op:neg | op:mm) step:1"_s), (QStringList{u"mm"_s, u"neg"_s}));
    EXPECT_EQ(names(u"/^aten::n/"_s), QStringList{u"neg"_s});
    EXPECT_EQ(names(u"layer:net.*c kind:op step:0"_s), (QStringList{u"mm"_s, u"relu"_s}));
}

TEST_F(FilterTest, ClassesAreThoseOfTheComparison) {
    EXPECT_EQ(names(u"class:origin"_s), QStringList{u"mm"_s});
    EXPECT_EQ(names(u"class:healed"_s), QStringList{u"relu"_s});
    EXPECT_EQ(names(u"class:inherited kind:op"_s), QStringList{u"neg"_s});
    EXPECT_EQ(names(u"class:differs"_s), names(u"-class:same"_s));
    EXPECT_EQ(names(u"(class:origin op:relu) | op:neg"_s), names(u"op:neg"_s));
    EXPECT_TRUE(names(u"only:A"_s).isEmpty());
}

TEST_F(FilterTest, DistancesAndNotesComeFromFacts) {
    const std::uint32_t origin = m_document->rows().origins.front();
    FilterFacts facts;
    facts.details = std::make_shared<const std::vector<RowDetail>>(
        std::vector<RowDetail>{{origin, 2, 7, 0.5, 0.25, true, false}});
    facts.noted = {0};
    EXPECT_EQ(names(u"ulp>=7"_s, facts), QStringList{u"mm"_s});
    EXPECT_TRUE(names(u"ulp>7"_s, facts).isEmpty());
    EXPECT_EQ(names(u"rel<1 abs>0.1 n=2"_s, facts), QStringList{u"mm"_s});
    EXPECT_EQ(names(u"note:"_s, facts).size(), 1);
}

TEST_F(FilterTest, TheTextAndTheExplanationAreKept) {
    Filter::Error error;
    const auto filter = Filter::parse(u"class:or -op:größe"_s, &error);
    ASSERT_TRUE(filter);
    EXPECT_EQ(filter->text(), u"class:or -op:größe"_s);
    EXPECT_EQ(filter->explanation(), (QStringList{u"class is origin"_s, u"not: op has 'größe'"_s}));
}

TEST_F(FilterTest, PlacesOfErrorsCountLetters) {
    const Filter::Error error = errorOf(u"größe ulp>many"_s);
    EXPECT_EQ(error.position, 10);
    EXPECT_EQ(error.length, 4);
    EXPECT_TRUE(error.message.contains(u"'many' is not a number"_s));
}

TEST_F(FilterTest, CompletesFieldsValuesOpsAndLayers) {
    EXPECT_TRUE(Filter::completions(u"relu cl"_s, nullptr).contains(u"class:"_s));
    EXPECT_TRUE(Filter::completions(u"class:or"_s, nullptr).contains(u"class:origin"_s));
    EXPECT_EQ(Filter::completions(u"op:re"_s, &m_document->rows()), QStringList{u"op:relu"_s});
    EXPECT_TRUE(
        Filter::completions(u"-layer:net.a"_s, &m_document->rows()).contains(u"-layer:net.act"_s));
}

} // namespace
} // namespace repro::gui
