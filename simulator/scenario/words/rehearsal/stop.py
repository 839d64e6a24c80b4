"""The words of [replay.stop]: what a rehearsal is not worth, so that it ends by itself."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated

from pydantic import BeforeValidator, Field, Strict

from simulator.scenario.words.rehearsal.lines import usually
from simulator.scenario.words.rehearsal.requests import Request
from simulator.scenario.words.terms import Contradiction, PositiveNs, Words
from simulator.text.quantities import WrongQuantity

QUANTILES = {"p50_ns": 0.50, "p95_ns": 0.95, "p99_ns": 0.99}


def asked(value: object) -> object:
    """A path stands for a GET of it. Raises WrongQuantity."""
    if not isinstance(value, str):
        return usually("GET")(value)
    if not value.startswith("/"):
        raise WrongQuantity(f'"{value}" is not a path', 'write health = "/ready"')
    return {"method": "GET", "path": value}


class Stop(Words):
    """When the replay ends by itself, with exit code 4: within two seconds of it being so.

    Without any of these words it does so where the target has died: twenty connections in a row
    broke, and its health as well.
    """

    errors: Annotated[float, Strict(), Field(gt=0, lt=1)] | None = None
    """More than this share of the answers to a request failed, of those of the last two seconds. A
    refusal that is as it should be counts as none: 429, or 503 that says when to come again or gives a place in line."""
    p50_ns: PositiveNs | None = None
    """More than half of the answers to a request took longer; a request that has been under way for
    longer counts as well."""
    p95_ns: PositiveNs | None = None
    """More than one in twenty did."""
    p99_ns: PositiveNs | None = None
    """More than one in a hundred did."""
    health: (
        Annotated[Request, BeforeValidator(asked, json_schema_input_type=str | Request)] | None
    ) = None
    """A path or a request that is asked each 400 ms, and failed twice in a row: "/ready". It has a
    second to answer."""
    file: str | None = None
    """A file that somebody makes to end the rehearsal, seen from the launch's folder: "stop"."""

    @property
    def quantiles_ns(self) -> tuple[tuple[float, int], ...]:
        """Of the answers' durations, with their limits."""
        limits = ((share, getattr(self, field)) for field, share in QUANTILES.items())
        return tuple((share, ns) for share, ns in limits if ns is not None)

    def contradictions(self) -> Iterator[Contradiction]:
        if not self.model_fields_set:
            problem = "says nothing"
            yield Contradiction("", problem, 'write errors = 0.5, or p95 = "10 s", or leave it out')
        if self.health is not None and self.health.redirects is not None:
            problem = "is judged by its own answer: redirects has no effect"
            yield Contradiction("health.redirects", problem, "leave it out")
