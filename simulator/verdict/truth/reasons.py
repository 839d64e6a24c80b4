"""Why a prediction came true or did not, as figures."""

from __future__ import annotations

import enum
from dataclasses import dataclass

from simulator.verdict.truth.machine.changed import Changed
from simulator.verdict.truth.parts import Step
from simulator.verdict.truth.suspects.found import Suspect
from simulator.verdict.truth.suspects.others import Others
from simulator.verdict.truth.took import Took


class Lacking(enum.Enum):
    """What is missing for a judgement."""

    NOTHING_PREDICTED = enum.auto()
    NOTHING_OBSERVED = enum.auto()
    NOT_VALID = enum.auto()
    """The replay is not valid: not all of the plan was sent as planned."""
    NOTHING_VARIES = enum.auto()
    """No figure can miss its prediction."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TooFewLaunches:
    """With these no observation is surprising."""

    launches: int
    needed: int


@dataclass(frozen=True, slots=True, kw_only=True)
class RightWith:
    """Predicted again with the machine, or the services, as they were, it is right."""

    step: Step
    within: float | None
    """The largest error of the figures that say the most, as a share of what is predicted so; None
    where none of them carries a share."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StillWrongWith:
    """Predicted again so, figures are missed all the same: what is left is the queue's."""

    step: Step
    labels: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Contradicted:
    """A share of answers came before the station could have begun to work on them, as it is described."""

    station: str
    share: float


Reason = (
    Took
    | Changed
    | Others
    | Suspect
    | RightWith
    | StillWrongWith
    | Contradicted
    | TooFewLaunches
    | Lacking
)
