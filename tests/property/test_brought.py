"""Whatever stands in a recording: the file is read back, and what was sent is sent again."""

import contextlib
import json
import random
from typing import Any
from urllib.parse import parse_qsl, quote, urlsplit

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scenarios.brought.brought import from_har, from_openapi
from scenarios.brought.sayable import clean
from scenarios.brought.secrets import EMAIL, is_secret
from scenarios.http.requests.person import Person
from scenarios.http.requests.sent import sent_of
from simulator.errors import UsageError
from tests.launches.hars import SHOP, bearer, django, entry, har, listed, openid
from tests.unit.scenarios.brought.test_openapi import ROOT
from tests.unit.scenarios.brought.walking import FILE, requests_of, scenario_of

drawn = settings(max_examples=100, derandomize=True, print_blob=True, deadline=None)

PIECES = (
    "${",
    "}",
    "$${",
    "$",
    '"',
    '"""',
    "'''",
    "\\",
    "\n",
    "\r\n",
    "\t",
    "\x00",
    "\x7f",
    "\u202e",
    "#",
    "=",
    "[",
    " ",
)
AWKWARD = st.lists(st.sampled_from(PIECES) | st.text(max_size=5), max_size=8).map("".join)
ORDINARY = AWKWARD.filter(lambda text: not EMAIL.search(text) and not is_secret("", text))
"""What everybody sends alike: no address, and no secret."""
TREES = st.recursive(
    st.none() | st.booleans() | st.integers(-9, 9) | st.floats(-1e9, 1e9) | ORDINARY,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(ORDINARY, inner, max_size=3),
    max_leaves=12,
)


def sent_for(**more: Any) -> Any:
    raw = har(entry("POST", **{"url": f"{SHOP}/send", **more}))
    (only,) = requests_of(from_har(raw, FILE, None))
    return sent_of(only, Person.of("run-1", 0))


@drawn
@given(st.lists(st.tuples(st.just("q"), ORDINARY) | st.tuples(ORDINARY, ORDINARY), max_size=4))
def test_a_form_is_sent_again(fields: list[tuple[str, str]]) -> None:
    post = {
        "mimeType": "application/x-www-form-urlencoded",
        "params": listed([("a", "b"), *fields]),
    }
    body = sent_for(post=post).body.decode()
    expected = [("a", "b"), *((clean(name), clean(value)) for name, value in fields if name)]
    assert sorted(parse_qsl(body, keep_blank_values=True)) == sorted(expected)


@drawn
@given(TREES.filter(lambda tree: tree is not None))
def test_json_is_sent_again(tree: Any) -> None:
    """To the last null and control character; numbers stay numbers."""
    sent = sent_for(post={"mimeType": "application/json", "text": json.dumps(tree)})
    assert json.loads(sent.body) == tree
    assert sent.headers["Content-Type"] == "application/json"


@drawn
@given(ORDINARY.filter(bool), ORDINARY)
def test_paths_and_queries_are_sent_again(part: str, value: str) -> None:
    asked = f"/a/{quote(part.encode('utf-8', 'replace'), safe='${}')}?x={quote(value.encode('utf-8', 'replace'))}"
    parts = urlsplit(sent_for(url=f"{SHOP}{asked}").path)
    known = urlsplit(asked)
    assert parts.path == known.path
    assert parse_qsl(parts.query, keep_blank_values=True) == [
        (name, clean(text)) for name, text in parse_qsl(known.query, keep_blank_values=True)
    ]


JUNK: tuple[Any, ...] = (
    None, True, 0, -1, 1e308, 10**30, "", "x", "\ud800", "\x00", "${", '"""', "a" * 500, [], {}, [[]], {"a": None},
    "http://[", "https://h:99999/", "//", "data:x", "http://ü.example/ä?ö=#", "%zz%", "eyJhbGciOi.a.b", "a@b.co",
    "\u202e", "application/json; charset=bogus",
)  # fmt: skip


def broken(document: Any, dice: random.Random) -> bytes:
    """The document with something else in one place."""
    node, places = document, []
    while isinstance(node, dict | list) and node:
        key = dice.choice(list(node)) if isinstance(node, dict) else dice.randrange(len(node))
        places.append((node, key))
        node = node[key]
    holder, key = dice.choice(places)
    holder[key] = dice.choice(JUNK)
    return json.dumps(document).encode()


@pytest.mark.parametrize("seed", range(60))
def test_a_broken_recording_or_description_is_read_or_refused(seed: int) -> None:
    dice = random.Random(seed)
    recorded = json.loads(dice.choice([django, bearer, openid])())
    described = json.loads(json.dumps(ROOT))
    with contextlib.suppress(UsageError):  # what is read is a launch: ScenarioError is none
        scenario_of(from_har(broken(recorded, dice), FILE, None))
    with contextlib.suppress(UsageError):
        chosen = ("createUser", "getUser")
        scenario_of(from_openapi(broken(described, dice), "spec.yaml", chosen))
