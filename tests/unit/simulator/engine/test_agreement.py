from dataclasses import replace

from simulator.engine.agreement import Agreement, agreement
from simulator.engine.readable.launch import Readable
from simulator.outcomes.rows import Outcomes
from simulator.system.system import System
from simulator.timetable.timetable import Timetable
from tests.unit.simulator.plan.test_launches import PLAN


class Slower(Readable):
    """Wrong by a nanosecond: every visitor leaves later than he does."""

    name = "slower"

    def simulate(
        self, timetable: Timetable, system: System, *, bin_ns: int | None = None
    ) -> Outcomes:
        outcomes = super().simulate(timetable, system)
        rows = outcomes.rows()
        rows.visits["ended"] += 1
        return replace(outcomes, blocks=[rows])


def test_equal_rows_are_agreement() -> None:
    timetable = PLAN.timetable(0)
    found = agreement(Readable(), Readable(), timetable, PLAN.system)
    assert found == Agreement(
        engines=("simpy", "simpy"), visits=timetable.total, attempts=found.attempts, equal=True
    )
    assert "agree on every row" in str(found)


def test_a_nanosecond_is_disagreement() -> None:
    found = agreement(Readable(), Slower(), PLAN.timetable(0), PLAN.system)
    assert not found.equal
    assert "DISAGREE" in str(found)
