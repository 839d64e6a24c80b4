"""What each station does over time, as plain values for a program and as lines of a chart."""

from __future__ import annotations

import math
import warnings
from typing import Any

import numpy as np

from simulator.outcomes.figures.stations import (
    OverTime,
    instances,
    queue,
    requests_per_s,
    utilisation,
)
from simulator.plan.launches import Prediction
from simulator.units import NS_PER_S

QUANTITIES: dict[str, OverTime] = {
    "utilisation": utilisation,
    "instances": instances,
    "queue": queue,
    "requests_per_s": requests_per_s,
}


def stations_record(prediction: Prediction) -> dict[str, Any]:
    """Of each station the means over the launches, bin by bin; null where nothing was there."""
    first = prediction.launches[0]
    return {
        "bin_s": first.bin_ns / NS_PER_S,
        "stations": {
            name: {
                quantity: [_number(value) for value in mean(prediction, read, number)]
                for quantity, read in QUANTITIES.items()
            }
            for number, name in enumerate(first.layout.stations)
        },
    }


def mean(prediction: Prediction, read: OverTime, station: int) -> list[float]:
    """Over the launches in which there was something to be read."""
    every = np.array([read(summary, station) for summary in prediction.launches])
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", RuntimeWarning)  # of bins in which nothing was there
        values: list[float] = np.nanmean(every, axis=0).tolist()
    return values


def _number(value: float) -> float | None:
    return None if math.isnan(value) else float(f"{value:.6g}")
