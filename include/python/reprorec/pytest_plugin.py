# SPDX-License-Identifier: BSD-3-Clause
"""Tests that must repeat. Each is recorded twice, in processes of its own, and fails with the verdict if the runs differ.

    @pytest.mark.reproducible                      # two runs, compared with each other
    @pytest.mark.reproducible(golden="step.h5")    # one run, compared with a trace beside the test's file

`pytest --reprorec` does it for every test; `--reprorec-update` records golden traces anew.
"""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

INNER = "REPROREC_PYTEST_INNER"  # in the environment of a run that is being recorded
NAME = "reprorec.pytest_plugin"


def pytest_addoption(parser):
    group = parser.getgroup("reprorec")
    group.addoption("--reprorec", action="store_true", help="record every test twice, and fail where the runs differ")
    group.addoption("--reprorec-update", action="store_true", help="record the golden traces of tests anew")


def pytest_configure(config):
    config.addinivalue_line("markers", "reproducible(golden=None): the test must repeat bit by bit; needs reprorec")


@pytest.hookimpl(tryfirst=True)
def pytest_pyfunc_call(pyfuncitem):
    marker = pyfuncitem.get_closest_marker("reproducible")
    if INNER in os.environ or (marker is None and not pyfuncitem.config.getoption("--reprorec")):
        return None
    folder = pyfuncitem.config._tmp_path_factory.mktemp("reprorec")
    golden = marker.kwargs.get("golden") if marker is not None else None
    if golden is None:
        traces = [folder / "a.h5", folder / "b.h5"]
        for trace in traces:
            record(pyfuncitem, trace)
    else:
        traces = [pyfuncitem.path.parent / golden, folder / "run.h5"]
        if pyfuncitem.config.getoption("--reprorec-update"):
            record(pyfuncitem, traces[0])
            return True
        if not traces[0].exists():
            pytest.fail(f"{traces[0]}: no such golden trace; make it with --reprorec-update", pytrace=False)
        record(pyfuncitem, traces[1])
    compared = called("diff", *traces)
    if compared.returncode != 0:
        pytest.fail(compared.stdout + compared.stderr, pytrace=False)
    return True


def called(*words, **options):
    program = shutil.which("reprorec") or shutil.which("reprorec", path=Path(sys.executable).parent)
    if program is None:
        pytest.fail("reprorec is not on PATH; tests that are marked as reproducible need it", pytrace=False)
    return subprocess.run([program, *map(str, words)], capture_output=True, text=True, check=False, **options)


def record(item, trace):
    test = "::".join([str(item.path), *item.nodeid.split("::")[1:]])
    words = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", f"--rootdir={item.config.rootpath}"]
    if item.config.pluginmanager.has_plugin(NAME):  # by -p, not by its entry point
        words += ["-p", NAME]
    recorded = called("-q", "-f", "--must-record", "-o", trace, "--", *words, test, env={**os.environ, INNER: "1"},
                      cwd=item.config.invocation_params.dir)
    if recorded.returncode != 0:
        pytest.fail(f"the test failed while it was recorded:\n{recorded.stdout}{recorded.stderr}", pytrace=False)
