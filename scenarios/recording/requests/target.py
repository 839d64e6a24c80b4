"""Paths and queries of a log, as they are sent: by nobody's hand, since anybody may have written them.

A log is written by whoever asked the server. So a target is a path at the server that is asked, begins with
a slash, and has no character that could end a line: what is escaped in the log is written as %0A, and what
was sent as %0A is sent so again.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from urllib.parse import quote, unquote

SAFE = "!$&'()*+,/:;=?@[]-._~"
ESCAPED = re.compile(r"\\x([0-9A-Fa-f]{2})|\\([\"\\bnrtv])")
CONTROLS = {"b": "\b", "n": "\n", "r": "\r", "t": "\t", "v": "\v"}
"""What Apache writes with a letter (mod_log_config); nginx writes all of it as \\x0A."""
NAME = re.compile(r"[A-Za-z_][A-Za-z_.\[\]-]{0,31}")
QUOTED = re.compile(r"(%[0-9A-Fa-f]{2})")


def sendable(path: str, query: str = "") -> str:
    r"""Path and query as a request line holds them.

    >>> sendable("/caf\u00e9/a b", "q=\\x22tea\\x22%0d%0a")
    '/caf%C3%A9/a%20b?q=%22tea%22%0d%0a'
    """
    whole = f"{path}?{query}" if query else path
    plain = ESCAPED.sub(_meant, whole)
    return "".join(
        part if QUOTED.fullmatch(part) else quote(part, safe=SAFE, errors="surrogateescape")
        for part in QUOTED.split(plain)
    )


def _meant(found: re.Match[str]) -> str:
    if found[1] is not None:
        return f"%{found[1].upper()}"
    return CONTROLS.get(found[2], found[2])


def masked(query: str) -> str:
    """A query with its names, and no values: they may be tokens, addresses, names of people.

    What has no value may itself be one, with the = that base 64 ends in; what does not look like a name
    may hold one. Both are dropped whole.

    >>> masked("page=2&filter%5Bby%5D=x&flag&=x&c2VjcmV0=&user[ann@x.test]=1&k3y=v")
    'page=&filter%5Bby%5D='
    """
    parts = (part.partition("=") for part in query.split("&"))
    return "&".join(f"{name}=" for name, _, value in parts if is_name(name) and value.strip("="))


def is_name(text: str) -> bool:
    """Whether a program gave it as a name: few letters, no digits, no address."""
    return NAME.fullmatch(unquote(text)) is not None


def whole(query: str) -> str:
    return query


Queries = Callable[[str], str]
"""What is kept of a query."""
