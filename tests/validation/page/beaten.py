"""Ours against the rivals, on the same probe, and figure by figure."""

from __future__ import annotations

import math
import statistics
from collections.abc import Callable, Iterable, Iterator, Mapping

from tests.validation.page import scores
from tests.validation.rivals.fluid import fluid
from tests.validation.rivals.forecast import GENEROUS, Asked, Forecast
from tests.validation.rivals.stationary import calibrated_mmc, linear, usl
from tests.validation.runs.kept import Row
from tests.validation.runs.launches import TIMEOUT_S
from tests.validation.runs.probed import Probed, Rung
from tests.validation.servers.configurations import CONFIGURATIONS

Rival = Callable[[Asked], Forecast | None]
RIVALS: Mapping[str, Rival] = {
    "calibrated M/M/c": calibrated_mmc, "USL": usl, "linear": linear, "fluid": fluid,
}  # fmt: skip
KNOWN = {each.name: each for each in CONFIGURATIONS}


def asked(row: Row) -> Asked:
    """The same that ours was asked, from the same probe."""
    probe = dict(row["probe"])
    probe["rungs"] = tuple(Rung(**each) for each in probe["rungs"])
    probe["inflation"] = tuple(probe["inflation"])
    configuration = KNOWN.get(row["configuration"])
    told = configuration.told if configuration else {}
    limit = configuration.limit if configuration else None
    return Asked(
        probed=Probed(**probe),
        arrivals_a_s=tuple(map(float, row["arrivals_a_s"])),
        timeout_s=TIMEOUT_S,
        waiting_room=int(told.get("waiting_room", GENEROUS)),
        limit_per_s=limit.rate_per_s if limit else math.inf,
    )


def pairs(row: Row, forecast: Forecast | None) -> Iterator[tuple[float, float]]:
    """Our error and the rival's, of each figure that both say and that was observed."""
    for figure, theirs in says(row, forecast).items():
        seen, least = observed(row, figure), floor(row, figure)
        yield from zip(
            scores.relative(said(row, figure), seen, least), scores.relative(theirs, seen, least),
            strict=False,
        )  # fmt: skip


def silent(rows: Iterable[Row], rival: Rival) -> tuple[int, int]:
    """Of how many figures that we say the rival says nothing, of how many."""
    asked_for = [
        theirs
        for row in rows
        for figure, theirs in says(row, rival(asked(row))).items()
        if said(row, figure) is not None and observed(row, figure) is not None
    ]
    return sum(theirs is None for theirs in asked_for), len(asked_for)


def says(row: Row, forecast: Forecast | None) -> dict[str, float | None]:
    """What the rival is asked in this row, and its answers."""
    f = forecast or Forecast(capacity_per_s=math.nan)
    if row["kind"] == "line":
        return {"line_peak": f.peak, "cleared": f.cleared_s, "wait_p95": f.wait_p95_s}
    if row["kind"] == "countdown":
        return {"response_p50": f.p50_s, "response_p95": f.p95_s}
    if row["share"] < 1:
        return {"response_p50": f.p50_s, "response_p95": f.p95_s}
    capacity = None if math.isnan(f.capacity_per_s) else f.capacity_per_s
    came = sum(row["arrivals_a_s"])
    return {"sustained": capacity, "failing": None if f.failing is None else f.failing * came}


def said(row: Row, figure: str) -> float | None:
    if figure == "failing":
        return scores.failures(row, scores.PROBED)
    return scores.said(row, figure, scores.PROBED)


def observed(row: Row, figure: str) -> float | None:
    return scores.failures(row, None) if figure == "failing" else scores.seen(row, figure)


def floor(row: Row, figure: str) -> float:
    return scores.FEW * sum(row["arrivals_a_s"]) if figure == "failing" else 0.0


def contests(rows: Iterable[Row]) -> dict[str, dict[str, tuple[float, float]]]:
    """By rival and configuration: our median error and the rival's, over the same figures."""
    found: dict[str, dict[str, tuple[float, float]]] = {name: {} for name in RIVALS}
    for configuration, each in scores.by_configuration(rows).items():
        for name, rival in RIVALS.items():
            both = [pair for row in each for pair in pairs(row, rival(asked(row)))]
            if both:
                found[name][configuration] = (
                    statistics.median(mine for mine, _ in both),
                    statistics.median(theirs for _, theirs in both),
                )
    return found


def better(contest: Mapping[str, tuple[float, float]]) -> int:
    """In how many configurations ours is nearer."""
    return sum(mine < theirs for mine, theirs in contest.values())
