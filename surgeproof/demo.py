"""``surgeproof demo``: a real launch predicted, rehearsed against a real server, and judged.

With the waiting line it should hold, and without it break, in the prediction as in the rehearsal.
"""

from __future__ import annotations

import sys
from datetime import UTC, datetime
from pathlib import Path

from reports.criteria import Outcome
from reports.rebuild import rebuild
from reports.report import Report
from reports.run_folder import RunFolder
from reports.table import print_report
from scenarios import library
from scenarios.preparation import line_settings
from scenarios.target.process import TargetProcess
from scenarios.target.settings import Settings
from simulator.scenario import read_stations
from surgeproof import probe
from surgeproof.endings import ending
from surgeproof.facts import run_facts
from surgeproof.rehearsal import Rehearsal

LAUNCH = "truth-social-2022"
VARIANTS = {"with the line": None, "no line": "no-line"}
"""What each variant is called in the reports, and in the file."""
EXPECTED = {"with the line": Outcome.HOLDS, "no line": Outcome.FAILS}
LAUNCHES = 100
ENDINGS = {
    0: "as it should: with the line it holds and without it breaks, predicted and observed",
    1: "not as it should: prediction or observation differs from the launch that was",
    3: "inconclusive: see why above",
}


def run(*, seed: int, runs: Path) -> int:
    """0: predicted and observed as expected; 1: either differs; 3: inconclusive."""
    started_at = datetime.now(UTC)
    folder = RunFolder.create(runs, LAUNCH, started_at)
    how = ending(lambda: rehearse(folder, started_at, seed))
    report = rebuild(folder)
    print_report(report, sys.stdout)
    code = how or judged(report)
    print(f"{ENDINGS.get(code, 'the demo could not be finished')}; report: {folder.page}")
    return code


def rehearse(folder: RunFolder, started_at: datetime, seed: int) -> int:
    """Everything that is predicted and sent; the target is ended whatever happens."""
    settings = Settings(workers=1)
    with TargetProcess(settings, log=folder.path / "target.log") as target:
        found = probe.measure(target.url)
        (folder.path / "stations.toml").write_text(found.stations_toml(), encoding="utf-8")
        stations = read_stations(found.stations_toml(), "stations.toml")
        for label, variant in VARIANTS.items():
            scenario = library.load(LAUNCH, variant=variant)
            rehearsal = Rehearsal.of(label, scenario, stations, seed)
            agreement = rehearsal.agreement()
            if variant is None:
                folder.save_scenario(scenario.dump())
                folder.save_facts(
                    run_facts(
                        scenario,
                        started_at=started_at,
                        seed=seed,
                        target=target.url,
                        probe=probe.in_words(found),
                        agreement=str(agreement),
                    )
                )
            rehearsal.predict(folder, LAUNCHES)
            target.set_line(line_settings(rehearsal.plan.system.waitlist))
            rehearsal.replay(folder, target.url)
    return 0


def judged(report: Report) -> int:
    """Whether every verdict is the expected one."""
    outcomes = {
        (variant.label, verdict.outcome)
        for variant in report.variants
        for verdict in variant.verdicts
    }
    if any(outcome is Outcome.INCONCLUSIVE for _, outcome in outcomes):
        return 3
    return 0 if outcomes == set(EXPECTED.items()) else 1
