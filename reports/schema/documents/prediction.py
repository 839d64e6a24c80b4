"""A prediction: a launch that was simulated many times."""

from __future__ import annotations

from typing import Literal

from reports.schema.terms import Document, Number, Told, Unit, Verdict, at_times


class Counted(Told):
    """How many launches there were."""

    simulated: int
    do_not_hold: int


class First(Told):
    """What goes wrong first."""

    station: str
    """Where it shows."""
    sign: str
    """What shows."""
    cause: str
    """The station that runs out."""
    supply: str | None
    """Of what."""
    began_s: float
    """Since the opening, in the median launch."""
    launches: int
    """In how many launches it is this one."""


class Toll(Told):
    """What a change costs people."""

    wait_p95: Number
    """In seconds."""
    never_let_in: float
    """A share."""
    left: float
    """A share."""


class Remedy(Told):
    """A change with which it holds."""

    what: str
    """What is changed: servers, cores, release, ..."""
    station: str
    now: float
    """As the file has it: servers, cores, 1/s; durations in ns."""
    then: float
    """The same, changed."""
    holds: int
    """In so many launches"""
    launches: int
    """of so many."""
    toll: Toll | None
    text: str


class Explanation(Told):
    """What happens, and why."""

    lines: list[str]
    launches: Counted
    first: First | None
    smallest_change: Remedy | None
    other_changes: list[Remedy]


class Peak(Told):
    """The most people that are expected within a time."""

    window_s: float
    begins_s: float
    people: float
    """In it."""
    per_s: float


class Estimate(Told):
    """A figure of the launch."""

    label: str
    unit: Unit
    mean: Number
    """Of the launches."""
    interval_of_mean: tuple[Number, Number]
    """95 %."""
    middle_of_launches: tuple[Number, Number]
    """Where the middle 95 % of launches lie."""
    samples: int
    """In the launch with the fewest."""
    enough: bool
    """Whether these carry the figure."""


class Station(Told):
    """The means over the launches, bin by bin; null where nothing was there."""

    utilisation: list[float | None]
    """A share of what there is."""
    instances: list[float | None]
    """How many are up."""
    queue: list[float | None]
    """Requests that wait."""
    requests_per_s: list[float | None]


class OverTime(Told):
    """What the stations do over time."""

    bin_s: float
    stations: dict[str, Station]


class Cost(Told):
    """What the prediction cost."""

    visits: int
    """People simulated, in all launches."""
    wall_s: float = at_times()
    """With --timings."""
    cpu_s: float = at_times()
    """With --timings."""


class Prediction(Document):
    """`predict --json`."""

    document: Literal["prediction"]
    scenario: str
    variant: str | None
    settings: list[str]
    """Of --set and --objective."""
    seed: int
    launches: int
    engine: str
    explanation: Explanation
    peaks: list[Peak]
    figures: dict[str, Estimate]
    """By their stable keys: "response_p95"."""
    over_time: OverTime
    verdict: Verdict
    cost: Cost
