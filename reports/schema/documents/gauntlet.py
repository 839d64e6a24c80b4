"""Every crowd of the library against one system."""

from __future__ import annotations

from typing import Literal

from reports.schema.terms import Document, Outcome, Told


class Broken(Told):
    """What breaks first."""

    began_s: float
    """Since the opening."""
    station: str | None
    supply: str | None
    at: str | None
    """Where it shows."""
    sign: str | None
    launches: int
    """In how many launches it is this one."""


class Enlarged(Told):
    """Something that has to be larger."""

    what: str
    """Servers, cores or tokens."""
    station: str
    now: float
    """How much there is."""
    then: float
    """How much is needed."""


class Simulated(Told):
    """How many launches there were."""

    simulated: int
    hold: int


class MiddleFigure(Told):
    """A figure in seconds, people, a share or 1/s; null: there is none."""

    value: float | None
    """The mean of the launches."""
    from_: float | None
    """Where the middle 95 % of them begin."""
    to: float | None
    """And where they end."""


class Trial(Told):
    """One launch of the library."""

    launch: str
    outcome: Outcome
    verdict: str
    """In a few words, as the five that follow."""
    lost: float
    """The share of people who came and were not served."""
    first: str
    comes: str
    fix: str
    breaks: Broken | None
    smallest_change: str | None
    """The single change that holds."""
    together: list[Enlarged] | None
    """Or what has to be enlarged together."""
    launches: Simulated
    figures: dict[str, MiddleFigure]
    """By their stable keys."""


class Refused(Told):
    """A launch whose crowd cannot come here."""

    launch: str
    why: str


class Gauntlet(Document):
    """`gauntlet --json`; gauntlet.json in its folder."""

    document: Literal["gauntlet"]
    host: str
    """Whose journeys and objectives the crowds meet."""
    expect: int
    """How many come."""
    seed: int
    outcome: Outcome
    left_out: list[str]
    trials: list[Trial]
    refused: list[Refused]
    sealed: str
    """SHA-256 of all the rest as canonical JSON: keys in order, no white space."""
