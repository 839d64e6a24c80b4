"""A request that was read once says what its words say, whoever asks."""

import json
from typing import Any
from urllib.parse import quote, urlencode

from hypothesis import given
from hypothesis import strategies as st

from scenarios.http.requests.filling import Filling, pieces_of, pieces_of_json, pieces_of_pairs
from simulator.text.placeholders import filled, filled_in

VALUES = st.dictionaries(
    st.sampled_from(["a", "b", "data.c"]), st.text(), min_size=3, max_size=3
)  # each of the three names has one
TEXTS = st.lists(
    st.sampled_from(
        ["${a}", "${b}", "${data.c}", "$${", "%", "%s", '"', "\\", "é", "𝄞", " ", "&", "x"]
    )
).map("".join)
NODES = st.recursive(
    TEXTS | st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False),
    lambda inner: st.lists(inner) | st.dictionaries(TEXTS, inner),
    max_leaves=12,
)


@given(TEXTS, VALUES)
def test_a_path(text: str, values: dict[str, str]) -> None:
    def escape(value: str) -> str:
        return quote(value, safe="")

    made = Filling(pieces_of(text, escape, str)).filled(values.__getitem__)
    assert made == filled(text, lambda name: escape(values[name]))


@given(NODES, VALUES)
def test_json(node: Any, values: dict[str, str]) -> None:
    made = Filling(pieces_of_json(node)).filled(values.__getitem__)
    assert made == json.dumps(filled_in(node, values.__getitem__))


@given(st.lists(st.tuples(st.text(), TEXTS)), VALUES)
def test_a_form(pairs: list[tuple[str, str]], values: dict[str, str]) -> None:
    made = Filling(pieces_of_pairs(pairs)).filled(values.__getitem__)
    assert made == urlencode([(key, filled(text, values.__getitem__)) for key, text in pairs])
