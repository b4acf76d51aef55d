// SPDX-License-Identifier: BSD-3-Clause
#pragma once

/// The recorder's part in programs of Python: layers, parameters, modes and optimizers of torch.nn
/// and torch.optim (recorder/python). Everything else is recorded as in any other program.
namespace repro::host {

/// Once, when recording begins. Does nothing in a program without Python.
void startPython();

} // namespace repro::host
