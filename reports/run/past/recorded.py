"""A launch as its logs recorded it, beside its prediction: production as a column.

An access log shows what was asked of the servers and what they answered. Who stood in a line before that,
and of which group somebody was, is in none; nor is how long anything took in most. Such figures are left
out of the column, and of the answer.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from reports.run.comparison.comparison import Comparison, Line, compare
from reports.run.past.came import SaidCame
from simulator.outcomes.counts.summary import Summary
from simulator.plan.launches import Prediction
from simulator.verdict.truth.parts import Waterfall

OF_THE_LINE = frozenset(
    {
        "arrivals",
        "line_peak",
        "never_let_in",
        "left",
        "balked",
        "line_full",
        "no_show",
        "waiting",
        "reneged",
    }
)
"""What happens before the first request."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Recorded:
    """What a log came to."""

    launch: str
    comparison: Comparison
    """Its observed column is what was recorded."""
    opening: str
    """The instant of the launch's second 0, and on whose word."""
    visits: int
    attempts: int
    strays: int
    """Requests of no visit that began in the log."""
    clients: int
    timed: bool
    lined: bool
    came: SaidCame
    """Whether the prediction came true, in the figures that a log tells."""
    waterfalls: tuple[Waterfall, ...] = ()
    """Where the errors came from, of what a log tells."""


def recorded_column(
    name: str, predicted: Prediction, summary: Summary, *, timed: bool, lined: bool
) -> Comparison:
    """The prediction beside the recording, in which what a log cannot tell is unknown."""
    found = compare(name, rehearsal=predicted, observed=summary)
    lines = (
        line if is_told(line, timed=timed, lined=lined) else untold(line) for line in found.lines
    )
    return replace(found, lines=tuple(lines))


def is_told(line: Line, *, timed: bool, lined: bool) -> bool:
    """Whether a log shows this figure."""
    kind, unit = line.figure.kind, line.figure.unit
    if kind.startswith(("group_", "lag")):
        return False
    if lined and (kind in OF_THE_LINE or kind.startswith("wait")):
        return False
    return timed or unit != "s"


def told_keys(column: Comparison) -> frozenset[str]:
    """Of the figures that were seen."""
    return frozenset(line.figure.key for line in column.lines if line.observed is not None)


def untold(line: Line) -> Line:
    return replace(line, observed=None, error=None, within=None, difference=None, error_open=False)
