"""Which rows a prediction shows in a terminal unless all are asked for, and in which order.

What a planner asks first stands first: who came, who got what they came for, and how long it took;
then the line, then what the stations and groups of people did. Details that say little beside these,
rows of zeros, and instances that are never more or fewer than one are left for ``--all``.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from simulator.outcomes.figures.intervals import Estimate
from simulator.outcomes.figures.reading import Figure

OF_ALL = (
    "arrivals", "let_in", "served", "errors", "response_p50", "response_p95", "response_p99",
    "line_peak", "wait_p50", "wait_p95", "wait_mean", "never_let_in", "left", "balked", "line_full",
    "no_show", "unfinished", "turned_away", "timed_out", "service_mean", "offered", "goodput",
)  # fmt: skip
"""Of all together, the most important first."""
INSTANCES = ("instances_fewest", "instances_most")
OF_PARTS = (
    "response_p95", "errors", "turned_away", "queue_p95", "queue_highest", "utilisation_highest",
    *INSTANCES,
    "group_arrivals", "group_wait_p95", "group_response_p95", "group_errors", "group_served",
)  # fmt: skip
"""Of each journey, station and group of people, where there are several."""
OF_THE_STATION = (
    "wait_mean", "wait_probability", "queue_mean", "utilisation_mean", "requests_highest",
)  # fmt: skip
"""Of the station besides, where there is but one."""
NOISE = {
    "wait_mean": 1e-3,
    "queue_p95": 1e-3,
    "wait_probability": 1e-3,
    "queue_mean": 0.1,
    "queue_highest": 0.1,
}
"""A mean that is surely below is not worth a row: seconds, a share, jobs."""


def shown(
    figures: Sequence[Figure], estimates: Mapping[str, Estimate], *, stations: int
) -> tuple[Figure, ...]:
    """Those that are shown, in their order."""
    parts = OF_PARTS if stations > 1 else (*OF_PARTS, *OF_THE_STATION)
    first = sorted(
        (one for one in figures if not one.of_part and one.key in OF_ALL),
        key=lambda one: OF_ALL.index(one.key),
    )
    rest = [one for one in figures if one.of_part and one.kind in parts]
    return tuple(
        one
        for one in first + rest
        if not (is_dull(one, estimates) or is_noise(one, estimates[one.key]))
    )


def is_noise(figure: Figure, estimate: Estimate) -> bool:
    """Whether it tells only that next to nobody waits at a station, for next to no time."""
    return figure.of_part and not estimate.open and estimate.high < NOISE.get(figure.kind, 0.0)


def is_nothing(estimate: Estimate) -> bool:
    """Whether a figure is 0 in all launches, or none of them has anything of the kind."""
    return estimate.samples == 0 or (estimate.mean == 0 and not estimate.open)


def is_dull(figure: Figure, estimates: Mapping[str, Estimate]) -> bool:
    """Whether a row is nothing but zeros, or tells of one instance that is always up."""
    if figure.kind not in INSTANCES:
        return is_nothing(estimates[figure.key])
    station = figure.key.rpartition("/")[0]
    both = [estimates[f"{station}/{kind}"] for kind in INSTANCES]
    return all(one.samples == 0 or one.low == one.mean == 1 for one in both)
