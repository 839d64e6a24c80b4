"""``surgeproof demo``: a real launch predicted, rehearsed against a real server, and judged.

With the waiting line it should hold, and without it break, in the prediction as in the rehearsal.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

from reports.run.folder import RunFolder
from reports.run.report.report import Report
from scenarios.http.allow import check_target
from scenarios.http.manners import Manners
from scenarios.library import shelf as library
from scenarios.probe.held_out.step import Limits
from scenarios.rehearsal.sendable import known_requests, sendable
from scenarios.replay.preparation import line_settings
from scenarios.service.process import TargetProcess
from scenarios.service.settings import Settings
from simulator.plan.resolve import resolve
from simulator.scenario.scenario import read_stations
from simulator.verdict.criteria import Outcome
from simulator.verdict.truth.judged import Came
from surgeproof.verbs.sending.meanwhile.live import Audience
from surgeproof.verbs.sending.probe.asked import MOST_PER_S
from surgeproof.verbs.sending.probe.held_out import judged_by_a_step
from surgeproof.verbs.sending.probe.in_words import in_words
from surgeproof.verbs.sending.probe.measuring import measure
from surgeproof.verbs.sending.rehearsal.again import predict_again
from surgeproof.verbs.sending.rehearsal.conclusion import PREDICTED, conclude
from surgeproof.verbs.sending.rehearsal.facts import run_facts
from surgeproof.verbs.sending.rehearsal.rehearsal import Rehearsal, require_agreement
from surgeproof.verbs.sending.sharing import Sharing

LAUNCH = "truth-social-2022"
LAUNCHES = 100


@dataclass(frozen=True, slots=True)
class Act:
    """One variant of the launch, and what became of it."""

    label: str
    variant: str
    expected: Outcome


ACTS = (
    Act("with the line", "well-run", Outcome.HOLDS),
    Act("no line", "no-line", Outcome.FAILS),
)
ENDINGS = {
    0: "as expected: it holds with the line and breaks without it, and both were predicted right",
    1: "not as expected: see above which verdict differs",
    3: "inconclusive: see above what the instrument could not do",
}
AMISS = {
    Came.WRONG: "it holds with the line and breaks without it, but was predicted wrong: see above why",
    Came.NOT_COMPARABLE: "it holds with the line and breaks without it, but the machine may not be the"
    " one that was predicted: see above",
    Came.UNKNOWN: "it holds with the line and breaks without it, but nobody knows whether it was predicted"
    " right: see above",
}
"""Where the verdicts are as expected, and a prediction did not come true."""


def run(*, seed: int, runs: Path) -> int:
    """0: predicted and observed as expected; 1: either differs; 3: inconclusive."""
    started_at = datetime.now(UTC)
    folder = RunFolder.create(runs, LAUNCH, started_at)
    return conclude(
        folder,
        lambda: rehearse(folder, started_at, seed),
        judged=judged,
        said=in_a_line,
    )


def in_a_line(report: Report) -> str:
    """What the demo came to."""
    if report.ending:
        return report.ending.sentence
    amiss = not_right(report) if verdicts_of(report) == 0 else None
    return AMISS[amiss] if amiss else ENDINGS[judged(report)]


def rehearse(folder: RunFolder, started_at: datetime, seed: int) -> int:
    """Everything that is predicted and sent; the target is ended whatever happens."""
    first = library.load(LAUNCH)
    acts = {act: library.load(LAUNCH, variant=act.variant) for act in ACTS}
    sent = [sendable(scenario) for scenario in acts.values()]
    facts = run_facts(
        first,
        started_at=started_at,
        seed=seed,
        target="",
        probe="",
        left_out=[each for of_act in sent for each in of_act.left_out],
    )
    folder.save_scenario(first.dump())
    folder.save_facts(facts)  # at once, so that a demo that is stopped early has a report as well
    with TargetProcess(Settings(workers=1, outbox=True), log=folder.path / "target.log") as target:
        at = check_target(target.url)
        sharing = Sharing.of(at, keep_alive=False, is_ours=True)
        requests = (request for of_act in sent for request in known_requests(of_act.scenario))
        wanted = tuple(dict.fromkeys(requests))
        found = measure(at, wanted)
        # One request at a time leaves a processor to rest, which it does not do in a launch.
        limits = Limits(most_per_s=MOST_PER_S)
        found = judged_by_a_step(found, at, wanted, Manners(), None, {}, limits, sharing)
        folder.write(folder.stations, found.stations_toml())
        stations = read_stations(found.stations_toml(), "stations.toml")
        facts = replace(facts, target=target.url, probe=in_words(found))
        folder.save_facts(facts)
        agreements, people, cores = [], None, []
        for act, scenario in acts.items():
            rehearsal = Rehearsal.of(act.label, resolve(scenario), stations, seed, people)
            people = rehearsal.people
            rehearsal, shared = rehearsal.beside(
                sharing.beside(rehearsal.plan.system, rehearsal.probed)
            )
            cores.append(f"{act.label}: {sharing.in_words(shared)}")
            facts = replace(facts, sharing="; ".join(cores))
            prediction = rehearsal.predict(folder, LAUNCHES)
            agreements.append(rehearsal.agreement())
            said = "\n".join(f"{a.label}: {b}" for a, b in zip(ACTS, agreements, strict=False))
            folder.save_facts(replace(facts, agreement=said))
            target.set_line(line_settings(rehearsal.plan.system.waitlist))
            with Audience().watching(rehearsal, prediction, facts) as watch:
                rehearsal.replay(folder, target.url, hear=watch.hear, shown=watch.shown)
            predict_again(rehearsal, folder, LAUNCHES)
    require_agreement(*agreements)
    return 0


def judged(report: Report) -> int:
    """Whether every verdict is the expected one, and every prediction came true."""
    code, amiss = verdicts_of(report), not_right(report)
    return PREDICTED[amiss] if code == 0 and amiss else code


def not_right(report: Report) -> Came | None:
    """The worst that a prediction came to; None where all were right."""
    found = {each.came.outcome for each in report.variants if each.came}
    return next((each for each in AMISS if each in found), None)


def verdicts_of(report: Report) -> int:
    """Whether every verdict, predicted and observed, is the expected one."""
    expected = {act.label: act.expected for act in ACTS}
    verdicts = [(each.label, verdict) for each in report.variants for verdict in each.verdicts]
    unclear = any(verdict.outcome is Outcome.INCONCLUSIVE for _, verdict in verdicts)
    if unclear or {label for label, _ in verdicts} != set(expected):
        return 3
    return 0 if all(verdict.outcome is expected[label] for label, verdict in verdicts) else 1
