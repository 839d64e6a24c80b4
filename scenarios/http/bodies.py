"""What is sent with each request: the one table of bodies, for the probe and for visitors.

A body goes by the word in the request's path that the table knows, so that ``/api/signup`` is a
signup as well. What the table does not know is told who asks, and no more.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from simulator.scenario.words.rehearsal.requests import Request

Body = dict[str, str | int]
AMOUNT = 100
"""Of one payment, in the smallest coin."""
BODILESS = ("GET", "DELETE")

LONGEST_CODE = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """Whom the target sees."""

    email: str
    """Nobody else, of this run or another, has it."""
    run: str
    """A word that no other run has."""
    ticket: str | None = None
    """By which the line knows him."""
    code: str | None = None
    """That the signup's answer told, to verify the address with."""


def code_told(answer: Mapping[str, Any]) -> str | None:
    """The code that an answer tells, if it is one that can be sent back."""
    code = answer.get("code")
    if not isinstance(code, str) or not 0 < len(code) <= LONGEST_CODE:
        return None
    # JSON can name halves of characters, which no encoding takes.
    return None if any("\ud800" <= character <= "\udfff" for character in code) else code


def body_of(request: Request, person: Person) -> Body | None:
    """What is sent with a request; None: it has no body."""
    if request.method in BODILESS:
        return None
    words = request.path.partition("?")[0].split("/")
    known = (BODIES[word] for word in words if word in BODIES)
    return next(known, anybody)(person)


def sign_up(person: Person) -> Body:
    known: Body = {"email": person.email, "password": f"rehearsal of {person.run}"}
    return known if person.ticket is None else {**known, "ticket": person.ticket}


def verify(person: Person) -> Body:
    known: Body = {"email": person.email}
    return known if person.code is None else {**known, "code": person.code}


def write(person: Person) -> Body:
    return {"text": f"{person.email} was here"}


def pay(person: Person) -> Body:
    return {"payer": person.email, "payee": f"shop@{person.run}.example", "amount": AMOUNT}


def anybody(person: Person) -> Body:
    return {"email": person.email, "run": person.run}


BODIES: Mapping[str, Callable[[Person], Body]] = {
    "signup": sign_up,
    "verify": verify,
    "write": write,
    "pay": pay,
}
