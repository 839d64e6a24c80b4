"""From a probe of a server that wanders to a rehearsal of it: whether what was observed is in its band.

The server's true services are known, and its speed wanders by a known process, as a pace: through the
probe, through the held-out step, and through the rehearsal that follows.
"""

import math
from dataclasses import replace

import numpy as np
import pytest

from scenarios.probe.drift.in_words import Band, band_of, deciles, settled
from scenarios.probe.drift.posterior import LoadedStep, posterior
from scenarios.probe.drift.windows import cut, windows_of
from scenarios.probe.held_out.score import Came, predicted, services_of
from scenarios.probe.held_out.step import Limits, step_of
from scenarios.probe.probe import SIGNUP
from simulator.engine.compiled.engine import Compiled
from simulator.plan.plan import Plan
from simulator.scenario.scenario import read_stations
from simulator.system.pace import Pace
from simulator.units import Floats

pytestmark = pytest.mark.slow

ENGINE = Compiled()
SERVERS = 24
SD, OVER_S = 0.15, 10.0
MEAN_S, CV = 0.1, 0.3
GRID_S = 0.5


def step(mean_s: float, seed: int, band: Band | None = None) -> Plan:
    """People at two servers whose mean service is written so."""
    law = f'{{ law = "lognormal", mean = "{mean_s * 1e3:.4f} ms", cv = {CV} }}'
    sure = f"service_factor = {{ low = {band[0]:.4f}, high = {band[1]:.4f} }}" if band else ""
    (station,) = read_stations(
        f'[[station]]\nname = "web"\nservers = 2\nwaiting_room = 1000\nservice = {law}\n{sure}\n'
        f'[station.serves]\n"POST /signup" = {law}\n',
        "stations.toml",
    )
    made = step_of([station], (SIGNUP,), {}, Limits(most_per_s=1000.0), seed)
    assert made is not None
    return made


def observed(plan: Plan, levels: Floats) -> Came:
    """The plan's people, met by the true server, whose level is so from one half second to the next."""
    pace = Pace.of((np.arange(len(levels)) * GRID_S * 1e9).astype(int), levels)
    system = step(MEAN_S, 0).system
    stations = tuple(replace(each, pace=pace) for each in system.stations)
    met = ENGINE.simulate(plan.timetable(901), replace(system, stations=stations))
    return Came.of(met.rows(), plan)


def wandering(rng: np.random.Generator, at_s: Floats) -> Floats:
    """Levels at rising instants, of mean 1: exactly the process."""
    shape = np.exp(-np.abs(at_s[:, None] - at_s[None, :]) / OVER_S) + 1e-9 * np.eye(len(at_s))
    return np.exp(SD * np.linalg.cholesky(shape) @ rng.standard_normal(len(at_s)) - SD**2 / 2)


def bands_and_rehearsal(
    rng: np.random.Generator, seed: int
) -> tuple[float, dict[str, tuple[float, Band]], Floats]:
    """The probed mean, by what factor and with which band it is written, and the levels of the rehearsal."""
    at_s, grid_s = np.arange(60) / 7.0, np.arange(0.0, 30.0, GRID_S)
    levels = wandering(rng, np.concatenate([at_s, at_s[-1] + 10 + grid_s, at_s[-1] + 100 + grid_s]))
    spread = math.sqrt(math.log1p(CV**2))
    noise = np.exp(spread * rng.standard_normal(60) - spread**2 / 2)
    services = MEAN_S * levels[:60] * noise
    mean_s = float(services.mean())
    windows = windows_of(cut(at_s.tolist(), [services.tolist()]))
    assert windows is not None
    plan = step(mean_s, seed)
    came = observed(plan, levels[60 : 60 + len(grid_s)])
    longer, error = services_of(plan, ENGINE, came.answer_s)
    loaded = LoadedStep(longer=longer, error=error, lasted_s=15.0)
    judged = posterior(windows, loaded)
    relative = float(services.std(ddof=1)) / math.sqrt(60) / mean_s
    bands = {
        "windows and a step": (settled(judged), band_of(judged)),
        "independent samples": (1.0, deciles(relative, 60)),
    }
    return mean_s, bands, levels[60 + len(grid_s) :]


def test_bands_hold_what_they_say_where_a_server_wanders() -> None:
    """A middle 95 % misses one in twenty, and by chance no more than four standard errors above.

    Independent samples, as probes were read before, miss more than that.
    """
    rng, missed = (
        np.random.default_rng(1),
        dict.fromkeys(("windows and a step", "independent samples"), 0),
    )
    for server in range(SERVERS):
        mean_s, bands, levels = bands_and_rehearsal(rng, server)
        seen = observed(step(mean_s, 1000 + server), levels).p50_s
        for name, (factor, band) in bands.items():
            written = step(factor * mean_s, 1000 + server, band)
            said = [came.p50_s for came in predicted(written, ENGINE)]
            low, high = np.quantile(said, [0.025, 0.975])
            missed[name] += not low <= seen <= high
    most = 0.05 + 4 * math.sqrt(0.05 * 0.95 / SERVERS)
    assert missed["windows and a step"] / SERVERS <= most
    assert missed["independent samples"] / SERVERS > most
