"""The reason that a server gives in its own words."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from scenarios.http.answers.answer import Answer
from scenarios.http.answers.contradiction.body import (
    LARGEST_READ,
    LOOKED_AT,
    charset,
    is_text,
    looked_at,
    media_type,
    parsed,
)
from scenarios.http.answers.contradiction.pages import MARKUP, page_says

MESSAGES = ("error", "errors", "message", "detail", "title", "reason", "description", "msg")


def told_why(answer: Answer) -> str:
    """What a body gives as its reason, raw; empty where it gives none."""
    if len(answer.content) >= LARGEST_READ:
        return ""
    told = media_type(answer)
    try:
        return message_of(answer.body or parsed(answer))
    except (ValueError, RecursionError):
        pass
    if told in ("text/html", "application/xhtml+xml") or MARKUP.match(answer.content):
        return page_says(answer)
    if told == "text/plain" and is_text(answer.content[:LOOKED_AT], charset(answer)):
        return looked_at(answer).strip().partition("\n")[0]
    return ""


def message_of(value: Any, depth: int = 3) -> str:
    """The first text that speaks of an error."""
    if isinstance(value, str):
        return value
    if depth and isinstance(value, list) and value:
        return message_of(value[0], depth - 1)
    if depth and isinstance(value, Mapping):
        told = (message_of(value[key], depth - 1) for key in MESSAGES if key in value)
        return next((found for found in told if found), "")
    return ""
