"""What a launch came to, as a test asks it."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import pytest

HOLDS, INCONCLUSIVE = 0, 3
"""Exit codes (README); any other says that it does not."""
ENDLESS = ("never", "without end")
"""Words in place of a number that is infinite."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """A launch that was judged."""

    launch: str
    """As the test named it."""
    exit_code: int
    record: Mapping[str, Any]
    """All of it, as ``--json`` prints it."""

    @property
    def verdict(self) -> Mapping[str, Any]:
        """What decides: its outcome, its sentence and its criteria."""
        found: Mapping[str, Any] = self.record["verdict"]
        return found

    @property
    def outcome(self) -> str:
        """``holds``, ``does not hold`` or ``inconclusive``."""
        return str(self.verdict["outcome"])

    @property
    def sentence(self) -> str:
        """What it came to, without a full stop."""
        return str(self.verdict["sentence"])

    @property
    def where(self) -> str:
        """Where more of it stands; empty: nowhere."""
        return ""

    def figure(self, key: str) -> float:
        """A figure by its key, in seconds, a share, 1/s or a count: ``response_p95``.

        Infinite for what never ends, or was not seen to its end; NaN where it is not known, or its
        samples are too few: neither is within any limit.

        Raises KeyError where there is none of that name.
        """
        raise NotImplementedError

    def criteria(self) -> Iterator[Mapping[str, Any]]:
        """What was asked."""
        yield from self.verdict.get("criteria", ())

    def assert_holds(self, *, inconclusive: Literal["fail", "skip"] = "fail") -> None:
        """Fail the test unless it holds.

        ``inconclusive``: what nobody can judge fails as well, or skips the test.

        Raises AssertionError, with what was asked and what was found.
        """
        __tracebackhide__ = True
        if self.exit_code == HOLDS:
            return
        if self.exit_code == INCONCLUSIVE and inconclusive == "skip":
            pytest.skip(f"{self.launch}: {self.sentence}")
        raise AssertionError(self.told())

    def told(self) -> str:
        """The sentence, each criterion that is not met, and where more stands."""
        lines = [f"{self.launch}: {self.sentence} (exit code {self.exit_code})"]
        lines += [f"  {line_of(one)}" for one in self.criteria() if one["outcome"] != "holds"]
        lines += [f"  report: {self.where}"] if self.where else []
        return "\n".join(lines)


@dataclass(frozen=True, slots=True, kw_only=True)
class Predicted(Judged):
    """A launch that was simulated; a figure is the mean of its launches."""

    def figure(self, key: str) -> float:
        return value_of(self.record["figures"][key]["mean"])


@dataclass(frozen=True, slots=True, kw_only=True)
class Replayed(Judged):
    """A launch that was sent to a server; a figure is what was observed."""

    folder: Path
    """Of the run: its reports, and all rows."""

    @property
    def where(self) -> str:
        return str(self.folder / "report.html")

    @property
    def variant(self) -> Mapping[str, Any]:
        """The one that was replayed.

        Raises IndexError where the run ended before anything was predicted.
        """
        found: Mapping[str, Any] = self.record["variants"][0]
        return found

    def figure(self, key: str) -> float:
        lines = {line["key"]: line for line in self.variant["figures"]}
        return value_of(lines[key]["rehearsal_observed"])

    def criteria(self) -> Iterator[Mapping[str, Any]]:
        for variant in self.record["variants"][:1]:
            for verdict in variant["verdicts"]:
                yield from verdict["criteria"] if verdict["decides"] else ()

    def assert_predicted_right(self, *, inconclusive: Literal["fail", "skip"] = "fail") -> None:
        """Fail the test unless what was observed is no surprise.

        ``inconclusive``: so does a prediction of which nobody knows whether it came true, or skip.

        Raises AssertionError.
        """
        __tracebackhide__ = True
        came = self.variant["prediction"] if self.record["variants"] else None
        found = came["outcome"] if came else "unknown"
        if found == "predicted right":
            return
        said = f"{self.launch}: {came['sentence'] if came else self.sentence}"
        if found != "predicted wrong" and inconclusive == "skip":
            pytest.skip(said)
        raise AssertionError(f"{said}\n  report: {self.where}")


def line_of(criterion: Mapping[str, Any]) -> str:
    """What was asked, what was found, and what follows."""
    unit = criterion["unit"]
    found, limit = (text_of(criterion[key], unit) for key in ("measured", "limit"))
    return f"{criterion['name']}: {found} (limit {limit}), {criterion['outcome']}: {criterion['reason']}"


def text_of(number: Mapping[str, Any], unit: str) -> str:
    """A number of a record with its unit, or the word in its place."""
    value = number["value"]
    if value is None:
        return str(number["word"])
    if unit == "share":
        return f"{100 * value:.4g} %"
    return f"{value:.4g} {unit}".strip()


def value_of(cell: Mapping[str, Any] | None) -> float:
    """A number of a record; of a lower bound nobody knows how large it is."""
    if cell is None:
        return math.nan
    if cell["value"] is not None:
        return float(cell["value"])
    return math.inf if "at_least" in cell or cell["word"] in ENDLESS else math.nan
