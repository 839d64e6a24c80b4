"""Instants as machines write them: a number since 1970, whose size tells its unit."""

from __future__ import annotations

import re

NS_PER_S = 1_000_000_000
UNITS_NS = ((11, NS_PER_S), (14, 1_000_000), (17, 1_000), (20, 1))
"""Up to so many digits it counts this unit: seconds until the year 5138, then ms, µs, ns."""
SINCE_1970 = re.compile(r"([0-9]{9,20})(?:\.([0-9]{1,9})[0-9]*)?", re.ASCII)
"""Nine digits are the year 1973; a launch does not last as long."""
YEARS = range(1974, 5138)
"""Those whose every instant is such a number of seconds. Others are clocks that were never set, or slips."""


def since_1970_ns(text: str) -> int | None:
    """Nanoseconds since 1970; None where a text is no such number.

    >>> since_1970_ns("971211336.25"), since_1970_ns("971211336250"), since_1970_ns("12.5")
    (971211336250000000, 971211336250000000, None)
    """
    found = SINCE_1970.fullmatch(text)
    if found is None or len(found[1].lstrip("0")) < 9:
        return None
    unit_ns = next(unit for digits, unit in UNITS_NS if len(found[1].lstrip("0")) <= digits)
    return int(found[1]) * unit_ns + int((found[2] or "").ljust(9, "0")) * unit_ns // NS_PER_S
