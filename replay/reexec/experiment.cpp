// SPDX-License-Identifier: BSD-3-Clause
#include "replay/reexec/experiment.h"

#include "replay/reexec/worker.h"
#include "replay/cause/explain.h"
#include "trace/error.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <iterator>

namespace repro::replay::exec {
namespace {

namespace fs = std::filesystem;

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

std::vector<Conditions> conditionsFor(const Job& job, const ExperimentOptions& options) {
    std::vector<Conditions> conditions = usualConditions(job);
    if (options.onlyRecorded) {
        conditions.resize(1);
        return conditions;
    }
    for (const std::uint32_t count : options.threads) {
        const auto is = [&](const Conditions& c) {
            return c.threads == count && c.flags == job.flags;
        };
        if (std::ranges::none_of(conditions, is)) {
            conditions.push_back({fmt::format("{} threads", count), count, job.flags});
        }
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

} // namespace

fs::path programFor(const fs::path& folder, const std::string& torchVersion) {
    return folder / ("repro-exec-" + torchVersion);
}

Experiment experiment(const std::vector<Tally::Recording>& recordings, const fs::path& folder,
                      const ExperimentOptions& options) {
    const Plan plan = planOf(*recordings[0].reader, recordings[0].event);
    const Bench bench(recordings, folder, options);
    Experiment result{plan.job.op, options.runs, plan.isReseeded, {}};
    for (const Conditions& conditions : conditionsFor(plan.job, options)) {
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

std::string conclusion(const Experiment& experiment) {
    const Finding& recorded = experiment.findings.at(0);
    if (experiment.varies()) {
        const auto steady = steadyConditions(experiment);
        return fmt::format(
            "{} gave {} different results in {} runs on its recorded inputs{}", experiment.op,
            recorded.results, recorded.runs,
            steady.empty() ? "" : fmt::format("; one result with: {}", fmt::join(steady, ", or ")));
    }
    const std::string which =
        experiment.isReseeded ? "its generator's state was not recorded: each run began with seed 0"
        : recorded.asRecorded.at(0) > 0
            ? "it is the recorded one"
            : "not the recorded one: something that is not in the recording differs";
    return fmt::format("{} gave one result in {} runs on its recorded inputs; {}", experiment.op,
                       recorded.runs, which);
}

void addEvidence(const Experiment& experiment, Cause& cause) {
    if (!experiment.varies()) {
        cause.against.push_back(conclusion(experiment));
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
