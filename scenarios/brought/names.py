"""Good names: of steps after their paths, of captures after their fields, of variables after both."""

from __future__ import annotations

import re
from collections.abc import Collection
from urllib.parse import unquote

MOST = 40
OWN = ("email", "password", "visitor", "run", "ticket")
"""What a visitor is called by himself, which no capture may be."""
VERBS = {
    "GET": "get",
    "HEAD": "head",
    "POST": "post",
    "PUT": "put",
    "PATCH": "patch",
    "DELETE": "delete",
}


def step_name(method: str, path: str, taken: Collection[str]) -> str:
    """What a step is called: the last two words of its path, and no placeholder.

    >>> step_name("POST", "/api/users/${user_id}/orders", ())
    'users-orders'
    >>> step_name("POST", "/signup", ("signup",)), step_name("GET", "/", ())
    ('post-signup', 'home')
    """
    words = [word(part) for part in unquote(path).split("/") if "${" not in part]
    found = [each for each in words if each]
    plain = "-".join(found[-2:])[:MOST].strip("-") or ("home" if path == "/" else "page")
    if plain in taken:
        plain = f"{VERBS.get(method, 'ask')}-{plain}"
    return unique(plain, taken, "-")


def word(part: str) -> str:
    return re.sub(r"[^A-Za-z0-9_]+", "-", part.rpartition(".")[0] or part).strip("-").lower()


def capture_name(name: str) -> str:
    """A field's name as a placeholder.

    >>> capture_name("csrf-token"), capture_name("user[id]"), capture_name("email"), capture_name("2fa")
    ('csrf_token', 'user_id', 'email_', '_2fa')
    """
    found = re.sub(r"[^A-Za-z0-9_]+", "_", name).strip("_")[:MOST] or "value"
    found = f"_{found}" if found[0].isdigit() else found
    return f"{found}_" if found in OWN else found


def variable_name(name: str) -> str:
    """A field's name as a variable of the environment.

    >>> variable_name("X-API-Key")
    'X_API_KEY'
    """
    return capture_name(name).upper().strip("_") or "SECRET"


def unique(name: str, taken: Collection[str], between: str = "_") -> str:
    """The name, or with the first number that nobody has."""
    number, found = 2, name
    while found in taken:
        found, number = f"{name}{between}{number}", number + 1
    return found
