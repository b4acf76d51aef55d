// SPDX-License-Identifier: BSD-3-Clause
// Lets a Python without torch try what the recorder reads of its frames (frames_test.py).
#include "recorder/host/python/frames.h"

using namespace repro::host;

extern "C" __attribute__((visibility("default"))) int
learn(python::Object* codes, python::Object* offsets, python::Object* attributes) {
    std::string why;
    const python::Api* api = python::findPython(why);
    return api != nullptr && python::learnFrames(*api, codes, offsets, attributes) ? 1 : 0;
}

/// "file:line function" of each call, innermost first, a line each. Valid until the next.
extern "C" __attribute__((visibility("default"))) const char* calls() {
    static thread_local std::string text;
    static thread_local std::vector<python::Call> found;
    python::calls(found);
    text.clear();
    for (const python::Call& call : found) {
        const python::Function function = python::functionOf(call);
        if (!python::isOfProgram(function)) {
            continue;
        }
        text +=
            function.file + ":" + std::to_string(python::lineOf(call)) + " " + function.name + "\n";
    }
    return text.c_str();
}
