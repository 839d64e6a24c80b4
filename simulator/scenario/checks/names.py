"""Whether the names that a document uses exist in it: people, stations, journeys, sources.

It reads the plain document, so that these mistakes are told together with all others.
"""

from __future__ import annotations

import zoneinfo
from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from simulator.errors import Mistake
from simulator.scenario.document.paths import closest, key_of, shown
from simulator.scenario.document.provenance import is_sent
from simulator.scenario.words.changes import OF_A_STATION, OF_THE_LINE
from simulator.scenario.words.document import LINE
from simulator.text.since_1970 import YEARS

Tables = Iterator[tuple[tuple[str | int, ...], Mapping[str, Any]]]
Problems = Iterator[tuple[tuple[str | int, ...], str, str]]

ARRAYS = ("people", "surge", "station", "journey", "reading")
"""The arrays of tables whose entries have names."""


def tables(document: Mapping[str, Any], array: str) -> Tables:
    """The tables of an array with their paths, as far as they are tables."""
    entries = document.get(array)
    for number, entry in enumerate(entries if isinstance(entries, list) else []):
        if isinstance(entry, dict):
            yield (array, number), entry


def table(document: Mapping[str, Any], key: str) -> Mapping[str, Any]:
    """The table of that key, empty where there is none."""
    value = document.get(key)
    return value if isinstance(value, dict) else {}


def names(document: Mapping[str, Any], array: str) -> list[str]:
    """The names of the entries of an array; a surge without one is called after its shape."""
    default = {"surge": "shape"}.get(array, "name")
    found = (entry.get("name", entry.get(default)) for _, entry in tables(document, array))
    return [name for name in found if isinstance(name, str)]


def wrong_names(document: Mapping[str, Any], file: str) -> list[Mistake]:
    """Every name that is used and does not exist, or exists twice."""
    problems = (
        *_twice(document),
        *_people(document),
        *_surges(document),
        *_journeys(document),
        *_changes(document),
        *_objectives(document),
        *_line(document),
        *_sources(document, (), frozenset(table(document, "sources"))),
        *_clock(table(document, "launch")),
    )
    return [
        Mistake(file, key_of(path, document), problem, remedy) for path, problem, remedy in problems
    ]


def _unknown(what: str, name: object, known: list[str]) -> tuple[str, str]:
    return f"there is no {what} {shown(name)}", closest(str(name), known)


def _twice(document: Mapping[str, Any]) -> Problems:
    for array in ARRAYS:
        found = names(document, array)
        for name in sorted({name for name in found if found.count(name) > 1}):
            yield (array,), f'"{name}" appears {found.count(name)} times', "give each its own name"


def _people(document: Mapping[str, Any]) -> Problems:
    known, journeys = names(document, "people"), names(document, "journey")
    for path, surge in tables(document, "surge"):
        if isinstance(surge.get("people"), str) and surge["people"] not in known:
            yield (*path, "people"), *_unknown("group of people", surge["people"], known)
        uninvited = table(surge, "uninvited").get("people")
        if isinstance(uninvited, str) and uninvited not in known:
            yield (*path, "uninvited", "people"), *_unknown("group of people", uninvited, known)
    for path, people in tables(document, "people"):
        shares = table(people, "journeys")
        for journey in shares:
            if journey not in journeys:
                yield (*path, "journeys", journey), *_unknown("journey", journey, journeys)
        values = [share for share in shares.values() if isinstance(share, (int, float))]
        if values and abs(sum(values) - 1.0) > 1e-9:
            problem = f"the shares add up to {sum(values):g}"
            yield (*path, "journeys"), problem, "they must add up to 1"


def _surges(document: Mapping[str, Any]) -> Problems:
    """Who is brought comes after those who bring; a signup is a step."""
    steps = [
        step["name"]
        for _, journey in tables(document, "journey")
        for _, step in tables(journey, "step")
        if isinstance(step.get("name"), str)
    ]
    before: list[str] = []
    for path, surge in tables(document, "surge"):
        for named in _listed(surge.get("of")):
            if named in before:
                continue
            if named in names(document, "surge"):
                problem = f'"{named}" is not defined before it'
                yield (*path, "of"), problem, "put it after the surges named by of"
            else:
                yield (*path, "of"), *_unknown("surge", named, before)
        if isinstance(surge.get("step"), str) and surge["step"] not in steps:
            yield (*path, "step"), *_unknown("step", surge["step"], steps)
        name = surge.get("name", surge.get("shape"))
        before += [name] if isinstance(name, str) else []


def _journeys(document: Mapping[str, Any]) -> Problems:
    known = names(document, "station")
    for path, journey in tables(document, "journey"):
        if journey.get("name") == LINE:
            yield path, 'a journey cannot be called "line"', "objectives.line is about the line"
        for step_path, step in tables(journey, "step"):
            places = [((), step), *tables(step, "calls"), (("holds",), table(step, "holds"))]
            for inner, place in places:
                if isinstance(place.get("at"), str) and place["at"] not in known:
                    where = (*path, *step_path, *inner, "at")
                    yield where, *_unknown("station", place["at"], known)


def _changes(document: Mapping[str, Any]) -> Problems:
    stations = names(document, "station")
    known = [
        *OF_THE_LINE,
        *(f"station.{name}.{lever}" for name in stations for lever in OF_A_STATION),
    ]
    for path, change in tables(document, "change"):
        if isinstance(change.get("station"), str) and change["station"] not in stations:
            yield (*path, "station"), *_unknown("station", change["station"], stations)
        for lever in table(change, "set"):
            if lever not in known:
                problem = f'"{lever}" cannot be changed while the launch runs'
                yield (*path, "set"), problem, closest(lever, known)


def _objectives(document: Mapping[str, Any]) -> Problems:
    known = names(document, "journey")
    for journey in table(document, "objectives"):
        if journey not in known and journey != LINE:
            yield ("objectives", journey), *_unknown("journey", journey, [*known, LINE])


def _line(document: Mapping[str, Any]) -> Problems:
    """A line that is ever closed must be released."""
    waitlist = document.get("waitlist")
    policies = [table(document, "waitlist").get("policy", "fifo")] if waitlist is not None else []
    policies += [table(c, "set").get("waitlist.policy") for _, c in tables(document, "change")]
    closed = any(policy not in (None, "open") for policy in policies)
    if closed and "release" not in table(document, "waitlist"):
        yield (
            ("waitlist", "release"),
            "is missing, so nobody in the line would ever be let in",
            "add release = { share_of_capacity = 0.75 }, or { rate = ... }",
        )


def _sources(node: Any, path: tuple[str | int, ...], known: frozenset[str]) -> Problems:
    """Sources that are named anywhere, and fields that are said to be assumed."""
    if isinstance(node, list):
        for number, entry in enumerate(node):
            yield from _sources(entry, (*path, number), known)
    if not isinstance(node, dict):
        return
    for source in _listed(node.get("source")):
        if source not in known:
            yield (*path, "source"), *_unknown("source", source, list(known))
    for field in _listed(node.get("assumed")):
        if not _holds(node, field):
            yield (*path, "assumed"), f'there is no "{field}" in this table', closest(field, node)
    for key, value in node.items():
        inside = (*path, key)
        if inside not in (("variant",), ("applied",), ("sources",)) and not is_sent(inside):
            yield from _sources(value, inside, known)


def _listed(value: object) -> list[str]:
    if isinstance(value, str):
        return [value]
    return [v for v in value if isinstance(v, str)] if isinstance(value, list) else []


def _holds(node: Mapping[str, Any], field: str) -> bool:
    head, _, rest = field.partition(".")
    if field in node or not rest:
        return field in node
    inner = node.get(head)
    return isinstance(inner, dict) and _holds(inner, rest)


def _clock(launch: Mapping[str, Any]) -> Problems:
    """A time zone that exists, and an opening in our time, whose offset is the zone's on that day."""
    zone, opening = launch.get("time_zone"), launch.get("opening")
    if isinstance(opening, datetime) and opening.year not in YEARS:
        problem = f"is in the year {opening.year}"
        yield ("launch", "opening"), problem, "write the year of the launch"
        return
    if not isinstance(zone, str):
        return
    try:
        clock = zoneinfo.ZoneInfo(zone)
    except (zoneinfo.ZoneInfoNotFoundError, ValueError, OSError):
        known = zoneinfo.available_timezones()
        # A machine without the time zone database cannot tell.
        if known:
            yield ("launch", "time_zone"), f'there is no time zone "{zone}"', closest(zone, known)
        return
    if isinstance(opening, datetime) and opening.tzinfo is not None:
        right = opening.replace(tzinfo=clock)
        if right.utcoffset() != opening.utcoffset():
            problem = f"its offset is not that of {zone} on that day"
            yield ("launch", "opening"), problem, f"write {right.isoformat()}"
