"""What a replay left behind: its verdict, and the figures that are held against one another.

The figures that users are told come from ``verdict.json``. Three more are read from the summaries in
the run's store, by the same words of what was predicted and of what was observed.
"""

from __future__ import annotations

import json
import math
import sqlite3
import zlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import closing
from pathlib import Path
from typing import Any

import numpy as np

from reports.run import store
from reports.run.folder import RunFolder
from reports.run.past.again import Again, Measured
from reports.run.report.reading import read_report
from reports.run.report.report import VariantReport
from simulator.outcomes.counts.summary import Summary
from simulator.outcomes.figures.every import figures_of
from simulator.plan.launches import Prediction
from simulator.units import NS_PER_S
from tests.validation.runs.launches import TIMEOUT_S
from tests.validation.runs.recovered import Means, Sent, recovered_means

TOLD = (
    "response_p50", "response_p95", "served", "errors", "turned_away", "timed_out", "goodput",
    "service_mean", "line_peak", "wait_p50", "wait_p95", "wait_mean",
)  # fmt: skip
MACHINE, SERVICES = "machine", "services"
STEPS = {"machine": MACHINE, "service": SERVICES}
"""What they are called in the store."""
WARM_UP_S = 3.0
"""Before that no line stands at a server that is asked for more than it can serve."""
FEWEST_S = 4.0
Figures = dict[str, dict[str, float | None]]
Read = Callable[[Summary], float]


def measured(folder: Path, sent: Sent) -> dict[str, Any]:
    """Of the one run in a folder of runs, and what it was given."""
    (run,) = folder.iterdir()
    kept = RunFolder(run)
    told = json.loads(kept.verdict.read_text("utf-8"))
    variant = read_report(kept).variants[0]
    (words,) = told["variants"]
    figures = told_figures(words["figures"]) | more_figures(variant)
    observed = variant.observed
    with closing(sqlite3.connect(f"{kept.database.resolve().as_uri()}?mode=ro", uri=True)) as db:
        predicted = given(db, variant)
        speed = speed_of(folder_again(kept, variant.label).measured)
        was = recovered_means(sent, db, variant.label)
    return {
        "given": predicted,
        "speed": speed,
        "verdict": told["verdict"]["outcome"],
        "exit_code": told["verdict"]["exit_code"],
        "sentence": told["verdict"]["sentence"],
        "ended": (words["instrument"] or {}).get("ended"),
        "figures": figures | {"queue_wait_mean": wait(figures, was)},
        "arrivals_a_s": [] if observed is None else a_second(observed, observed.bins.arrivals),
        "prediction": words.get("prediction"),
        "sealed": words.get("sealed"),
    }


def speed_of(measured: Measured) -> float | None:
    """How much slower the machine was than at the probe; None: nobody looked.

    The yardstick's pieces tell, as far as the target's own processor time shows the same; alone where that is not known:
    a piece that the load beside it slows is no slower machine.
    """
    changed = measured.changed
    if changed is None:
        return None
    known = changed if math.isnan(changed.worked) else changed.told
    return round(known.ratio, 4)


def tables(db: sqlite3.Connection) -> set[str]:
    return {name for (name,) in db.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}


def given(db: sqlite3.Connection, variant: VariantReport) -> dict[str, dict[str, float | None]]:
    """What is predicted with the machine as it was, and with the services as they were."""
    found: dict[str, list[Summary]] = {}
    if "again" not in tables(db):
        return {}
    rows = db.execute(
        "SELECT step, summary FROM again WHERE variant = ? ORDER BY launch", (variant.label,)
    )
    for step, packed in rows:
        if step not in STEPS:  # a bound on what the machine did is no part of an error
            continue
        summary = Summary.from_json(json.loads(zlib.decompress(packed)))
        found.setdefault(STEPS[step], []).append(summary)
    return {
        name: figures_of_all(Prediction(engine="", launches=launches))
        for name, launches in found.items()
    }


def figures_of_all(prediction: Prediction) -> dict[str, float | None]:
    """The same figures as users are told, and the others."""
    launches = prediction.launches
    told = {
        figure.key: finite(prediction.estimate(figure).median)
        for figure in figures_of(launches[0].layout)
        if figure.key in TOLD
    }
    more = {name: finite(middle_of(read, launches)[0]) for name, read in MORE.items()}
    waits = less(more["exchange_mean"], told.get("service_mean"))
    return {**told, **more, "queue_wait_mean": waits}


def folder_again(folder: RunFolder, label: str) -> Again:
    """What was learned of the run after it took place."""
    with store.reading(folder.database) as db:
        return store.read_again(db, label)


def told_figures(lines: Iterable[Mapping[str, Any]]) -> Figures:
    """The predicted rehearsal, its middle 95 %, and what was observed; None is what nobody knows."""
    return {
        line["key"]: {
            "predicted": value_of(line["rehearsal_predicted"]),
            "from": (line["rehearsal_predicted"] or {}).get("from"),
            "to": (line["rehearsal_predicted"] or {}).get("to"),
            "observed": value_of(line["rehearsal_observed"]),
        }
        for line in lines
        if line["key"] in TOLD
    }


def value_of(cell: Mapping[str, Any] | None) -> float | None:
    value = None if cell is None else cell.get("value")
    return None if value is None else float(value)


def more_figures(variant: VariantReport) -> Figures:
    """Those of the summaries."""
    prediction = variant.rehearsal.prediction if variant.rehearsal else None
    if prediction is None or variant.observed is None:
        return {}
    found: Figures = {}
    for name, read in MORE.items():
        middle, low, high = middle_of(read, prediction.launches)
        found[name] = {
            "predicted": finite(middle), "from": finite(low), "to": finite(high),
            "observed": finite(read(variant.observed)),
        }  # fmt: skip
    return found


def middle_of(read: Read, launches: Sequence[Summary]) -> tuple[float, float, float]:
    """The median of the launches in which there is such a figure, as users are told, and their middle 95 %."""
    values = np.array([read(launch) for launch in launches])
    known = values[~np.isnan(values)]
    if not known.size:
        return math.nan, math.nan, math.nan
    low, high = np.quantile(known, (0.025, 0.975))
    return float(np.median(known)), float(low), float(high)


def wait(figures: Figures, was: Means) -> dict[str, float | None]:
    """The mean wait before service: predicted, an answered request's time less its service's."""
    predicted = less(figures["exchange_mean"]["predicted"], figures["service_mean"]["predicted"])
    return {"predicted": predicted, "from": None, "to": None, "observed": was.wait_s}


def less(exchange_s: float | None, service_s: float | None) -> float | None:
    return None if exchange_s is None or service_s is None else max(0.0, exchange_s - service_s)


def exchange_mean(summary: Summary) -> float:
    """Sending to last byte, of those that succeeded."""
    answered = summary.exchange
    return answered.mean_ns() / NS_PER_S if answered.finite else math.nan


def sustained_per_s(summary: Summary) -> float:
    """People served in a second while there is always somebody to serve.

    From when a line stands until the first who has waited in vain would have been served: of work
    whose client has left nobody learns when it is done. NaN where that time is too short.
    """
    bin_s = summary.bin_ns / NS_PER_S
    in_vain = np.flatnonzero(summary.steps.timed_out.sum(axis=0))  # by when they were sent
    ends_s = [summary.horizon_ns / NS_PER_S, *(in_vain[:1] * bin_s + TIMEOUT_S)]
    begin, end = math.ceil(WARM_UP_S / bin_s), math.floor(min(ends_s) / bin_s)
    if (end - begin) * bin_s < FEWEST_S:
        return math.nan
    return float(summary.bins.served[begin:end].sum() / ((end - begin) * bin_s))


def cleared_s(summary: Summary) -> float:
    """When nobody stood in line any more; NaN where nobody ever did, or somebody still does."""
    line = summary.bins.line
    standing = np.flatnonzero(line)
    if not standing.size or line[-1]:
        return math.nan
    return float((standing[-1] + 1) * summary.bin_ns / NS_PER_S)


MORE: dict[str, Read] = {
    "exchange_mean": exchange_mean,
    "sustained": sustained_per_s,
    "cleared": cleared_s,
}


def a_second(summary: Summary, counts: np.ndarray[Any, Any]) -> list[int]:
    """Counts by the second."""
    bins = max(1, round(NS_PER_S / summary.bin_ns))
    size = -(-len(counts) // bins) * bins
    padded = np.zeros(size, np.int64)
    padded[: len(counts)] = counts
    return [int(each) for each in padded.reshape(-1, bins).sum(axis=1)]


def finite(value: float) -> float | None:
    return value if math.isfinite(value) else None
