"""What of a recording is a secret, or the person's own, by its name and by its looks."""

from __future__ import annotations

import re
from itertools import pairwise

SECRET_NAMES = re.compile(
    r"(^|_)(token|secret|jwt|csrf|xsrf|sessionid|signature|apikey|api_key|authorization|access_key|private_key"
    r"|credentials?|bearer|otp|assertion|code_verifier|captcha|recaptcha|turnstile_response)(_|$)"
)
PERHAPS = re.compile(r"(^|_)(state|nonce|session|sid|sig|auth|ticket|code|key)(_|$)")
"""Names of secrets, and of other things as well: it goes by the value."""
ALSO = re.compile(r"(token|secret|apikey|authtoken|sessionid|passphrase)$")
PASSWORDS = re.compile(
    r"(^|_)(password|passwd|passwort|passphrase|pwd|pass|pw|kennwort|contrasena|mot_de_passe)s?[0-9]*(_|$)|passwords?[0-9]*$|^(user_|my_)?secret$"
)
USERS = re.compile(
    r"(^|_)(user|username|user_name|login|nick|nickname|handle|screen_name|account_name|alias)(_|$)"
)
FULL_NAMES = (
    "name",
    "full_name",
    "fullname",
    "display_name",
    "displayname",
    "realname",
    "real_name",
)
CODES = re.compile(r"(^|_)(code|otp|pin|passcode|verification|totp|mfa)(_|$)")
EMAIL = re.compile(r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]+@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+")
MAILED = re.compile(r"[0-9]{4,8}")
JWT = re.compile(r"\beyJ[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]*")
KEYS = re.compile(
    r"\b(sk|pk|rk)_(live|test)_[A-Za-z0-9]{8,}|\bgh[pousr]_[A-Za-z0-9]{16,}|\bAKIA[A-Z0-9]{12,}|\bxox[abprs]-[A-Za-z0-9-]{8,}|\bAIza[A-Za-z0-9_-]{20,}"
)
UUID = re.compile(r"[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")
DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}([T ][0-9:.]+(Z|[+-][0-9:]+)?)?")
SHORTEST_RANDOM, MOST_TURNS = 16, 4
COMMON = frozenset({"undefined", "default", "application", "production", "anonymous", "123456"})
SHORTEST = 6


def plain(name: str) -> str:
    """A field's name in one spelling.

    >>> plain("X-CSRFToken"), plain("user[newPassword]"), plain("g-recaptcha-response")
    ('x_csrf_token', 'user_new_password', 'g_recaptcha_response')
    """
    spaced = re.sub(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])", "_", name)
    return re.sub(r"[^a-z0-9]+", "_", spaced.lower()).strip("_")


def names_secret(name: str) -> bool:
    """Whether a field of that name holds a secret."""
    said = plain(name)
    return bool(SECRET_NAMES.search(said) or ALSO.search(said))


def is_secret(name: str, value: str) -> bool:
    """Whether a value must not get into a file.

    >>> is_secret("api_key", "abc"), is_secret("state", "California"), is_secret("remember_token", "true")
    (True, False, False)
    """
    if value.lower() in ("", "true", "false", "null", "0", "1", "on", "off"):
        return False
    if names_secret(name) or looks_secret(value):
        return True
    mixed = any(c.isdigit() for c in value) and any(c.isalpha() for c in value)
    return bool(PERHAPS.search(plain(name))) and len(value) >= SHORTEST + 2 and mixed


def names_password(name: str) -> bool:
    said = plain(name)
    return bool(PASSWORDS.search(said)) and "client" not in said and "token" not in said


def looks_secret(value: str) -> bool:
    """Whether a value is one that only who was given it can know: a token, or a key.

    A UUID is none: it names things in public.
    """
    if JWT.fullmatch(value) or KEYS.fullmatch(value):
        return True
    return is_random(value) and not UUID.fullmatch(value)


def is_random(value: str) -> bool:
    """Whether it looks drawn: long, in one piece, letters and digits (or cases) in turn.

    >>> is_random("k3Jx9QpL2mVz7RtY"), is_random("summer-sale-2026-tickets"), is_random("2026-11-28T10:00:00Z")
    (True, False, False)
    """
    if len(value) < SHORTEST_RANDOM or not re.fullmatch(r"[A-Za-z0-9+/_=.:~-]+", value):
        return False
    if DATE.fullmatch(value):
        return False
    if UUID.fullmatch(value) or re.fullmatch(r"[0-9a-f]{16,}|[0-9A-F]{16,}", value):
        return True
    kinds = ["d" if c.isdigit() else "u" if c.isupper() else "l" for c in value if c.isalnum()]
    turns = sum(one != other for one, other in pairwise(kinds))
    return turns >= max(MOST_TURNS, len(value) // 5)


def is_telling(value: str) -> bool:
    """Whether two texts with this value have it from one another, and not by chance."""
    if len(value) < SHORTEST or value.lower() in COMMON or DATE.fullmatch(value):
        return False
    if re.fullmatch(r"[A-Za-z]+", value):
        return len(value) >= SHORTEST_RANDOM or not (
            value.islower() or value.istitle() or value.isupper()
        )
    return any(c.isdigit() for c in value) or len(value) >= SHORTEST_RANDOM


def is_id(name: str) -> bool:
    said = plain(name)
    return said in ("id", "key", "uuid", "pk", "slug", "number") or said.endswith(
        ("_id", "_uuid", "id")
    )
