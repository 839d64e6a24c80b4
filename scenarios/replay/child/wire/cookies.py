"""One visitor's cookies. Most visitors never get one, so the jar is made when the first comes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from http.cookiejar import Cookie, CookieJar
from typing import Any
from urllib.request import Request

from scenarios.http.answers.cookies import sendable_cookies
from scenarios.replay.child.wire.fields import SET_COOKIE, Fields


class Cookies:
    """Kept and shown as browsers do (:mod:`scenarios.http.answers.cookies`)."""

    __slots__ = ("_jar",)

    def __init__(self) -> None:
        self._jar: CookieJar | None = None

    def __bool__(self) -> bool:
        """Whether a server has ever set one."""
        return self._jar is not None

    def __iter__(self) -> Iterator[Cookie]:
        return iter(self._jar or ())

    def hear(self, fields: Fields, url: str) -> None:
        """Keep what an answer brought."""
        if self._jar is None:
            self._jar = sendable_cookies()
        told: Any = Told(fields.all(SET_COOKIE))
        self._jar.extract_cookies(told, Request(url))  # noqa: S310 - nothing is opened

    def shown_to(self, url: str) -> str:
        """The text of the field Cookie; empty where there is none for that server."""
        if self._jar is None:
            return ""
        asked = Request(url)  # noqa: S310 - nothing is opened
        self._jar.add_cookie_header(asked)
        return asked.get_header("Cookie") or ""

    @property
    def held(self) -> Mapping[str, str]:
        """Their values by their names."""
        return {cookie.name: cookie.value or "" for cookie in self}


class Told:
    """An answer as the standard library's jar reads it."""

    def __init__(self, lines: list[str]) -> None:
        self._lines = lines

    def info(self) -> Told:
        return self

    def get_all(self, name: str, otherwise: list[str]) -> list[str]:
        return self._lines if name.lower() == "set-cookie" else otherwise
