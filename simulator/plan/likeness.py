"""A launch like another one: its people, line and system in the size that somebody expects.

What was published of the other launch is no source for this one. Counts of an outcome (accounts
made, lengths of a line) become the arrivals that led to them, since it is arrivals that somebody
expects; where they reach beyond the horizon, they end at it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import numpy as np

from simulator.engine.rules import Engine
from simulator.errors import ScenarioError, UsageError
from simulator.plan.resolve import arriving, counts_outcomes, resolve
from simulator.plan.surges.milestones import milestones
from simulator.scenario.document.overlay import laid_over
from simulator.scenario.document.paths import Path
from simulator.scenario.document.provenance import CLAIMS, is_sent
from simulator.scenario.document.toml_text import toml_text
from simulator.scenario.scale.numbers import significant
from simulator.scenario.scale.scale import Scale
from simulator.scenario.scenario import Scenario, parse
from simulator.scenario.words.document import Document
from simulator.scenario.words.rehearsal.replay import Replay
from simulator.scenario.words.surges.surge import Milestones
from simulator.text.quantities import UNITS_NS, parse_duration
from simulator.text.wording import format_count, format_duration, format_people
from simulator.timetable.demand import Demand
from simulator.units import NS_PER_S

Raw = dict[str, Any]

WEEKS_AHEAD = 8
FEWEST_VISITORS, VISITORS, MOST_VISITORS = 600, 1_000, 1_500
"""Of a rehearsal: enough to judge by, and not too many for a small target."""
NO_REHEARSAL = {"from": "0 s", "for": "20 s", "drain": "5 s"}
"""Of a launch like one that is not rehearsed; the drain where no client waits longer."""
NOT_HIS = ("sources", "reading", "system", "applied")
"""What belongs to the other launch alone."""
OF_THE_OUTCOME = ("counts", "points", "step", "between", "peak")
HALVES = (8, 4, 2)
"""A curve that ends at the horizon has points at these parts of it, so that it keeps its form."""
NEAR_ENOUGH = 0.01
"""A part of those expected by which whole numbers of people may miss them."""
NEAR = 1 / 32
"""Of the horizon: where there is a point already."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Likeness:
    """A document for somebody's own launch."""

    document: Raw
    factor: float
    """How many times as many people as in the other launch."""
    people: float
    """Who are expected in it."""
    roomier: Mapping[str, float]
    """How many times its part of the system each station has, since servers are whole."""


def alike(
    scenario: Scenario, *, name: str, expect: float, now: datetime, engine: Engine
) -> Likeness:
    """A launch like the scenario's own, with so many people.

    Raises :class:`UsageError` where nobody comes, or where no launch can be so large.
    """
    file = f"{name}.toml"
    same = as_own(scenario.base, name, now, engine)
    there = _demand(_plain(same), file, engine).total
    if there <= 0:
        raise UsageError(f"--like {scenario.name}: nobody comes there in its horizon")
    factor = expect / there
    scale = Scale.of(same, factor)
    document = scale.document(same)
    try:
        demand = _demand(_plain(document), file, engine)
    except ScenarioError as wrong:
        raise UsageError(
            f"--expect {format_count(expect)}: {scenario.name} cannot be scaled that far: {wrong.mistakes[0]}"
        ) from None
    if abs(demand.total - expect) > NEAR_ENOUGH * expect:
        raise UsageError(
            f"--expect {format_count(expect)}: at this size, rounded to whole numbers, {scenario.name} has"
            f" {format_people(demand.total)}; raise --expect"
        )
    document["replay"] = _replay(document, scenario.base.words, factor, demand)
    document["variant"] = dict(_variants(document, file, engine))
    if "data" in document:  # its columns and rows are read anew
        document["data"] = {"file": document["data"]["file"]}
    return Likeness(
        document=document, factor=factor, people=demand.total, roomier=scale.roomier(same)
    )


def as_own(scenario: Scenario, name: str, now: datetime, engine: Engine) -> Raw:
    """The document without what is the other launch's, and with arrivals in place of outcomes."""
    document = without_claims(scenario.document)
    kept = {key: value for key, value in document.items() if key not in NOT_HIS}
    launch = scenario.words.launch
    kept["launch"] = {
        "name": name,
        "story": f"My launch, planned after {scenario.name}. Describe it here.",
        "opening": ahead(launch.opening, launch.time_zone, now),
        "time_zone": launch.time_zone,
        "horizon": document["launch"]["horizon"],
    }
    surges = zip(document["surge"], arriving(resolve(scenario), engine).surges, strict=True)
    kept["surge"] = [
        _coming(table, surge, launch.horizon_ns)
        if isinstance(surge, Milestones)
        else {key: value for key, value in table.items() if key != "file"}
        for table, surge in surges
    ]
    counted = {surge.name for surge in scenario.words.surge if counts_outcomes(surge)}
    kept["variant"] = {
        title: own
        for title, overlay in document.get("variant", {}).items()
        if (own := _own_variant(overlay, counted))
    }
    return kept


def without_claims(node: Any, path: Path = ()) -> Any:
    """A document without what says where its figures come from."""
    if isinstance(node, list):
        return [without_claims(entry, (*path, n)) for n, entry in enumerate(node)]
    if not isinstance(node, dict) or is_sent(path):
        return node
    return {
        key: without_claims(value, (*path, key)) for key, value in node.items() if key not in CLAIMS
    }


def ahead(opening: datetime, time_zone: str, now: datetime) -> datetime:
    """The same hour of the same day of the week, some weeks from now."""
    try:
        zone = ZoneInfo(time_zone)
    except (ZoneInfoNotFoundError, OSError):
        return opening + timedelta(days=7 * ((now - opening).days // 7 + WEEKS_AHEAD))
    then = now.astimezone(zone).date() + timedelta(weeks=WEEKS_AHEAD)
    local = opening.astimezone(zone)
    days = (local.weekday() - then.weekday()) % 7
    return datetime.combine(then + timedelta(days=days), local.time(), tzinfo=zone)


def _coming(table: Raw, surge: Milestones, horizon_ns: int) -> Raw:
    """Milestones of arrivals, up to the horizon."""
    kept = {key: value for key, value in table.items() if key not in ("step", "points")}
    at_ns = [point.at_ns for point in surge.points if point.at_ns < horizon_ns]
    if surge.points[-1].at_ns >= horizon_ns:
        smooth = surge.between in ("smooth", "power") and "peak" not in table
        at_ns += list(_parts_ns(horizon_ns, at_ns, HALVES if smooth else ()))
    instants = np.array(sorted(at_ns))
    counts = milestones(surge)(instants / NS_PER_S)
    points = [
        [duration_text(int(at)), significant(float(count))]
        for at, count in zip(instants, counts, strict=True)
    ]
    return {**kept, "counts": "arrivals", "points": points}


def _parts_ns(horizon_ns: int, known_ns: list[int], parts: tuple[int, ...]) -> Iterator[int]:
    """The horizon, and round instants before it where there is no point yet."""
    unit_ns = UNITS_NS["min"] if horizon_ns >= UNITS_NS["h"] else 1
    for part in parts:
        at_ns = round(horizon_ns / part / unit_ns) * unit_ns
        if all(abs(at_ns - known) > NEAR * horizon_ns for known in known_ns):
            yield at_ns
    yield horizon_ns


def duration_text(ns: int) -> str:
    """A duration, exactly.

    >>> duration_text(5_400 * 10**9), duration_text(90 * 86_400 * 10**9), duration_text(0)
    ('1 h 30 min', '90 days', '0 s')
    """
    parts = []
    for unit in ("days", "h", "min", "s", "ms", "us", "ns"):
        whole, ns = divmod(ns, UNITS_NS[unit])
        parts += [f"{whole} {'day' if unit == 'days' and whole == 1 else unit}"] if whole else []
    return " ".join(parts) or "0 s"


def _own_variant(overlay: Raw, counted: set[str]) -> Raw:
    """What a variant says that means something in another launch; nothing, if its surges do not."""
    kept = {key: value for key, value in overlay.items() if key not in (*NOT_HIS, "launch")}
    if horizon := overlay.get("launch", {}).get("horizon"):
        kept["launch"] = {"horizon": horizon}
    surges = kept.get("surge", {})
    if isinstance(surges, list):
        outcome = any(surge.get("counts") in ("signups", "line") for surge in surges)
    else:
        outcome = any(set(surges.get(name, ())) & set(OF_THE_OUTCOME) for name in counted)
    return {} if outcome else kept


def _variants(document: Raw, file: str, engine: Engine) -> Iterator[tuple[str, Raw]]:
    """Those that can be played in the new size, and are not the launch itself by then."""
    for name, overlay in document["variant"].items():
        if laid_over(document, overlay) == document:
            continue
        alone = {**document, "variant": {name: overlay}}
        try:
            _demand(alone, file, engine, name)
        except ScenarioError:
            continue
        yield name, overlay


def _demand(document: Raw, file: str, engine: Engine, variant: str | None = None) -> Demand:
    """Who comes; also whether the launch can be played at all.

    Raises :class:`ScenarioError`.
    """
    scenario = parse(toml_text(document), file, variant=variant)
    return arriving(resolve(scenario), engine).demand


def _plain(document: Mapping[str, Any]) -> Raw:
    """The launch alone."""
    return {key: value for key, value in document.items() if key not in ("replay", "variant")}


def _no_rehearsal(launch: Document) -> Raw:
    """How a launch like one that is not rehearsed is: nobody waits longer than its drain."""
    timeouts_ns = [people.client_timeout_ns or 0 for people in launch.people]
    drain_ns = max(parse_duration(NO_REHEARSAL["drain"]), *timeouts_ns)
    return {**NO_REHEARSAL, "drain": format_duration(drain_ns)}


def _replay(document: Raw, launch: Document, factor: float, demand: Demand) -> Raw:
    """The rehearsal of the other launch with as many visitors, or with as many as are enough."""
    replay = launch.replay
    said = dict(document.get("replay") or _no_rehearsal(launch))
    words = replay or Replay.model_validate(NO_REHEARSAL)
    in_it = demand.window(words.from_ns, words.from_ns + words.for_ns).total
    said.pop("reason", None)
    said["demand_factor"] = 1.0
    if not FEWEST_VISITORS <= in_it <= MOST_VISITORS:
        wanted = VISITORS if replay is None else in_it / factor * replay.demand_factor
        visitors = min(max(wanted, FEWEST_VISITORS), MOST_VISITORS)
        said["demand_factor"] = significant(visitors / max(in_it, 1e-6))
        said["reason"] = (
            f"Of the launch, {significant(in_it):,} people come in this time. About {format_count(visitors)} are enough"
            " to judge by, and not too many for a small server."
        )
    return said
