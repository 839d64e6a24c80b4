"""``surgeproof replay``: rehearse a launch against a real server, instant by instant, and judge it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from scenarios.http.manners import manners_of, trust_of
from scenarios.process.alone import alone
from scenarios.rehearsal.sendable import step_requests
from simulator.plan.launches import Prediction
from surgeproof.verbs.sending.meanwhile.halt import halting
from surgeproof.verbs.sending.meanwhile.live import audience
from surgeproof.verbs.sending.probe.measuring import caught
from surgeproof.verbs.sending.replay import dry_run
from surgeproof.verbs.sending.replay.asked import Asked, Wanted
from surgeproof.verbs.sending.replay.place import Place, permission
from surgeproof.verbs.sending.replay.planned import Planned
from surgeproof.verbs.sending.replay.rehearsing import Rehearsing


def run(asked: Asked, predicted: Callable[[Prediction], None] = lambda _: None) -> int:
    """Predict, send, report; the exit code is the run's verdict, or why there is none.

    ``predicted`` is told what was sealed.
    """
    wanted = Wanted.of(asked)
    if asked.dry:
        return dry_run.run(wanted)
    scenario, trust = wanted.scenario, trust_of(wanted.scenario)
    target, allowed, people = permission(asked.target, wanted.launch)
    target = replace(target, trust=trust)
    manners = manners_of(scenario, step_requests(wanted.sent), allowed)
    with (
        audience(metrics=asked.metrics, otlp=asked.otlp) as watchers,
        caught(scenario, manners, allowed=asked.allow_commands) as office,
        halting(scenario) as halt,
        alone(target.addresses, target.port, target.url),
        asked.pins.keep(target, wanted.team.here) as apart,
    ):
        place = Place(target=target, allowed=allowed, manners=manners, office=office, apart=apart)
        planned = Planned.of(wanted, place, people)
        return Rehearsing.of(wanted, place, planned, watchers, halt, predicted).conclude()
