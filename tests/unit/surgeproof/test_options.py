"""Options that a sentence for a user names exist."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from simulator.errors import ScenarioError
from simulator.scenario.document import requests
from tests.unit.simulator.scenario.test_requests import HEAD, ROWS
from tests.unit.test_named import OPTION, ROOT, VERBS


def said(package: str) -> Iterator[tuple[Path, str]]:
    """Every option in a text of a package, docstrings and comments aside."""
    for source in (ROOT / package).rglob("*.py"):
        tree = ast.parse(source.read_text("utf-8"))
        told = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
        for node in ast.walk(tree):
            if (
                isinstance(node, ast.Constant)
                and isinstance(node.value, str)
                and id(node) not in told
            ):
                for option in OPTION.findall(node.value):
                    yield source, option


@pytest.mark.parametrize(
    "package", ["simulator", "reports"]
)  # the others name other programs', too
def test_every_option_that_is_named_is_one_of_ours(package: str) -> None:
    known = set().union(*VERBS.values())
    assert {
        (source.name, option) for source, option in said(package) if option not in known
    } == set()


def test_too_many_requests_are_told_with_what_record_can_leave_out(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(requests, "MOST_REQUESTS", 3)
    with pytest.raises(ScenarioError, match="is one of 4 requests, more than the 3") as wrong:
        requests.read_requests(HEAD + ROWS, "requests.csv")
    advised = set(re.findall(OPTION, str(wrong.value)))
    assert advised
    assert advised <= VERBS["record"]
