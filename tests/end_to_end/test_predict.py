"""``predict`` as a planner meets it: what happens and why, what would have held, and under stress."""

from pathlib import Path

import pytest

from tests.documents import held
from tests.end_to_end.command import surgeproof
from tests.launches.files import LAUNCH

OVERLOADED = ("--variant", "no-line", "--set", "station.signup.service.mean=50 ms")
"""One server that takes 50 ms bears twenty of the thirty people a second."""
VULNERABLE = ("--variant", "no-line", "--set", "station.signup.service.mean=25 ms",
              "--set", "station.signup.waiting_room=10000", "--set", "people.everybody.client_timeout=500 ms",
              "--set", "people.everybody.retries.attempts=3", "--set", "people.everybody.retries.cap=200 ms",
              "--set", "launch.horizon=100 s", "--set", 'surge.opening.points=[["100 s", 3000]]')  # fmt: skip
"""It bears forty, and ninety are sent if everybody tries three times."""


@pytest.fixture
def file(tmp_path: Path) -> str:
    path = tmp_path / "small.toml"
    path.write_text(LAUNCH)
    return str(path)


def test_what_ran_out_first_and_what_would_have_held(file: str) -> None:
    done = surgeproof("predict", file, "--launches", "40", *OVERLOADED)

    told, last = done.stdout, done.stdout.splitlines()[-1]
    assert done.returncode == 1, done.stderr
    assert "\nwhat happens, predicted (mean of 40 launches)\n" in told
    assert "First to run out: the servers of signup, " in told
    assert "2 instead of 1 servers at signup: 40 of 40 launches hold" in " ".join(told.split())
    assert last.startswith("the launch is predicted not to hold: ")
    assert "; first cause: " in last
    assert "; smallest change that holds: " in last


def test_a_program_reads_the_same_bytes_twice(file: str) -> None:
    first, second = (
        surgeproof("predict", file, "--launches", "10", "--json", *OVERLOADED) for _ in range(2)
    )
    assert first.stdout == second.stdout
    explanation = held(first.stdout, "Prediction")["explanation"]
    assert explanation["first"]["station"] == "signup"
    assert explanation["smallest_change"]["then"] > explanation["smallest_change"]["now"]


def test_every_rule_is_checked_on_request(file: str) -> None:
    done = surgeproof("predict", file, "--launches", "60", "--debug")
    assert done.returncode == 0, done.stderr
    assert "is predicted to hold" in done.stdout.splitlines()[-1]


def test_what_stays_down_after_a_trigger_exits_1(file: str) -> None:
    done = surgeproof("predict", file, "--stress", "--launches", "10", *VULNERABLE)
    assert done.returncode == 1, done.stderr
    assert "10 launches of each size (--launches)" in done.stdout
    last = done.stdout.splitlines()[-1]
    assert last.startswith("the launch is predicted not to recover by itself: from ")
    assert "of 10 launches do not (" in last
    assert "turning away at signup whoever has waited 500 ms there" in last


def test_what_recovers_exits_0_and_says_from_what(file: str) -> None:
    done = surgeproof(
        "predict", file, "--stress", "--json", "--set", "launch.horizon=30 s",
        "--set", 'surge.opening.points=[["30 s", 900]]',
    )  # fmt: skip

    assert done.returncode == 0, done.stderr
    stress = held(done.stdout, "Stress")["stress"]
    assert stress["outcome"] == "holds"
    assert {each["kind"] for sweep in stress["sweeps"] for each in sweep["tried"]} == {
        "pulse",
        "dip",
    }
