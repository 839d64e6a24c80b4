"""Answer: everything that the planner's report tells of, given by the front door."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from reports.run.facts import Given
from simulator.advice.change.remedy import Prescription
from simulator.advice.play.grid import Grid
from simulator.advice.size.answer import Sizing
from simulator.advice.why.diagnosis import Diagnosis
from simulator.advice.why.waits import WaitsByArrival
from simulator.plan.launches import Prediction
from simulator.plan.plan import Plan
from simulator.plan.published.published import Expected
from simulator.verdict.verdict import Verdict


@dataclass(frozen=True, slots=True, kw_only=True)
class Made:
    """How the report was made: enough to make it again."""

    command: str
    at: datetime
    """In UTC."""
    seed: int
    engine: str
    versions: dict[str, str] = field(default_factory=dict)
    sha256: dict[str, str] = field(default_factory=dict)
    """Of what was read (the launch as it was understood) and of who comes when."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """What the launch's file tells of it."""

    name: str
    story: str = ""
    opening: datetime | None = None
    assumptions: tuple[Given, ...] = ()
    published: tuple[Expected, ...] = ()
    """What was published of it, beside what is expected."""
    sources: dict[str, str] = field(default_factory=dict)
    """The title of each source by its key."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """A prediction, and how much is needed where that was asked."""

    told: Told
    made: Made
    plan: Plan
    """With the system that was predicted: the certified one, or the file's own."""
    prediction: Prediction
    verdict: Verdict
    """On these launches."""
    diagnoses: tuple[Diagnosis, ...] = ()
    prescription: Prescription = field(default_factory=Prescription)
    """The smallest single change, where one was looked for."""
    sizing: Sizing | None = None
    waits: WaitsByArrival | None = None
    grid: Grid | None = None
