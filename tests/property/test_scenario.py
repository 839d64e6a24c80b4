"""Whatever is wrong in a file, the answer is a ScenarioError; whatever is right comes back."""

import copy
import tomllib
from typing import Any

from hypothesis import example, given, settings
from hypothesis import strategies as st

from simulator.errors import ScenarioError
from simulator.plan.meaning.system import system_of
from simulator.scenario.document.toml_text import toml_text
from simulator.scenario.scenario import Scenario, parse
from tests.launches.files import EVERYTHING, SMALL

DOCUMENTS = {"no-line": tomllib.loads(SMALL), "more-mail": tomllib.loads(EVERYTHING)}
"""By one of their variants."""

texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=8)
plain = (
    st.none() | st.booleans() | st.integers(-(10**20), 10**20) | st.datetimes() | texts
    | st.floats(allow_nan=False) | st.sampled_from(
        ["10 s", "5/s", "1/day", "desk", "fifo", "random", "cpu", "quota", "shared", "never", "../etc"]
    )
)  # fmt: skip
values = st.recursive(
    plain.filter(lambda value: value is not None),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(texts, inner, max_size=3),
    max_leaves=5,
)


def places(node: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    inside = node.items() if isinstance(node, dict) else enumerate(node)
    found = [path] if path else []
    for key, value in inside if isinstance(node, (dict, list)) else ():
        found += places(value, (*path, key)) if isinstance(value, (dict, list)) else [(*path, key)]
    return found


PLACES = [(variant, place) for variant, document in DOCUMENTS.items() for place in places(document)]


def put(document: Any, path: tuple[Any, ...], value: Any) -> None:
    for key in path[:-1]:
        document = document[key]
    document[path[-1]] = value


@settings(max_examples=150)
@given(st.sampled_from(PLACES), values, st.booleans())
def test_a_wrong_value_anywhere_is_a_sentence(
    place: tuple[str, tuple[Any, ...]], value: Any, library: bool
) -> None:
    variant, path = place
    document = copy.deepcopy(DOCUMENTS[variant])
    put(document, path, value)
    found = parsed(toml_text(document), variant, library=library)
    if isinstance(found, ScenarioError):
        assert all(mistake.problem for mistake in found.mistakes)
        assert "pydantic" not in str(found).lower()
    else:
        assert found.figures
        assert all(people.name for people in system_of(found).people)
        assert parse(found.dump(), "f").words == found.words


def parsed(text: str, variant: str, *, library: bool) -> Scenario | ScenarioError:
    try:
        return parse(text, "f", library=library, variant=variant)
    except ScenarioError as error:
        return error


@settings(max_examples=150)
@given(st.dictionaries(texts, values, max_size=5))
@example({"a\n": {}})
@example({"a\n": []})
def test_a_document_is_written_as_toml_that_reads_the_same(document: dict[str, Any]) -> None:
    assert tomllib.loads(toml_text(document)) == document
