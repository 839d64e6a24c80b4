"""The words of a law: how long something takes, or somebody waits, when it is not always alike."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from itertools import pairwise
from typing import Annotated, Literal

from pydantic import AfterValidator, BeforeValidator, Field, Strict, WithJsonSchema

from simulator.scenario.words.terms import (
    SHORTEST_PERIOD_NS,
    Contradiction,
    DurationNs,
    PositiveNs,
    Share,
    Table,
    pair,
)
from simulator.text.quantities import DURATION_PATTERN, WrongQuantity
from simulator.text.wording import format_duration
from simulator.timetable.laws import Duration

TAKES: Mapping[str, tuple[str, ...]] = {
    "fixed": ("mean",),
    "exponential": ("mean",),
    "lognormal": ("mean", "cv"),
    "gamma": ("mean", "cv"),
    "hyperexponential": ("mean", "cv"),
    "weibull": ("mean", "shape"),
    "empirical": ("quantiles",),
    "never": (),
}
"""What each law needs, which is all that it takes."""

TO_ADD = {
    "mean": 'add mean = "..."',
    "cv": "add cv = 1.0 (standard deviation over mean)",
    "shape": "add shape = 0.7 (below 1, many are quick and some take very long)",
    "quantiles": 'add quantiles = [[0.0, "1 s"], [0.5, "20 s"], [1.0, "3 min"]]',
}
TO_LEAVE = {
    "mean": "leave mean out",
    "cv": 'leave cv out, or write law = "lognormal"',
    "shape": 'leave shape out, or write law = "weibull"',
    "quantiles": 'leave quantiles out, or write law = "empirical"',
}


class Quantile(Table):
    """A share of all, and what they do not exceed."""

    share: Share
    """0.5 is half of them."""
    within_ns: DurationNs
    """So long at most."""


def rising(quantiles: tuple[Quantile, ...]) -> tuple[Quantile, ...]:
    """Shares from 0 to 1, rising; durations that do not fall."""
    if quantiles and (quantiles[0].share, quantiles[-1].share) != (0, 1):
        raise WrongQuantity(
            f"the shares go from {quantiles[0].share:g} to {quantiles[-1].share:g}",
            "they must begin with 0 (the shortest) and end with 1 (the longest)",
        )
    for number, (before, after) in enumerate(pairwise(quantiles), start=2):
        if after.share <= before.share or after.within_ns < before.within_ns:
            raise WrongQuantity(
                f"quantile {number}, {after.share:g} within {format_duration(after.within_ns)}, "
                f"does not come after {before.share:g} within {format_duration(before.within_ns)}",
                "shares must rise, and durations must not fall",
            )
    return quantiles


Quantiles = Annotated[
    tuple[
        Annotated[
            Quantile,
            BeforeValidator(
                pair("share", "within", '[0.5, "20 s"]'),
                json_schema_input_type=Quantile | tuple[float, DurationNs],
            ),
        ],
        ...,
    ],
    Field(min_length=1),
    AfterValidator(rising),
]


class Law(Table):
    """How a duration varies."""

    law: Literal[
        "fixed",
        "exponential",
        "lognormal",
        "gamma",
        "hyperexponential",
        "weibull",
        "empirical",
        "never",
    ] = "exponential"
    """fixed, exponential (both with mean alone), lognormal, gamma, hyperexponential (with cv),
    weibull (with shape), empirical (with quantiles), or never (it does not end)."""
    mean_ns: PositiveNs | None = None
    """The mean duration."""
    cv: Annotated[float, Strict(), Field(ge=0, le=100)] | None = None
    """Standard deviation over mean, of a lognormal, gamma or hyperexponential law."""
    shape: Annotated[float, Strict(), Field(ge=0.1, le=100)] | None = None
    """Of a weibull law: below 1, the longer it has lasted, the longer it goes on."""
    quantiles: Quantiles | None = None
    """Of an empirical law: [0.5, "20 s"] says that half last 20 s at most; linear between them."""

    def contradictions(self) -> Iterator[Contradiction]:
        given = {
            "mean": self.mean_ns, "cv": self.cv, "shape": self.shape, "quantiles": self.quantiles
        }  # fmt: skip
        for word, value in given.items():
            if word in TAKES[self.law] and value is None:
                yield Contradiction("", f'the law "{self.law}" lacks its {word}', TO_ADD[word])
            if word not in TAKES[self.law] and value is not None:
                yield Contradiction("", f'the law "{self.law}" has no {word}', TO_LEAVE[word])
        yield from self._spread()

    def _spread(self) -> Iterator[Contradiction]:
        if self.law == "gamma" and self.cv == 0:
            yield Contradiction("cv", "is 0", 'write law = "fixed" for a constant duration')
        if self.law == "hyperexponential" and self.cv is not None and self.cv < 1:
            problem = f"is {self.cv:g}, and a hyperexponential law has at least 1"
            yield Contradiction("cv", problem, 'write law = "gamma"')

    @property
    def duration(self) -> Duration:
        """The law in numbers."""
        if self.quantiles is not None:
            return Duration.empirical([(q.share, q.within_ns) for q in self.quantiles])
        if self.mean_ns is None:
            return Duration.never()
        if self.shape is not None:
            return Duration.weibull(self.mean_ns, self.shape)
        if self.cv is not None:
            spread = {"lognormal": Duration.lognormal, "gamma": Duration.gamma}
            return spread.get(self.law, Duration.hyperexponential)(self.mean_ns, self.cv)
        if self.law == "fixed":
            return Duration.fixed(self.mean_ns)
        return Duration.exponential(self.mean_ns)


NEVER = Law(law="never")


def short_law(value: object) -> object:
    """``"30 min"`` is an exponential law of that mean; ``"never"`` is one that does not end."""
    if not isinstance(value, str):
        return value
    return {"law": "never"} if value == "never" else {"law": "exponential", "mean": value}


def ending(law: Law) -> Law:
    """What must end, and take some time."""
    mean_ns = law.duration.mean_ns()
    if math.isinf(mean_ns):
        raise WrongQuantity('"never" does not end, and here it must', "give a law and its mean")
    if mean_ns == 0:
        raise WrongQuantity("takes no time at all", "some of it must take longer than 0")
    return law


def service(law: Law) -> Law:
    """Service must end."""
    if law.law == "never":
        raise WrongQuantity("service that never ends serves nobody", "give a law and its mean")
    return ending(law)


def recurring(law: Law) -> Law:
    """What happens again and again, each time after so long."""
    if law.duration.mean_ns() < SHORTEST_PERIOD_NS:
        raise WrongQuantity("comes again within a millisecond", "the mean must be at least 1 ms")
    return law


ShortLaw = Annotated[
    str,
    WithJsonSchema(
        {
            "type": "string",
            "pattern": f"^never$|{DURATION_PATTERN}",
            "examples": ["30 min", "never"],
        }
    ),
]
Shortened = BeforeValidator(short_law, json_schema_input_type=ShortLaw | Law)

AnyLaw = Annotated[Law, Shortened]
"""A mean as in "30 min" (exponential), a law, or "never"."""
EndingLaw = Annotated[Law, Shortened, AfterValidator(ending)]
RecurringLaw = Annotated[Law, Shortened, AfterValidator(recurring)]
Service = Annotated[Law, Shortened, AfterValidator(service)]
