"""Whatever stands in a launch file, or after --set, is taken or told: never a traceback."""

import contextlib
import datetime as dt
import tomllib
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from simulator.errors import ScenarioError
from simulator.scenario.document.toml_text import toml_text
from simulator.scenario.scenario import parse
from tests.examples import examples
from tests.launches.files import EVERYTHING, SMALL

TEXTS = (SMALL, EVERYTHING)
Path = tuple[str | int, ...]


def paths(node: Any, path: Path = ()) -> list[Path]:
    """Every key of a document, tables and lists too."""
    inner = node.items() if isinstance(node, dict) else enumerate(node)
    found: list[Path] = [path] if path else []
    for key, value in inner if isinstance(node, dict | list) else ():
        found += paths(value, (*path, key)) if isinstance(value, dict | list) else [(*path, key)]
    return found


PLACES = [
    (number, path) for number, text in enumerate(TEXTS) for path in paths(tomllib.loads(text))
]
WORDS = ("x", "", "1 s", "1/s", "lognormal", "name", "law", "shape", "mean")
leaves = st.one_of(
    st.sampled_from([0, 1, -1, 1.5, 1.0, float("inf"), 1 << 62, True, False]),
    st.sampled_from(WORDS),
    st.sampled_from([dt.datetime(2026, 1, 1), dt.date(2026, 1, 1), dt.time(1)]),  # noqa: DTZ001
)
values = st.recursive(
    leaves,
    lambda inner: (
        st.lists(inner, max_size=2) | st.dictionaries(st.sampled_from(WORDS[5:]), inner, max_size=2)
    ),
    max_leaves=4,
)
places = st.sampled_from(PLACES)


def inline(value: object) -> str:
    """A value as it may stand behind an equals sign."""
    if isinstance(value, dict):
        return "{" + ", ".join(f"{key} = {inline(each)}" for key, each in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(map(inline, value)) + "]"
    return toml_text({"x": value}).partition("=")[2].strip()


def addressed(text: str, path: Path) -> str:
    """A key as --set names it; where there is no such name, one that is not there."""
    node: Any = tomllib.loads(text)
    words: list[str] = []
    for step in path:
        node = node[step]
        named = node.get("name", node.get("shape")) if isinstance(node, dict) else None
        words.append(step if isinstance(step, str) else str(named))
    return ".".join(f'"{word}"' for word in words)


def replaced(text: str, path: Path, value: object) -> str:
    document = tomllib.loads(text)
    node: Any = document
    for step in path[:-1]:
        node = node[step]
    node[path[-1]] = value
    return toml_text(document)


def is_taken_or_told(text: str, *said: str) -> None:
    with contextlib.suppress(ScenarioError):
        parse(text, "f", settings=said)


@settings(max_examples=100)
@given(place=places, value=values)
@example(place=(0, ("station", 0, "service")), value={"law": ["fixed"]})
@example(place=(0, ("station", 0, "service")), value={"law": {"mean": "1 s"}})
@example(place=(0, ("station",)), value={"desk": {"service": {"law": []}}})
@example(place=(1, ("people", 0, "answers_after", "cv")), value=True)
def test_a_setting_of_any_kind_is_taken_or_told(place: tuple[int, Path], value: object) -> None:
    number, path = place
    is_taken_or_told(TEXTS[number], f"{addressed(TEXTS[number], path)}={inline(value)}")


@settings(max_examples=100)
@given(place=places, value=values)
def test_a_value_of_any_kind_in_a_file_is_taken_or_told(
    place: tuple[int, Path], value: object
) -> None:
    number, path = place
    try:
        text = replaced(TEXTS[number], path, value)
    except (TypeError, AttributeError, ValueError):
        return  # what TOML cannot say, such as a list of a table and a number
    is_taken_or_told(text)


@given(text=st.text(st.sampled_from('station.dk"[]{}=#\n\\ 0'), max_size=20))
@example("#=1")
@example("[a]\n#=1")
@example("=1")
def test_any_setting_is_taken_or_told(text: str) -> None:
    is_taken_or_told(SMALL, text)


@examples("setting, told",
    ("a list", 'station.desk.service={law=["fixed"]}', "law"),
    ("a table", 'station.desk.service.law={x="1 s"}', "law"),
    ("a number", "station.desk.service.law=3", "law"),
    ("a comment", "#=1", "is not a key"),
)  # fmt: skip
def test_a_law_of_another_kind_is_told(setting: str, told: str) -> None:
    with pytest.raises(ScenarioError) as error:
        parse(SMALL, "f", settings=[setting])
    assert str(error.value).startswith("--set: ")
    assert told in str(error.value)
