"""One replay from the command line against a target with a fault, and what its audit found."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from reports.run.folder import RunFolder
from reports.run.report.reading import read_report
from reports.run.report.report import Report
from reports.sentences.reasons.promises import Promise, promises_of
from scenarios.service.settings import Settings
from simulator.verdict.criteria import Asks, Outcome
from tests.audit.faults import FAULTS
from tests.audit.target import NO_FAULT, Faulty
from tests.end_to_end.command import Done, surgeproof
from tests.faults.scene import STATIONS
from tests.launches.files import LAUNCH, changed

PEOPLE, RATE_PER_S = 80, 10
RESTART = "4 s"
TEXT = (
    changed(
        ('[["10 s", 300]]', f'[["2 s", {PEOPLE}], ["10 s", {PEOPLE + 1}]]'),
        ("release = { share_of_capacity = 0.75 }", f'release = {{ rate = "{RATE_PER_S}/s" }}'),
        ('for = "3 s"', 'for = "9 s"'),
        text=LAUNCH,
    )
    + f"""
[replay.line]
preset = "surgeproof"
promises = {{ rate = "{RATE_PER_S}/s", wait_factor = 1.5 }}
"""
)
"""Eighty in two seconds, of whom ten a second are let in: the last after eight."""


@dataclass(frozen=True)
class Replayed:
    """What came of it."""

    done: Done
    report: Report

    @property
    def promises(self) -> tuple[Promise, ...]:
        audit = self.report.variants[0].audit
        assert audit is not None, self.done.stdout
        return promises_of(audit)

    @property
    def broken(self) -> set[Asks]:
        return {one.asks for one in self.promises if one.outcome is Outcome.FAILS}


def replayed(
    fault: str, home: Path, seed: int, *, restarted: bool = False, acting: Sequence[str] = ()
) -> Replayed:
    """Run it; ``restarted``: with a restart in the middle; ``acting``: what else the command line says."""
    launch, stations = home / "small.toml", home / "stations.toml"
    launch.write_text(TEXT)
    stations.write_text(STATIONS)
    settings = Settings(
        workers=1, hash_cost=10, release_rate_per_s=float(RATE_PER_S), poll_every_s=0.5,
        database=home / "target.sqlite",
    )  # fmt: skip
    with Faulty(fault, settings) as target:
        again = ["--at", RESTART, "--run", target.restart] if restarted else []
        done = surgeproof(
            "replay", launch, "--target", target.url, "--system", stations, "--launches", "1",
            "--runs", home / "runs", "--seed", str(seed), *again, *acting,
        )  # fmt: skip
    return Replayed(done, read_report(RunFolder.latest(home / "runs")))


def faulty(name: str, home: Path, seed: int = 0) -> Replayed:
    """Against the target with that fault, restarted where it shows only then."""
    return replayed(name, home, seed, restarted=FAULTS[name].restarted)


def right(home: Path, seed: int = 0, *, restarted: bool = False) -> Replayed:
    return replayed(NO_FAULT, home, seed, restarted=restarted)
