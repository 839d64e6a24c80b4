"""Lines of a web server's access log, in the common and the combined format.

::

    host ident user [10/Oct/2000:13:55:36 -0700] "GET /signup?plan=2 HTTP/1.1" 200 2326 "from" "with"

What follows the status is not looked at, so that servers that append fields of their own are read as
well. Of the rest, what names a person is dropped here: host, user, and the query of a request. (If
paths name people, as /users/ann does, count arrivals instead of listing them.)
Servers escape quotes and control characters with a backslash, and so they stay: a path is told as
the log writes it.

Source: Apache HTTP Server 2.4, mod_log_config, "Custom Log Formats"; nginx, ngx_http_log_module.
"""

from __future__ import annotations

import enum
import functools
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone
from typing import BinaryIO
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from simulator.quantities import WrongQuantity

LONGEST_LINE_BYTES = 1 << 16
MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")

ESCAPED = r'(?:[^"\\]|\\.)'
"""Any character but a quote, or a backslash and what it escapes."""
LINE = re.compile(
    rf'\S+ \S+ {ESCAPED}*? \[([^\]"]{{26}})\] "({ESCAPED}*)" ([1-5][0-9]{{2}})(?:\s.*)?',
    re.ASCII | re.DOTALL,
)
REQUEST = re.compile(r"([A-Z][A-Z_-]*) (\S.*?)(?: HTTP/[0-9.]+)?", re.ASCII)
TIME = re.compile(
    r"([0-9]{2})/([A-Z][a-z]{2})/([0-9]{4}):([0-9]{2}):([0-9]{2}):([0-9]{2}) ([+-])([0-9]{2})([0-9]{2})"
)
CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f]")

INSTANT_REMEDY = (
    'write it with its offset, as in "2023-12-14T12:00:00+01:00",'
    ' or with its time zone, as in "2023-12-14T12:00:00 Europe/Paris"'
)


class Skip(enum.StrEnum):
    """Why a line is no arrival."""

    FORMAT = "in neither the common nor the combined format"
    REQUEST = "without a request for a path"
    EARLY = "before the opening"
    PATH = "with another path"
    METHOD = "with another method"
    STATUS = "with another status"


@dataclass(frozen=True, slots=True)
class Hit:
    """A request that a server has answered."""

    at_s: int
    """Since 1970; servers write whole seconds."""
    method: str
    path: str
    """Without its query."""
    status: int


def lines_of(stream: BinaryIO) -> Iterator[str]:
    """The lines of a log, one at a time; of one that does not end, its beginning."""
    while piece := stream.readline(LONGEST_LINE_BYTES):
        yield piece.decode("utf-8", "replace").rstrip("\r\n")
        while piece and not piece.endswith(b"\n"):
            piece = stream.readline(LONGEST_LINE_BYTES)


def read_line(line: str) -> Hit | Skip:
    """What a line tells, or why it tells nothing.

    >>> read_line('::1 - ann [14/Dec/2023:12:00:00 +0100] "GET /signup?plan=2 HTTP/1.1" 200 512')
    Hit(at_s=1702551600, method='GET', path='/signup', status=200)
    """
    found = LINE.fullmatch(line)
    if found is None:
        return Skip.FORMAT
    time, request, status = found.groups()
    at_s = instant_s(time)
    if at_s is None:
        return Skip.FORMAT
    asked = REQUEST.fullmatch(request)
    path = path_of(asked[2]) if asked else ""
    if asked is None or not path:
        return Skip.REQUEST
    return Hit(at_s, asked[1], path, int(status))


@functools.lru_cache(maxsize=1024)
def instant_s(text: str) -> int | None:
    """Seconds since 1970 of ``10/Oct/2000:13:55:36 -0700``; None where there is no such instant."""
    found = TIME.fullmatch(text)
    if found is None or found[2] not in MONTHS:
        return None
    day, year, hour, minute, second = (int(found[group]) for group in (1, 3, 4, 5, 6))
    offset = timedelta(hours=int(found[8]), minutes=int(found[9]))
    leap = second == 60
    try:
        zone = timezone(-offset if found[7] == "-" else offset)
        month = MONTHS.index(found[2]) + 1
        at = datetime(year, month, day, hour, minute, second - leap, tzinfo=zone)
    except ValueError:
        return None
    return round(at.timestamp()) + leap


def path_of(target: str) -> str:
    """The path of a request's target; empty where it names none, as a proxy's CONNECT does.

    A server would have escaped a control character; one that is there comes from somebody else.
    """
    if not target.startswith("/"):
        try:
            target = urlsplit(target).path if "://" in target else ""
        except ValueError:
            return ""
    path = re.split(r"[?#]", target, maxsplit=1)[0]
    return "" if CONTROL.search(path) else path


def parse_instant(text: str) -> int:
    """Seconds since 1970 of an instant that a person writes.

    Raises :class:`WrongQuantity` where it is none, or where it is not clear which one it is.

    >>> parse_instant("2023-12-14T12:00:00+01:00") == parse_instant("2023-12-14T12:00 Europe/Paris")
    True
    """
    wall, _, zone = text.strip().partition(" ")
    if zone and "T" not in wall:
        wall, _, zone = text.strip().replace(" ", "T", 1).partition(" ")
    try:
        at = datetime.fromisoformat(wall)
    except ValueError:
        raise WrongQuantity(f'"{text}" is not an instant', INSTANT_REMEDY) from None
    if zone:
        at = in_zone(at, zone, text)
    if at.tzinfo is None:
        raise WrongQuantity(f'"{text}" is an instant in every time zone', INSTANT_REMEDY)
    if at.microsecond:
        raise WrongQuantity(f'"{text}" is finer than a second', "logs have whole seconds")
    return round(at.timestamp())


def in_zone(wall: datetime, zone: str, text: str) -> datetime:
    """What clocks on a wall show there, once and only once.

    Raises :class:`WrongQuantity`.
    """
    try:
        at = wall.replace(tzinfo=ZoneInfo(zone))
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise WrongQuantity(f'"{text}" has no time zone that is known', INSTANT_REMEDY) from None
    if wall.tzinfo is not None:
        raise WrongQuantity(f'"{text}" has an offset and a time zone', "leave one of them out")
    if at.astimezone(UTC).astimezone(at.tzinfo).replace(tzinfo=None) != wall:
        raise WrongQuantity(f'"{text}" was skipped by the clocks there', "write it with its offset")
    if at.utcoffset() != at.replace(fold=1).utcoffset():
        raise WrongQuantity(f'"{text}" came twice there', "write it with its offset")
    return at
