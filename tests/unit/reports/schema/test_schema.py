"""The schema of all documents: it is current, says what each key means, and takes nothing back."""

import copy
import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from reports.files.contrast_record import contrasts_record
from reports.files.record import record_text
from reports.run.report.report import Report
from reports.schema.page import PAGE, SCHEMA_FILE, page
from reports.schema.schema import DOCUMENTS, schema, schema_text
from simulator.verdict.line.entries import Entries
from simulator.verdict.line.places import Backwards
from tests.documents import held, shipped, validator
from tests.end_to_end.command import surgeproof
from tests.examples import examples
from tests.launches.files import LAUNCH
from tests.unit.reports.page.test_audited import FOUND
from tests.unit.reports.page.test_machine import SLOWS

PROMISED = Path(__file__).with_name("format-1.txt")
"""Each key that was ever shipped with this number, and its type."""


def keys() -> Iterator[str]:
    """``Run.verdict: {"$ref": ...}``: each key, without what is said of it."""
    for name, node in schema()["$defs"].items():
        for key, value in node.get("properties", {}).items():
            kind = {word: each for word, each in value.items() if word != "description"}
            always = "" if key in node.get("required", ()) else "?"
            yield f"{name}.{key}{always}: {json.dumps(kind, sort_keys=True)}"


def test_what_is_shipped_is_current() -> None:
    remedy = "run python -m reports.schema.page"
    assert SCHEMA_FILE.read_text("utf-8") == schema_text(), remedy
    assert PAGE.read_text("utf-8") == page(), remedy


def test_within_one_number_nothing_is_renamed_or_taken_away() -> None:
    """A further key is written down as well: from then on it stays."""
    promised, now = set(PROMISED.read_text("utf-8").splitlines()), set(keys())
    assert promised - now == set(), "format 1 has these: raise the number, or give them back"
    assert now - promised == set(), f"new: add these lines to {PROMISED.name}"


def test_it_is_a_schema_and_each_document_has_a_name_of_its_own() -> None:
    jsonschema.Draft202012Validator.check_schema(shipped())
    names = [each.__name__ for each in DOCUMENTS]
    assert len({*names}) == len(names) == len(shipped()["anyOf"])
    assert not [name for name in shipped()["$defs"] if "__" in name], "two types have one name"
    documents = [
        node["properties"]["document"]["const"]
        for node in shipped()["$defs"].values()
        if "document" in node.get("properties", {})
    ]
    assert len({*documents}) == len(documents) == len(names) - 1, "a ledger is a list"


UNITS = ("_s", "_ns", "_ms", "_per_s", "_per_hour")


def test_each_number_that_is_no_count_says_its_unit() -> None:
    """In its name, beside it, or in a line of its own."""
    silent = [
        f"{name}.{key}"
        for name, node in schema()["$defs"].items()
        for key, value in node.get("properties", {}).items()
        if '"number"' in json.dumps(value)
        and not key.endswith(UNITS)
        and "unit" not in node["properties"]
        and not value.get("description")
    ]
    assert not silent


@pytest.fixture(scope="module")
def run(report: Report) -> dict[str, Any]:
    """With everything that a run can tell."""
    line = replace(
        FOUND,
        backwards=Backwards(looks=50, people=1, steps=2, worst=3, visitor=4, joined_s=1.2),
        entries=Entries(entered=25, rate_per_s=1.0, allowed=2.0, excess=3.0, within_s=4.0, many=9),
    )
    first, *others = report.variants
    everything = replace(first, audit=line, machine=SLOWS)
    report = replace(report, variants=(everything, *others))
    against = {"against": contrasts_record((), tolerance=0.02)}
    found: dict[str, Any] = held(record_text(report, against), "Run")
    return found


def test_a_run_fits_and_nothing_else_does(run: dict[str, Any]) -> None:
    jsonschema.Draft202012Validator(shipped()).validate(run)
    assert [each.__name__ for each in DOCUMENTS if validator(each.__name__).is_valid(run)] == [
        "Run"
    ]


def shortened(node: Any) -> Any:
    """The same with one entry a list."""
    if isinstance(node, list):
        return [shortened(each) for each in node[:1]]
    return {key: shortened(each) for key, each in node.items()} if isinstance(node, dict) else node


def objects(node: Any, path: tuple[str | int, ...] = ()) -> Iterator[tuple[str | int, ...]]:
    """Where the keys of a document are."""
    if isinstance(node, dict):
        for key, value in node.items():
            yield (*path, key)
            yield from objects(value, (*path, key))
    elif isinstance(node, list):
        for number, value in enumerate(node):
            yield from objects(value, (*path, number))


def test_a_key_that_is_renamed_is_noticed(run: dict[str, Any]) -> None:
    """Each of them, one by one: what the test of the documents is worth."""
    check, run, unnoticed = validator("Run"), shortened(run), []
    for path in objects(run):
        broken = copy.deepcopy(run)
        node: Any = broken
        for step in path[:-1]:
            node = node[step]
        node[f"{path[-1]}s"] = node.pop(path[-1])
        if check.is_valid(broken):
            unnoticed.append(path)
    assert not unnoticed


def test_who_reads_it_ignores_keys_that_he_does_not_know(run: dict[str, Any]) -> None:
    jsonschema.Draft202012Validator(shipped()).validate(run | {"a key of tomorrow": 1})


@examples("words, valid",
    ("a launch that is right", (), True),
    ("and one that is not", ("--set", "station.signup.servers=0"), False),
)  # fmt: skip
def test_check_tells_a_program_what_is_wrong(
    tmp_path: Path, words: tuple[str, ...], valid: bool
) -> None:
    (tmp_path / "launch.toml").write_text(LAUNCH)
    done = surgeproof("check", "launch.toml", "--json", *words, cwd=tmp_path)
    found = held(done.stdout, "Check")
    assert found["valid"] is valid
    assert done.returncode == (0 if valid else 2)
    assert bool(found["facts"]) is valid
    told = [line.removeprefix("surgeproof: ") for line in done.stderr.splitlines()]
    assert len(found["mistakes"]) == len(told) == (not valid)
    for one, sentence in zip(found["mistakes"], told, strict=True):
        assert sentence == f"{one['file']}: {one['key']}: {one['problem']} ({one['remedy']})"
