"""A row of a table is one example, with its name and all of its values."""

import pytest

from tests.examples import examples


def test_each_row_is_an_example_with_its_name() -> None:
    names, rows = examples("old, new", ("first", 1, 2), ("second", [3], None)).args
    assert names == "old, new"
    assert [(row.id, *row.values) for row in rows] == [("first", 1, 2), ("second", [3], None)]


def test_a_row_that_lacks_a_value_is_told_by_its_name() -> None:
    with pytest.raises(AssertionError, match="lacking"):
        examples("old, new", ("lacking", 1))


@examples("a, b", ("one", 1, 2), ("two", 3, 6))
def test_an_example_is_run(a: int, b: int) -> None:
    assert b == 2 * a
