// SPDX-License-Identifier: BSD-3-Clause
#include "replay/reexec/experiment.h"

#include "replay/cause/remedy.h"
#include "replay/reexec/worker.h"
#include "trace/error.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <iterator>

namespace repro::replay::exec {
namespace {

namespace fs = std::filesystem;

constexpr const char* kAsInB = "as recorded in B";

fs::path programOf(const trace::Reader& reader, const fs::path& folder, const Host& host) {
    fs::path program = programFor(folder, host.torchVersion);
    if (host.torchVersion.empty() || !fs::exists(program)) {
        throw Error(ErrorKind::Version,
                    fmt::format("{}: recorded with LibTorch {}, for which there is no {}; build "
                                "reprorec with -DREPROREC_TORCH=<folder of that LibTorch>",
                                reader.path().string(),
                                host.torchVersion.empty() ? "?" : host.torchVersion,
                                program.string()));
    }
    return program;
}

std::vector<Conditions> conditionsFor(const Job& job,
                                      const std::vector<Tally::Recording>& recordings,
                                      const ExperimentOptions& options) {
    const std::vector<Conditions> usual = usualConditions(job);
    std::vector<Conditions> conditions{usual.front()};
    if (options.onlyRecorded) {
        return conditions;
    }
    const auto add = [&](Conditions more) {
        const auto is = [&](const Conditions& c) {
            return c.threads == more.threads && c.flags == more.flags;
        };
        if (std::ranges::none_of(conditions, is)) {
            conditions.push_back(std::move(more));
        }
    };
    if (recordings.size() > 1) {
        Conditions b = recordedConditions(*recordings[1].reader, recordings[1].event, kAsInB);
        if (b.threads > 0) {
            add(std::move(b));
        }
    }
    std::ranges::for_each(usual, add);
    for (const std::uint32_t count : options.threads) {
        add({fmt::format("{} threads", count), count, job.flags});
    }
    return conditions;
}

/// One after the other: the op, a process at work, and what came of it.
class Bench {
public:
    Bench(const std::vector<Tally::Recording>& recordings, const fs::path& folder,
          const ExperimentOptions& options)
        : m_recordings(recordings), m_options(options),
          m_host(hostOf(recordings[0].reader->header().environment)),
          m_program(programOf(*recordings[0].reader, folder, m_host)) {}

    Finding run(Job job, const Conditions& conditions) const {
        job.threads = conditions.threads;
        job.flags = conditions.flags;
        job.runs = m_options.fresh ? 1 : m_options.runs;
        Tally tally(m_recordings);
        for (std::uint32_t done = 0; done < m_options.runs; done += job.runs) {
            Worker worker(m_program, m_host, job);
            while (auto outcome = worker.next()) {
                const std::uint64_t ns = outcome->ns;
                const std::size_t result = tally.add(std::move(*outcome));
                if (m_options.onRun) {
                    m_options.onRun(conditions, result, ns);
                }
            }
        }
        Finding finding{conditions, "", tally.runs(), tally.distinct().size(), tally.spread(), {}};
        for (std::size_t i = 0; i < m_recordings.size(); ++i) {
            finding.asRecorded.push_back(tally.asRecorded(i));
        }
        return finding;
    }

private:
    const std::vector<Tally::Recording>& m_recordings;
    const ExperimentOptions& m_options;
    Host m_host;
    fs::path m_program;
};

/// Names of the other conditions under which it gave one result.
std::vector<std::string> steadyConditions(const Experiment& experiment) {
    std::vector<std::string> names;
    for (std::size_t i = 1; i < experiment.findings.size(); ++i) {
        if (experiment.findings[i].results == 1) {
            names.push_back(experiment.findings[i].conditions.name);
        }
    }
    return names;
}

/// Did each run under the recorded conditions give what A has, and none what B has?
bool onlyGivesA(const Experiment& experiment) {
    const Finding& recorded = experiment.findings.at(0);
    return !experiment.varies() && recorded.asRecorded.size() > 1 &&
           recorded.asRecorded[0] == recorded.runs && recorded.asRecorded[1] == 0;
}

/// The conditions that gave what B has in each run; null where none did.
const Finding* conditionsOfB(const Experiment& experiment) {
    const auto found = std::ranges::find_if(experiment.findings, [](const Finding& finding) {
        return finding.runs > 0 && finding.asRecorded.size() > 1 &&
               finding.asRecorded[1] == finding.runs;
    });
    return found == experiment.findings.end() ? nullptr : &*found;
}

/// A steady op is no cause itself, but what it shows of B speaks for one that lies around it.
void addSteady(const Experiment& experiment, Cause& cause) {
    const bool isBlamed =
        cause.kind == CauseClass::NondeterministicKernel || cause.kind == CauseClass::CustomOp;
    const bool speaksFor = onlyGivesA(experiment) && !isBlamed;
    (speaksFor ? cause.evidence : cause.against).push_back(conclusion(experiment));
    const Finding* const b = conditionsOfB(experiment);
    if (speaksFor && b != nullptr && b->conditions.name == kAsInB &&
        (cause.kind == CauseClass::Threads || cause.kind == CauseClass::Flags)) {
        cause.confidence = Confidence::Proven;
    }
}

} // namespace

fs::path programFor(const fs::path& folder, const std::string& torchVersion) {
    return folder / ("repro-exec-" + torchVersion);
}

Experiment experiment(const std::vector<Tally::Recording>& recordings, const fs::path& folder,
                      const ExperimentOptions& options) {
    const Plan plan = planOf(*recordings[0].reader, recordings[0].event);
    const Bench bench(recordings, folder, options);
    Experiment result{plan.job.op, options.runs, plan.isReseeded, {}};
    for (const Conditions& conditions : conditionsFor(plan.job, recordings, options)) {
        try {
            result.findings.push_back(bench.run(plan.job, conditions));
        } catch (const Error& error) {
            if (error.kind() != ErrorKind::Torch || result.findings.empty()) {
                throw;
            }
            result.findings.push_back({conditions, error.what(), 0, 0, {}, {}});
        }
        if (options.onFinding) {
            options.onFinding(result.findings.back());
        }
    }
    return result;
}

Evidence conclusion(const Experiment& experiment) {
    const Finding& recorded = experiment.findings.at(0);
    const std::string runs = std::to_string(recorded.runs);
    if (experiment.varies()) {
        Evidence fact{
            EvidenceKind::Varies, experiment.op, {std::to_string(recorded.results), runs}};
        std::ranges::move(steadyConditions(experiment), std::back_inserter(fact.values));
        return fact;
    }
    if (onlyGivesA(experiment)) {
        const Finding* const b = conditionsOfB(experiment);
        return b == nullptr ? Evidence{EvidenceKind::RepeatsA, experiment.op, {runs}}
                            : Evidence{EvidenceKind::RepeatsAGivesB,
                                       experiment.op,
                                       {runs, std::to_string(b->runs), b->conditions.name}};
    }
    const EvidenceKind kind = experiment.isReseeded           ? EvidenceKind::RepeatsReseeded
                              : recorded.asRecorded.at(0) > 0 ? EvidenceKind::RepeatsRecorded
                                                              : EvidenceKind::RepeatsOther;
    return {kind, experiment.op, {runs}};
}

void addEvidence(const Experiment& experiment, Cause& cause) {
    if (!experiment.varies()) {
        addSteady(experiment, cause);
        return;
    }
    if (cause.kind != CauseClass::NondeterministicKernel && cause.kind != CauseClass::CustomOp) {
        std::ranges::move(cause.evidence, std::back_inserter(cause.against));
        cause.evidence.clear();
        cause.kind = CauseClass::NondeterministicKernel;
        cause.remedy = remedyFor(cause.kind);
    }
    cause.confidence = Confidence::Proven;
    cause.evidence.push_back(conclusion(experiment));
}

} // namespace repro::replay::exec
