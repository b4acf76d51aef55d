// SPDX-License-Identifier: BSD-3-Clause
// build_trace FILE < TEXT: a trace from the notation of trace_text.h, for tests that are scripts.
#include "tests/support/trace_text.h"

#include <cstdio>
#include <exception>
#include <iostream>
#include <iterator>
#include <string>

int main(int argc, char** argv) {
    try {
        const std::string text{std::istreambuf_iterator<char>(std::cin), {}};
        repro::test::buildTrace(argc == 2 ? argv[1] : "", text);
        return 0;
    } catch (const std::exception& error) {
        std::fprintf(stderr, "build_trace: %s\n", error.what());
        return 1;
    }
}
