"""The library as a list, and a launch with what was published of it."""

import subprocess
import sys

from scenarios.library import shelf as library
from simulator.plan.synopsis import teaches
from surgeproof.endings import PIPE_CLOSED
from tests.end_to_end.command import surgeproof
from tests.launches.files import ONE_STEP


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


def test_who_reads_no_further_than_the_head_gets_no_traceback() -> None:
    show = [sys.executable, "-P", "-m", "surgeproof", "show", str(ONE_STEP)]
    with subprocess.Popen(show, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as shown:
        assert shown.stdout is not None
        assert shown.stderr is not None
        shown.stdout.close()
        assert shown.stderr.read() == b""
    assert shown.returncode == PIPE_CLOSED


def test_a_launch_is_drawn_with_its_published_counts() -> None:
    done = surgeproof("show", "truth-social-2022")
    assert done.returncode == 0, done.stderr
    assert "● opening (counts: line)" in done.stdout
    assert "○ downloads (counts: downloads)" in done.stdout
    assert "the rate between the points of opening: " in done.stdout
    assert max(map(len, done.stdout.splitlines())) <= 100
