"""A rehearsal from the command line that cannot begin, or is stopped; tests/end_to_end/test_steps.py has whole ones."""

import signal
from collections.abc import Iterator
from pathlib import Path

import pytest

from scenarios.service.process import TargetProcess
from scenarios.service.settings import Settings
from tests.end_to_end.command import interrupt_when, start, surgeproof
from tests.launches.files import LAUNCH


@pytest.fixture(scope="module")
def target() -> Iterator[TargetProcess]:
    with TargetProcess(Settings(workers=1, hash_cost=11)) as running:
        yield running


def test_a_line_that_is_not_the_planned_one_is_told(target: TargetProcess, tmp_path: Path) -> None:
    launch = tmp_path / "small.toml"
    launch.write_text(LAUNCH)
    done = surgeproof("replay", launch, "--target", target.url, "--runs", tmp_path / "runs")
    assert done.returncode == 3
    assert "SURGEPROOF_TARGET_TOKEN" in done.stderr


def test_an_interrupted_probe_ends_at_once(target: TargetProcess) -> None:
    running = start("probe", "--target", target.url, "--requests", "2000")
    exit_code, said, left = interrupt_when(running, lambda: target.health()["in_service"] > 0)
    assert (exit_code, left) == (130, [])
    assert "Traceback" not in said


def test_a_demo_that_is_stopped_while_it_probes_says_so(tmp_path: Path) -> None:
    running = start("demo", "--runs", str(tmp_path))
    exit_code, said, left = interrupt_when(
        running, lambda: any(tmp_path.glob("*/target.log")), signal.SIGTERM
    )
    assert (exit_code, left) == (143, []), said
    assert said.strip() == "surgeproof: terminated"
