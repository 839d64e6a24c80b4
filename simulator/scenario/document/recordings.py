"""Recordings that a document names: their counts become part of it, so that it stands alone."""

from __future__ import annotations

import io
from datetime import datetime
from typing import Any

import numpy as np

from simulator.errors import Mistake, ScenarioError
from simulator.host.named_files import Read, text_of
from simulator.scenario.document.csv.arrivals import Counts, read_recorded
from simulator.scenario.document.csv.dial import Dial
from simulator.scenario.document.requests import are_requests, read_requests
from simulator.scenario.words.surges.recorded import MOST_BUCKETS
from simulator.scenario.words.terms import parse_period
from simulator.text.quantities import WrongQuantity, parse_duration
from simulator.text.wording import format_duration
from simulator.units import FOREVER, NS_PER_S, Floats, Ints

EVERY_NS = NS_PER_S
"""The stretch in which instants are counted, unless the file says another."""


def with_recordings(document: dict[str, Any], file: str, read: Read | None) -> dict[str, Any]:
    """The document with the counts of the files that its surges name, so that it stands alone.

    Raises :class:`ScenarioError` where one cannot be read.
    """
    surges = document.get("surge")
    if not isinstance(surges, list):
        return document
    launch = document.get("launch")
    opening_ns, horizon_ns = _opening_ns(launch), _horizon_ns(launch)
    return {
        **document,
        "surge": [_with_recording(each, file, read, opening_ns, horizon_ns) for each in surges],
    }


def _opening_ns(launch: Any) -> int | None:
    """Since 1970; None where the file gives none, which is told with all other mistakes."""
    opening = launch.get("opening") if isinstance(launch, dict) else None
    if not isinstance(opening, datetime) or opening.tzinfo is None:
        return None
    return round(opening.timestamp() * 1_000_000) * 1_000


def _horizon_ns(launch: Any) -> int:
    """For ever, where the file gives none."""
    try:
        return parse_duration(launch["horizon"])
    except (WrongQuantity, TypeError, LookupError):
        return FOREVER


def _with_recording(
    surge: Any, file: str, read: Read | None, opening_ns: int | None, horizon_ns: int
) -> Any:
    if not isinstance(surge, dict) or surge.get("shape") != "recorded":
        return surge
    if "counts" in surge or "requests" in surge:
        return surge
    named, name = surge.get("file"), surge.get("name", "recorded")
    if not isinstance(named, str):
        return surge
    key = f"surge.{name}.file"
    if surge.get("journey") is not None:
        text = text_of(named, read, file, key, "it is what was recorded")
        return {**surge, "requests": read_requests(text, named)}
    text = text_of(named, read, file, key, "give counts and every")
    if are_requests(text):
        problem, remedy = f'"{named}" has requests', 'add journey = "recorded"'
        raise ScenarioError([Mistake(file, key, problem, remedy)])
    dial = Dial(opening_ns=opening_ns)
    found = read_recorded(io.StringIO(text, newline=None), named, dial)
    first_ns = int(found.from_ns[0] if isinstance(found, Counts) else found[0])
    if dial.since_1970 and first_ns >= horizon_ns:
        problem = (
            f'"{named}" begins {format_duration(first_ns)} after the opening, beyond the horizon'
        )
        remedy = "set launch.opening to the first arrival"
        raise ScenarioError([Mistake(file, key, problem, remedy)])
    return {**surge, **in_stretches(found, surge.get("every"), Mistake(file, key, ""))}


def other_recordings(document: Any, merged: Any, file: str) -> list[Mistake]:
    """What a variant or a setting would have to read: recordings are read once, for the file."""
    known = {surge["file"] for surge in _recordings(document)}
    unread = {surge["file"] for surge in _recordings(document) if not _is_read(surge)}
    return [
        Mistake(
            file,
            f"surge.{surge.get('name', 'recorded')}.file",
            "cannot be changed by a variant or a setting",
            "give counts and every instead, or have a [[surge]] for each file",
        )
        for surge in _recordings(merged)
        if surge["file"] not in known or (not _is_read(surge) and surge["file"] not in unread)
    ]


def _is_read(surge: dict[str, Any]) -> bool:
    return "counts" in surge or "requests" in surge


def _recordings(document: Any) -> list[dict[str, Any]]:
    """The surges that name a file."""
    surges = document.get("surge")
    found = surges if isinstance(surges, list) else []
    return [
        each
        for each in found
        if isinstance(each, dict)
        and each.get("shape") == "recorded"
        and isinstance(each.get("file"), str)
    ]


def in_stretches(found: Ints | Counts, every: object, where: Mistake) -> dict[str, str]:
    """Counts or instants as words of a surge.

    Raises :class:`ScenarioError`.
    """
    if every is None:
        every_ns = (
            int(np.diff([found.from_ns, found.to_ns], axis=0).min())
            if isinstance(found, Counts)
            else EVERY_NS
        )
    else:
        try:
            every_ns = parse_period(every)
        except WrongQuantity:
            return {}  # It is told with all other mistakes.
    last_ns = int(found.to_ns[-1] if isinstance(found, Counts) else found[-1] + 1)
    many = -(-last_ns // every_ns)
    if many > MOST_BUCKETS:
        problem = f"lasts {format_duration(last_ns)}, and has {many:,} stretches of "
        remedy = f'at most {MOST_BUCKETS:,}: write a longer every = "..."'
        problem += format_duration(every_ns)
        raise ScenarioError([Mistake(where.file, where.key, problem, remedy)])
    edges_ns = np.arange(many + 1, dtype=np.int64) * every_ns
    counts = np.diff(by_instant(found, edges_ns))
    return {"every": f"{every_ns} ns", "counts": " ".join(f"{count:.12g}" for count in counts)}


def by_instant(found: Ints | Counts, at_ns: Ints) -> Floats:
    """How many had come before each instant; of a span that is not over, the share that is."""
    if not isinstance(found, Counts):
        return np.searchsorted(found, at_ns, side="left").astype(np.float64)
    edges = np.column_stack([found.from_ns, found.to_ns]).ravel()
    total = np.cumsum(found.count)
    by_edge = np.column_stack([total - found.count, total]).ravel()
    return np.asarray(np.interp(at_ns, edges, by_edge.astype(np.float64)))
