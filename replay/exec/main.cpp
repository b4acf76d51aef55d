// SPDX-License-Identifier: BSD-3-Clause
// repro-exec: runs one recorded op again and again, each time in fresh memory. A process of its
// own, so that an op that crashes takes nothing else down. A job comes by the socket that is its
// stdin, and outcomes leave by it; replay/reexec/job.h has their form.
#include "replay/exec/arguments.h"
#include "replay/exec/conditions.h"
#include "replay/exec/operands.h"
#include "replay/reexec/job.h"
#include "trace/error.h"

#include <ATen/CPUGeneratorImpl.h>
#include <ATen/core/dispatch/Dispatcher.h>

#include <chrono>
#include <csignal>
#include <cstdio>
#include <sys/prctl.h>
#include <unistd.h>

namespace repro::replay::exec {
namespace {

void addResult(Outcome& outcome, const at::Tensor& tensor, std::uint16_t slot, std::uint32_t item,
               bool isWritten) {
    if (tensor.defined()) {
        Result result = resultOf(tensor);
        result.slot = slot;
        result.item = item;
        result.isWritten = isWritten;
        outcome.results.push_back(std::move(result));
    }
}

void addReturned(Outcome& outcome, const c10::IValue& value, std::uint16_t slot) {
    if (value.isTensor()) {
        addResult(outcome, value.toTensor(), slot, 0, false);
    } else if (value.isTensorList() || value.isList()) {
        std::uint32_t item = 0;
        for (const c10::IValue& element : value.toListRef()) {
            addResult(outcome, element.isTensor() ? element.toTensor() : at::Tensor(), slot, item++,
                      false);
        }
    }
}

c10::OperatorHandle findOp(const Job& job) {
    const auto found = c10::Dispatcher::singleton().findSchema({job.op, job.overload});
    if (!found) {
        throw Error(ErrorKind::Torch, "this LibTorch has no op " + job.op);
    }
    return *found;
}

Outcome run(const c10::OperatorHandle& op, const Job& job, at::Generator& own) {
    Outcome outcome;
    const std::vector<at::Tensor> operands = makeOperands(job);
    torch::jit::Stack stack = makeStack(op.schema(), job, operands, own);
    resetGenerators(job, own);
    const auto start = std::chrono::steady_clock::now();
    op.callBoxed(&stack);
    outcome.ns = static_cast<std::uint64_t>((std::chrono::steady_clock::now() - start).count());
    for (std::size_t i = 0; i < stack.size(); ++i) {
        addReturned(outcome, stack[i], static_cast<std::uint16_t>(i));
    }
    for (std::size_t i = 0; i < operands.size(); ++i) {
        if (job.operands[i].isWritten) {
            addResult(outcome, operands[i], job.operands[i].argument, job.operands[i].item, true);
        }
    }
    return outcome;
}

void work(const Job& job) {
    const Conditions conditions(job);
    at::Generator own = at::make_generator<at::CPUGeneratorImpl>();
    for (std::uint32_t i = 0; i < job.runs; ++i) {
        Outcome outcome;
        try {
            outcome = run(findOp(job), job, own);
        } catch (const c10::Error& error) {
            outcome.error = error.what_without_backtrace();
        } catch (const std::exception& error) {
            outcome.error = error.what();
        }
        send(STDIN_FILENO, outcome);
        if (!outcome.error.empty()) {
            return;
        }
    }
}

} // namespace
} // namespace repro::replay::exec

int main() {
    ::prctl(PR_SET_PDEATHSIG, SIGKILL); // whoever wants the results is gone
    try {
        if (const auto job = repro::replay::exec::receiveJob(STDIN_FILENO)) {
            repro::replay::exec::work(*job);
        }
        return 0;
    } catch (const std::exception& error) {
        std::fprintf(stderr, "repro-exec: %s\n", error.what());
        return 2;
    }
}
