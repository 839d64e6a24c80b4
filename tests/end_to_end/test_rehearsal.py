"""A launch file replayed from the command line against the reference target."""

import json
import shutil
import signal
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import pytest

from scenarios.service.process import TargetProcess
from scenarios.service.settings import Settings
from tests.end_to_end.command import Done, interrupt_when, start, surgeproof
from tests.launches.files import LAUNCH


@pytest.fixture
def launch(tmp_path: Path) -> Path:
    file = tmp_path / "small.toml"
    file.write_text(LAUNCH)
    return file


@pytest.fixture(scope="module")
def target() -> Iterator[TargetProcess]:
    with TargetProcess(Settings(workers=1, hash_cost=11)) as running:
        yield running


def replay(launch: Path, target: TargetProcess, *more: str) -> list[str]:
    runs = str(launch.parent / "runs")
    return ["replay", str(launch), "--target", target.url, "--runs", runs, *more]


@dataclass(frozen=True)
class Rehearsed:
    """A launch that was replayed without a line, once for all tests that look at it."""

    done: Done
    folder: Path


@pytest.fixture(scope="module")
def rehearsed(target: TargetProcess, tmp_path_factory: pytest.TempPathFactory) -> Rehearsed:
    file = tmp_path_factory.mktemp("rehearsed") / "small.toml"
    file.write_text(LAUNCH)
    done = surgeproof(*replay(file, target, "--variant", "no-line", "--launches", "2"))
    (folder,) = (file.parent / "runs").iterdir()
    return Rehearsed(done, folder)


def test_what_was_planned_was_started_or_is_unsent(rehearsed: Rehearsed) -> None:
    done, folder = rehearsed.done, rehearsed.folder
    verdict = json.loads((folder / "verdict.json").read_text())
    with closing(sqlite3.connect(folder / "run.sqlite")) as db:
        planned, started, unsent = db.execute(
            "SELECT planned, started, unsent FROM ends"
        ).fetchone()
    assert done.returncode in (0, 3), done.stderr
    assert done.returncode == verdict["verdict"]["exit_code"]
    assert planned == started + unsent > 0
    assert done.stdout.splitlines()[-1].endswith(f"report: {folder / 'report.html'}")
    assert {path.name for path in folder.iterdir()} >= {
        "scenario.toml", "run.sqlite", "verdict.json", "report.html", "report.md", "junit.xml",
    }  # fmt: skip


def test_reports_are_rebuilt_from_the_folder_alone(rehearsed: Rehearsed, tmp_path: Path) -> None:
    folder = shutil.copytree(rehearsed.folder, tmp_path / rehearsed.folder.name)
    written = {name: (folder / name).read_text() for name in ("verdict.json", "report.md")}
    for name in [*written, "report.html", "junit.xml"]:
        (folder / name).unlink()
    surgeproof("report", str(folder))
    assert {name: (folder / name).read_text() for name in written} == written
    assert (folder / "report.html").stat().st_size > 100_000


def test_a_line_that_is_not_the_planned_one_is_told(launch: Path, target: TargetProcess) -> None:
    done = surgeproof(*replay(launch, target))
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


def test_with_the_token_probe_and_replay_set_the_line_they_need(
    launch: Path, target: TargetProcess
) -> None:
    token = {"SURGEPROOF_TARGET_TOKEN": target.token}
    replayed = surgeproof(*replay(launch, target, "--launches", "2"), env=token)
    closed = target.health()["line"]["policy"]

    probed = surgeproof("probe", "--target", target.url, "--requests", "10", env=token)

    assert replayed.returncode in (0, 3), replayed.stderr
    assert closed == "fifo"
    assert probed.returncode == 0, probed.stderr
    assert "[[station]]" in probed.stdout
    assert target.health()["line"]["policy"] == "open"
    (folder,) = (launch.parent / "runs").iterdir()
    kept = b"".join(path.read_bytes() for path in folder.iterdir())
    assert target.token.encode() not in kept
