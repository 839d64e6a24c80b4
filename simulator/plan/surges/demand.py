"""The demand of a launch: every surge as streams of people, and each stream as components.

A stream comes to a group; whoever comes takes a journey by chance, with the group's shares. A
Poisson stream that is divided by chance is as many independent Poisson streams, so each entry of
the system (a group and one of its journeys) has a component of its own.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import singledispatch
from typing import assert_never

from simulator.plan.surges import formulas
from simulator.plan.surges.adoption import adoption, adoption_edges, left_open
from simulator.plan.surges.brought import brought
from simulator.plan.surges.curve import Clock, Cumulative, Stream, component, edges_until, times
from simulator.plan.surges.diurnal import diurnal, diurnal_edges
from simulator.plan.surges.milestones import milestones, turns_ns
from simulator.plan.surges.recorded import recorded, recorded_edges
from simulator.plan.surges.requests import requested
from simulator.plan.surges.waves import accepting, uninvited, wave_edges
from simulator.scenario.words.groups import Entry
from simulator.scenario.words.surges.base import Surging
from simulator.scenario.words.surges.formulas import (
    Bass,
    Constant,
    Countdown,
    Logistic,
    Ramp,
    Spike,
)
from simulator.scenario.words.surges.surge import (
    Adoption,
    Bringing,
    Diurnal,
    Milestones,
    Recorded,
    Surge,
    Waves,
)
from simulator.timetable.demand import Component


def components_of(
    surges: Iterable[Surge], entries: Sequence[Entry], clock: Clock
) -> tuple[Component, ...]:
    """The demand of all surges up to the horizon: of each, a component an entry of its groups.

    Who is brought by others comes after these: :mod:`simulator.scenario.checks.names` sees to it.
    """
    found: list[Component] = []
    for parts in by_surge(surges, entries, clock).values():
        found += parts
    return tuple(found)


def by_surge(
    surges: Iterable[Surge], entries: Sequence[Entry], clock: Clock
) -> dict[str, tuple[Component, ...]]:
    """The components of each surge, by its name, in the order of the file."""
    found: list[Component] = []
    places: dict[str, range] = {}
    for surge in surges:
        before = len(found)
        if isinstance(surge, Bringing):
            by = [index for name in surge.of for index in places[name]]
            members = [(n, e.share) for n, e in enumerate(entries) if e.group == surge.people]
            found += brought(surge, members, by, found)
        elif isinstance(surge, Recorded) and surge.requests is not None:
            found += requested(surge, entries, clock.horizon_ns)
        else:
            found += _coming(surge, entries, clock)
        places[surge.name] = range(before, len(found))
    return {name: tuple(found[index] for index in place) for name, place in places.items()}


def _coming(surge: Surging, entries: Sequence[Entry], clock: Clock) -> list[Component]:
    """The components of people who come by themselves."""
    law = None if surge.volume is None else surge.volume.law
    likely = 1.0 if surge.volume is None else surge.volume.likely
    return [
        part(
            component(
                number, times(likely, stream.cumulative), stream.edges_ns, stream.curves or law
            ),
            entry.share,
        )
        for stream in streams(surge, clock)
        for number, entry in enumerate(entries)
        if entry.group == stream.group
    ]


def part(whole: Component, share: float) -> Component:
    """A share of those who come in a component, at every instant."""
    mass = share * whole.mass
    return Component.of(whole.people, whole.edges_ns, mass, whole.tilt, whole.volume)


@singledispatch
def streams(surge: Surging, clock: Clock) -> tuple[Stream, ...]:
    """Who comes in a surge, and how, up to the horizon."""
    raise NotImplementedError(type(surge).__name__)


Formula = Countdown | Constant | Ramp | Spike | Bass | Logistic


@streams.register(Countdown | Constant | Ramp | Spike | Bass | Logistic)
def _formula(surge: Formula, clock: Clock) -> tuple[Stream, ...]:
    cumulative = curve(surge)
    edges_ns = edges_until(clock.horizon_ns, fresh_ns=corners_ns(surge))
    return (Stream(group=surge.people, cumulative=cumulative, edges_ns=edges_ns),)


def curve(surge: Formula) -> Cumulative:
    """The curve of a surge that a formula describes."""
    match surge:
        case Countdown():
            return formulas.countdown(surge)
        case Constant():
            return formulas.constant(surge)
        case Ramp():
            return formulas.ramp(surge)
        case Spike():
            return formulas.spike(surge)
        case Bass():
            return formulas.bass(surge)
        case Logistic():
            return formulas.logistic(surge)
        case _:
            assert_never(surge)


def corners_ns(surge: Formula) -> tuple[int, ...]:
    """Where the rate of such a surge begins, ends or jumps."""
    match surge:
        case Constant() | Ramp():
            return (surge.from_ns, surge.until_ns or surge.from_ns)
        case Spike():
            return (surge.at_ns, surge.at_ns + surge.rise_ns)
        case Bass():
            return (surge.from_ns,)
        case _:
            return ()


@streams.register
def _milestones(surge: Milestones, clock: Clock) -> tuple[Stream, ...]:
    edges_ns = edges_until(clock.horizon_ns, turns_ns(surge))
    return (Stream(group=surge.people, cumulative=milestones(surge), edges_ns=edges_ns),)


@streams.register
def _adoption(surge: Adoption, clock: Clock) -> tuple[Stream, ...]:
    edges_ns = adoption_edges(surge, clock)
    return (
        Stream(
            group=surge.people,
            cumulative=adoption(surge, clock.opening),
            edges_ns=edges_ns,
            curves=left_open(surge, clock.opening, edges_ns),
        ),
    )


@streams.register
def _diurnal(surge: Diurnal, clock: Clock) -> tuple[Stream, ...]:
    cumulative, edges_ns = diurnal(surge, clock.opening), diurnal_edges(surge, clock)
    return (Stream(group=surge.people, cumulative=cumulative, edges_ns=edges_ns),)


@streams.register
def _recorded(surge: Recorded, clock: Clock) -> tuple[Stream, ...]:
    edges_ns = recorded_edges(surge, clock.horizon_ns)
    return (Stream(group=surge.people, cumulative=recorded(surge), edges_ns=edges_ns),)


@streams.register
def _waves(surge: Waves, clock: Clock) -> tuple[Stream, ...]:
    edges_ns = wave_edges(surge, clock.horizon_ns)
    invited = Stream(group=surge.people, cumulative=accepting(surge), edges_ns=edges_ns)
    if surge.uninvited is None:
        return (invited,)
    others = surge.uninvited.people or surge.people
    return (invited, Stream(group=others, cumulative=uninvited(surge), edges_ns=edges_ns))
