"""When: the ways in which logs and people write an instant.

::

    10/Oct/2000:13:55:36 -0700      2000-10-10T20:55:36.123Z      971211336.123   971211336123

Source: Apache HTTP Server 2.4, mod_log_config (%t); nginx, ngx_http_log_module (time_local,
time_iso8601, msec); RFC 3339.
"""

from __future__ import annotations

import functools
import re
from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from scenarios.recording.logs.hit import Skip
from simulator.text.quantities import WrongQuantity
from simulator.text.since_1970 import YEARS, since_1970_ns
from simulator.units import NS_PER_S

MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")

CLOCK = r"([0-9]{2}:[0-9]{2}:[0-9]{2})(?:[.,]([0-9]{1,9})[0-9]*)?"
ZONE = r"(Z|UTC|GMT|[+-][0-9]{2}:?[0-9]{2}|[+-][0-9]{2})?"
COMMON = re.compile(rf"([0-9]{{1,2}})/([A-Z][a-z]{{2}})/([0-9]{{4}})[: ]{CLOCK} ?{ZONE}", re.ASCII)
ISO = re.compile(rf"([0-9]{{4}})[-/]([0-9]{{2}})[-/]([0-9]{{2}})[T ]{CLOCK} ?{ZONE}", re.ASCII)
EXPONENT = re.compile(r"[0-9]\.[0-9]+[eE]\+?[0-9]{1,2}", re.ASCII)

INSTANT_REMEDY = (
    'write it with its offset, as in "2023-12-14T12:00:00+01:00",'
    ' or with its time zone, as in "2023-12-14T12:00:00 Europe/Paris"'
)


def instant_ns(text: str, zone: ZoneInfo | None = None) -> int | Skip:
    """Nanoseconds since 1970; ``zone`` is where the clocks stood of an instant without an offset.

    >>> instant_ns("10/Oct/2000:13:55:36 -0700") == instant_ns("2000-10-10T20:55:36Z")
    True
    >>> instant_ns("971211336.25"), instant_ns("971211336250")
    (971211336250000000, 971211336250000000)
    """
    text = text.strip()
    if common := COMMON.fullmatch(text):
        day, name, year, clock, decimals, offset = common.groups()
        if name not in MONTHS:
            return Skip.INSTANT
        date = f"{year}-{MONTHS.index(name) + 1:02}-{day:0>2}"
        return _at_ns(date, clock, offset, zone, decimals)
    if iso := ISO.fullmatch(text):
        year, month, day, clock, decimals, offset = iso.groups()
        return _at_ns(f"{year}-{month}-{day}", clock, offset, zone, decimals)
    if EXPONENT.fullmatch(text):
        text = f"{Decimal(text):f}"
    at_ns = since_1970_ns(text)
    return Skip.FORMAT if at_ns is None else at_ns


def _at_ns(
    date: str, clock: str, offset: str | None, zone: ZoneInfo | None, decimals: str | None
) -> int | Skip:
    at_s = _at_s(date, clock, offset, zone)
    return at_s if isinstance(at_s, Skip) else at_s * NS_PER_S + int((decimals or "").ljust(9, "0"))


@functools.lru_cache(maxsize=4096)
def _at_s(date: str, clock: str, offset: str | None, zone: ZoneInfo | None) -> int | Skip:
    leap = clock.endswith(":60")
    try:
        wall = datetime.fromisoformat(f"{date}T{clock[:-2]}59" if leap else f"{date}T{clock}")
        at = wall.replace(tzinfo=_offset(offset) if offset else zone)
    except ValueError:
        return Skip.INSTANT
    if wall.year not in YEARS:  # as Go writes no time at all: 0001-01-01T00:00:00Z
        return Skip.INSTANT
    if at.tzinfo is None:
        return Skip.ZONE
    if not offset and not shown_once(at):
        return Skip.TWICE
    return round(at.timestamp()) + leap


def _offset(text: str) -> timezone:
    if text[0] not in "+-":
        return UTC
    digits = text[1:].replace(":", "")
    ahead = timedelta(hours=int(digits[:2]), minutes=int(digits[2:] or 0))
    return timezone(-ahead if text[0] == "-" else ahead)


def shown_once(at: datetime) -> bool:
    """Whether the clocks of its zone show an instant exactly once, in spring and in autumn too."""
    shown = at.astimezone(UTC).astimezone(at.tzinfo).replace(tzinfo=None)
    return shown == at.replace(tzinfo=None) and at.utcoffset() == at.replace(fold=1).utcoffset()


def zone_of(text: str) -> ZoneInfo:
    """Raises :class:`WrongQuantity`."""
    try:
        return ZoneInfo(text)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        problem = f'"{text}" is not a known time zone'
        raise WrongQuantity(problem, "write it like Europe/Paris, or UTC") from None


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
        raise WrongQuantity(f'"{text}" is not a date and time', INSTANT_REMEDY) from None
    if at.year not in YEARS:
        raise WrongQuantity(f'"{text}" is in the year {at.year}', "write the year of the launch")
    if zone:
        at = in_zone(at, zone, text)
    if at.tzinfo is None:
        raise WrongQuantity(f'"{text}" has no time zone', INSTANT_REMEDY)
    if at.microsecond:
        raise WrongQuantity(f'"{text}" is finer than a second', "launches open at whole seconds")
    return round(at.timestamp())


def in_zone(wall: datetime, zone: str, text: str) -> datetime:
    """What clocks on a wall show there, once and only once.

    Raises :class:`WrongQuantity`.
    """
    try:
        at = wall.replace(tzinfo=zone_of(zone))
    except WrongQuantity:
        raise WrongQuantity(f'"{text}" has an unknown time zone', INSTANT_REMEDY) from None
    if wall.tzinfo is not None:
        raise WrongQuantity(f'"{text}" has an offset and a time zone', "leave one of them out")
    if at.astimezone(UTC).astimezone(at.tzinfo).replace(tzinfo=None) != wall:
        raise WrongQuantity(
            f'"{text}" does not exist there: the clocks skipped it', "write it with its offset"
        )
    if not shown_once(at):
        raise WrongQuantity(f'"{text}" occurs twice there', "write it with its offset")
    return at
