"""The words of a surge: when people come. Surges add up."""

from __future__ import annotations

from typing import Annotated, get_args

from pydantic import Field

from simulator.scenario.words.surges.adoption import Adoption
from simulator.scenario.words.surges.brought import Bringing, Referral, Returning
from simulator.scenario.words.surges.diurnal import Diurnal
from simulator.scenario.words.surges.formulas import (
    Bass,
    Constant,
    Countdown,
    Logistic,
    Ramp,
    Spike,
)
from simulator.scenario.words.surges.milestones import Milestones, Point, Points
from simulator.scenario.words.surges.recorded import Recorded
from simulator.scenario.words.surges.waves import Waves

__all__ = [
    "SHAPES",
    "Adoption",
    "Bass",
    "Bringing",
    "Constant",
    "Countdown",
    "Diurnal",
    "Logistic",
    "Milestones",
    "Point",
    "Points",
    "Ramp",
    "Recorded",
    "Referral",
    "Returning",
    "Spike",
    "Surge",
    "Waves",
]

AnyShape = (
    Milestones
    | Countdown
    | Constant
    | Ramp
    | Spike
    | Waves
    | Bass
    | Logistic
    | Adoption
    | Diurnal
    | Recorded
    | Referral
    | Returning
)
Surge = Annotated[AnyShape, Field(discriminator="shape")]
SHAPES: tuple[str, ...] = tuple(
    name
    for words in get_args(AnyShape)
    for name in get_args(words.model_fields["shape"].annotation)
)
