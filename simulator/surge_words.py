"""The words of a surge: when people come. Surges add up."""

from __future__ import annotations

from typing import Annotated, get_args

from pydantic import Field

from simulator.brought_words import Bringing, Referral, Returning
from simulator.diurnal_words import Diurnal
from simulator.milestone_words import Milestones, Point, Points
from simulator.recorded_words import Recorded
from simulator.shape_words import Bass, Constant, Countdown, Logistic, Ramp, Spike
from simulator.wave_words import Waves

__all__ = [
    "SHAPES",
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
