"""What is sent with a request goes by its path."""

import pytest

from scenarios.http.requests.person import Person, code_told
from scenarios.http.requests.protocol import Body, body_for
from simulator.scenario.words.rehearsal.requests import Request

WHO = Person(email="a@run.invalid", run="run")
KNOWN = Person(email="a@run.invalid", run="run", ticket="t", code="c0de")
PAYMENT: Body = {"payer": "a@run.invalid", "payee": "shop@run.invalid", "amount": 100}


def body_of(request: Request, person: Person) -> Body | None:
    made = body_for(request)
    return None if made is None else made(person)


@pytest.mark.parametrize(("method", "path", "body"), [
    ("POST", "/signup", {"email": "a@run.invalid", "password": "rehearsal of run"}),
    ("POST", "/api/v1/signup?from=line", {"email": "a@run.invalid", "password": "rehearsal of run"}),
    ("POST", "/verify", {"email": "a@run.invalid"}),
    ("POST", "/write/pay", {"text": "a@run.invalid was here"}),
    ("PUT", "/pay", PAYMENT),
    ("POST", "/orders", {"email": "a@run.invalid", "run": "run"}),
    ("GET", "/signup", None),
    ("DELETE", "/pay", None),
    ("HEAD", "/pay", None),
])  # fmt: skip
def test_a_body_goes_by_a_word_of_the_path(method: str, path: str, body: Body | None) -> None:
    request = Request.model_validate({"method": method, "path": path})
    assert body_of(request, WHO) == body


def test_who_was_told_something_says_it_again() -> None:
    assert body_of(Request(path="/verify"), KNOWN) == {"email": "a@run.invalid", "code": "c0de"}
    signup = body_of(Request(path="/signup"), KNOWN)
    assert signup is not None
    assert signup["ticket"] == "t"


@pytest.mark.parametrize("code", ["", "\ud800", "x" * 201, 7, None, ["1"]])
def test_a_code_that_cannot_be_sent_back_is_none(code: object) -> None:
    assert code_told({"code": code}) is None


def test_a_code_is_sent_back() -> None:
    assert code_told({"code": "é-12"}) == "é-12"
