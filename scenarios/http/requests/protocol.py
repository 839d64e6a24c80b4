"""What is sent with a request that says no more than method and path: the reference protocol's bodies.

A body goes by the word in the request's path that the table knows, so that ``/api/signup`` is a
signup as well. What the table does not know is told who asks, and no more.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from scenarios.http.requests.person import Person
from simulator.scenario.words.rehearsal.requests import BODILESS, Request

Body = dict[str, str | int]
AMOUNT = 100
"""Of one payment, in the smallest coin."""


def body_for(request: Request) -> Callable[[Person], Body] | None:
    """Makes what is sent with a request; None: it has no body."""
    if request.method in BODILESS:
        return None
    words = request.path.partition("?")[0].split("/")
    return next((BODIES[word] for word in words if word in BODIES), anybody)


def sign_up(person: Person) -> Body:
    known: Body = {"email": person.email, "password": f"rehearsal of {person.run}"}
    return known if person.ticket is None else {**known, "ticket": person.ticket}


def verify(person: Person) -> Body:
    known: Body = {"email": person.email}
    return known if person.code is None else {**known, "code": person.code}


def write(person: Person) -> Body:
    return {"text": f"{person.email} was here"}


def pay(person: Person) -> Body:
    return {"payer": person.email, "payee": f"shop@{person.run}.invalid", "amount": AMOUNT}


def anybody(person: Person) -> Body:
    return {"email": person.email, "run": person.run}


BODIES: Mapping[str, Callable[[Person], Body]] = {
    "signup": sign_up,
    "verify": verify,
    "write": write,
    "pay": pay,
}
