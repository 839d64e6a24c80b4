"""The words of a scenario: every table that a file may hold, and what each of its keys means.

People, the line, stations, journeys, surges, changes and the rehearsal have modules of their own; the document
brings them together.

The word in the file is the field's name without its unit: ``client_timeout_ns`` is written
``client_timeout = "10 s"``. The sentence under a field is what editors show, through the JSON
Schema that :mod:`simulator.scenario.schema` makes of these classes.
"""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import AwareDatetime, ConfigDict, Field, Strict

from simulator.scenario.words.changes import Change
from simulator.scenario.words.costs import Costs
from simulator.scenario.words.journeys import Journey
from simulator.scenario.words.people import People
from simulator.scenario.words.rehearsal.replay import Data, Replay
from simulator.scenario.words.stations import Station
from simulator.scenario.words.surges.surge import Points, Surge
from simulator.scenario.words.terms import (
    Count,
    Name,
    PositiveNs,
    Share,
    Table,
    Words,
)
from simulator.scenario.words.waitlist import Waitlist

LINE = "line"
"""What ``[objectives.line]`` speaks of; no journey may have this name."""


class Launch(Table):
    """What is launched, and when."""

    name: Name
    """A short name: letters, digits, - and _."""
    story: str
    """What happened or what is planned, in a few sentences."""
    teaches: str | None = None
    """What a planner learns from it, in one sentence."""
    opening: Annotated[AwareDatetime, Strict()]
    """The instant of the opening, with its offset: 2022-02-20T23:00:00-05:00."""
    time_zone: str
    """The local time zone: America/New_York."""
    horizon_ns: PositiveNs
    """How long the launch lasts; then arrivals end and the line closes."""


class JourneyObjective(Table):
    """What "holds" means for those let in: they succeed, and soon."""

    p50_ns: PositiveNs | None = None
    """Half of them succeed within this."""
    p95_ns: PositiveNs | None = None
    """95 of 100 succeed within this."""
    p99_ns: PositiveNs | None = None
    """99 of 100 succeed within this."""
    errors: Share | None = None
    """The largest share that may leave without what they came for."""


class LineObjective(Table):
    """What "holds" means for the line."""

    forgotten: Count | None = None
    """How many may have no recorded outcome (giving up does not count)."""
    p50_ns: PositiveNs | None = None
    """Half of those who do not leave it wait no longer than this."""
    p95_ns: PositiveNs | None = None
    """95 of 100 of those who do not leave it wait no longer than this."""
    never_let_in: Share | None = None
    """The largest share of those who come to the line that may not be let in by the end: they found
    it full or too long, left it, did not come when called, or still stand in it."""
    left: Share | None = None
    """The largest share of those who stand in line that may leave it because patience ran out."""


class Objectives(Words):
    """What "holds" means: a table for the line, and one for each journey, by its name."""

    model_config = ConfigDict(extra="allow")
    __pydantic_extra__: dict[str, JourneyObjective] = Field(init=False)
    line: LineObjective | None = None
    """What "holds" means for the line."""

    @property
    def journeys(self) -> dict[str, JourneyObjective]:
        return self.__pydantic_extra__


class Source(Words):
    """Where figures come from."""

    title: str
    url: str | None = None
    published: str | None = None
    """When it was published, as stated there."""
    says: str | None = None
    """The words that the figures were taken from."""


class Reading(Table):
    """A second published series, drawn beside the launch; it does not affect the verdict."""

    name: Name
    counts: str
    """What was counted, in a word: downloads."""
    points: Points
    """Cumulative counts since the opening."""


class Applied(Words):
    """What was asked on the command line; written into the scenario of a run's folder."""

    variant: str | None = None
    set_: tuple[str, ...] = ()
    system: str | None = None
    """The file in which the stations stood."""


class Document(Words):
    """One launch: who comes and when, how they are let in, what serves them, what "holds" means."""

    format: Literal[1]
    """The version of this language: format = 1."""
    system: str | None = None
    """A file that holds the stations, so that one launch can meet several systems."""
    launch: Launch
    """A [launch] table: what and when."""
    people: Annotated[tuple[People, ...], Field(min_length=1)]
    """A [[people]] table for each group: who they are."""
    surge: Annotated[tuple[Surge, ...], Field(min_length=1)]
    """A [[surge]] table for each component: when they come."""
    waitlist: Waitlist = Waitlist(policy="open")
    """How they are let in; without it, everybody at once."""
    station: Annotated[tuple[Station, ...], Field(min_length=1)]
    """A [[station]] table: what serves; or system = "FILE" that holds it."""
    journey: Annotated[tuple[Journey, ...], Field(min_length=1)]
    """A [[journey]] table: what people do once they are in."""
    change: tuple[Change, ...] = ()
    """What changes while the launch runs: operators act, servers fail."""
    objectives: Objectives
    """What "holds" means: [objectives.JOURNEY] and [objectives.line]."""
    costs: Costs = Costs()
    """What is weighed against the price of a system."""
    variant: dict[str, dict[str, Any]] = Field(default_factory=dict)
    """Named overlays: what [variant.NAME] sets replaces what the file says."""
    replay: Replay | None = None
    """How the launch is rehearsed against a real server."""
    data: Data | None = None
    """What each visitor of a rehearsal has of his own: ${data.column}."""
    reading: tuple[Reading, ...] = ()
    """Other published series, drawn beside the launch."""
    sources: dict[str, Source] = Field(default_factory=dict)
    """Where the figures of this file come from."""
    applied: Applied = Applied()
    """Written by the tool into a run's folder."""


class StationsFile(Words):
    """What ``system`` names: the stations of one environment."""

    format: Literal[1] = 1
    station: Annotated[tuple[Station, ...], Field(min_length=1)]
    sources: dict[str, Source] = Field(default_factory=dict)
