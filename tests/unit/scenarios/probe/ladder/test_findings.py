"""What a ladder found, as a station that knows how sure it is."""

import math
from dataclasses import replace

import pytest

from scenarios.probe.ladder.bounds import Bounds
from scenarios.probe.ladder.estimate import Estimate
from scenarios.probe.ladder.findings import Findings, Served
from scenarios.probe.ladder.rungs import Mean
from scenarios.probe.measured import Figures
from scenarios.probe.probe import SIGNUP
from simulator.scenario.scenario import read_stations
from simulator.scenario.words.stations import Station
from tests.examples import examples

ESTIMATE = Estimate(
    servers=2,
    confirmed=True,
    or_else=(),
    top=3,
    service_s=Mean(0.05, 0.0005, 6),
    factors=((1, Mean(1.0, 0.0, 6)),),
    capacity_per_s=Mean(40.0, 0.4, 5),
    falls=False,
    network_s=0.001,
    with_inflation=2,
)
SERVICE = Figures.of([45_000_000, 55_000_000])


def station(alone: float, busy: float, batches: int = 5) -> Station:
    """Of a ladder whose service is off by so much alone, and by so much with all servers busy."""
    served = replace(SERVICE, standard_error_ns=alone * SERVICE.mean_ns)
    found = Findings(
        id="probe-1",
        url="http://127.0.0.1:8080",
        measured_at="2026-01-01 00:00:00 UTC",
        bounds=Bounds(),
        rungs=(),
        estimate=replace(ESTIMATE, capacity_per_s=Mean(40.0, 40.0 * busy, batches)),
        discipline=None,
        served=(Served(request=SIGNUP, service=served),),
        network_how="",
        people=1,
    )
    (read,) = read_stations(found._station(), "stations.toml")
    return read


# Student's t at 0.9: 1.4759 of six batches, 1.5332 of five.
@examples("alone, busy, far",
    ("alone it is known less", 0.10, 0.02, 0.10 * 1.4759),
    ("busy it is known less", 0.02, 0.10, 0.10 * 1.5332),
)  # fmt: skip
def test_a_factor_is_that_of_what_is_known_less(alone: float, busy: float, far: float) -> None:
    found = station(alone, busy).service_factor
    assert found is not None
    assert found.likely == 1.0
    assert found.low == pytest.approx(math.exp(-far), abs=1e-4)
    assert found.high == pytest.approx(math.exp(far), abs=1e-4)


def test_one_batch_tells_nothing_of_chance() -> None:
    assert station(0.02, math.inf, batches=1).service_factor is None
