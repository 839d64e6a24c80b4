"""``surgeproof replay``: rehearse a launch against a real server, instant by instant, and judge it."""

from __future__ import annotations

import sys
from collections.abc import Callable
from dataclasses import replace

from scenarios.http.manners import manners_of, trust_of
from scenarios.machine.scraper import scraper_of
from scenarios.process.alone import alone
from scenarios.rehearsal.sendable import step_requests
from simulator.host.files import require_folder
from simulator.plan.launches import Prediction
from simulator.units import NS_PER_S
from surgeproof.verbs.sending.meanwhile.halt import halting
from surgeproof.verbs.sending.meanwhile.live import audience
from surgeproof.verbs.sending.meanwhile.unkept import Unkept
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
    # Before the target is loaded for a probe, whatever a probe would not change is tried.
    made, _ = dry_run.foreseen(wanted, people)
    end_s = made.plan.end_ns / NS_PER_S
    scraper = scraper_of(asked.scrape, target, allowed, end_s) if asked.scrape else None
    require_folder(asked.runs / "run.sqlite", made=True)
    with (
        audience(metrics=asked.metrics, otlp=asked.otlp) as watchers,
        caught(scenario, manners, allowed=asked.allow_commands) as office,
        halting(scenario) as halt,
        alone(target.addresses, target.port, target.url),
        asked.pins.keep(target, wanted.team.here) as apart,
    ):
        place = Place(target=target, allowed=allowed, manners=manners, office=office, apart=apart)
        with Unkept(out=sys.stderr if asked.as_json else sys.stdout) as unkept:
            planned = Planned.of(wanted, place, made.people, halt.heed, unkept)
            rehearsing = Rehearsing.of(wanted, place, planned, scraper, watchers, halt, predicted)
            unkept.keep(rehearsing.folder)
        return rehearsing.conclude()
