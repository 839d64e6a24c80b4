"""The words of a surge: when people come. Surges add up."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from simulator.brought_words import Bringing, Referral, Returning
from simulator.diurnal_words import Diurnal
from simulator.milestone_words import Milestones, Point, Points
from simulator.recorded_words import Recorded
from simulator.shape_words import Bass, Constant, Countdown, Logistic, Ramp, Spike
from simulator.wave_words import Waves

__all__ = [
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

Surge = Annotated[
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
    | Returning,
    Field(discriminator="shape"),
]
