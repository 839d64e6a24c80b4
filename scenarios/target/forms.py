"""What clients send, read with care."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from starlette.exceptions import HTTPException
from starlette.requests import Request

LARGEST_BODY_BYTES = 16 * 1024


@dataclass(frozen=True, slots=True, kw_only=True)
class Signup:
    """The body of POST /signup."""

    email: str
    password: str
    ticket: str | None
    key: str | None
    """Two signups with one key are one, tried twice: the Idempotency-Key, or else the ticket."""


async def read_object(request: Request) -> dict[str, Any]:
    """The JSON object in the body; an empty body is an empty object."""
    body = b""
    async for chunk in request.stream():
        body += chunk
        if len(body) > LARGEST_BODY_BYTES:
            raise HTTPException(413, f"the body is longer than {LARGEST_BODY_BYTES} bytes")
    try:
        found = json.loads(body or b"{}")
    except (ValueError, RecursionError):  # a body of ten thousand brackets is not JSON either
        raise HTTPException(400, "the body is not JSON") from None
    if not isinstance(found, dict):
        raise HTTPException(400, "the body is not a JSON object")
    return found


async def read_signup(request: Request) -> Signup:
    found = await read_object(request)
    ticket = None if found.get("ticket") is None else text_in(found, "ticket", 200)
    return Signup(
        email=email_in(found),
        password=text_in(found, "password", 1024),
        ticket=ticket,
        key=request.headers.get("idempotency-key") or ticket,
    )


def email_in(found: dict[str, Any]) -> str:
    """The address, in lower case, so that one mailbox is one account."""
    email = text_in(found, "email", 254).strip().lower()
    name, at, domain = email.partition("@")
    if not (name and at and domain):
        raise HTTPException(400, "email is not an address")
    return email


def text_in(found: dict[str, Any], name: str, longest: int) -> str:
    value = found.get(name)
    if not isinstance(value, str) or not 0 < len(value) <= longest or not is_encodable(value):
        raise HTTPException(400, f"{name} must be a text of 1 to {longest} characters")
    return value


def is_encodable(text: str) -> bool:
    """JSON can name halves of characters, which neither a hash nor a database can take."""
    return not any("\ud800" <= character <= "\udfff" for character in text)
