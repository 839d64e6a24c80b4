"""How a load generator that failed is told, and how many visitors its open files bear."""

import os
import re
import resource
import signal

import pytest

from scenarios.process import open_files
from scenarios.replay.generator import in_words
from scenarios.replay.last_words import heard, sayer
from scenarios.replay.last_words import in_words as fault_in_words
from simulator.errors import NotKept
from tests.examples import examples


@examples("code, said, found",
    ("its own words", 1, "the disk is full", "failed: the disk is full"),
    ("and then killed", -9, "the disk is full", "failed: the disk is full"),
    ("killed", -9, "", r"was killed \(SIGKILL\).* memory ran out"),
    ("crashed", -11, "", r"was killed \(Segmentation fault\)"),
    ("a signal without a name", -int(signal.SIGRTMIN) - 1, "", r"was killed \("),
    ("silent", 7, "", r"exited with code 7 and no message"),
)  # fmt: skip
def test_why_there_is_no_end_record(code: int, said: str, found: str) -> None:
    assert re.match(f"the load generator {found}", in_words(code, said))


def test_only_the_first_words_count_and_nobody_waits_for_them() -> None:
    ours, its = os.pipe()
    assert heard(ours) == ""
    say = sayer(its)
    say("one\n  line " + "x" * 100_000)
    say("another")
    words = heard(ours)
    os.close(ours)
    say("nobody listens")

    assert words.startswith("one line xxx")
    assert len(words) == 2000
    os.close(its)


def test_a_sentence_of_ours_stands_for_itself() -> None:
    assert fault_in_words(NotKept("the disk is full")) == "the disk is full"
    assert fault_in_words(ValueError("odd")) == "ValueError: odd"
    assert fault_in_words(MemoryError()) == "MemoryError"


@pytest.mark.parametrize(
    ("hard", "most"),
    [(64, 40), (24, 0), (10, 0), (20_000, 19_976), (resource.RLIM_INFINITY, open_files.MOST)],
)
def test_each_visitor_keeps_a_file_open(
    hard: int, most: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(resource, "getrlimit", lambda _: (hard, hard))
    assert open_files.most_visitors() == most


def test_too_few_files_are_told_with_the_limit_that_would_do(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(resource, "getrlimit", lambda _: (64, 64))
    assert str(open_files.too_few(100, "80 visitors are predicted to be under way at once")) == (
        "80 visitors are predicted to be under way at once, and each keeps a file open, but only 64"
        " files may be open at once here: raise the limit (ulimit -n 124)"
    )
