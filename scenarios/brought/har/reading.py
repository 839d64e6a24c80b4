"""Reads a recording of a browser: HAR 1.1 and 1.2, as Chrome, Firefox, Safari and proxies write it.

What a browser leaves out is taken for empty; an entry that is no request is counted and left out. No
sentence about a broken file quotes it: a recording is full of secrets.

Source: J. Odvarko, "HAR 1.2 Spec" (2012).
"""

from __future__ import annotations

import base64
import binascii
import codecs
import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

from scenarios.brought.har.bodies import body_of
from scenarios.brought.har.exchange import Exchange, Pairs
from simulator.errors import UsageError

MOST_BYTES = 128 << 20
MOST_ENTRIES = 20_000
MOST_CONTENT = 4 << 20
"""Characters of one answer that are searched for values."""
MOST_HEADERS = 500
VERSIONS = re.compile(r"1\.[0-9]+")
METHOD = re.compile(r"[A-Za-z]{1,20}")
SURROGATE = re.compile(r"[\ud800-\udfff]")
AGAIN = "record it again, and save all as HAR with content"


@dataclass(frozen=True, slots=True, kw_only=True)
class Recording:
    """What a browser recorded, in the order in which it began."""

    exchanges: tuple[Exchange, ...]
    unread: int
    """Entries that are no requests over HTTP."""
    browser: str


def recording_of(raw: bytes, file: str) -> Recording:
    """The requests of a HAR.

    Raises UsageError.
    """
    log = table(_document(raw, file).get("log"))
    entries = log.get("entries")
    if not isinstance(entries, list):
        raise UsageError(f"{file}: is no HAR, since it has no log with entries; {AGAIN}")
    version = text(log.get("version"))
    if version and not VERSIONS.fullmatch(version):
        raise UsageError(f"{file}: is of another version of HAR, and 1.1 and 1.2 are read; {AGAIN}")
    if len(entries) > MOST_ENTRIES:
        raise UsageError(
            f"{file}: has {len(entries):,} requests, and {MOST_ENTRIES:,} are the most; record"
            " the signup alone"
        )
    found = [exchange for entry in entries if (exchange := exchange_of(entry)) is not None]
    if not found:
        raise UsageError(f"{file}: no request over HTTP is recorded in it; {AGAIN}")
    known = all(exchange.started_s is not None for exchange in found)
    ordered = sorted(found, key=lambda each: each.started_s or 0.0) if known else found
    return Recording(
        exchanges=tuple(ordered),
        unread=len(entries) - len(found),
        browser=text(
            table(log.get("browser")).get("name") or table(log.get("creator")).get("name")
        ),
    )


def _document(raw: bytes, file: str) -> dict[str, Any]:
    """Raises UsageError where it is no object of JSON."""
    if len(raw) > MOST_BYTES:
        raise UsageError(
            f"{file}: is larger than {MOST_BYTES >> 20} MiB; record the signup alone, without"
            " downloads"
        )
    wide = raw.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
    try:
        found = json.loads(raw.decode("utf-16" if wide else "utf-8-sig", errors="replace"))
    except (ValueError, RecursionError):
        raise UsageError(
            f"{file}: is no HAR, since it is no JSON, or is cut off; {AGAIN}"
        ) from None
    if not isinstance(found, dict):
        raise UsageError(f"{file}: is no HAR, since it has no log; {AGAIN}")
    return found


def exchange_of(entry: object) -> Exchange | None:
    """What an entry records; None where that is no request over HTTP."""
    asked, answered = table(table(entry).get("request")), table(table(entry).get("response"))
    method, url = text(asked.get("method")), text(asked.get("url")).partition("#")[0]
    if not METHOD.fullmatch(method) or not is_http(url):
        return None
    headers, told = pairs(asked.get("headers")), pairs(answered.get("headers"))
    content = table(answered.get("content"))
    timings = table(table(entry).get("timings"))
    wait_ms = number(timings.get("wait"))
    redirect = next((v for k, v in told if k.lower() == "location"), "")
    return Exchange(
        method=method.upper(),
        url=url,
        headers=headers,
        body=body_of(table(asked.get("postData")), headers, pairs),
        status=status_of(answered.get("status")),
        answer_headers=told,
        cookies=tuple(cookies_of(told, answered)),
        type=text(content.get("mimeType")).partition(";")[0].strip().lower(),
        content=content_of(content)[:MOST_CONTENT],
        redirect=redirect or text(answered.get("redirectURL")),
        resource=text(table(entry).get("_resourceType")).lower(),
        started_s=instant_s(table(entry).get("startedDateTime")),
        took_ms=max(number(table(entry).get("time")) or 0.0, 0.0),
        wait_ms=wait_ms if wait_ms is not None and wait_ms > 0 else None,
    )


def status_of(value: object) -> int:
    """0 where there was no answer."""
    found = int(number(value) or 0)
    return found if 100 <= found < 600 else 0


def is_http(url: str) -> bool:
    """Whether it is an address that somebody can ask: data:, blob:, ws: and what is broken are not."""
    try:
        parts = urlsplit(url)
        return parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
    except ValueError:
        return False


def content_of(content: dict[str, Any]) -> str:
    """What was answered, as text; empty where it is none, or was not recorded."""
    said = text(content.get("text"))
    if text(content.get("encoding")).lower() != "base64":
        return said
    charset = re.search(r"charset=\"?([\w.:-]+)", text(content.get("mimeType")))
    try:
        return base64.b64decode(said, validate=False).decode(
            charset[1] if charset else "utf-8", errors="replace"
        )
    except (binascii.Error, ValueError, LookupError):
        return ""


def cookies_of(told: Pairs, answered: dict[str, Any]) -> Iterator[tuple[str, str]]:
    """The cookies of an answer: by its headers, of which Firefox writes all in one, or by its list."""
    found = [
        line.partition(";")[0].partition("=")
        for name, value in told
        if name.lower() == "set-cookie"
        for line in value.split("\n")
    ]
    if found:
        yield from ((name.strip(), value.strip()) for name, sign, value in found if sign)
    else:
        yield from pairs(answered.get("cookies"))


def pairs(listed: object) -> Pairs:
    """Names and values; the names of HTTP/2 that begin with a colon are no headers."""
    found: Iterable[Any] = listed if isinstance(listed, list) else ()
    return tuple(
        (text(table(each).get("name")), text(table(each).get("value")))
        for each in list(found)[:MOST_HEADERS]
        if text(table(each).get("name")) and not text(table(each).get("name")).startswith(":")
    )


def instant_s(value: object) -> float | None:
    try:
        return datetime.fromisoformat(text(value)).timestamp()
    except (ValueError, OverflowError, OSError):
        return None


def table(value: object) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def text(value: object) -> str:
    """A text without halves of characters, which no file can hold."""
    return SURROGATE.sub("\ufffd", value) if isinstance(value, str) else ""


def number(value: object) -> float | None:
    """A number that is one, and not too large for a figure."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    return float(value) if abs(value) < 1e12 else None
