"""Everything that is suspected after a run."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from simulator.outcomes.machine import Machine
from simulator.outcomes.rows import Block
from simulator.system.system import System
from simulator.verdict.truth.played.services import Services
from simulator.verdict.truth.suspects.crowding import Crowding, crowding
from simulator.verdict.truth.suspects.fading import Fading, fading
from simulator.verdict.truth.suspects.limited import Limited, limited

Suspect = Crowding | Fading | Limited


def suspects_of(
    rows: Block, system: System, services: Mapping[str, Services], machine: Machine | None = None
) -> tuple[Suspect, ...]:
    """Of each station of a rehearsal as it was observed."""
    return tuple(_each(rows, system, services, machine))


def _each(
    rows: Block, system: System, services: Mapping[str, Services], machine: Machine | None
) -> Iterator[Suspect]:
    for number, station in enumerate(system.stations):
        found = services[station.name]
        seen: list[Suspect | None] = [limited(rows, system, number, found)]
        if len(found.step):
            seen += [crowding(system, found, machine), fading(system, found)]
        yield from (each for each in seen if each is not None)
