"""A launch in few words that is kept as a file, whatever the file is called."""

from pathlib import Path

import pytest

from scenarios.brought.question import Question
from scenarios.library import shelf as library
from simulator.errors import UsageError
from surgeproof.verbs.sizing.words import written
from tests.examples import examples

QUESTION = Question(
    people=600,
    within_ns=600 * 10**9,
    service_ns=10**8,
    p95_ns=2 * 10**9,
    errors=0.01,
    wait_ns=10**9,
)


@examples("file, name",
    ("a word", "launch.toml", "launch"), ("a dot", "launch.v2.toml", "launch-v2"),
    ("blanks and a comma", "My launch, 2027.toml", "My-launch-2027"),
)  # fmt: skip
def test_the_file_that_is_written_can_be_sized(tmp_path: Path, file: str, name: str) -> None:
    written(tmp_path / file, QUESTION)
    assert library.load(str(tmp_path / file)).name == name


def test_a_file_that_gives_no_name_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="its name needs a letter or a digit"):
        written(tmp_path / "é.toml", QUESTION)
    assert not list(tmp_path.iterdir())
