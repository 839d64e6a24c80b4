"""What a description says of an operation's answers: the status of a success, and what it gives."""

from __future__ import annotations

import re
from collections.abc import Iterator

from scenarios.brought.openapi.description import JSON, Description
from scenarios.brought.openapi.examples import paths_in
from scenarios.brought.openapi.operations import Operation
from scenarios.brought.plain import Raw, table


def expected_of(operation: Operation) -> Raw:
    """The status of a success that the description names, in the words of a launch file."""
    if code := success_of(operation):
        return {"expect": {"status": [int(code) if code.isdecimal() else code.lower()]}}
    codes = map(str, table(operation.said.get("responses")))
    leads = next((code for code in codes if re.fullmatch(r"30[12378]", code)), None)
    return {"expect": {"status": [int(leads)]}, "redirects": "expect"} if leads else {}


def success_of(operation: Operation) -> str:
    """The first status of a success; empty where none is named."""
    codes = map(str, table(operation.said.get("responses")))
    return next((code for code in codes if re.fullmatch(r"2[0-9Xx]{2}", code)), "")


def fields_of(description: Description, operation: Operation) -> Iterator[tuple[str, str, str]]:
    """Of the JSON of a success: each field's name, its path and its type."""
    good = success_of(operation)
    answers = table(operation.said.get("responses"))
    said = next((each for code, each in answers.items() if good and str(code) == good), None)
    found = description.at(said)
    schema = found.get("schema")
    for kind, each in table(found.get("content")).items():
        if JSON.fullmatch(str(kind)):
            schema = description.at(each).get("schema")
    yield from paths_in(description, schema) if schema else ()
