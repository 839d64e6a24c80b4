"""Facts of a run that no figure can tell: what was asked for, of whom, and on whose word.

They are given by the front door, kept in the run's store, and read back by the reports.
"""

from __future__ import annotations

import enum
from dataclasses import dataclass, field
from datetime import datetime
from typing import TypeVar

from pydantic import TypeAdapter, ValidationError

from simulator.errors import Damaged
from simulator.outcomes.counts.places import Layout
from simulator.plan.peaks import in_words
from simulator.plan.plan import Plan, PredictedOnly, Subject
from simulator.system.objectives import Objectives

T = TypeVar("T")


class Standing(enum.StrEnum):
    """On whose word a figure stands."""

    SOURCED = "sourced"
    MEASURED = "measured"
    ASSUMED = "assumed"
    PREDICTED = "predicted"
    EXTRAPOLATED = "extrapolated"
    """Predicted, for more than what was rehearsed."""
    OBSERVED = "observed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Given:
    """A figure that somebody put into the scenario."""

    key: str
    """Where it stands in the file, as ``station.signup.servers``."""
    value: str
    """As the file says it, with its unit."""
    standing: Standing
    source: str = ""
    """The title of the source, or why it is assumed."""
    url: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Milestone:
    """A published figure to hold the predicted line of the launch against."""

    label: str
    at_ns: int
    value: float
    source: str = ""
    url: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Act:
    """What an operator did during a rehearsal; instants are nanoseconds since the opening."""

    at_ns: int
    """When it was to be done."""
    command: str
    """Without its secrets."""
    began_ns: int | None
    """None: it was not done."""
    took_ns: int = 0
    failure: str = ""
    """Why it did not do what it should; empty where it did."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RunFacts:
    """What one run is about."""

    scenario: str
    """The name of the launch, as in the library."""
    started_at: datetime
    """In UTC."""
    seed: int
    title: str = ""
    """What people call the launch; empty: its name."""
    story: str = ""
    target: str | None = None
    """What was replayed against; None: nothing was to be replayed."""
    probe: str = ""
    """What the probe found, in a sentence."""
    connections: str = ""
    """Whose connections the visitors had, in a sentence; empty: nobody said."""
    sharing: str = ""
    """What sending takes of the target's cores, or who was kept on which, in a sentence; empty: they are
    on two machines, or an older version did not say."""
    demand_factor: float = 1.0
    demand_factor_reason: str = ""
    line: str = ""
    """How people waited, where the launch file says it."""
    predicted_only: tuple[PredictedOnly, ...] = ()
    """What the rehearsal is without."""
    run_id: str = ""
    """The word that all visitors of the rehearsal have in their addresses."""
    told: tuple[str, ...] = ()
    """What else is to be said of the rehearsal: its mails, and how its cleanup ended."""
    acts: tuple[Act, ...] = ()
    """What an operator did meanwhile."""
    agreement: str = ""
    """How far the two engines agreed on the rehearsal, in a sentence."""
    versions: dict[str, str] = field(default_factory=dict)
    machine: str = ""
    """What the run took place on, in a few words; empty: an older version did not say."""
    assumptions: tuple[Given, ...] = ()
    milestones: tuple[Milestone, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Ending:
    """How a run ended that no verdict decides: stopped, interrupted, or by a failure; or as its command says."""

    exit_code: int
    sentence: str
    judged: bool = False
    """Whether the command judged it by more than its verdict: what was measured counts."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanFacts:
    """What the reports need to know of a plan: everything but how to play it."""

    subject: Subject
    objectives: Objectives
    horizon_ns: int
    end_ns: int
    bin_ns: int
    demand_factor: float
    seed: int
    has_line: bool
    """Whether people are let in through a line at the opening."""
    timetable_sha256: str = ""
    layout: Layout = field(default_factory=Layout)
    """What outcomes are counted apart by."""
    peaks: str = ""
    """How many are expected in the busiest second and the busiest bin of a chart."""

    @classmethod
    def of(cls, plan: Plan, timetable_sha256: str = "") -> PlanFacts:
        return cls(
            subject=plan.subject,
            objectives=plan.objectives,
            horizon_ns=plan.horizon_ns,
            end_ns=plan.end_ns,
            bin_ns=plan.bin_ns,
            demand_factor=plan.demand_factor,
            seed=plan.seed,
            has_line=plan.system.has_line,
            timetable_sha256=timetable_sha256,
            layout=plan.layout,
            peaks=in_words(plan),
        )


def dump(value: object) -> str:
    """JSON of any of these."""
    return TypeAdapter(type(value)).dump_json(value).decode()


def load(kind: type[T], text: str, where: str) -> T:
    """Read it back.

    Raises Damaged where the text is not of this kind.
    """
    try:
        return TypeAdapter(kind).validate_json(text)
    except ValidationError as error:
        first = error.errors()[0]
        key = ".".join(str(part) for part in first["loc"])
        raise Damaged(
            f"{where}: {key}: {first['msg']}; the run was written by another version, or damaged"
        ) from error
