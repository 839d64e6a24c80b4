"""A test's launch is the command's: the words that are typed, and what comes of them."""

from collections.abc import Sequence
from pathlib import Path

import pytest

from surgeproof.pipelines import command
from surgeproof.pytest_plugin import Judged, Launches, NotJudged
from tests.end_to_end.command import surgeproof
from tests.launches.files import LAUNCH


@pytest.fixture
def heard() -> list[Judged]:
    return []


@pytest.fixture
def launches(tmp_path: Path, heard: list[Judged], monkeypatch: pytest.MonkeyPatch) -> Launches:
    """Beside a launch, and with the command line in this process."""

    def here(words: Sequence[str], folder: Path) -> tuple[int, str, str]:
        assert list(words[:4]) == list(command.PROGRAM)
        done = surgeproof(*words[4:], cwd=folder)
        return done.returncode, done.stdout, done.stderr

    monkeypatch.setattr(command, "run", here)
    beside, started_in = tmp_path / "tests", tmp_path / "here"
    for folder in (beside, started_in):
        folder.mkdir()
    (beside / "small.toml").write_text(LAUNCH)
    return Launches(
        beside=beside,
        started_in=started_in,
        runs=tmp_path / "runs",
        target=None,
        heard=heard.append,
    )


def test_a_prediction_takes_what_the_command_takes(launches: Launches, heard: list[Judged]) -> None:
    found = launches.predict(
        "small.toml",
        seed=7,
        launches=60,
        variant="no-line",
        settings={"station.signup.servers": 2, "launch.story": "Two servers."},
        objectives=["signup.p50<900 ms"],
    )
    assert heard == [found]
    found.assert_holds()
    assert [found.record[key] for key in ("seed", "launches", "variant", "settings")] == [
        7, 60, "no-line",
        ["station.signup.servers=2", "launch.story=Two servers.", "signup.p50<900 ms"],
    ]  # fmt: skip
    assert found.figure("served") == pytest.approx(300, abs=5 * 300**0.5)


def test_what_cannot_hold_fails_its_test(launches: Launches) -> None:
    """No service of 5 ms ends within 1 µs: whoever is served is served too late."""
    found = launches.predict("small.toml", launches=20, objectives=["signup.p50<1 us"])
    with pytest.raises(AssertionError, match=r"signup p50: .*\(limit 1e-06 s\), does not hold"):
        found.assert_holds()


def test_a_mistake_is_told_and_judges_nothing(launches: Launches, heard: list[Judged]) -> None:
    with pytest.raises(
        NotJudged, match=r"--objective: objectives\.signup\.p96: unknown key"
    ) as wrong:
        launches.predict("small.toml", objectives=["signup.p96<1 s"])
    assert wrong.value.exit_code == 2
    with pytest.raises(NotJudged, match="name a server"):
        launches.replay("small.toml")
    assert heard == []


def test_a_launch_of_the_library_goes_by_its_name_and_a_file_from_where_pytest_was_started(
    launches: Launches,
) -> None:
    (launches.started_in / "other.toml").write_text(LAUNCH.replace('"small"', '"other"', 1))
    assert launches.predict("other.toml", launches=1).record["scenario"] == "other"
    with pytest.raises(NotJudged, match=r"no-such\.toml: cannot be read"):
        launches.predict("no-such.toml")
