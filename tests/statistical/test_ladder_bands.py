"""From a ladder of a server that is known to a rehearsal of it: whether what is observed lies in its band.

All of a probe's inference is in it: the ladder, what the held-out step says after it, and the station that is
written; only the server is simulated. It is one the model can say, so that what is missed is the calibration's.
docs/ladder.md tells the command.
"""

from __future__ import annotations

import sys
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np
import pytest

from scenarios.probe.held_out.rivals import preferred
from scenarios.probe.held_out.score import Came, predicted, score, widened
from scenarios.probe.held_out.step import Limits, at, met, step_of
from scenarios.probe.ladder.found.findings import Findings
from scenarios.probe.probe import SIGNUP
from simulator.engine.compiled.engine import Compiled
from simulator.plan.plan import Plan
from simulator.scenario.scenario import read_stations
from simulator.scenario.words.stations import Station
from simulator.system import capacity
from simulator.system.pace import Pace
from simulator.system.system import System
from simulator.system.wandering import Wandering
from simulator.timetable.demand import Component, Demand
from tests.ladders.simulated import NS, Truth, climbed

ENGINE = Compiled()
LOADS = (0.5, 0.7, 0.9, 1.1)
WANDERS = "two that wander"
TRUTHS = (
    Truth(name="M/M/2", servers=2, cv=1.0),
    Truth(name="three, cv 1/3", servers=3),
    Truth(name=WANDERS, servers=2, drift=(0.1, 10.0)),
    Truth(name="two that slow one another", servers=2, inflation=(1.0, 1.25)),
)
LEAST, MOST = 0.90, 0.98
"""Of the figures at a load, what the issue asks of a middle 95 %."""
LEAST_OF_WANDERERS = 0.80
"""A known shortfall: a ladder of 24 s sees two or three of their wanderings (docs/ladder.md: 82 to 90 of a hundred)."""
PROBES = 50
LASTS_S, DRAINS_S = 20, 5
LATER_S = 60.0
"""From a probe to its rehearsals, and from one to the next."""
LAUNCHES = 100
EVERYTHING_S = 600
FIGURES = ("p50_s", "p95_s")


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """One rehearsal held against its prediction."""

    truth: str
    load: float
    inside: tuple[bool, ...]
    """Of each figure."""
    ratios: tuple[float, ...]
    """Of each, the predicted median over what was observed."""
    step: bool
    """Whether the probe had a held-out step."""


def levels(truth: Truth, seed: int) -> Pace:
    """How fast the server is over all of it."""
    if truth.drift is None:
        return Pace.of([0], [1.0])
    sd, over_s = truth.drift
    wandering = Wandering(key="truth", name="target", sd=sd, over_ns=round(over_s * NS))
    return wandering.pace(seed, 0, EVERYTHING_S * NS)


def from_then(level: Pace, begin_s: float) -> Pace:
    """The same from an instant on."""
    begin_ns = round(begin_s * NS)
    later = [(start - begin_ns, f) for start, f in zip(level.starts_ns, level.factors, strict=True)]
    kept = [each for each in later if each[0] > 0]
    return Pace.of([0, *(start for start, _ in kept)], [level.at(begin_ns), *(f for _, f in kept)])


def true_system(truth: Truth, level: Pace, begin_s: float) -> System:
    (station,) = read_stations(truth.station, "truth.toml")
    system = met([station], (SIGNUP,), {})
    pace = from_then(level, begin_s)
    return replace(system, stations=tuple(replace(each, pace=pace) for each in system.stations))


def stations(found: Findings) -> Sequence[Station]:
    return read_stations(found.stations_toml(), "stations.toml")


def step(found: Findings, seed: int) -> Plan:
    made = step_of(stations(found), (SIGNUP,), {}, Limits(most_per_s=1_000.0), seed)
    assert made is not None
    return made


def rehearsal(found: Findings, load: float, seed: int) -> Plan:
    """People who come evenly at a share of the capacity that was found."""
    made = step(found, seed)
    full = capacity.slowest_per_s(made.system, [[1.0]])
    lasts_ns = LASTS_S * NS
    component = Component.of(people=0, edges_ns=[0, lasts_ns], mass=[load * full * LASTS_S])
    return replace(
        made,
        demand=Demand(components=(component,)),
        horizon_ns=lasts_ns,
        end_ns=lasts_ns + DRAINS_S * NS,
    )


def observed(plan: Plan, system: System) -> Came:
    """With luck of its own: no launch of the prediction has it."""
    return Came.of(ENGINE.simulate(plan.timetable(LAUNCHES + 901), system).rows(), plan)


def probed(truth: Truth, seed: int) -> tuple[Findings, Findings, Pace, float]:
    """What a ladder finds, the same after a held-out step, the server's speed, and when the probe is over."""
    level = levels(truth, seed)
    found, over_s = climbed(truth, np.random.default_rng(seed), level)
    plan = step(found, seed)
    before = predicted(plan, ENGINE, 2)
    rows = ENGINE.simulate(plan.timetable(901), true_system(truth, level, over_s + 5)).rows()
    come = score(plan, ENGINE, before, rows)
    lasted_s = plan.horizon_ns / NS
    rivals = [found, *found.others]
    plans = [plan, *(at(plan, stations(each), (SIGNUP,), {}) for each in found.others)]
    best, _ = preferred([predicted(each, ENGINE) for each in plans], come.observed)
    if best:
        come = score(plans[best], ENGINE, before, rows)
    after = rivals[best].with_step((), lambda known: widened(known, come, lasted_s))
    return found, after, level, over_s + 5 + lasted_s


def rehearsals(truth: Truth, seed: int, loads: Sequence[float] = LOADS) -> Iterator[Held]:
    """Of one probe: at each load one rehearsal, each held against what is predicted with and without its step."""
    alone, judged, level, over_s = probed(truth, seed)
    for number, load in enumerate(loads):
        begin_s = over_s + (number + 1) * LATER_S
        for found, with_step in ((alone, False), (judged, True)):
            plan = rehearsal(found, load, seed + number)
            seen = observed(plan, true_system(truth, level, begin_s))
            yield held(truth, load, predicted(plan, ENGINE, LAUNCHES), seen, step=with_step)


def held(truth: Truth, load: float, said: Sequence[Came], seen: Came, *, step: bool) -> Held:
    values = [np.array([getattr(each, figure) for each in said]) for figure in FIGURES]
    bands = [np.quantile(each, (0.025, 0.5, 0.975)) for each in values]
    observed_s = [getattr(seen, figure) for figure in FIGURES]
    pairs = list(zip(bands, observed_s, strict=True))
    return Held(
        truth=truth.name,
        load=load,
        inside=tuple(bool(band[0] <= value <= band[2]) for band, value in pairs),
        ratios=tuple(float(band[1] / value) for band, value in pairs),
        step=step,
    )


def all_of(probes: int) -> list[Held]:
    return [
        each
        for truth in TRUTHS
        for number in range(probes)
        for each in rehearsals(
            truth, 10_000 * (1 + zlib.crc32(truth.name.encode()) % 97) + 10 * number
        )
    ]


def share(of: Sequence[Held]) -> float:
    """Of the figures that lie in their bands."""
    return float(np.mean([each.inside for each in of]))


def off(of: Sequence[Held]) -> float:
    """By how much the predicted figures differ from the observed ones, in the middle."""
    return float(np.median(np.abs(np.array([each.ratios for each in of]) - 1)))


@pytest.fixture(scope="module")
def everything() -> list[Held]:
    return all_of(PROBES)


@pytest.mark.slow
@pytest.mark.parametrize("load", LOADS)
@pytest.mark.parametrize("name", [truth.name for truth in TRUTHS])
def test_a_middle_95_percent_holds_what_is_asked_of_each_kind_of_server(
    everything: list[Held], name: str, load: float
) -> None:
    """Of 50 rehearsals: those that do not wander exceed what is asked, which is no harm to who trusts the band."""
    found = [
        each for each in everything if (each.truth, each.load, each.step) == (name, load, True)
    ]
    assert len(found) == PROBES
    assert share(found) >= least_of(name)


def least_of(name: str) -> float:
    """Seeds are fixed, so nothing is allowed for chance."""
    return LEAST_OF_WANDERERS if name == WANDERS else LEAST


@pytest.mark.slow
@pytest.mark.parametrize("load", LOADS)
def test_of_all_kinds_together_a_middle_95_percent_holds_90_to_98_of_a_hundred(
    everything: list[Held], load: float
) -> None:
    """Of 200 rehearsals at each load: too narrow bands of one kind make up for too wide ones of others here."""
    found = [each for each in everything if each.load == load and each.step]
    assert len(found) == len(TRUTHS) * PROBES
    assert LEAST <= share(found) <= MOST


def table(of: Sequence[Held]) -> Iterator[str]:
    """A row of each kind of server, a column of each load."""
    yield "| server | " + " | ".join(f"{load:g}" for load in LOADS) + " |"
    yield "|---|" + "--:|" * len(LOADS)
    for with_step in (True, False):
        for name in (*(truth.name for truth in TRUTHS), "all"):
            rows = [
                [
                    h
                    for h in of
                    if h.load == load and h.step is with_step and name in (h.truth, "all")
                ]
                for load in LOADS
            ]
            cells = [f"{100 * share(row):.1f} %, off {100 * off(row):.1f} %" for row in rows]
            yield f"| {name}{'' if with_step else ', without the step'} | {' | '.join(cells)} |"


if __name__ == "__main__":
    print("\n".join(table(all_of(int(sys.argv[1]) if len(sys.argv) > 1 else PROBES))))
