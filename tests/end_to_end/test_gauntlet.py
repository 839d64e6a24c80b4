"""``surgeproof gauntlet``: the crowds of launches against a system of a file, on the command line."""

import hashlib
import json
from pathlib import Path

import pytest

from tests.documents import held
from tests.end_to_end.command import Done, surgeproof
from tests.launches.gauntlet import CROWD, HOST, MEASURED, STATIONS

CALM = CROWD.replace('name = "crowd"', 'name = "calm"').replace("9.5/s", "0.6/s")


@pytest.fixture
def here(tmp_path: Path) -> Path:
    for name, text in (("host", HOST), ("crowd", CROWD), ("calm", CALM), ("site", MEASURED)):
        (tmp_path / f"{name}.toml").write_text(text)
    return tmp_path


def gauntlet(here: Path, *words: str) -> Done:
    return surgeproof(
        "gauntlet",
        "./crowd.toml",
        "./calm.toml",
        "--expect",
        "2000",
        "--like",
        "host.toml",
        *words,
        cwd=here,
    )


def test_a_line_a_launch_the_worst_first_and_the_verdict_last(here: Path) -> None:
    (here / "named.toml").write_text(STATIONS)
    done = gauntlet(here, "--system", "named.toml")
    assert done.returncode == 1, done.stderr
    lines = done.stdout.splitlines()
    crowd, calm = (
        next(line for line in lines if line.startswith(f" {name}")) for name in ("crowd", "calm")
    )
    assert lines.index(crowd) < lines.index(calm)
    assert "breaks at +11 min" in crowd
    assert "mail quota" in crowd
    assert "mail quota 2/s → " in crowd
    assert " holds " in calm
    assert all(len(line) <= 100 for line in lines[:-1]), "the last one has paths"
    assert "hold with 2,000 people; the worst is crowd: it breaks at +11 min" in " ".join(
        lines[-4:]
    )


def test_what_is_sealed_can_be_checked_by_anybody_and_is_the_same_again(here: Path) -> None:
    words = ("--system", "site.toml", "--json", "--launches", "40")
    first, again = (held(gauntlet(here, *words).stdout, "Gauntlet") for _ in range(2))
    assert first == again
    sealed = first.pop("sealed")
    text = json.dumps(first, sort_keys=True, separators=(",", ":"))
    assert sealed == hashlib.sha256(text.encode()).hexdigest()
    assert first["left_out"] == ["journey.signup.step.verify"]
    assert {each["launch"] for each in first["trials"]} == {"crowd", "calm"}
    one = first["trials"][0]
    assert one["launches"]["simulated"] == 40
    arrivals = one["figures"]["arrivals"]
    assert arrivals["from"] <= 2000 <= arrivals["to"]


@pytest.mark.parametrize(("words", "said"), [
    ((), "give --target URL, to be measured, or --system FILE"),
    (("--system", "host.toml"), "host.toml"),
    (("--system", "site.toml", "./crowd.toml"), "the same name"),
])  # fmt: skip
def test_what_cannot_be_tried_is_said_and_nothing_is_predicted(
    here: Path, words: tuple[str, ...], said: str
) -> None:
    done = gauntlet(here, *words)
    assert done.returncode == 2
    assert said in done.stderr
    assert not done.stdout
