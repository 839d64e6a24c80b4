"""A run: what a rehearsal came to, beside what was predicted."""

from __future__ import annotations

from typing import Literal

from reports.schema.documents.comparison import Comparison
from reports.schema.documents.instrument import Instrument, Line, Machine
from reports.schema.terms import (
    Cell,
    Document,
    Number,
    Outcome,
    Provenance,
    Subject,
    Told,
    Unit,
    Verdict,
    at_times,
)


class PredictedOnly(Told):
    """What was predicted and not rehearsed."""

    key: str
    """Where it stands in the launch file."""
    instead: str
    """What was rehearsed in its place; empty: nothing."""


class Decision(Told):
    """What a run came to, as its exit code and last line say it."""

    variant: str
    subject: Subject | None
    """Null where no verdict decides."""
    provenance: Provenance | None
    outcome: Outcome
    exit_code: int
    sentence: str
    ended: bool
    """Whether it was stopped or failed before it could be judged."""


class RunVerdict(Verdict):
    """One of a run's verdicts."""

    decides: bool
    """Whether it is the run's own."""


class Missed(Told):
    """A figure that would have been a surprise."""

    key: str
    observed: Number
    from_: float | None
    """Where the middle 95 % of launches begin."""
    to: float | None
    """And where they end; both in the unit of the figure."""
    p: float | None
    """How likely a prediction that is right misses it by so much."""


class Level(Number):
    """A figure, with so much known."""

    step: str
    """probed, demand, machine, service or observed: each knows more than the one before."""
    from_: float | None
    """Where the middle 95 % of launches begin; null of what was observed."""
    to: float | None
    """And where they end."""


class Share(Told):
    """What one part adds to an error."""

    part: str
    """demand, machine, service or queue."""
    value: float | None
    """In the unit of the figure."""
    low: float | None
    """The 95 % interval, from here"""
    high: float | None
    """to here."""


class Waterfall(Told):
    """Where the error of a figure came from."""

    key: str
    unit: Unit
    levels: list[Level]
    parts: list[Share]
    """One less than there are levels."""


class Came(Told):
    """Whether the prediction came true."""

    outcome: Literal["predicted right", "predicted wrong", "not comparable", "unknown"]
    sentence: str
    p: float | None
    """How likely a prediction that is right misses all figures together by so much."""
    missed: list[Missed]
    waterfalls: list[Waterfall]


class Sealed(Told):
    """The prediction, as it was kept before anybody was sent."""

    sha256: str
    file: str
    intact: bool
    """Whether the file still is what was sealed, and says of each figure what is told here."""


class Figure(Told):
    """A figure as it was predicted, and as it was observed."""

    key: str
    """Stable: "response_p95"."""
    label: str
    """For people: "signup p95"."""
    unit: Unit
    launch_predicted: Cell | None
    rehearsal_predicted: Cell | None
    rehearsal_observed: Cell | None
    error: float | None
    """Observed over predicted, less 1."""
    difference: float = at_times()
    """Of counts so small that a quotient says nothing: observed less predicted."""
    within: bool | None
    """Whether it fell inside the predicted range; null where there is none."""


class Answer(Told):
    """Answers of the target that were alike."""

    step: int
    """Of the journeys, from 0 on; -1: the waiting line."""
    place: str
    result: str
    status: int
    """0: no answer."""
    reason: str
    count: int


class Unheard(Told):
    """Who may have been served without hearing so, beside those who count as served."""

    people: int
    at_most: int


class Variant(Told):
    """One variant of the launch."""

    variant: str
    verdicts: list[RunVerdict]
    prediction: Came | None
    """Null where nothing was replayed."""
    sealed: Sealed | None
    figures: list[Figure]
    instrument: Instrument | None
    machine: Machine | None
    line: Line | None
    answers: list[Answer]
    unheard: Unheard


class Run(Document):
    """`replay --json` and `report --json`; verdict.json in the folder of a run."""

    document: Literal["run"]
    scenario: str
    """The name of the launch."""
    started_at: str
    """ISO 8601, in UTC."""
    seed: int
    run: str
    """The name of its folder."""
    run_id: str
    """The word that all its visitors have in their addresses."""
    told: list[str]
    """What else is to be said of it."""
    predicted_only: list[PredictedOnly]
    verdict: Decision
    variants: list[Variant]
    """The first one decides."""
    against: Comparison = at_times()
    """With `replay --against`, on stdout."""
