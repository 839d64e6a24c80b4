"""Whatever is wrong in a file, the answer is a ScenarioError; whatever is right comes back."""

import copy
import tomllib
from typing import Any

from hypothesis import example, given, settings
from hypothesis import strategies as st

from simulator.errors import ScenarioError
from simulator.scenario import Scenario, parse
from simulator.toml_text import toml_text
from tests.launch_files import SMALL

DOCUMENT = tomllib.loads(SMALL)

texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=8)
plain = (
    st.none() | st.booleans() | st.integers(-(10**20), 10**20) | st.datetimes() | texts
    | st.floats(allow_nan=False) | st.sampled_from(["10 s", "5/s", "desk", "fifo", "../etc"])
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


def put(document: Any, path: tuple[Any, ...], value: Any) -> None:
    for key in path[:-1]:
        document = document[key]
    document[path[-1]] = value


@settings(max_examples=300, deadline=None)
@given(st.sampled_from(places(DOCUMENT)), values, st.booleans())
def test_a_wrong_value_anywhere_is_a_sentence(
    path: tuple[Any, ...], value: Any, library: bool
) -> None:
    document = copy.deepcopy(DOCUMENT)
    put(document, path, value)
    found = parsed(toml_text(document), library=library)
    if isinstance(found, ScenarioError):
        assert all(mistake.problem for mistake in found.mistakes)
        assert "pydantic" not in str(found).lower()
    else:
        assert found.figures
        assert parse(found.dump(), "f").words == found.words


def parsed(text: str, *, library: bool) -> Scenario | ScenarioError:
    try:
        return parse(text, "f", library=library, variant="no-line")
    except ScenarioError as error:
        return error


@settings(max_examples=300, deadline=None)
@given(st.dictionaries(texts, values, max_size=5))
@example({"a\n": {}})
@example({"a\n": []})
def test_a_document_is_written_as_toml_that_reads_the_same(document: dict[str, Any]) -> None:
    assert tomllib.loads(toml_text(document)) == document
