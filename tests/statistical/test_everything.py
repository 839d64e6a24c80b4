"""The launch that a mail quota brings down tells the story that it says it tells.

It is no theory that is tried, but a file: its first ten minutes, in which most of the crowd comes,
judged by its own objective.
"""

import pytest

from simulator import Compiled, launch_plan, parse
from simulator.outcomes.rows import Block, Fate, Result
from tests.launches.files import EVERYTHING

ENGINE = Compiled()
MAIL = 1
"""The number of the step that waits for a mail."""


def errors(variant: str | None) -> tuple[float, float, Block]:
    """The share of those let in who left without an account, what is allowed, and all rows."""
    scenario = parse(EVERYTHING, "f", variant=variant, settings=["launch.horizon=10 min"])
    plan = launch_plan(scenario, seed=1, engine=ENGINE)
    rows = ENGINE.simulate(plan.timetable(), plan.system).rows()
    fate = rows.visits["fate"]
    gave_up, served = (fate == Fate.GAVE_UP).sum(), (fate == Fate.SERVED).sum()
    [asked] = plan.objectives.journeys
    assert asked.errors is not None
    return gave_up / (gave_up + served), asked.errors, rows


def test_mails_run_out_and_nothing_else_does() -> None:
    found, allowed, rows = errors(None)
    failed = rows.attempts[rows.attempts["result"] != Result.SUCCESS]
    assert found > allowed
    assert set(failed["step"].tolist()) == {MAIL}


@pytest.mark.parametrize("variant", ["more-mail", "fewer-slots"])
def test_what_is_said_to_help_helps(variant: str) -> None:
    found, allowed, _ = errors(variant)
    assert found <= allowed
