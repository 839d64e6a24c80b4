"""JSON that says no: by the keys and the values that servers have for it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from scenarios.http.answers.contradiction.prose import BAD_NAMES, is_excuse

MOST_ITEMS = 100
"""Of a list of answers (a batch) so many are looked at."""
NOT_SO = {"ok", "success", "succeeded", "successful", "issuccess"}
"""Keys whose falsehood says no, in lower case and without ``_`` and ``-``."""
SO = {
    "error", "errors", "err", "exception", "fault", "iserror", "haserror", "haserrors",
    "errormessage", "errormsg", "errmsg", "errortype",
}  # fmt: skip
"""Keys that say no unless they are empty."""
NUMBERED = {"errcode", "errno", "errorcode"}
"""Keys that say no unless they are 0."""
CALLED = {"status", "result", "state", "outcome"}
STATUSES = {"status", "statuscode", "httpstatus", "httpcode", "code", "returncode", "retcode"}
"""Keys of a status: 400 to 599 say no, and so does what is negative, as of a call that failed."""
NOTHING_WRONG = {"", "0", "none", "null", "nil", "false", "no", "ok", "no error", "success"}
FALSE = {"0", "false", "no"}
NUMBER = re.compile(r"-?[0-9]{1,9}")
SAYING = {*NOT_SO, *SO, *NUMBERED, *CALLED, *STATUSES}
"""All keys that may say no."""


def denies(value: Any) -> bool:
    """Whether a JSON value says that what was asked for was not done.

    An object with a single member that is an object again is an envelope, and looked into.

    >>> denies({"ok": False}), denies({"ok": 1}), denies({"errors": []}), denies({"status": "fail"})
    (True, False, False, True)
    """
    if not isinstance(value, dict):
        return False
    if a_member_says_no(value):
        return True
    inner = next(iter(value.values())) if len(value) == 1 else None
    return isinstance(inner, dict) and a_member_says_no(inner)


def denies_to_writers(value: Any) -> bool:
    """Whether a JSON value says so to one who asked that something be done, and not for a value.

    A list of answers, bare or in an envelope, of which one says no; a bare ``false``; a bare text.

    >>> denies_to_writers(False), denies_to_writers("error"), denies_to_writers({"all": [{"ok": 0}]})
    (True, True, True)
    """
    if isinstance(value, dict) and len(value) == 1:
        value = next(iter(value.values()))
        if not isinstance(value, list):
            return False
    if isinstance(value, list):
        return any(denies(item) for item in value[:MOST_ITEMS])
    return value is False or (isinstance(value, str) and is_excuse(value))


def a_member_says_no(value: Mapping[str, Any]) -> bool:
    for key, told in value.items():
        name = plain(key)
        if name in SAYING and says_no(name, told):
            return True
    return False


@lru_cache(maxsize=1024)
def plain(key: str) -> str:
    """A server's answers have few keys."""
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
    code = int(word) if word is not None and NUMBER.fullmatch(word) else told
    return key in STATUSES and isinstance(code, int) and (400 <= code <= 599 or code < 0)


def is_empty(told: Any) -> bool:
    """Nothing, or a collection of nothing: ``{"email": []}``."""
    members = told.values() if isinstance(told, dict) else told if isinstance(told, list) else ()
    return not told or (isinstance(told, dict | list) and not any(members))
