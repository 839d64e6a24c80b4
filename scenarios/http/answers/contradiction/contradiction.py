"""Contradiction: why the body of an answer denies the success that its status claims.

Servers answer 200 and mean no: a JSON object that says so, a page of excuses where a program asked,
bytes that are nothing of what they are declared as. A reason is given only for what the answer itself
shows. Whatever says nothing (an empty body, ``{}``, a body of an undeclared or binary type) denies
nothing. Pages that a browser asked for (GET) may say in prose what they like; nobody can judge that.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from scenarios.http.answers.answer import Answer
from scenarios.http.answers.contradiction.body import (
    LARGEST_READ,
    LOOKED_AT,
    charset,
    decoded,
    is_json,
    is_text,
    looked_at,
    media_type,
    parsed,
)
from scenarios.http.answers.contradiction.denial import denies, denies_to_writers
from scenarios.http.answers.contradiction.pages import MARKUP, title_of
from scenarios.http.answers.contradiction.prose import is_excuse, is_phrase

READING = ("GET", "HEAD")
PHP_FATAL = re.compile(rb"<b>(fatal|parse) error</b>:", re.IGNORECASE)
"""What PHP prints into the page that it could not finish, under the status 200."""
XML_FAULT = re.compile(
    rb"(<\?xml[^>]*>\s*)?(<!--.*?-->\s*)*<([\w.-]+:)?(errors?|errorresponse|exception|failure|fault)[\s>/]"
    rb"|.*<([\w.-]+:)?body(\s[^>]*)?>\s*<([\w.-]+:)?fault[\s>/]",
    re.IGNORECASE | re.DOTALL,
)
"""A root that is an error, or a fault in SOAP's envelope."""


def contradiction(answer: Answer, method: str) -> str:
    """Why a 2xx is no success; empty where it does not contradict itself."""
    if not answer.content.strip():
        return ""
    if is_json(media_type(answer)):
        return denial(answer, method)  # none of the others looks at what is declared as JSON
    checks: tuple[Callable[[Answer, str], str], ...] = (page, junk, denial, excuse)
    return next((found for check in checks if (found := check(answer, method))), "")


def page(answer: Answer, method: str) -> str:
    """A web page where no browser asked for one."""
    told = media_type(answer)
    declared = told in ("text/html", "application/xhtml+xml")
    sniffed = told in ("", "text/plain") and MARKUP.match(answer.content) is not None
    if not (declared or sniffed):
        return ""
    if method not in READING:
        return "a web page instead of an answer"
    broke = PHP_FATAL.search(answer.content[:LOOKED_AT]) or is_phrase(title_of(looked_at(answer)))
    return "an error page" if broke else ""


def junk(answer: Answer, method: str) -> str:
    """Bytes that are declared as text or JSON and are not; undeclared, only where no file was asked for."""
    told, sample = media_type(answer), answer.content[:LOOKED_AT]
    if is_json(told) or (not told and method in READING):
        return ""
    if not told:
        return "" if is_text(sample, None) else "binary data without a content type"
    if told.startswith("text/") or told.endswith(("/xml", "+xml", "/javascript")):
        return "" if is_text(sample, charset(answer)) else "declared as text, but is not"
    return ""


def excuse(answer: Answer, method: str) -> str:
    """XML whose root is an error, or a text that begins with one where no text was asked for."""
    told, sample = media_type(answer), answer.content[:LOOKED_AT].strip()
    is_xml = told.endswith(("/xml", "+xml")) or (not told and sample.startswith(b"<?xml"))
    if is_xml:
        return "says that it failed" if XML_FAULT.match(sample) else ""
    if method in READING or told not in ("", "text/plain"):
        return ""
    return "says that it failed" if is_excuse(decoded(answer, sample)) else ""


def denial(answer: Answer, method: str) -> str:
    """JSON that says no, or that is declared and is none."""
    told = media_type(answer)
    if len(answer.content) >= LARGEST_READ:
        return ""
    try:
        found = answer.body or parsed(answer)
    except (ValueError, RecursionError):
        return "declared as JSON, but is not" if is_json(told) else ""
    if told == "application/problem+json":
        return "says that it failed"
    says_no = denies(found) or (method not in READING and denies_to_writers(found))
    return "says that it failed" if says_no else ""
