"""The launches of the benchmark: people who come, send one request, and go."""

from dataclasses import dataclass

import numpy as np

from simulator.engine.compiled.engine import Compiled
from simulator.plan.plan import Plan
from simulator.plan.resolve import arriving, resolve
from simulator.scenario.scenario import Scenario, parse
from simulator.units import Ints

TEXT = """
format = 1
[launch]
name = "benchmark"
story = "People come, send one request, and go."
opening = 2026-03-01T12:00:00+00:00
time_zone = "UTC"
horizon = "{seconds:g} s"
[[people]]
name = "all"
client_timeout = "3 s"
[[surge]]
{surge}
people = "all"
[[station]]
name = "web"
servers = 64
waiting_room = 1_000
service = "1 ms"
[[journey]]
name = "signup"
[[journey.step]]
name = "in"
at = "web"
request = {{ path = "/in", json = {{ email = "${{email}}", name = "A Visitor" }} }}
[objectives.signup]
errors = 0.5
[replay]
for = "{seconds:g} s"
drain = "3 s"
health = "none"
connections = "{connections}"
{more}
"""
FLAT = 'shape = "constant"\nrate = "{rate:g}/s"'
SURGE = 'shape = "spike"\npeak = "{rate:g}/s"\ndecay = "8 s"'
"""All at once at the opening, and fewer and fewer: what a generator that is told stages cannot follow."""


@dataclass(frozen=True)
class Launch:
    """A plan, and the words around it."""

    scenario: Scenario
    plan: Plan

    @property
    def instants_ns(self) -> Ints:
        """When somebody comes, since the opening, ascending."""
        return np.sort(
            np.concatenate([rows.arrived_ns for rows in self.plan.timetable().arrivals()])
        )


def launch(
    rate: float, seconds: float, *, shape: str = FLAT, kept: bool = False, more: str = ""
) -> Launch:
    """``kept``: connections are kept and shared; else each visitor has his own."""
    connections = "keep-alive" if kept else "visitor"
    surge = shape.format(rate=rate)
    text = TEXT.format(surge=surge, seconds=seconds, connections=connections, more=more)
    scenario = parse(text, "benchmark.toml")
    return Launch(scenario, arriving(resolve(scenario), Compiled()).plan(3))
