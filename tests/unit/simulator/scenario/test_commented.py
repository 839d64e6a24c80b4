"""A document as a file for people: what each word means stands beside it, once."""

import tomllib
from typing import Any

import pytest

from simulator.scenario.commented import WIDTH, commented
from simulator.scenario.document.toml_text import toml_text
from simulator.scenario.scenario import parse
from tests.examples import examples
from tests.launches.files import EVERYTHING, SMALL


def written(document: dict[str, Any]) -> str:
    return commented(document, [])


def test_tables_and_keys_say_what_they_mean() -> None:
    document = {
        "format": 1,
        "station": [
            {"name": "a", "servers": 2_000, "waiting_room": 0},
            {"name": "b", "servers": 1, "waiting_room": 0, "instances": 2},
        ],
    }
    assert written(document).splitlines() == STATIONS


STATIONS = [
    "",
    "format = 1                    # The version of this language: format = 1",
    "",
    "",
    "# What serves them ".ljust(WIDTH, "-"),
    "",
    "# What serves.",
    "[[station]]",
    'name = "a"                    # What journeys call it',
    "servers = 2_000               # How many jobs are worked on at the same time: of a pool and a cpu,",
    "                              # each instance",
    "waiting_room = 0              # How many may wait for a server, of each instance; one more is turned",
    "                              # away",
    "",
    "[[station]]",
    'name = "b"',
    "servers = 1",
    "waiting_room = 0",
    "instances = 2                 # How many of them there are at the opening",
]


@pytest.mark.parametrize("text", [SMALL, EVERYTHING], ids=["small", "everything"])
def test_what_is_written_is_read_again(text: str) -> None:
    document = dict(parse(text, "f").document)
    document.pop("sources", None)
    found = commented(document, ["a head", "", "of three lines"])
    assert tomllib.loads(found) == tomllib.loads(toml_text(document))
    assert found.startswith("# a head\n#\n# of three lines\n")


@examples("story",
    ("quotes", 'a "quote", a \\ and a \u00e9'),
    ("long", "word " * 60 + 'and """three""" quotes \\'),
    ("long and one word", "x" * 300),
    ("lines", "two\nlines, and  two spaces" + " and more" * 20),
    ("control characters", "\x00\x1b[31m\x7f"),
)  # fmt: skip
def test_any_text_is_read_again(story: str) -> None:
    document = {"launch": {"name": "x", "story": story}}
    assert tomllib.loads(written(document)) == document


def test_a_small_table_stays_on_its_line_and_a_large_one_gets_a_header() -> None:
    retries = {"attempts": 3, "backoff": "1 s", "cap": "10 s"}
    people = [{"name": "p", "retries": retries, "journeys": {"a": 0.5, "b": 0.5}}]
    text = written({"people": people})
    assert "journeys = { a = 0.5, b = 0.5 }" in text
    assert "\n[people.retries]\nattempts = 3" in text
    assert tomllib.loads(text) == {"people": people}


def test_arrays_of_tables_in_a_variant_are_read_again() -> None:
    overlay = {
        "station": {"my desk": {"servers": 3}},
        "change": [{"at": "1 h", "set": "-1 servers"}, {"at": "2 h", "set": {"a.b": 1}}],
    }
    document = {"variant": {"outage": overlay, "no line": {"waitlist": {"policy": "open"}}}}
    text = written(document)

    assert tomllib.loads(text) == document
    assert 'waitlist.policy = "open"' in text


def test_long_arrays_take_several_lines() -> None:
    surge = {"shape": "recorded", "every": "1 s", "counts": [number / 7 for number in range(60)]}
    text = written({"surge": [surge]})
    assert tomllib.loads(text) == {"surge": [surge]}
    assert max(map(len, text.splitlines())) <= WIDTH


def test_keys_that_a_file_chooses_have_no_meaning_of_ours() -> None:
    """Fields of a form may be called as words of ours are; what a request's words mean stands there."""
    multipart = {"text": "a", "filename": "b", "size_bytes": 3, "type": "a" * WIDTH}
    request = {"method": "POST", "path": "/a", "multipart": multipart}
    document = {"journey": [{"name": "a", "step": [{"name": "b", "at": "c", "request": request}]}]}
    found = written(document)
    assert tomllib.loads(found) == document
    fields = found.partition("[journey.step.request.multipart]\n")[2].splitlines()
    assert fields[:3] == ['text = "a"', 'filename = "b"', "size_bytes = 3"]
    assert "# The body, as a form with files\n[journey.step.request.multipart]" in found


def test_an_empty_text_behind_a_long_key_is_written() -> None:
    document = {"journey": [{"name": "a", "step": [{"request": {"form": {"k" * WIDTH: ""}}}]}]}
    assert tomllib.loads(written(document)) == document
