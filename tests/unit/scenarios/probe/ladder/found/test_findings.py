"""What a ladder found, as a station that knows how sure it is."""

import math
import re
from dataclasses import replace

import numpy as np
import pytest

from scenarios.probe.drift.in_words import band_of
from scenarios.probe.drift.posterior import Posterior, posterior
from scenarios.probe.drift.windows import Windows
from scenarios.probe.ladder.bounds import Bounds
from scenarios.probe.ladder.estimate.estimate import Estimate
from scenarios.probe.ladder.found.findings import Findings
from scenarios.probe.ladder.found.instrument import Instrument
from scenarios.probe.ladder.found.served import Served, served_of
from scenarios.probe.ladder.rungs import Exchange, Mean, Visit, rungs_of
from scenarios.probe.measured import Figures
from scenarios.probe.probe import SIGNUP
from simulator.scenario.scenario import read_stations
from simulator.scenario.words.stations import Station

ESTIMATE = Estimate(
    servers=2,
    confirmed=True,
    or_else=(),
    top=3,
    service_s=Mean(0.05, 0.0005, 6),
    factors=((1, Mean(1.0, 0.0, 6)),),
    slower=(1.0,),
    correction=1.0,
    capacity_per_s=Mean(40.0, 0.4, 5),
    falls=False,
    network_s=0.001,
    with_inflation=2,
)
SERVICE = Figures.of([45_000_000, 55_000_000])
S = 1_000_000_000
ANSWER = Exchange(request=SIGNUP, sent_ns=0, seen_ns=S, status=201)
(RUNG,) = rungs_of([Visit(n=1, sweep=0, begin_ns=0, end_ns=S, exchanges=(ANSWER,))])


def visits(differ: float) -> Posterior:
    """What eight visits say whose means differ by so much from one to the next, without noise."""
    begin_s = np.arange(0.0, 80.0, 10.0)
    return posterior(
        Windows(
            begin_s=begin_s,
            end_s=begin_s + 3.0,
            kind=np.zeros(8, np.int64),
            log_mean=differ * np.array([1, -1] * 4) / 2,
            noise=np.full(8, 1e-6),
            freedom=400,
        )
    )


def found_by(
    alone: Posterior | None = None, busy: float = 0.01, batches: int = 5, *, ours: bool = False
) -> Findings:
    """A ladder whose visits say so much of the service, and whose capacity is off by so much."""
    return Findings(
        id="probe-1",
        url="http://127.0.0.1:8080",
        measured_at="2026-01-01 00:00:00 UTC",
        bounds=Bounds(),
        rungs=(RUNG,),
        estimate=replace(ESTIMATE, capacity_per_s=Mean(40.0, 40.0 * busy, batches)),
        discipline=None,
        served=(Served(request=SIGNUP, service=SERVICE),),
        posterior=alone,
        network_how="",
        people=1,
        instrument=Instrument(mostly_ours=ours),
    )


def station(alone: Posterior | None, busy: float, batches: int = 5) -> Station:
    """Of a ladder whose visits say so much of the service, and whose capacity is off by so much."""
    found = found_by(alone, busy, batches)
    (read,) = read_stations(found._station(), "stations.toml")
    return read


def test_a_factor_is_that_of_the_services_that_were_seen() -> None:
    """How far batches of the capacity differ is among it already: it would be counted twice."""
    known = visits(0.3)
    low, high = band_of(known)
    for busy in (0.001, 0.5):
        found = station(known, busy=busy).service_factor
        assert found is not None
        assert (found.low, found.high) == (round(low, 4), round(high, 4))


def test_where_no_services_are_known_batches_tell() -> None:
    """Student's t at 0.9 of five batches: 1.5332."""
    found = station(None, busy=0.5).service_factor
    assert found is not None
    assert found.low == pytest.approx(math.exp(-0.5 * 1.5332), abs=1e-4)
    assert found.high == pytest.approx(math.exp(0.5 * 1.5332), abs=1e-4)


def test_one_batch_tells_nothing_of_chance() -> None:
    assert station(None, math.inf, batches=1).service_factor is None


def test_of_one_batch_no_error_is_known() -> None:
    """Infinity is no text for people."""
    (served,) = served_of((RUNG,), 0.001, told=False)
    found = replace(
        found_by(busy=math.inf, batches=1), served=(served,), network_how="nothing is subtracted"
    )
    text = f"{found.stations_toml()}\n{found.in_words()}"
    assert not re.search(r"\b(inf|nan|never)\b", text)
    assert "Capacity 40/s ± unknown (standard error from batch means)" in text


def test_a_capacity_that_the_probe_itself_held_down_is_at_least_that() -> None:
    free, ours = found_by(), found_by(ours=True)
    said, held = " ".join(free.trust()), " ".join(ours.trust())
    assert "Servers: 2; with one more in flight" in said
    assert (
        "the probe itself had not enough of a core to ask for more: the capacity is at least this"
        in held
    )
    assert "Servers: 2 or more, which the data leave open" in held
    assert "more than half of the cores" not in said
    assert "at least 2 servers" in ours.in_words()
    assert "at least 40/s" in ours.in_words()
    assert "at least" not in free.in_words()
