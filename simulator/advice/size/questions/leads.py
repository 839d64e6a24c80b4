"""Lead times: how much more is needed, and the last instant at which it can still be ordered."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence

from simulator.advice.size.answers.cases import Lead
from simulator.advice.size.knobs import Candidate, Knob
from simulator.units import NS_PER_S


def leads(
    knobs: Sequence[Knob],
    needed: Candidate,
    stations: Sequence[str],
    lead_times_ns: Mapping[str, int],
    opening: dt.datetime,
) -> tuple[Lead, ...]:
    """Of each knob of which more is bought, in their order; ``stations`` are the names by number."""
    return tuple(
        _lead(knob, value, stations[knob.tweak.station], lead_times_ns, opening)
        for knob, value in zip(knobs, needed.values, strict=True)
        if knob.bought
    )


def _lead(
    knob: Knob,
    value: float,
    station: str,
    lead_times_ns: Mapping[str, int],
    opening: dt.datetime,
) -> Lead:
    more, lead_time_ns = max(0.0, value - knob.now), lead_times_ns.get(station)
    ordered = more > 0 and lead_time_ns is not None
    return Lead(
        key=knob.key,
        station=station,
        more=more,
        lead_time_ns=lead_time_ns,
        decide_by=before(opening, lead_time_ns) if ordered and lead_time_ns is not None else None,
    )


def before(opening: dt.datetime, ns: int) -> dt.datetime:
    """So long before the opening, in its time zone: clocks that are put forward do not shorten it.

    >>> from zoneinfo import ZoneInfo
    >>> monday = dt.datetime(2026, 3, 30, 9, 0, tzinfo=ZoneInfo("Europe/Paris"))
    >>> before(monday, 2 * 86_400 * 10**9).isoformat()
    '2026-03-28T08:00:00+01:00'
    """
    elapsed = dt.timedelta(seconds=ns / NS_PER_S)
    return (opening.astimezone(dt.UTC) - elapsed).astimezone(opening.tzinfo)
