"""Short replays of a healthy, steady target: ``python -m tests.faults.healthy [--runs 200]``.

A gate of the instrument that closes here closes for nothing: at most 2 % of the runs may be inconclusive, and none may
say that the target does not hold. Each run
is of three seconds, of ten, thirty and a hundred visitors a second by turns, with a seed of its own; which gates closed is told, and how
near to its limit each came in the worst run and in the median one.
"""

from __future__ import annotations

import argparse
import json
import sqlite3
import statistics
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import asdict, dataclass, field
from pathlib import Path

from reports.sentences.criterion import against_limit, name_of
from scenarios.rehearsal.sendable import sendable
from scenarios.replay.replay import Replay
from simulator import Compiled
from simulator.errors import InvalidRun
from simulator.outcomes.answered import read_answers
from simulator.outcomes.counts.fold import summarise
from simulator.outcomes.instrument import read_instrument
from simulator.outcomes.store import read_part
from simulator.plan.plan import Plan
from simulator.scenario.scenario import parse, read_stations
from simulator.verdict.criteria import Kind, Outcome
from simulator.verdict.verdict import Verdict, judge_replay
from tests.faults.scene import STATIONS
from tests.faults.tried import fresh_target
from tests.launches.files import LAUNCH, changed
from tests.plans import rehearsal_plan

PART = "observed"
MOST = 0.02
COMING = (100, 300, 1000)
"""People of the launch, which lasts ten seconds. A median can be told of twenty."""


@dataclass(frozen=True)
class Run:
    """One of them, as it is written down."""

    seed: int
    outcome: str
    strains: dict[str, float]
    """By the gates' names how much of their limits was used."""
    closed: list[str]
    """The gates that closed, with their figures."""
    failed: list[str] = field(default_factory=list)
    """The objectives that were not met, with theirs."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run them, and tell; the exit code is 1 where more than 2 % are inconclusive, or any fails."""
    parser = argparse.ArgumentParser(prog="tests.faults.healthy", description=__doc__)
    parser.add_argument("--runs", type=int, default=200)
    parser.add_argument("--kept", type=Path, default=Path(tempfile.gettempdir()) / "healthy.jsonl")
    parser.add_argument("--resume", action="store_true", help="go on with what is kept")
    options = parser.parse_args(arguments)
    if not options.resume:
        options.kept.unlink(missing_ok=True)
    runs = [*kept(options.kept)]
    with fresh_target() as target:
        for seed in range(len(runs), options.runs):
            run = once(seed, target.url)
            runs.append(run)
            with options.kept.open("a") as file:
                file.write(f"{json.dumps(asdict(run))}\n")
            if run.closed or run.failed:
                why = "; ".join([*run.closed, *run.failed])
                print(f"seed {seed}: {run.outcome}: {why}", flush=True)
    print("\n".join(told(runs)))
    return int(is_ill(runs))


def once(seed: int, url: str) -> Run:
    with tempfile.TemporaryDirectory() as home:
        folder = Path(home)
        plan, db = plan_of(seed), folder / "run.sqlite"
        try:
            Replay(plan, target=url, folder=folder, db=db, part_name=PART).send()
        except InvalidRun as failed:
            return Run(seed, str(Outcome.INCONCLUSIVE), {}, [str(failed)])
        verdict = judged(plan, db)
    gates = [one for one in verdict.criteria if one.kind is Kind.INSTRUMENT]
    return Run(
        seed=seed,
        outcome=str(verdict.outcome),
        strains={name_of(one): one.strain for one in gates},
        closed=[against_limit(one) for one in verdict.impaired],
        failed=[against_limit(one) for one in verdict.objectives if one.outcome is Outcome.FAILS],
    )


def plan_of(seed: int) -> Plan:
    """The small launch at the reference target, without its line."""
    text = changed(("300]]", f"{COMING[seed % len(COMING)]}]]"), text=LAUNCH)
    scenario, stations = parse(text, "f", variant="no-line"), read_stations(STATIONS, "f")
    sent = sendable(scenario, stations).scenario
    return rehearsal_plan(scenario, stations, seed=seed, engine=Compiled(), sent=sent)


def judged(plan: Plan, db: Path) -> Verdict:
    with closing(sqlite3.connect(db)) as store:
        outcomes, instrument = read_part(store, PART), read_instrument(store, PART)
        answers = read_answers(store, PART)
    summary = summarise(outcomes, bin_ns=plan.bin_ns, layout=plan.layout)
    return judge_replay(summary, instrument, plan.objectives, answers, plan.subject)


def kept(file: Path) -> Iterator[Run]:
    """What was run before."""
    if file.exists():
        for line in file.read_text().splitlines():
            yield Run(**json.loads(line))


def inconclusive(runs: Sequence[Run]) -> int:
    return sum(run.outcome == Outcome.INCONCLUSIVE for run in runs)


def is_ill(runs: Sequence[Run]) -> bool:
    """Whether the instrument, or what it says of a healthy target, is not what it should be."""
    fails = any(run.outcome == Outcome.FAILS for run in runs)
    return fails or inconclusive(runs) > MOST * len(runs)


def told(runs: Sequence[Run]) -> Iterator[str]:
    """How many were inconclusive, what was not met, and how near each gate came to its limit."""
    outcomes = Counter(run.outcome for run in runs)
    yield f"{len(runs)} runs: " + ", ".join(f"{n} {what}" for what, n in sorted(outcomes.items()))
    for gate in dict.fromkeys(name for run in runs for name in run.strains):
        strains = [run.strains[gate] for run in runs if gate in run.strains]
        closed = sum(any(each.startswith(gate) for each in run.closed) for run in runs)
        yield (
            f"{gate}: closed in {closed}; of its limit used {statistics.median(strains):.0%} in the median"
            f" run, {max(strains):.0%} in the worst"
        )
    for run in runs:
        if run.failed:
            yield f"seed {run.seed}: not met: {'; '.join(run.failed)}"


if __name__ == "__main__":
    sys.exit(main())
