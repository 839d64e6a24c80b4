"""What ``surgeproof new`` says at the top of a file, and what it refuses to write."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from scenarios.library import shelf as library
from simulator.engine.compiled.engine import Compiled
from simulator.errors import UsageError
from simulator.host.files import write_new
from simulator.plan.likeness import Likeness, alike
from surgeproof.verbs.new import head, name_of, people_in_words
from tests.examples import examples


@examples("factor, expected",
    ("fewer", 0.2568, "0.257 times the people of x"),
    ("far fewer", 0.00123, "one in 813 of the people of x"),
    ("more", 12.0, "12 times the people of x"),
    ("far more", 123_456.0, "123,456 times the people of x"),
)  # fmt: skip
def test_how_many_people_there_are(factor: float, expected: str) -> None:
    assert people_in_words(factor, "x") == expected


@examples("file, expected",
    ("as it is", "my-launch.toml", "my-launch"),
    ("what no name may have", "a/b/My Launch, 2027.toml", "My-Launch-2027"),
)  # fmt: skip
def test_the_launch_is_called_after_its_file(file: str, expected: str) -> None:
    assert name_of(Path(file)) == expected


@examples("file, sentence",
    ("no ending", "launch", "a launch is a .toml file"),
    ("another ending", "launch.yaml", "a launch is a .toml file"),
    ("no name", "éü.toml", "needs a letter or a digit"),
    ("an ending alone", ".toml", "a launch is a .toml file"),
)  # fmt: skip
def test_what_is_no_launch_file(file: str, sentence: str) -> None:
    with pytest.raises(UsageError, match=sentence):
        name_of(Path(file))


def test_a_file_is_never_overwritten(tmp_path: Path) -> None:
    file = tmp_path / "mine.toml"
    write_new(file, "first")
    with pytest.raises(UsageError, match="exists and is not overwritten"):
        name_of(file)
    with pytest.raises(FileExistsError):
        write_new(file, "second")
    assert file.read_text() == "first"


def test_a_folder_that_is_not_there_is_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"cannot be written \(No such file or directory\)"):
        write_new(tmp_path / "none" / "mine.toml", "")


def test_the_head_keeps_to_its_lines_whatever_the_file_is_called() -> None:
    found = Likeness(document={}, factor=0.5, people=100.0, roomier={"web": 1.4, "mail": 1.05})
    lines = list(head(Path("a\nb.toml"), "x", found))
    assert all("\n" not in line for line in lines)
    assert lines[0] == "A launch for 100 people, made like x by surgeproof new."
    [note] = [line for line in lines if line.startswith("Note: ")]
    assert note.startswith("Note: web was rounded up to whole servers (1.4 times its share)")


def test_a_size_that_whole_people_cannot_have_is_refused() -> None:
    scenario = library.load("threads-eu-2023")
    with pytest.raises(UsageError, match=r"has 0\.42 people; raise --expect"):
        alike(
            scenario,
            name="mine",
            expect=1,
            now=datetime(2026, 11, 24, tzinfo=UTC),
            engine=Compiled(),
        )
