"""A launch that was disturbed ever more."""

from __future__ import annotations

from typing import Literal

from reports.schema.terms import Document, Outcome, Told


class Reaction(Told):
    """One disturbance of one size, and what came of it."""

    kind: str
    text: str
    at_s: float
    """Since the opening."""
    lasts_s: float
    people: float
    """Who come besides."""
    station: str
    launches: int
    launches_lost: int
    """Those that do not recover."""
    probability: float
    """Their share."""
    interval: tuple[float, float]
    """Its 95 % interval."""
    share: float
    """Goodput in the last window, as a share of the demand."""
    recovered_s: float | None
    """So long after the disturbance the others had recovered, in the median; null: not seen."""
    outcome: Outcome


class Cure(Told):
    """A change with which launches recover."""

    what: str
    """What is changed: servers, cores, release, ..."""
    now: float
    """As the file has it: servers, cores, 1/s; durations in ns."""
    then: float
    """The same, changed."""
    recover: int
    """In so many launches"""
    launches: int
    """of so many."""
    text: str


class Sweep(Told):
    """One kind of disturbance, in several sizes."""

    kind: Literal["pulse", "dip"]
    """Too many people, or too little to serve them."""
    outcome: Outcome
    smallest_not_recovered: float | None
    """The size from which on some launches do not recover: people of a pulse, nanoseconds of a dip."""
    half_not_recovered: float | None
    """The size from which on half of the launches do not."""
    tried: list[Reaction]
    cures: list[Cure]


class Stressed(Told):
    """What was found."""

    launches: int
    """Of each size."""
    recovered_at: float
    """Goodput of this share of the demand counts as recovered."""
    at_s: float
    """When it is disturbed, since the opening."""
    wanted_per_s: float
    """Arrivals then."""
    peak_at_s: float
    peak_per_s: float
    last_window_from_s: float
    """From here on it has to have recovered."""
    station: str
    """Where."""
    wanted: int
    """People in the last window, all launches together."""
    undisturbed: float | None
    """Goodput in the last window without a disturbance, as a share of the demand."""
    undisturbed_lost: int
    """In how many launches that is too little."""
    sweeps: list[Sweep]
    outcome: Outcome
    sentence: str


class Stress(Document):
    """`predict --stress --json`."""

    document: Literal["stress"]
    scenario: str
    variant: str | None
    settings: list[str]
    seed: int
    launches: int
    """Of each size."""
    engine: str
    stress: Stressed
