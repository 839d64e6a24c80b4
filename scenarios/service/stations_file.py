"""The stations of a target as people write them, in the words of a scenario.

::

    [[station]]
    name = "payments"
    serves = ["pay", "read/balance"]
    servers = 2
    waiting_room = 32
    work = "8 ms"

What no station serves, the signup before all, shares the workers and the queue of the target itself.
"""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from scenarios.service.settings import StationSettings
from simulator.errors import ScenarioError
from simulator.scenario.checks.tables import mistakes_in
from simulator.scenario.scenario import load
from simulator.scenario.words.terms import AtLeastOne, Count, DurationNs, Keys, Name, Words


class ServingStation(Words):
    """Workers that serve some endpoints and nothing else."""

    name: Name
    """What metrics and health call it."""
    serves: Annotated[Keys, Field(min_length=1)]
    """Endpoints: verify, read, write, pay, or of one thing alone: read/feed, write/feed."""
    servers: AtLeastOne
    """How many requests are worked on at the same time."""
    waiting_room: Count = 64
    """How many may wait for a server; one more is turned away."""
    work_ns: DurationNs = 0
    """How long a core is busy with each, beside the database."""

    def settings(self) -> StationSettings:
        return StationSettings(
            name=self.name,
            serves=self.serves,
            workers=self.servers,
            queue=self.waiting_room,
            work_ns=self.work_ns,
        )


class TargetFile(Words):
    """A file of stations that a target is to have."""

    format: Literal[1] = 1
    station: Annotated[tuple[ServingStation, ...], Field(min_length=1)]


def read_target_stations(text: str, file: str) -> tuple[StationSettings, ...]:
    """The stations in a text.

    Raises ScenarioError, with every mistake, where the words are wrong, and UsageError where a station
    cannot be.
    """
    document = load(text, file)
    if mistakes := mistakes_in(TargetFile, document, file, quoted=False):
        raise ScenarioError(mistakes)
    return tuple(each.settings() for each in TargetFile.model_validate(document).station)
