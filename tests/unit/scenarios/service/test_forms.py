"""What clients send is taken as it is meant, or refused with a sentence."""

import asyncio
import json
from collections.abc import Awaitable, Callable
from typing import Any

import pytest
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.types import Message

from scenarios.service.web.forms import (
    Code,
    Payment,
    Signup,
    Writing,
    read_code,
    read_payment,
    read_signup,
    read_writing,
)
from tests.examples import examples

PAYMENT = {"payer": "ann", "payee": "shop", "amount": 250}


def request(body: object, *, key: str | None = None, what: str = "feed") -> Request:
    async def receive() -> Message:
        return {"type": "http.request", "body": json.dumps(body).encode(), "more_body": False}

    headers = [] if key is None else [(b"idempotency-key", key.encode())]
    return Request({"type": "http", "headers": headers, "path_params": {"what": what}}, receive)


def read(form: Callable[[Request], Awaitable[Any]], sent: Request) -> Any:
    async def wait() -> Any:
        return await form(sent)

    return asyncio.run(wait())


@examples("form, sent, expected",
    ("signup", read_signup, request({"email": " Ann@B.C ", "password": "secret"}, key="k"),
     Signup(email="ann@b.c", password="secret", ticket=None, key="k")),
    ("the ticket is the key", read_signup, request({"email": "a@b.c", "password": "secret", "ticket": "t"}),
     Signup(email="a@b.c", password="secret", ticket="t", key="t")),
    ("verify", read_code, request({"email": "A@b.c", "code": "123"}), Code(email="a@b.c", code="123")),
    ("write", read_writing, request({"text": "hello"}, what="a.b-c_1"), Writing(what="a.b-c_1", text="hello", key=None)),
    ("pay", read_payment, request(PAYMENT, key="k"), Payment(payer="ann", payee="shop", amount=250, key="k")),
)  # fmt: skip
def test_a_form_that_is_right(
    form: Callable[[Request], Awaitable[Any]], sent: Request, expected: object
) -> None:
    assert read(form, sent) == expected


@examples("form, sent, sentence",
    ("key", read_payment, request(PAYMENT), "a payment needs an Idempotency-Key"),
    ("empty key", read_payment, request(PAYMENT, key=""), "must have 1 to 200 characters"),
    ("more than there is", read_payment, request(PAYMENT | {"amount": 10**12 + 1}, key="k"), "from 1 to 1000000000000"),
    ("character 0", read_payment, request(PAYMENT | {"payer": "a\0b"}, key="k"), "payer must be a text"),
    ("long text", read_writing, request({"text": "x" * 10_001}), "1 to 10000 characters"),
    ("long name", read_writing, request({"text": "x"}, what="x" * 65), "1 to 64 letters"),
    ("name", read_writing, request({"text": "x"}, what="é"), "1 to 64 letters"),
)  # fmt: skip
def test_a_form_that_is_wrong(
    form: Callable[[Request], Awaitable[Any]], sent: Request, sentence: str
) -> None:
    with pytest.raises(HTTPException) as told:
        read(form, sent)
    assert told.value.status_code == 400
    assert sentence in told.value.detail
