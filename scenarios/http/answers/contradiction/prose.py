"""Prose that tells of an error, as a line of text begins."""

from __future__ import annotations

import re
from http import HTTPStatus

BAD_NAMES = {"error", "errors", "fail", "failed", "failure", "ko", "nok"}
PHRASES = {status.phrase.lower() for status in HTTPStatus if status >= 400} | BAD_NAMES
"""What those say who say no more than a status does."""
STATUS_IN_FRONT = re.compile(r"^(http\S*\s+)?(error\s+)?[45]\d\d\b[\s:.|-]*")
PROSE = re.compile(
    r"(?!no |not an? |without |zero |0 )([\w-]+ ){0,2}(error|exception|failure)(?![\w-])"
    r"|failed\b|traceback \(most recent call last\)|panic: "
)
"""How a line begins that tells of an error: "Internal server error", "Error: no such table"."""


def is_excuse(text: str) -> bool:
    """Whether a text begins with an error.

    >>> is_excuse("Error: no such table"), is_excuse("no error"), is_excuse("503 Service Unavailable")
    (True, False, True)
    """
    first = text.strip().partition("\n")[0].strip().lower()
    return is_phrase(first) or PROSE.match(first) is not None


def is_phrase(text: str) -> bool:
    """Whether a line is what a status says, and no more.

    >>> is_phrase("404 Not Found"), is_phrase("Error"), is_phrase("404 ways to sign up")
    (True, True, False)
    """
    line = text.strip().lower()
    rest = STATUS_IN_FRONT.sub("", line).strip(" .!")
    return rest in PHRASES or (not rest and bool(line))
