"""The demo on a machine that somebody else uses as well: it does not claim what it cannot know."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from reports.run.folder import RunFolder
from reports.run.report.reading import read_report
from reports.run.report.report import VariantReport
from scenarios.machine.cores import here_on
from scenarios.machine.here import usable_cores
from simulator.verdict.truth.judged import Came, judged_figures
from tests.end_to_end.command import apart

BUSY = "while True: pass"


@pytest.fixture
def _disturber() -> Iterator[None]:
    """One core is never free."""
    with here_on(frozenset({min(usable_cores())})):
        burning = subprocess.Popen([sys.executable, "-c", BUSY])
    yield
    burning.kill()
    burning.wait()


@pytest.mark.slow
@pytest.mark.usefixtures("_disturber")
def test_the_demo_beside_a_disturber_holds_or_says_nothing(tmp_path: Path) -> None:
    done = apart("demo", "--runs", tmp_path)

    assert done.returncode in (0, 3), done.stdout + done.stderr
    report = read_report(RunFolder.latest(tmp_path))
    for variant in report.variants:
        if variant.came is not None and variant.came.outcome is Came.RIGHT:
            require_near(variant)


def require_near(variant: VariantReport) -> None:
    """Whatever the rule is that calls it right: no judged figure lies far from all that was predicted."""
    assert variant.observed is not None
    assert variant.rehearsal is not None
    assert variant.rehearsal.prediction is not None
    launches = variant.rehearsal.prediction.launches
    for figure in judged_figures(variant.observed):
        seen = figure.read(variant.observed)
        predicted = np.array([figure.read(each).value for each in launches])
        if seen.open or not seen.enough or not np.isfinite([seen.value, *predicted]).all():
            continue
        width = max(float(np.ptp(predicted)), 0.05 * abs(float(np.median(predicted))))
        assert predicted.min() - width <= seen.value <= predicted.max() + width, figure.key
