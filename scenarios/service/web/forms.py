"""What clients send, read with care."""

from __future__ import annotations

import asyncio
import json
import re
from dataclasses import dataclass
from typing import Any

from starlette.exceptions import HTTPException
from starlette.requests import Request

from scenarios.service import patience

LARGEST_BODY_BYTES = 16 * 1024
LONGEST_KEY = 200
LONGEST_TEXT = 10_000
LARGEST_AMOUNT = 10**12
"""Of one payment: nine million of the largest still add up within 64 bits."""
WHAT = re.compile(r"[A-Za-z0-9_.-]{1,64}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Signup:
    """The body of POST /signup."""

    email: str
    password: str
    ticket: str | None
    key: str | None
    """Two signups with one key are one, tried twice: the Idempotency-Key, or else the ticket."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Code:
    """The body of POST /verify."""

    email: str
    code: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Writing:
    """POST /write/{what}: its path, its body, and its Idempotency-Key if it has one."""

    what: str
    text: str
    key: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Payment:
    """The body of POST /pay, and its Idempotency-Key."""

    payer: str
    payee: str
    amount: int
    """In the smallest coin."""
    key: str


async def read_object(request: Request) -> dict[str, Any]:
    """The JSON object in the body; an empty body is an empty object."""
    try:
        async with asyncio.timeout(patience.WITHIN_S):
            body = await read_body(request)
    except TimeoutError:
        why = f"the body did not come within {patience.WITHIN_S:g} s"
        raise HTTPException(408, why, {"Connection": "close"}) from None
    try:
        found = json.loads(body or b"{}")
    except (ValueError, RecursionError):  # a body of ten thousand brackets is not JSON either
        raise HTTPException(400, "the body is not JSON") from None
    if not isinstance(found, dict):
        raise HTTPException(400, "the body is not a JSON object")
    return found


async def read_body(request: Request) -> bytes:
    body = b""
    async for chunk in request.stream():
        body += chunk
        if len(body) > LARGEST_BODY_BYTES:
            raise HTTPException(413, f"the body is longer than {LARGEST_BODY_BYTES} bytes")
    return body


async def read_signup(request: Request) -> Signup:
    found = await read_object(request)
    ticket = None if found.get("ticket") is None else text_in(found, "ticket", 200)
    return Signup(
        email=email_in(found),
        password=text_in(found, "password", 1024),
        ticket=ticket,
        key=key_of(request) or ticket,
    )


async def read_code(request: Request) -> Code:
    found = await read_object(request)
    return Code(email=email_in(found), code=text_in(found, "code", 200))


async def read_writing(request: Request) -> Writing:
    what = what_of(request)
    found = await read_object(request)
    return Writing(what=what, text=text_in(found, "text", LONGEST_TEXT), key=key_of(request))


async def read_payment(request: Request) -> Payment:
    key = key_of(request)
    if key is None:
        raise HTTPException(400, "a payment needs an Idempotency-Key, so that it is done once")
    found = await read_object(request)
    return Payment(
        payer=text_in(found, "payer", 254),
        payee=text_in(found, "payee", 254),
        amount=amount_in(found),
        key=key,
    )


def what_of(request: Request) -> str:
    """The thing that is read or written, by the end of the path."""
    what: str = request.path_params["what"]
    if not WHAT.fullmatch(what):
        raise HTTPException(400, "what is read or written has 1 to 64 letters, digits, or _ . -")
    return what


def key_of(request: Request) -> str | None:
    """The Idempotency-Key, if one was sent."""
    key = request.headers.get("idempotency-key")
    if key is not None and not 0 < len(key) <= LONGEST_KEY:
        raise HTTPException(400, f"the Idempotency-Key must have 1 to {LONGEST_KEY} characters")
    return key


def email_in(found: dict[str, Any]) -> str:
    """The address, in lower case, so that one mailbox is one account."""
    email = text_in(found, "email", 254).strip().lower()
    name, at, domain = email.partition("@")
    if not (name and at and domain):
        raise HTTPException(400, "email is not an address")
    return email


def amount_in(found: dict[str, Any]) -> int:
    amount = found.get("amount")
    if not isinstance(amount, int) or isinstance(amount, bool) or not 0 < amount <= LARGEST_AMOUNT:
        raise HTTPException(400, f"amount must be a whole number from 1 to {LARGEST_AMOUNT}")
    return amount


def text_in(found: dict[str, Any], name: str, longest: int) -> str:
    value = found.get(name)
    if not isinstance(value, str) or not 0 < len(value) <= longest or not is_storable(value):
        raise HTTPException(400, f"{name} must be a text of 1 to {longest} characters")
    return value


def is_storable(text: str) -> bool:
    """JSON can name halves of characters and the character 0, which no database takes."""
    return not any(character == "\0" or "\ud800" <= character <= "\udfff" for character in text)
