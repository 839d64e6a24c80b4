"""What changed from one launch file to another: keys and what they say, not how they are written."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scenarios.library import shelf as library
from simulator import parse
from simulator.scenario.document.changed import MISSING, Changed, changes, same
from simulator.scenario.document.toml_reading import read_toml
from tests.examples import examples
from tests.launches.files import EVERYTHING, SMALL, changed


def found(old: str, new: str) -> list[tuple[str, Any, Any]]:
    both = (parse(text, "f").merged for text in (old, new))
    return [(each.key, each.old, each.new) for each in changes(*both)]


@examples("was,expected",
    ("a value", ('servers = 2', 'servers = 3'), [("station.desk.servers", 2, 3)]),
    ("in a table within", ('mean = "4 s"', 'mean = "5 s"'), [("station.desk.service.mean", "4 s", "5 s")]),
    ("one more key", ('p95 = "20 s"', 'p95 = "20 s"\np50 = "5 s"'), [("objectives.signup.p50", MISSING, "5 s")]),
    ("one key less", ('patience = "30 min"\n', ''), [("people.early.patience", "30 min", MISSING)]),
    ("a law for another", ('{ law = "lognormal", mean = "4 s", cv = 0.5 }', '{ law = "fixed", mean = "4 s" }'),
     [("station.desk.service.law", "lognormal", "fixed"), ("station.desk.service.cv", 0.5, MISSING)]),
    ("a point in its short form", ('["5 min", 60]', '["5 min", 70]'),
     [("surge.milestones.points", [["5 min", 60], ["10 min", 100]], [["5 min", 70], ["10 min", 100]])]),
    ("a story", ("A hundred people", "A dozen people"),
     [("launch.story", "A hundred people and one server.", "A dozen people and one server.")]),
)  # fmt: skip
def test_each_key_that_says_something_else(
    was: tuple[str, str], expected: list[tuple[str, Any, Any]]
) -> None:
    assert found(SMALL, changed(was)) == expected
    back = [(key, new, old) for key, old, new in expected]
    assert found(changed(was), SMALL) == back


@examples("was,now",
    ("in other units", 'horizon = "10 min"', 'horizon = "600 s"'),
    ("with more digits", "cv = 0.5", "cv = 0.50"),
    ("in other words", 'patience = "30 min"', 'patience = "0.5 h"'),
    ("a comment", "servers = 2", "servers = 2  # for now"),
    ("a variant that is not applied", 'waitlist.policy = "open"', 'waitlist.policy = "random"'),
    ("in another order", 'name = "desk"\nservers = 2\nwaiting_room = 8', 'waiting_room = 8\nservers = 2\nname = "desk"'),
)  # fmt: skip
def test_what_is_only_written_in_another_way_has_not_changed(was: str, now: str) -> None:
    assert found(SMALL, changed((was, now))) == []


def test_a_table_more_is_one_change_and_goes_by_its_name() -> None:
    more = f'{SMALL}\n[[station]]\nname = "till"\nservers = 1\nwaiting_room = 2\nservice = "1 s"\n'
    more = more.replace('at = "desk"', 'at = "desk"\n[[journey.step]]\nname = "pay"\nat = "till"')
    assert found(SMALL, more)[0] == (
        "station.till", MISSING, {"name": "till", "servers": 1, "waiting_room": 2, "service": "1 s"}
    )  # fmt: skip


def test_the_order_of_steps_is_a_change_and_that_of_stations_is_none() -> None:
    first, second = {"name": "a", "at": "x"}, {"name": "b", "at": "x"}
    one = {"journey": [{"name": "j", "step": [first, second]}], "station": [first, second]}
    other = {"journey": [{"name": "j", "step": [second, first]}], "station": [second, first]}
    (only,) = changes(one, other)
    assert only == Changed(key="journey.j.step (order)", old=["a", "b"], new=["b", "a"])


def test_tables_of_the_same_name_are_told_apart_by_their_number() -> None:
    one, two, three = ({"shape": "constant", "rate": f"{n}/s"} for n in (1, 2, 3))
    (only,) = changes({"surge": [one, two]}, {"surge": [one, three]})
    assert (only.key, only.old, only.new) == ("surge.constant[2].rate", "2/s", "3/s")


def test_what_says_where_figures_come_from_is_no_figure() -> None:
    old = read_toml('[sources]\na = 1\n[launch]\nsource = "a"\nhorizon = "1 h"')
    new = read_toml('[sources]\nb = 1\n[launch]\nassumed = ["horizon"]\nhorizon = "2 h"')
    basis = {each.key: each.is_basis for each in changes(old, new)}
    assert basis == {
        "sources.a": True, "launch.source": True, "launch.horizon": False, "sources.b": True,
        "launch.assumed": True,
    }  # fmt: skip


@pytest.mark.parametrize("name", library.names())
def test_a_launch_has_not_changed_from_itself_nor_from_what_a_run_keeps_of_it(name: str) -> None:
    scenario = library.load(name)
    kept = parse(scenario.dump(), "kept")
    assert changes(scenario.merged, scenario.merged) == ()
    assert {each.key for each in changes(scenario.merged, kept.merged)} <= {"system"}


def test_every_word_of_a_large_launch_is_seen_when_it_changes() -> None:
    """Each leaf of the document, replaced by a text that no file has, is found under one key."""
    document = read_toml(EVERYTHING)
    leaves = list(_leaves(document))
    assert len(leaves) > 100
    for path in leaves:
        (only,) = changes(document, _replaced(document, path))
        assert only.new != only.old


def _leaves(node: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    if isinstance(node, dict):
        return [leaf for key, one in node.items() if key not in ("variant", "name", "shape", "at")
                for leaf in _leaves(one, (*path, key))]  # fmt: skip
    if isinstance(node, list) and node and all(isinstance(one, dict) for one in node):
        return [leaf for number, one in enumerate(node) for leaf in _leaves(one, (*path, number))]
    return [path]


def _replaced(node: Any, path: tuple[Any, ...]) -> Any:
    if not path:
        return "something else"
    first, *rest = path
    inner = _replaced(node[first], tuple(rest))
    if isinstance(node, dict):
        return {**node, first: inner}
    return [inner if number == first else one for number, one in enumerate(node)]


values = st.recursive(
    st.booleans() | st.integers() | st.text(max_size=4) | st.floats(allow_nan=False),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=3),
    max_leaves=12,
)  # fmt: skip
documents = st.dictionaries(st.text(max_size=3), values, max_size=4)


@given(documents, documents)
def test_two_documents_differ_exactly_where_they_do_not_say_the_same(
    old: dict[str, Any], new: dict[str, Any]
) -> None:
    there = changes(old, new)
    back = changes(new, old)
    assert changes(old, old) == ()
    assert bool(there) == bool(back)
    assert sorted((each.key, str(each.old), str(each.new)) for each in there) == sorted(
        (each.key, str(each.new), str(each.old)) for each in back
    )
    if not there:
        assert same({**old, "variant": 0, "applied": 0}, {**new, "variant": 0, "applied": 0})
