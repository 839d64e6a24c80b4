"""Options that are advised exist."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
import typer

from simulator.errors import ScenarioError
from simulator.scenario.document import requests
from surgeproof.door.door import app
from tests.unit.simulator.scenario.test_requests import HEAD, ROWS

ROOT = Path(__file__).parents[3]
OPTION = re.compile(r"(?<![\w-])--[a-z][a-z-]+")


def options_of(*verbs: str) -> set[str]:
    """Those of some verbs, or of all."""
    found = typer.main.get_command(app)
    commands = getattr(found, "commands", {})
    return {
        option
        for name, command in commands.items()
        if not verbs or name in verbs
        for parameter in command.params
        for option in (*parameter.opts, *parameter.secondary_opts)
    }


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
)  # the others name those of other programs, too
def test_every_option_that_is_named_is_one_of_ours(package: str) -> None:
    known = options_of() | {"--help", "--version"}
    unknown = {(source.name, option) for source, option in said(package)}
    assert {each for each in unknown if each[1] not in known} == set()


def test_too_many_requests_are_told_with_what_record_can_leave_out(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(requests, "MOST_REQUESTS", 3)
    with pytest.raises(ScenarioError, match="is one of 4 requests, more than the 3") as wrong:
        requests.read_requests(HEAD + ROWS, "requests.csv")
    advised = set(OPTION.findall(str(wrong.value)))
    assert advised
    assert advised <= options_of("record")
