"""Contradiction: why the body of an answer denies the success that its status claims.

Servers answer 200 and mean no: a JSON object that says so, a page of excuses where a program asked,
bytes that are nothing of what they are declared as. A reason is given only for what the answer itself
shows. Whatever says nothing (an empty body, ``{}``, a body of an undeclared or binary type) denies
nothing. Pages that a browser asked for (GET) may say in prose what they like; nobody can judge that.
"""

from __future__ import annotations

import codecs
import json
import re
from collections.abc import Callable, Mapping
from typing import Any

from scenarios.answer import Answer

READING = ("GET", "HEAD")
LARGEST_READ = 1 << 20
"""A body as large as this is not parsed: that one failed is told in few words, parsing holds the loop
up, and it may have been cut here."""
LOOKED_AT = 1 << 13
"""So many bytes show whether a body is text."""
MOST_CONTROLS = 0.01
"""Share of control characters. Text has none; of random bytes they are 27 in 256."""
MOST_UNDECODABLE = 0.10
"""Share of a text that its declared charset does not know. A French page that is declared wrongly has
3 %, and browsers show it; random bytes declared as UTF-8 have half."""
MOST_ITEMS = 100
"""Of a list of answers (a batch) so many are looked at."""

CONTROLS = re.compile(r"[\x00-\x08\x0e-\x1a\x1c-\x1f]")
CHARSET = re.compile(r"charset\s*=\s*[\"']?([^\s;\"']+)", re.IGNORECASE)
MARKUP = re.compile(rb"\s*<(!doctype\s+html|html|head|body)\b", re.IGNORECASE)

NOT_SO = {"ok", "success", "succeeded", "successful", "issuccess"}
"""Keys whose falsehood says no, in lower case and without ``_`` and ``-``."""
SO = {"error", "errors", "err", "exception", "fault", "iserror", "haserror", "haserrors"}
"""Keys that say no unless they are empty."""
NUMBERED = {"errcode", "errno", "errorcode"}
"""Keys that say no unless they are 0."""
CALLED = {"status", "result", "state", "outcome"}
BAD_NAMES = {"error", "errors", "fail", "failed", "failure", "ko", "nok"}
STATUSES = {"status", "statuscode", "httpstatus", "httpcode", "code"}
NOTHING_WRONG = {"", "0", "none", "null", "nil", "false", "no", "ok", "no error", "success"}
FALSE = {"0", "false", "no"}


def contradiction(answer: Answer, method: str) -> str:
    """Why a 2xx is no success; empty where it does not contradict itself."""
    if not answer.content.strip():
        return ""
    checks: tuple[Callable[[Answer, str], str], ...] = (page, junk, denial)
    return next((found for check in checks if (found := check(answer, method))), "")


def page(answer: Answer, method: str) -> str:
    """A web page where no browser asked for one."""
    told = media_type(answer)
    declared = told in ("text/html", "application/xhtml+xml")
    sniffed = not told and MARKUP.match(answer.content) is not None
    wrong = method not in READING and (declared or sniffed)
    return "a web page instead of an answer" if wrong else ""


def junk(answer: Answer, method: str) -> str:
    """Bytes that are declared as text or JSON and are not; undeclared, only where no file was asked for."""
    told, sample = media_type(answer), answer.content[:LOOKED_AT]
    if is_json(told) or (not told and method in READING):
        return ""
    if not told:
        return "" if is_text(sample, None) else "bytes that are no text, and no content type"
    if told.startswith("text/") or told.endswith(("/xml", "+xml", "/javascript")):
        return "" if is_text(sample, charset(answer)) else "declared as text, and is none"
    return ""


def is_text(sample: bytes, encoding: str | None) -> bool:
    """Whether bytes can be text of that encoding; None: of any."""
    if encoding is None:
        wide = sample.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
        encoding = "utf-16" if wide else guessed(sample)
    text = sample.decode(encoding, errors="replace")
    controls, unknown = len(CONTROLS.findall(text)), text.count("\ufffd")
    return (
        "\0" not in text
        and controls <= MOST_CONTROLS * len(text)
        and unknown <= MOST_UNDECODABLE * len(text)
    )


def guessed(sample: bytes) -> str:
    """UTF-8 or UTF-16 where a JSON text is; else one in which every byte is a character."""
    return json.detect_encoding(sample) if sample.lstrip(b"\0")[:1] in (b"{", b"[") else "latin-1"


def denial(answer: Answer, method: str) -> str:
    """JSON that says no, or that is declared and is none."""
    told = media_type(answer)
    if len(answer.content) >= LARGEST_READ:
        return ""
    try:
        found = answer.body or parsed(answer)
    except (ValueError, RecursionError):
        return "declared as JSON, and is none" if is_json(told) else ""
    if told == "application/problem+json":
        return "says that it failed"
    if isinstance(found, list) and method not in READING:
        says_no = any(denies(item) for item in found[:MOST_ITEMS])
    else:
        says_no = denies(found)
    return "says that it failed" if says_no else ""


def parsed(answer: Answer) -> Any:
    """The JSON in a body. Raises ValueError or RecursionError."""
    encoding = charset(answer)
    try:
        return json.loads(answer.content)
    except UnicodeDecodeError:
        if encoding is None:
            raise
        return json.loads(answer.content.decode(encoding))


def denies(value: Any) -> bool:
    """Whether a JSON value says that what was asked for was not done.

    An object with a single member that is an object again is an envelope, and looked into.

    >>> denies({"ok": False}), denies({"ok": 1}), denies({"errors": []}), denies({"status": "fail"})
    (True, False, False, True)
    """
    if not isinstance(value, dict):
        return False
    if any(says_no(plain(key), told) for key, told in value.items()):
        return True
    inner = next(iter(value.values())) if len(value) == 1 else None
    return isinstance(inner, dict) and any(says_no(plain(key), told) for key, told in inner.items())


def plain(key: str) -> str:
    return key.lower().replace("_", "").replace("-", "")


def says_no(key: str, told: Any) -> bool:
    """Whether one member of an object says no."""
    word = told.strip().lower() if isinstance(told, str) else None
    if key in NOT_SO:
        return told is False or told == 0 or (word is not None and word in FALSE)
    if key in SO or key in NUMBERED:
        return not is_empty(told) and word not in NOTHING_WRONG
    if (key in CALLED and word in BAD_NAMES) or (key == "status" and told is False):
        return True
    return key in STATUSES and isinstance(told, int) and 400 <= told <= 599


def is_empty(told: Any) -> bool:
    """Nothing, or a collection of nothing: ``{"email": []}``."""
    members = told.values() if isinstance(told, dict) else told if isinstance(told, list) else ()
    return not told or (isinstance(told, dict | list) and not any(members))


# What a server declares


def media_type(answer: Answer) -> str:
    """Of the body, without parameters and in lower case; empty where none is told."""
    return answer.content_type.partition(";")[0].strip().lower()


def is_json(told: str) -> bool:
    return told in ("application/json", "text/json") or told.endswith("+json")


def charset(answer: Answer) -> str | None:
    """The declared one, if Python knows it as one of text."""
    told = CHARSET.search(answer.content_type)
    if told is None or "escape" in told[1].lower():
        return None
    try:
        b"a".decode(told[1], errors="replace")
    except (LookupError, ValueError):
        return None
    return told[1]


# What a server says in words


MESSAGES = ("error", "errors", "message", "detail", "title", "reason", "description", "msg")
TITLE = re.compile(r"<title[^>]*>(.*?)</title", re.IGNORECASE | re.DOTALL)


def told_why(answer: Answer) -> str:
    """What a body gives as its reason, raw; empty where it gives none."""
    if len(answer.content) >= LARGEST_READ:
        return ""
    told = media_type(answer)
    try:
        return message_of(answer.body or parsed(answer))
    except (ValueError, RecursionError):
        text = answer.content[:LOOKED_AT].decode("utf-8", errors="ignore")
    if told == "text/html" or MARKUP.match(answer.content):
        found = TITLE.search(text)
        return found[1] if found else ""
    if told == "text/plain" and is_text(answer.content[:LOOKED_AT], charset(answer)):
        return text.strip().partition("\n")[0]
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
