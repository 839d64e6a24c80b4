"""The words of a scenario: every table that a file may hold, and what each of its keys means.

The word in the file is the field's name without its unit: ``client_timeout_ns`` is written
``client_timeout = "10 s"``. The sentence under a field is what editors show, through the JSON
Schema that :mod:`simulator.schema` makes of these classes.
"""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import AwareDatetime, ConfigDict, Field, Strict, model_validator

from simulator.change_words import Change
from simulator.quantities import WrongQuantity
from simulator.surge_words import Points, Surge
from simulator.terms import (
    AtLeastOne,
    Count,
    DurationNs,
    Law,
    Name,
    Patience,
    Positive,
    PositiveNs,
    RatePerS,
    Service,
    Share,
    Table,
    UrlPath,
    Words,
)

LINE = "line"
"""What ``[objectives.line]`` speaks of; no journey may have this name."""


class Launch(Table):
    """What is launched, and when."""

    name: Name
    """A short name: letters, digits, - and _."""
    story: str
    """What happened or what is planned, in a few sentences."""
    opening: Annotated[AwareDatetime, Strict()]
    """The instant of the opening, with its offset: 2022-02-20T23:00:00-05:00."""
    time_zone: str
    """Where the clock on the wall stands: America/New_York."""
    horizon_ns: PositiveNs
    """How long the launch is looked at; then arrivals end and the line closes."""


class Retries(Table):
    """What a client does about a refusal or a timeout."""

    attempts: AtLeastOne = 1
    """All attempts together, the first one included."""
    backoff_ns: DurationNs = 0
    """The pause after the first attempt; it doubles after each one."""
    cap_ns: DurationNs | None = None
    """The longest pause."""
    jitter: Literal["none", "full"] = "full"
    """full: the pause is drawn between nothing and itself, so that nobody returns in step."""


class People(Table):
    """A group of people who behave alike."""

    name: Name
    """What other tables call them."""
    class_: Literal["invited", "referred", "everybody"] = "everybody"
    """How they came to know of the launch."""
    client_timeout_ns: PositiveNs | None = None
    """How long their client waits for an answer; without it, for ever."""
    retries: Retries = Retries()
    """What their client does about a refusal or a timeout."""
    patience: Patience = Law(law="never")
    """How long they stay in the line: a mean as in "30 min" (exponential), a law, or "never"."""
    journeys: dict[str, Share] = Field(default_factory=dict)
    """Which share of them takes which journey; without it, all take the only one."""


class Release(Table):
    """How fast the line is let in: by a rate, or by a share of what the stations can serve."""

    rate_per_s: RatePerS | None = None
    """So many, evenly spaced."""
    share_of_capacity: Annotated[float, Strict(), Field(ge=0.001, le=1)] | None = None
    """A share of the capacity of the slowest station: 0.75 leaves a quarter in reserve."""
    burst: AtLeastOne = 1
    """How many calls may be saved up while nobody waits."""

    @model_validator(mode="after")
    def _one_of_two(self) -> Release:
        if (self.rate_per_s is None) == (self.share_of_capacity is None):
            raise WrongQuantity(
                "give either rate or share_of_capacity", "exactly one of the two, as in 0.75"
            )
        return self


class Waitlist(Table):
    """How people are let in."""

    kind: Literal["room", "list"] = "room"
    """room: they stay and look; list: they are called back."""
    policy: Literal["open", "fifo"] = "fifo"
    """open: everybody at once; fifo: first come, first served."""
    release: Release | None = None
    """How fast the line is let in."""
    poll_every_ns: DurationNs = 0
    """How often who waits looks whether he was called; without it he is told at once."""


class Station(Table):
    """What serves."""

    name: Name
    """What journeys call it."""
    kind: Literal["pool"] = "pool"
    """pool: equal servers, first come, first served."""
    servers: AtLeastOne
    """How many are served at the same time."""
    waiting_room: Count
    """How many may wait for a server; one more is turned away."""
    service: Service
    """How long a server is busy with one request."""
    round_trip_ns: DurationNs = 0
    """What network and client add to what people see; it occupies no server."""


class Request(Words):
    """What the replay sends for a step."""

    method: Literal["GET", "POST", "PUT", "PATCH", "DELETE"] = "POST"
    path: UrlPath
    """From the target's root: /signup."""


class Step(Table):
    """One step of a journey."""

    name: Name
    at: str
    """The station that serves it: a name of [[station]]."""
    request: Request | None = None
    """What the replay sends for it."""


class Journey(Table):
    """What people do once they are let in."""

    name: Name
    step: Annotated[tuple[Step, ...], Field(min_length=1)]
    """In their order."""


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
    """How many may be lost by the system; giving up is not being lost."""
    p50_ns: PositiveNs | None = None
    """Half of those let in waited no longer than this."""
    p95_ns: PositiveNs | None = None
    """95 of 100 of those let in waited no longer than this."""


class Objectives(Words):
    """What "holds" means: a table for the line, and one for each journey, by its name."""

    model_config = ConfigDict(extra="allow")
    __pydantic_extra__: dict[str, JourneyObjective] = Field(init=False)
    line: LineObjective | None = None
    """What "holds" means for the line."""

    @property
    def journeys(self) -> dict[str, JourneyObjective]:
        return self.__pydantic_extra__


class Endpoints(Words):
    """Where the target takes what belongs to no journey: paths from its root."""

    line: UrlPath = "/line"
    """Where people join the line, look, and leave it."""
    health: UrlPath = "/healthz"
    """Where the target says that it is well."""


class Replay(Table):
    """How the launch is rehearsed against a real server. Time is never scaled."""

    from_ns: DurationNs = 0
    """Where in the launch the rehearsal starts."""
    for_ns: PositiveNs
    """How long people come."""
    drain_ns: DurationNs
    """How long those under way are waited for after that."""
    demand_factor: Positive = 1.0
    """How many times as many people come as in the launch: 0.025 is one in forty."""
    reason: str | None = None
    """Why this factor."""
    in_flight: AtLeastOne = 2_000
    """How many people may be present at once, those in the line included; others are unsent."""
    endpoints: Endpoints = Endpoints()
    """Where the target takes what no journey does."""

    @model_validator(mode="after")
    def _reasoned(self) -> Replay:
        if self.demand_factor != 1.0 and not self.reason:
            raise WrongQuantity(
                f"a demand_factor of {self.demand_factor:g} needs its reason",
                'add reason = "..." in a sentence',
            )
        return self


class Source(Words):
    """Where figures come from."""

    title: str
    url: str | None = None
    published: str | None = None
    """When, as it stands there."""
    says: str | None = None
    """The words that the figures were taken from."""


class Reading(Table):
    """A second published series, drawn beside the launch; it decides nothing."""

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
    """A file that holds the stations, so that one launch meets several systems."""
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
    """What operators or fate do while the launch runs."""
    objectives: Objectives
    """What "holds" means: [objectives.JOURNEY] and [objectives.line]."""
    variant: dict[str, dict[str, Any]] = Field(default_factory=dict)
    """Named overlays: what [variant.NAME] sets replaces what the file says."""
    replay: Replay | None = None
    """How the launch is rehearsed against a real server."""
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
