"""Tables of examples: one line a row, so that they are read down a column."""

import pytest


def examples(names: str, *rows: tuple[object, ...]) -> pytest.MarkDecorator:
    """Run a test with each row: what it is called, then a value for each of the names."""
    for called, *values in rows:
        assert len(values) == len(names.split(",")), called
    return pytest.mark.parametrize(names, [pytest.param(*row[1:], id=str(row[0])) for row in rows])
