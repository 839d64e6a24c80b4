"""The library as a list, and a launch with what was published of it."""

import subprocess
import sys
from pathlib import Path

import pytest

from scenarios.library import shelf as library
from simulator.plan.synopsis import teaches
from surgeproof.endings import PIPE_CLOSED
from tests.end_to_end.command import surgeproof
from tests.launches.files import changed

COUNTED = changed(
    ("[[surge]]", '[[surge]]\nname = "opening"'), ('counts = "arrivals"', 'counts = "line"'),
    ("[waitlist]", """\
[[reading]]
name = "downloads"
counts = "downloads"
points = [["5 min", 70]]

[waitlist]"""),
)  # fmt: skip
"""What was published of it are lengths of its line."""


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "counted.toml"
    path.write_text(COUNTED)
    return path


def test_the_list_has_every_launch_and_what_it_teaches() -> None:
    done = surgeproof("show")
    lines = done.stdout.splitlines()

    assert done.returncode == 0, done.stderr
    assert max(map(len, lines)) <= 100
    assert [line.split()[0] for line in lines[2:] if not line.startswith(" ")] == list(
        library.names()
    )
    said = " ".join(done.stdout.split())
    for name in library.names():
        assert teaches(library.load(name)) in said


def test_who_reads_no_further_than_the_head_gets_no_traceback(file: Path) -> None:
    show = [sys.executable, "-P", "-m", "surgeproof", "show", str(file)]
    with subprocess.Popen(show, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as shown:
        assert shown.stdout is not None
        assert shown.stderr is not None
        shown.stdout.close()
        assert shown.stderr.read() == b""
    assert shown.returncode == PIPE_CLOSED


def test_a_launch_is_drawn_with_its_published_counts(file: Path) -> None:
    done = surgeproof("show", file)
    assert done.returncode == 0, done.stderr
    assert "● opening (counts: line)" in done.stdout
    assert "○ downloads (counts: downloads)" in done.stdout
    assert "the rate between the points of opening: " in done.stdout
    assert max(map(len, done.stdout.splitlines())) <= 100
