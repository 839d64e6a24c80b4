"""A launch of one's own: written, checked, broken, drawn and predicted."""

from pathlib import Path

import pytest

from tests.end_to_end.command import surgeproof
from tests.examples import examples

LIKE = "truth-social-2022"


@pytest.fixture(scope="module")
def mine(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A file that surgeproof new has written."""
    file = tmp_path_factory.mktemp("new") / "my-launch.toml"
    done = surgeproof("new", str(file), "--like", LIKE, "--expect", "5000")
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith(f"{file}: a launch for 5,000 people, made like {LIKE}\n")
    return file


def test_it_is_valid_and_all_of_it_is_assumed(mine: Path) -> None:
    done = surgeproof("check", str(mine))
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith("my-launch\n")
    assert "5,000 in 16 h" in done.stdout
    assert "figures   0 sourced or measured, " in done.stdout


def test_it_can_be_drawn_and_predicted(mine: Path) -> None:
    drawn = surgeproof("show", str(mine))
    assert drawn.returncode == 0, drawn.stderr
    assert "● opening (counts: arrivals)" in drawn.stdout
    predicted = surgeproof("predict", str(mine), "--launches", "3")
    assert predicted.returncode in (0, 1, 3), predicted.stderr
    assert "predicted, 3 launches" in predicted.stdout


def test_all_that_somebody_breaks_is_told_at_once(mine: Path, tmp_path: Path) -> None:
    text = mine.read_text(encoding="utf-8")
    broken = tmp_path / "broken.toml"
    wrong = {
        'client_timeout = "10 s"': 'client_timeout = "10"',
        "waiting_room": "waiting_rom",
        'people = "everybody"': 'people = "nobody"',
        "errors = 0.01": "errors = 1.5",
        'time_zone = "America/New_York"': 'time_zone = "America/Nowhere"',
    }
    for before, after in wrong.items():
        assert before in text
        text = text.replace(before, after, 1)
    broken.write_text(text, encoding="utf-8")
    done = surgeproof("check", str(broken))

    assert done.returncode == 2
    for key in (
        "people.everybody.client_timeout",
        "station.signup.waiting_rom",
        "surge.opening.people",
        "objectives.signup.errors",
        "launch.time_zone",
    ):
        assert f"{broken}: {key}: " in done.stderr


@examples("words, sentence",
    ("exists", ["{old}", "--like", LIKE, "--expect", "9"], "exists and is not overwritten"),
    ("no toml", ["launch.txt", "--like", LIKE, "--expect", "9"], "is a .toml file"),
    ("unknown", ["x.toml", "--like", "truth-social", "--expect", "9"], 'did you mean "truth-social-2022"?'),
    ("nobody", ["x.toml", "--like", LIKE, "--expect", "0"], "greater than or equal to 1"),
    ("all", ["x.toml", "--like", LIKE, "--expect", "9999999999"], "less than or equal to 1000000000"),
    ("how many", ["x.toml", "--like", LIKE], "Missing option"),
)  # fmt: skip
def test_what_is_wrong_is_one_sentence_and_writes_nothing(
    words: list[str], sentence: str, tmp_path: Path
) -> None:
    old = tmp_path / "old.toml"
    old.write_text("mine")
    done = surgeproof("new", *(word.format(old=old) for word in words), cwd=tmp_path)

    assert done.returncode == 2
    assert sentence in done.stderr
    assert "Traceback" not in done.stderr
    assert [file.name for file in tmp_path.iterdir()] == ["old.toml"]
    assert old.read_text() == "mine"
