"""Operations of a description as the steps of a journey: where each is sent, and what it takes along."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from scenarios.brought.names import step_name
from scenarios.brought.openapi.answers import expected_of
from scenarios.brought.openapi.bodies import Bodies
from scenarios.brought.openapi.credentials import Credentials, asked_of
from scenarios.brought.openapi.description import Description
from scenarios.brought.openapi.examples import NOTHING
from scenarios.brought.openapi.operations import Operation, operations_of
from scenarios.brought.openapi.taken import Taken, gives_token
from scenarios.brought.openapi.values import Values, example_in
from scenarios.brought.plain import Raw, text
from scenarios.brought.ready import SAFE, ready_to_send
from scenarios.brought.sayable import clean
from scenarios.brought.told import Told
from simulator.scenario.words.rehearsal.requests import HEADER, OURS

PARAMETER = re.compile(r"\{([^{}/]+)\}")
NOT_ASKED = ("accept", "content-type", "authorization", *OURS)
"""Headers that a description must not name, or that belong to the connection."""


@dataclass(slots=True)
class Made:
    """The steps of a journey, and what is to be said of them."""

    steps: list[Raw]
    needed: dict[str, str]
    """Variables of the environment, and what each is."""
    guessed: tuple[str, ...]
    captures: tuple[str, ...]
    notes: tuple[str, ...] = ()


class Maker:
    """Makes one step after the other."""

    def __init__(self, description: Description, operations: Sequence[Operation]) -> None:
        self.description, self.operations = description, operations
        self.notes: dict[str, None] = {}
        self.taken = Taken()
        self.values = Values(description, self.taken)
        self.bodies = Bodies(self.values)
        self.credentials = Credentials(description, self.taken, notes=self.notes)

    def made(self) -> Made:
        told = [self._step(at, each) for at, each in enumerate(self.operations)]
        steps: list[Raw] = []
        for at, (operation, request) in enumerate(zip(self.operations, told, strict=True)):
            ready = ready_to_send(request)
            used = [each for each in self.taken.used if each.step == at]
            if used:
                ready["capture"] = {each.placeholder: f"json:{each.path}" for each in used}
            known = [step["name"] for step in steps]
            name = step_name(operation.method, named_path(operation), known)
            steps.append({"name": name, "at": "app", "request": ready})
        captures = tuple(
            f"{each.placeholder}, from {steps[each.step]['name']} (json:{each.path})"
            for each in self.taken.used
        )
        guessed = tuple(self.values.guessed)
        return Made(steps, self.credentials.needed, guessed, captures, tuple(self.notes))

    def _step(self, at: int, operation: Operation) -> Raw:
        parameters = operation.parameters(self.description)
        said: Raw = {"method": operation.method, "path": self._path(operation, parameters)}
        query = self._parameters(operation, parameters, "query")
        headers = self._parameters(operation, parameters, "header")
        headers = {
            name: value
            for name, value in headers.items()
            if HEADER.fullmatch(name) and name.lower() not in NOT_ASKED
        }
        self.credentials.secure(operation, headers, query)
        said |= {"query": query} if query else {}
        body: Raw = {}
        if operation.method not in ("GET", "HEAD", "DELETE"):
            body, kind = self.bodies.of(operation, parameters)
            if kind:
                headers["Content-Type"] = Told((clean(kind),))
        said |= {"headers": headers} if headers else {}
        self.taken.hear(self.description, at, operation)
        return {**said, **body, **expected_of(operation)}

    def _path(self, operation: Operation, parameters: Sequence[Raw]) -> Told:
        """The path with an earlier answer's ids, or examples, in place of its parameters."""
        pieces: list[Any] = []
        before = ""
        for number, part in enumerate(operation.path.split("/")):
            pieces += ["/"] if number else []
            parts = PARAMETER.split(part)
            for place, each in enumerate(parts):
                if place % 2 == 0:
                    pieces.append(quote(clean(each), safe=SAFE))
                    continue
                said = next((p for p in parameters if text(p.get("name")) == each), {})
                value = self._value(operation, said, each, before)
                pieces += quoted_pieces(value)
            before = part if len(parts) == 1 and part else before
        return Told(tuple(pieces))

    def _value(self, operation: Operation, parameter: Raw, name: str, before: str) -> Any:
        """A parameter's value; ``before`` is the word of the path that it stands behind."""
        linked = self.taken.linked(name, before, number=False)
        if linked is not None:
            return linked
        schema = parameter.get("schema") or parameter  # of 2.0, where it is the parameter itself
        example = example_in(self.description, parameter)
        value = self.values.of(operation, schema, name, example)
        if isinstance(value, list):
            return value[0] if value else NOTHING
        return value

    def _parameters(self, operation: Operation, parameters: Sequence[Raw], place: str) -> Raw:
        """Those that are required, of one place."""
        found: Raw = {}
        for each in parameters:
            name = clean(text(each.get("name")))
            if each.get("in") != place or each.get("required") is not True or not name:
                continue
            value = self._value(operation, each, name, "")
            if isinstance(value, dict) or value is NOTHING:
                self.notes.setdefault(
                    f"{operation.title} needs {name}, which has no simple value: write it"
                )
                continue
            bare = place == "header" and not isinstance(value, Told)
            found[name] = Told((str(value),)) if bare else value
        return found


def made_of(description: Description, operations: Sequence[Operation]) -> Made:
    """The journey of the operations; a login goes in where its token is asked for after a signup."""
    return Maker(description, with_login(description, operations)).made()


def with_login(description: Description, operations: Sequence[Operation]) -> list[Operation]:
    """Behind a signup the login, where a later operation asks for a token and none gives one."""
    found = list(operations)
    if len(found) == 1 or any(each.logs_in for each in found) or not found[0].signs_up:
        return found
    if any(gives_token(description, each) for each in found[:-1]):
        return found
    if not any(asked_of(description, each) for each in found[1:]):
        return found
    logins = [e for e in operations_of(description) if e.logs_in and gives_token(description, e)]
    return [found[0], *logins[:1], *found[1:]]


def quoted_pieces(value: Any) -> list[Any]:
    """A value as a piece of a path."""
    if isinstance(value, Told):
        return [quote(each, safe="") if isinstance(each, str) else each for each in value.pieces]
    return [quote(str(value), safe="")] if isinstance(value, int | float) else ["1"]


def named_path(operation: Operation) -> str:
    """The path with its parameters as placeholders, which are no part of a step's name."""
    return PARAMETER.sub("${x}", operation.path)
