"""Which cookies a visitor keeps: those that can be sent back."""

from __future__ import annotations

import re
from http.cookiejar import Cookie, CookieJar, DefaultCookiePolicy
from urllib.request import Request

LATIN_1, ASCII = r"\x20-\x7e\x80-\xff", r"\x20-\x7e"
LONGEST = 4096
"""Of a name and its value together, as browsers have it (RFC 6265bis, section 5.6)."""


class Sendable(DefaultCookiePolicy):
    """Refuses what no header may hold, as browsers do: control characters, and what is endless."""

    def __init__(self, letters: str = LATIN_1) -> None:
        super().__init__()
        self.letters = re.compile(f"[{letters}]*")

    def set_ok(self, cookie: Cookie, request: Request) -> bool:
        pair = f"{cookie.name}={cookie.value or ''}{cookie.path}"
        sendable = len(pair) <= LONGEST and self.letters.fullmatch(pair) is not None
        return sendable and super().set_ok(cookie, request)


def sendable_cookies(letters: str = LATIN_1) -> CookieJar:
    """An empty jar, for a client that can send those letters."""
    return CookieJar(Sendable(letters))
