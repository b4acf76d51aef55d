// SPDX-License-Identifier: BSD-3-Clause
#include "sample_trace.h"

/// Writes the sample to the path that it is given; the foreign reader's test runs it.
int main(int argc, char** argv) {
    if (argc != 2) {
        return 2;
    }
    repro::trace::test::writeSample(argv[1]);
    return 0;
}
