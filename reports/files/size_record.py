"""A sizing as plain values, for a program: complete, and the same bytes for the same seed."""

from __future__ import annotations

import dataclasses
import datetime as dt
import enum
import math
from typing import Any

from reports.sentences.sizing.size import size_sentence
from simulator.advice.size.answer import Sizing
from simulator.advice.size.certificate import Certificate
from simulator.advice.size.knobs import Candidate, Knob
from simulator.advice.size.trials import Trial, Tried

LEFT_OUT = {"plan"}
"""What it says is in the launch's file."""


def size_record(sizing: Sizing) -> dict[str, Any]:
    """Everything that was found."""
    found: dict[str, Any] = {"sentence": size_sentence(sizing), "exit_code": sizing.exit_code}
    for field in dataclasses.fields(sizing):
        if field.name not in LEFT_OUT:
            found[field.name] = plain(getattr(sizing, field.name), sizing.knobs)
    return found


def plain(value: object, knobs: tuple[Knob, ...]) -> Any:
    """A value as JSON can hold it; what is infinite or unknown is a word."""
    if isinstance(value, Knob):
        return _knob(value)
    if isinstance(value, Candidate):
        return {knob.key: value for knob, value in zip(knobs, value.values, strict=True)}
    if isinstance(value, Trial):
        return {
            field.name: plain(getattr(value, field.name), knobs)
            for field in dataclasses.fields(value)
        }
    if isinstance(value, Tried):
        return _tried(value, knobs)
    if isinstance(value, Certificate):
        return _certificate(value, knobs)
    if isinstance(value, enum.Enum):
        return value.value if isinstance(value.value, str) else value.name.lower()
    if isinstance(value, float):
        return value if math.isfinite(value) else ("unknown" if math.isnan(value) else "never")
    if isinstance(value, dt.date):
        return value.isoformat()
    if isinstance(value, tuple | list):
        return [plain(each, knobs) for each in value]
    if dataclasses.is_dataclass(value):
        return {
            field.name: plain(getattr(value, field.name), knobs)
            for field in dataclasses.fields(value)
        }
    return value


def _knob(knob: Knob) -> dict[str, Any]:
    return {
        "key": knob.key,
        "turn": str(knob.tweak.turn),
        "now": knob.now,
        "low": knob.low,
        "high": knob.high,
        "choices": list(knob.choices),
        "asked": knob.asked,
        "bought": knob.bought,
    }


def _tried(tried: Tried, knobs: tuple[Knob, ...]) -> dict[str, Any]:
    return {
        "values": plain(tried.candidate, knobs),
        "cost": tried.cost,
        "launches": len(tried.trials),
        "holds": tried.holds,
        "lost": tried.lost,
        "wait_p95_s": plain(tried.wait_p95_s, knobs),
        "trials": plain(tried.trials, knobs),
    }


def _certificate(certificate: Certificate, knobs: tuple[Knob, ...]) -> dict[str, Any]:
    return {
        "given": certificate.given,
        "share_at_least": certificate.share_at_least,
        "seed": certificate.seed,
        "allowed": certificate.allowed,
        "number": certificate.number,
        **_tried(certificate.tried, knobs),
    }
