// SPDX-License-Identifier: BSD-3-Clause
#include "replay/report/remedy_words.h"

#include <algorithm>
#include <string_view>

namespace repro::replay {
namespace {

struct Term {
    std::string_view cpp, python;
};

/// What remedies say of C++ in Python, longer terms first.
constexpr Term kTerms[] = {
    {"at::globalContext().", ""},
    {"setDeterministicAlgorithms(true, false)", "torch.use_deterministic_algorithms(True)"},
    {"setDeterministicAlgorithms(true,false)", "torch.use_deterministic_algorithms(True)"},
    {"setDeterministicAlgorithms(true,warn_only)",
     "torch.use_deterministic_algorithms(True, warn_only=True)"},
    {"setDeterministicFillUninitializedMemory(true)",
     "torch.utils.deterministic.fill_uninitialized_memory = True"},
    {"setBenchmarkCuDNN(false)", "torch.backends.cudnn.benchmark = False"},
    {"setDeterministicCuDNN(true)", "torch.backends.cudnn.deterministic = True"},
    {"setDeterministicMkldnn(true)", "torch.backends.mkldnn.deterministic = True"},
    {"setUserEnabledMkldnn(false)", "torch.backends.mkldnn.enabled = False"},
    {"setSDPUseMemEfficient(false)", "torch.backends.cuda.enable_mem_efficient_sdp(False)"},
    {"torch::jit::setGraphExecutorOptimize(false)", "torch.jit.optimized_execution(False)"},
    {"Generator::get_state", "torch.get_rng_state"},
    {"torch::", "torch."},
    {"at::", "torch."},
};

void replaceAll(std::string& text, const Term& term) {
    for (std::size_t at = text.find(term.cpp); at != std::string::npos;
         at = text.find(term.cpp, at + term.python.size())) {
        text.replace(at, term.cpp.size(), term.python);
    }
}

} // namespace

std::string remedyWords(const Cause& cause) {
    std::string words = cause.remedy;
    if (cause.inPython) {
        std::ranges::for_each(kTerms, [&](const Term& term) { replaceAll(words, term); });
    }
    return words;
}

} // namespace repro::replay
