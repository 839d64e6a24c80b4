"""Who may turn the levers of the line, and what may be asked of them."""

from __future__ import annotations

import dataclasses
import hmac
import ipaddress
import os
from typing import Any

from starlette.exceptions import HTTPException
from starlette.requests import Request

from scenarios.http.line import TOKEN_VARIABLE, LineSettings, Policy
from simulator.errors import UsageError


def require_admin(request: Request) -> None:
    """Answer 404 to whoever is not the administrator on this machine."""
    token = os.environ.get(TOKEN_VARIABLE, "")
    given = request.headers.get("authorization", "")
    known = hmac.compare_digest(given.encode(), f"Bearer {token}".encode())
    if not (token and known and is_local(request)):
        raise HTTPException(404, "Not Found")


def is_local(request: Request) -> bool:
    if request.client is None:
        return False
    try:
        return ipaddress.ip_address(request.client.host).is_loopback
    except ValueError:
        return False


def changed(settings: LineSettings, wanted: dict[str, Any]) -> LineSettings:
    """The settings with what is wanted; what is not named stays.

    Raises HTTPException (400) where a lever is unknown or its value is not possible.
    """
    names = {field.name for field in dataclasses.fields(LineSettings)}
    if unknown := sorted(set(wanted) - names):
        raise HTTPException(400, f"no such lever: {', '.join(unknown)}; there are {sorted(names)}")
    if "policy" in wanted:
        wanted = wanted | {"policy": policy_named(wanted["policy"])}
    try:
        return dataclasses.replace(settings, **wanted)
    except UsageError as error:
        raise HTTPException(400, str(error)) from None


def clears(wanted: dict[str, Any]) -> bool:
    """Whether the line is to be emptied; the word is taken out of what is wanted."""
    clear = wanted.pop("clear", False)
    if not isinstance(clear, bool):
        raise HTTPException(400, f"clear is {clear!r}; it must be true or false")
    return clear


def policy_named(name: object) -> Policy:
    for policy in Policy:
        if name == policy:
            return policy
    raise HTTPException(400, f"policy is {name!r}; it must be one of {', '.join(Policy)}")
