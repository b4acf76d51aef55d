// SPDX-License-Identifier: BSD-3-Clause
#include "cli/diff_options.h"

#include <fmt/format.h>

#include <cmath>
#include <string_view>

namespace repro::cli {

namespace {

/// CLI11's ranges let NaN pass.
CLI::Validator limit(double most) {
    return {[most](const std::string& text) -> std::string {
                double number = 0;
                const bool read = CLI::detail::lexical_cast(text, number);
                const bool good = read && number >= 0 && number <= most && std::isfinite(number);
                return good ? ""
                            : "'" + text + "' is not a number of " +
                                  (most == 1 ? "0 to 1" : "at least 0");
            },
            ""};
}

/// CLI11 reads "-1" as the largest number there is.
CLI::Validator wholeNumber(std::string_view least) {
    return {[least](const std::string& text) -> std::string {
                const bool digits = text.find_first_not_of("0123456789") == std::string::npos;
                const bool zero = text.find_first_not_of('0') == std::string::npos;
                return digits && !(zero && least != "0")
                           ? ""
                           : fmt::format("'{}' is not a whole number of at least {}", text, least);
            },
            ""};
}

} // namespace

void ToleranceOptions::declareOn(CLI::App& app) {
    const std::string group = "Tolerances (bits decide unless one is given; all given must hold)";
    auto* relative =
        app.add_option("--rtol", rtol,
                       "For recordings with bytes (--capture full): elements are equal\n"
                       "enough if |a - b| <= atol + rtol * |a|; of the two, one that is\n"
                       "not given is 0");
    auto* absolute = app.add_option("--atol", atol, "See --rtol: the two are one condition");
    auto* steps = app.add_option("--ulp", ulp, "Elements at most N representable numbers apart");
    auto* cosine =
        app.add_option("--cos", cos, "The cosine of the two whole tensors is at least X");
    for (auto* option : {relative, absolute, cosine}) {
        option->type_name("X")->check(limit(option == cosine ? 1 : INFINITY))->group(group);
    }
    steps->type_name("N")->check(wholeNumber("0"))->group(group);
    app.add_option("--tolerance", preset,
                   "bits, or default: rtol and atol of torch.testing for each dtype")
        ->type_name("NAME")
        ->check(CLI::IsMember({"bits", "default"}))
        ->excludes(relative)
        ->excludes(absolute)
        ->group(group);
    app.add_option("--rules", rules,
                   "Lines such as: op=aten::index_put_ layer=net\\..* ulp=4\n"
                   "or: slot=out1 ignore. Keys: op, layer, slot, dtype (regular\n"
                   "expressions for the whole name), step; then rtol=, atol=,\n"
                   "ulp=, cos=, or default, exact, ignore. The first line that fits\n"
                   "a value decides; where none does, the options above do.\n"
                   "A line that matches nothing is an error")
        ->type_name("FILE")
        ->group(group);
}

std::optional<replay::Tolerances> ToleranceOptions::tolerances() const {
    replay::Tolerance general;
    general.rtol = rtol;
    general.atol = atol;
    general.ulp = ulp;
    general.cos = cos;
    general.byDtype = preset == "default";
    if (general.isExact() && rules.empty()) {
        return std::nullopt;
    }
    replay::Tolerances all(general);
    if (!rules.empty()) {
        all.readRules(rules);
    }
    return all;
}

void DiffOptions::declareOn(CLI::App& app) {
    app.add_option("a", a, "Reference trace")->required()->type_name("FILE");
    app.add_option("b", b, "The recording to compare with it")->required()->type_name("FILE");
    app.add_flag("--json", json, "One verdict object, reprorec.diff/2, also of trouble");
    app.add_flag("-q,--quiet", quiet, "Only the line with the verdict");
    app.add_flag("-v,--verbose", verbose,
                 "The calls that led to the first divergence; counts and\n"
                 "times on stderr");
    app.add_option("--color", color, "auto, always or never; auto heeds NO_COLOR")
        ->type_name("WHEN")
        ->check(CLI::IsMember({"auto", "always", "never"}));
    app.add_flag("--all", all, "Every origin, and harmless differences of the environment");
    app.add_flag("--strict", strict,
                 "Count what nobody can see as a difference, too: bytes that are overwritten\n"
                 "or replaced before anything reads them");
    app.add_flag_callback(
        "--fail-fast", [this] { maxOrigins = 1; }, "Only the first divergence: --max-origins 1");
    app.add_option("--max-origins,--max-failures", maxOrigins,
                   "Origins to describe, in each report (default: 5)")
        ->type_name("N")
        ->check(wholeNumber("1"));
    app.add_flag("--allow-unrecorded-children", allowUnrecordedChildren,
                 "Runs may be the same though forked children of theirs computed\n"
                 "unrecorded; without it such runs are not comparable (3)");
    app.add_option("--trouble-status", noVerdictStatus,
                   "Exit status where there is no verdict, instead of 2 and 3, e.g. 125\n"
                   "under git bisect run")
        ->type_name("N")
        ->check(CLI::Range(0, 255));
    auto* update = app.add_flag("--update-golden", updateGolden,
                                "Say what changed, then put b in the place of a, in one step; a\n"
                                "that says the same is kept, one that is missing is created.\n"
                                "Status 0 if a now is right. Refuses a b that is damaged, empty,\n"
                                "unfinished, of a failed program, or not comparable with a");
    app.add_flag("-f,--force", force,
                 "With --update-golden: an unfinished, failed or not comparable b,\n"
                 "or an a that cannot be read, is no obstacle")
        ->needs(update);
    app.add_option("--reexec", reexec,
                   "Run the op where they part N times more on its recorded inputs and\n"
                   "weigh its cause by that (see: reprorec reexec --help)")
        ->type_name("N")
        ->check(CLI::Range(1, 100000));
    app.add_option("--map", map,
                   "Renamed layers and ops in b, in lines such as:\n"
                   "layer Net\\.features(.*) = Net.backbone$1, op aten::mul = my::mul\n"
                   "(regular expressions for the whole name in a), or event 123 = 125.\n"
                   "A line that matches nothing is an error")
        ->type_name("FILE");
    app.add_option("--source-map", sourceMap,
                   "Sources compiled in folder OLD are in NEW now; may be repeated")
        ->type_name("OLD=NEW")
        ->allow_extra_args(false);
    reports.declareOn(app);
    tolerance.declareOn(app);
}

} // namespace repro::cli
