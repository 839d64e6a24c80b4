"""``surgeproof predict --stress``: disturb the launch ever more, and say whether it recovers."""

from __future__ import annotations

import json

from reports.terminal.stress import stress_record, stress_text
from simulator.advice.disturbance.stress import LAUNCHES, stress
from simulator.advice.disturbance.trigger import Disturbance
from simulator.plan.effort import TRIED_SIZES
from simulator.verdict.verdict import EXIT_CODES
from surgeproof import effort
from surgeproof.cluster import on
from surgeproof.progress import progress
from surgeproof.verbs.predicting.asked import Asked

TRIED = 1 + TRIED_SIZES * len(Disturbance)
"""So often each launch is simulated at the least, if it heals: undisturbed, and with each size."""


def run(asked: Asked) -> int:
    """Print what was tried and the verdict, whose exit code it returns."""
    subject = asked.subject()
    plan, engine = subject.plan, subject.engine
    launches = LAUNCHES if asked.launches is None else asked.launches
    with on(asked.cluster):
        effort.tell_of(
            plan, engine, launches * TRIED, less="fewer --launches, a shorter launch.horizon"
        )
        with progress("disturbing the launch") as step:
            found = stress(plan, engine, launches=launches, told=lambda note: step(0, 0, note))
    if asked.as_json:
        record = asked.record("stress", subject, launches, {"stress": stress_record(plan, found)})
        print(json.dumps(record, indent=2, ensure_ascii=False, allow_nan=False))
    else:
        print(stress_text(plan, found), end="")
    return EXIT_CODES[found.outcome]
