#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-3-Clause
"""The check finds what is planted, and nothing else."""

import pathlib
import tempfile
import unittest

import check_includes


class CheckIncludes(unittest.TestCase):
    def found(self, path, line):
        with tempfile.TemporaryDirectory() as folder:
            root = pathlib.Path(folder)
            (root / path).parent.mkdir(parents=True)
            (root / path).write_text(line + "\n")
            return list(check_includes.violations(root))

    def test_planted_violations(self):
        for path, line in [
            ("trace/writer.cpp", "#include <torch/torch.h>"),
            ("trace/writer.h", "#include <QString>"),
            ("trace/reader.h", "#include <hdf5.h>"),
            ("trace/reader.cpp", '#include "recorder/wire/protocol.h"'),
            ("replay/align/align.cpp", "  #  include <ATen/ATen.h>"),
            ("replay/align/align.cpp", '#include "recorder/wire/protocol.h"'),
            ("replay/exec/main.cpp", '#include "recorder/wire/protocol.h"'),
            ("recorder/host/events.cpp", '#include "replay/diff.h"'),
            ("recorder/host/environment.cpp", "#include <fstream>"),
            ("recorder/host/stack/walker.h", "#include <c10/util/Backtrace.h>"),
            ("recorder/preload/load.c", "#include <c10/core/Device.h>"),
            ("recorder/collector/process.cpp", "#include <hdf5.h>"),
            ("gui/app/main.cpp", "#include <torch/torch.h>"),
            ("gui/jobs/job_runner.cpp", '#include "replay/diff.h"'),
            ("gui/jobs/job_runner.cpp", '#include "gui/viewmodel/session.h"'),
            ("gui/plot/tensor/scatter.cpp", '#include "trace/reader.h"'),
            ("gui/plot/tensor/scatter.cpp", '#include "gui/viewmodel/session.h"'),
            ("cli/main.cpp", "#include <hdf5.h>"),
            ("cli/main.cpp", '#include "symbols/object.h"'),
            ("recorder/collector/process.cpp", "#include <elfutils/libdw.h>"),
            ("symbols/object.cpp", '#include "trace/reader.h"'),
            ("symbols/object.cpp", '#include "recorder/wire/protocol.h"'),
            ("symbols/object.cpp", "#include <ATen/ATen.h>"),
            ("symbols/object.cpp", "#include <hdf5.h>"),
            ("trace/reader.cpp", '#include "symbols/answer.h"'),
            ("samples/a.cpp", '#include "recorder/host/events.h"'),
            ("include/reprorec/reprorec.h", '#include "trace/model.h"'),
            ("replay/run/locate.cpp", '#include "replay/align/align.h"'),
            ("replay/result/names.cpp", '#include "replay/diff.h"'),
            ("gui/panes/pane.h", '#include "gui/window/main_window.h"'),
            ("gui/plot/kit/axis.cpp", '#include "gui/plot/charts/growth_curve.h"'),
        ]:
            with self.subTest(path=path, line=line):
                self.assertEqual(len(self.found(path, line)), 1)

    def test_what_is_allowed(self):
        for path, line in [
            ("trace/hdf5/hdf5.cpp", "#include <hdf5.h>"),
            ("replay/exec/main.cpp", "#include <torch/torch.h>"),
            ("replay/align/align.cpp", '#include "trace/reader.h"'),
            ("recorder/host/events.cpp", "#include <ATen/ATen.h>"),
            ("cli/main.cpp", '#include "replay/diff.h"'),
            ("cli/main.cpp", '#include "symbols/client.h"'),
            ("symbols/sources.cpp", '#include "trace/xxh3.h"'),
            ("symbols/units.cpp", "#include <elfutils/libdw.h>"),
            ("gui/plot/tensor/scatter.cpp", '#include "gui/plot/kit/axis.h"'),
            ("samples/a.cpp", "#include <reprorec/reprorec.h>"),
            ("replay/diff.cpp", '#include "replay/align/align.h"'),
            ("gui/window/main_window.cpp", '#include "gui/panes/pane.h"'),
        ]:
            with self.subTest(path=path, line=line):
                self.assertEqual(self.found(path, line), [])


if __name__ == "__main__":
    unittest.main()
