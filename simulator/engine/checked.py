"""An engine that is watched: every launch that it plays is held against what is true of all."""

from __future__ import annotations

from dataclasses import replace

from simulator.engine.invariants.check import check
from simulator.engine.rules import Engine
from simulator.errors import InvalidRun
from simulator.outcomes.counts.fold import summarise
from simulator.outcomes.counts.places import Layout
from simulator.outcomes.counts.summary import Summary
from simulator.outcomes.rows import Outcomes
from simulator.system.system import System
from simulator.timetable.timetable import Timetable


class Checked:
    """Plays as another engine does, and keeps all rows of a launch to look at them."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        self.name = engine.name

    def simulate(
        self, timetable: Timetable, system: System, *, bin_ns: int | None = None
    ) -> Outcomes:
        """Raises InvalidRun where the launch breaks a rule: then the engine is wrong."""
        outcomes = self.engine.simulate(timetable, system, bin_ns=bin_ns)
        rows = outcomes.rows()
        broken = check(rows, timetable, system)
        if broken:
            raise InvalidRun(
                f"the {self.name} engine broke a rule in launch {timetable.launch} of seed"
                f" {timetable.seed}: {broken[0]}; please report it, with the scenario"
            )
        return replace(outcomes, blocks=[rows])

    def summarise(
        self, timetable: Timetable, system: System, *, bin_ns: int, layout: Layout
    ) -> Summary:
        """Raises InvalidRun as well: rows are kept to be looked at, whatever the engine can do."""
        outcomes = self.simulate(timetable, system, bin_ns=bin_ns)
        return summarise(outcomes, bin_ns=bin_ns, layout=layout)
