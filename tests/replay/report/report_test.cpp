// SPDX-License-Identifier: BSD-3-Clause
#include "replay/report/github.h"
#include "replay/report/html.h"
#include "replay/report/json.h"
#include "replay/report/junit.h"
#include "replay/report/markdown.h"
#include "replay/report/text.h"
#include "replay/report/words.h"
#include "tests/support/diff_fixture.h"
#include "trace/fingerprint.h"
#include "trace/words.h"

#include <gmock/gmock.h>

#include <algorithm>
#include <fstream>
#include <string>

namespace repro::replay {
namespace {

using nlohmann::json;
using ::testing::EndsWith;
using ::testing::HasSubstr;
using ::testing::StartsWith;

/// As much of JSON Schema as diff.schema.json uses. Returns the first complaint, or nothing.
class SchemaCheck {
public:
    explicit SchemaCheck(const json& root) : m_root(root) {}

    std::string complain(const json& schema, const json& value, const std::string& at) const {
        if (schema.contains("$ref")) {
            const std::string name = schema["$ref"];
            return complain(m_root.at(json::json_pointer(name.substr(1))), value, at);
        }
        if (schema.contains("anyOf")) {
            for (const json& one : schema["anyOf"]) {
                if (complain(one, value, at).empty()) {
                    return {};
                }
            }
            return at + ": fits nothing of anyOf";
        }
        if (schema.contains("const")) {
            return schema["const"] == value ? "" : at + ": not " + schema["const"].dump();
        }
        if (schema.contains("enum")) {
            const auto& all = schema["enum"];
            return std::find(all.begin(), all.end(), value) != all.end() ? ""
                                                                         : at + ": not allowed";
        }
        if (!fitsType(schema.at("type"), value)) {
            return at + ": type " + value.type_name();
        }
        return value.is_object() ? members(schema, value, at) : items(schema, value, at);
    }

private:
    static bool fitsType(const json& type, const json& value) {
        if (type.is_array()) {
            return std::any_of(type.begin(), type.end(),
                               [&](const json& one) { return fitsType(one, value); });
        }
        const std::string name = type;
        return (name == "integer" && value.is_number_integer()) ||
               (name == "number" && value.is_number()) || (name == "string" && value.is_string()) ||
               (name == "object" && value.is_object()) || (name == "array" && value.is_array()) ||
               (name == "boolean" && value.is_boolean()) || (name == "null" && value.is_null());
    }

    std::string members(const json& schema, const json& value, const std::string& at) const {
        for (const json& name : schema.at("required")) {
            if (!value.contains(name.get<std::string>())) {
                return at + ": no " + name.get<std::string>();
            }
        }
        for (const auto& [name, member] : value.items()) {
            if (!schema["properties"].contains(name)) {
                return at + ": unknown " + name;
            }
            const std::string wrong = complain(schema["properties"][name], member, at + "." + name);
            if (!wrong.empty()) {
                return wrong;
            }
        }
        return {};
    }

    std::string items(const json& schema, const json& value, const std::string& at) const {
        if (value.is_array() && schema.contains("items")) {
            for (const json& item : value) {
                const std::string wrong = complain(schema["items"], item, at + "[]");
                if (!wrong.empty()) {
                    return wrong;
                }
            }
        }
        return {};
    }

    const json& m_root;
};

class ReplayReport : public test::DiffTest {
protected:
    [[nodiscard]] DiffResult diverged() const {
        const std::string a = R"(
            environment {"cwd":"/a","threads":2}
            step 3
            layer net.embed EmbeddingImpl
            neg %x:f32[2,3]=x -> %y:f32[2,3]=y
            put_ %y! -> %y=z1 | alerted site:train.cpp:42
            end
            abs %y -> %n:f32[2,3]=n1)";
        std::string b = a;
        b.replace(b.find("z1"), 2, "z2")
            .replace(b.find("n1"), 2, "n2")
            .replace(b.find("/a"), 2, "/b");
        return compare(a, b);
    }
    static std::string complaint(const DiffResult& result) {
        const json schema = json::parse(std::ifstream(REPRO_DIFF_SCHEMA));
        return SchemaCheck(schema).complain(schema, json(toJson(result)), "verdict");
    }
};

TEST_F(ReplayReport, JsonOfEveryVerdictFitsItsSchema) {
    EXPECT_EQ(complaint(diverged()), "");
    EXPECT_EQ(complaint(compare("neg %x:f32[2]=x", "neg %x:f32[2]=x")), "");
    EXPECT_EQ(complaint(compare("", "")), "");
}

TEST_F(ReplayReport, JsonOfATolerancesWorkFitsItsSchema) {
    DiffResult result = diverged();
    result.tolerance = ToleranceCount{.within = 3, .elements = 7, .maxUlp = 2};
    result.origins[0].first.difference.beyond = 1;
    result.origins[0].first.difference.firstBeyond = 5;
    EXPECT_EQ(complaint(result), "");
    EXPECT_EQ(toJson(result)["tolerance"]["within"], 3);
    EXPECT_EQ(toJson(result)["first"]["difference"]["first_beyond"], 5);
}

TEST_F(ReplayReport, SchemaRefusesAMissingMember) {
    const json schema = json::parse(std::ifstream(REPRO_DIFF_SCHEMA));
    json object = json(toJson(diverged()));
    object["first"].erase("layer");
    EXPECT_NE(SchemaCheck(schema).complain(schema, object, "verdict"), "");
}

TEST_F(ReplayReport, JsonNamesThePlaceAndTheCause) {
    const auto object = toJson(diverged());
    EXPECT_EQ(object["verdict"], "diverged");
    EXPECT_EQ(object["exit"], 1);
    EXPECT_EQ(object["first"]["op"], "aten::put_");
    EXPECT_EQ(object["first"]["layer"], "net.embed");
    EXPECT_EQ(object["first"]["layer_type"], "EmbeddingImpl");
    EXPECT_EQ(object["first"]["step"], 3);
    EXPECT_EQ(object["first"]["shape"], (std::vector<int>{2, 3}));
    EXPECT_EQ(object["first"]["site"]["line"], 42);
    EXPECT_TRUE(object["first"]["difference"]["max_ulp"].is_null());
    EXPECT_EQ(object["cause"]["class"], "nondeterministic_kernel");
}

TEST_F(ReplayReport, JsonHasEvidenceAsDataAndAsASentence) {
    const std::string a = "mul %x:f32[2]=x -> %y:f32[2]=y | args:0.5";
    std::string b = a;
    const auto fact =
        toJson(compare(a, b.replace(b.find("0.5"), 3, "0.25")))["cause"]["evidence"][0];
    EXPECT_EQ(fact["kind"], "argument");
    EXPECT_EQ(fact["values"].dump(), R"(["0.5","0.25"])");
    const auto kernel = toJson(diverged())["cause"]["evidence"][0];
    EXPECT_EQ(kernel["subject"], "aten::put_");
    EXPECT_EQ(kernel["sentence"],
              "the kernel of aten::put_ says itself that it is nondeterministic");
}

TEST_F(ReplayReport, FirstLineIsTheVerdictAndTheLastTheViewer) {
    const std::string text = renderText(diverged());
    EXPECT_THAT(text, StartsWith("diverged: first at aten::put_ in net.embed, step 3, cause "
                                 "nondeterministic_kernel (likely)\n"));
    EXPECT_THAT(text, HasSubstr("a.h5 --event 2\nview: reprorec view "));
    EXPECT_THAT(text, EndsWith("b.h5\n"));
    EXPECT_THAT(text, HasSubstr("tensor     out0 float32[2, 3]"));
    EXPECT_THAT(text, HasSubstr("at         train.cpp:42"));
}

TEST_F(ReplayReport, PagesShowTheLineAndAnnotationsLandOnIt) {
    const auto file = folder() / "train.cpp";
    const std::string text = "int main() {\n    model<T>(`x`);\n}\n";
    std::ofstream(file) << text;
    DiffResult result = diverged();
    SourceLine& call = result.origins[0].first.site->calls[0];
    call.file = file.string();
    call.line = 2;
    call.contents = trace::fingerprintOfBytes(std::as_bytes(std::span(text)));
    EXPECT_THAT(renderHtml(result), HasSubstr("&gt;     2      model&lt;T&gt;(`x`);"));
    EXPECT_THAT(renderMarkdown(result), HasSubstr("\n    >     2      model<T>(`x`);\n"));
    EXPECT_THAT(renderGithub(result), HasSubstr("file=" + file.string() + ",line=2,"));
}

TEST_F(ReplayReport, CallersAreShownWhenAskedFor) {
    DiffResult result = diverged();
    result.origins[0].first.site->calls.push_back({"main.cpp", 7, "main", "train", 16, {}});
    EXPECT_THAT(renderText(result), ::testing::Not(HasSubstr("main.cpp:7")));
    EXPECT_THAT(renderText(result, {.callers = true}), HasSubstr("from       main.cpp:7, main\n"));
}

TEST_F(ReplayReport, HarmlessDifferencesAreShownWhenAskedFor) {
    EXPECT_THAT(renderText(diverged()), ::testing::Not(HasSubstr("cwd")));
    EXPECT_THAT(renderText(diverged(), {.all = true}), HasSubstr("cwd: /a | /b"));
}

TEST_F(ReplayReport, SameSaysHowMuchWasCompared) {
    EXPECT_THAT(renderText(compare("neg %x:f32[2]=x", "neg %x:f32[2]=x")),
                StartsWith("same: 1 value compared in 1 matched event, none"));
}

TEST_F(ReplayReport, ManyLibrariesOfAnotherLibTorchAreOneLine) {
    DiffResult result = diverged();
    result.environment.push_back({"torch_version", "1.13.0", "2.13.0", EnvironmentRank::Numbers});
    for (int i = 0; i < 20; ++i) {
        result.environment.push_back({"library.lib" + std::to_string(i), i < 12 ? "1f" : "",
                                      i < 10 ? "" : "2f", EnvironmentRank::Possible});
    }
    const std::string text = renderText(result);
    EXPECT_THAT(text, HasSubstr("torch_version: 1.13.0 | 2.13.0"));
    EXPECT_THAT(text, HasSubstr("20 other libraries (reprorec env-diff lists them): 10 only here | "
                                "8 only here, 2 of another build\n"));
    EXPECT_THAT(text, ::testing::Not(HasSubstr("library.lib")));
    EXPECT_THAT(renderText(result, {.all = true}), HasSubstr("library.lib19"));
}

TEST_F(ReplayReport, WhatComesAgainIsCountedInTheSameWordsEverywhere) {
    DiffResult result = diverged();
    result.origins.push_back(result.origins.front());
    result.originCount = 2;
    result.origins[0].again = 1;
    result.origins[1].again = 7;
    for (const std::string& report :
         {renderText(result), renderMarkdown(result), renderHtml(result), renderGithub(result),
          renderJunit(result)}) {
        EXPECT_THAT(report, HasSubstr("and 1 more time"));
        EXPECT_THAT(report, HasSubstr("put_ in net.embed, step 3, and 7 more times"));
    }
}

TEST_F(ReplayReport, CommandsCanBePasted) {
    DiffResult result = diverged();
    result.pathA = "my run/a.h5";
    EXPECT_THAT(renderText(result), HasSubstr("reprorec show 'my run/a.h5' --event 2\n"));
    EXPECT_EQ(trace::shellWord("a-1_%p.h5"), "a-1_%p.h5");
    EXPECT_EQ(trace::shellWord(""), "''");
    EXPECT_EQ(trace::shellWord("it's"), "'it'\\''s'");
    EXPECT_EQ(trace::shellWord("in0[3]"), "'in0[3]'");
}

TEST(ReplayWords, LongSettingsAreShownAroundTheirFirstDifference) {
    const std::string same(200, 'x');
    const auto [a, b] =
        settingWords({"torch_config", same + "USE_MKL=ON" + same, same + "USE_MKL=OFF" + same});
    EXPECT_THAT(a, HasSubstr("USE_MKL=ON"));
    EXPECT_THAT(b, HasSubstr("USE_MKL=OFF"));
    EXPECT_LT(std::max(a.size(), b.size()), 120U);
    EXPECT_TRUE(a.starts_with("...") && a.ends_with("..."));
    const auto [present, missing] = settingWords({"library", same, ""});
    EXPECT_EQ(missing, "none");
    EXPECT_TRUE(present.starts_with("xxx") && present.ends_with("..."));
    EXPECT_EQ(settingWords({"threads", "2", "4"}), std::pair(std::string("2"), std::string("4")));
}

} // namespace
} // namespace repro::replay
