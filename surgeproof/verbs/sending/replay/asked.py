"""What a command line asks of a replay, and what is known of that before anybody is spoken to."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from scenarios.library import shelf as library
from scenarios.process.operator import Action
from scenarios.rehearsal.brought import code_in_words
from scenarios.rehearsal.sendable import sendable
from scenarios.replay.replay import check_port
from scenarios.replay.workers import ALONE, Workers
from simulator.plan.resolve import Resolved, resolve
from simulator.scenario.scenario import Scenario
from surgeproof import effort
from surgeproof.endings import tell
from surgeproof.options import share_of
from surgeproof.verbs.compare.against import baseline_of, require_same_people
from surgeproof.verbs.compare.named import Named
from surgeproof.verbs.sending.meanwhile.operated import actions_of
from surgeproof.verbs.sending.meanwhile.team import team_of
from surgeproof.verbs.sending.rehearsal.rehearsal import AS_WRITTEN
from surgeproof.verbs.sending.sharing import NO_PINS, Pins


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What was typed."""

    name: str
    """Of the launch, or its file."""
    target: str
    seed: int
    launches: int
    """How many are simulated."""
    runs: Path
    variant: str | None = None
    settings: Sequence[str] = ()
    system: Path | None = None
    """A file of the target's stations; None: it is measured, where the launch does not name one."""
    servers: int | None = None
    waiting_room: int | None = None
    web: int | None = None
    metrics: str | None = None
    otlp: str | None = None
    scrape: str | None = None
    allow_files: bool = False
    allow_commands: bool = False
    every: bool = False
    as_json: bool = False
    dry: bool = False
    """Whether only to say what would be sent."""
    require_prediction: bool = False
    """Whether who holds, and was predicted wrong, does not pass."""
    against: Sequence[Path] = ()
    """Who got worse than these runs by more than the tolerance does not pass either."""
    tolerance: str = "0"
    pins: Pins = NO_PINS
    workers: int = 1
    elsewhere: int = 0
    listen: str = ALONE.listen
    at: Sequence[str] = ()
    """The instants of the commands ``acts``."""
    acts: Sequence[str] = ()

    @property
    def label(self) -> str:
        return self.variant or AS_WRITTEN


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """The same, read and found fit to be sent."""

    asked: Asked
    actions: tuple[Action, ...]
    """What an operator does meanwhile."""
    team: Workers
    baseline: tuple[Named, ...]
    tolerance: float
    scenario: Scenario
    launch: Resolved
    sent: Scenario
    """What of the launch is sent."""

    @classmethod
    def of(cls, asked: Asked) -> Wanted:
        """Say what of it a person has to know.

        Raises UsageError, ScenarioError or Damaged where it cannot be done as it was asked.
        """
        actions = actions_of(asked.at, asked.acts)
        team = team_of(asked.workers, asked.elsewhere, asked.listen)
        tolerance, baseline = share_of("--tolerance", asked.tolerance), baseline_of(asked.against)
        require_same_people(baseline, asked.seed)
        scenario = library.load(
            asked.name,
            variant=asked.variant,
            settings=asked.settings,
            allow_files=asked.allow_files,
        )
        sent = sendable(scenario).scenario
        library.require_locustfiles(scenario, allow_files=asked.allow_files)
        for line in code_in_words(scenario.words):
            tell(line)
        launch = resolve(scenario)
        effort.tell_of_fit(launch)
        if asked.web is not None:
            check_port(asked.web)
        return cls(
            asked=asked,
            actions=actions,
            team=team,
            baseline=tuple(baseline),
            tolerance=tolerance,
            scenario=scenario,
            launch=launch,
            sent=sent,
        )
