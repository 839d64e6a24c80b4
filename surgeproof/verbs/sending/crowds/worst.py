"""``surgeproof gauntlet --replay``: one of its launches is predicted as a rehearsal, drawn, and then really sent.

What is drawn is what the replay seals and is judged by: it knows what sending takes of the target's cores.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from reports.gauntlet.folder import LAUNCHES, SYSTEM
from reports.gauntlet.replayed import Replayed, replayed
from reports.run.folder import RunFolder
from reports.run.report.reading import read_report
from simulator.advice.gauntlet.gauntlet import Gauntlet
from simulator.advice.gauntlet.trial import Trial
from simulator.advice.gauntlet.window import Window, rehearsable
from simulator.errors import SurgeproofError, UsageError
from simulator.host.files import unwritten, write_private
from simulator.plan.launches import Prediction
from simulator.verdict.criteria import Outcome
from simulator.verdict.verdict import EXIT_CODES
from surgeproof.endings import tell
from surgeproof.verbs.sending.replay import replay
from surgeproof.verbs.sending.replay.asked import Asked

WORST = "worst"
RUNS = "runs"
LAUNCHES_OF_IT = 40
"""Enough for a middle 95 %."""
WHY = {
    Outcome.FAILS: "of which not every launch holds as predicted",
    Outcome.INCONCLUSIVE: "which is inconclusive",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Sent:
    """A launch of the gauntlet that is sent."""

    trial: Trial
    window: Window
    launch: Path
    system: Path
    runs: Path

    def before(self, prediction: Prediction) -> Replayed:
        """What is predicted, before anybody comes."""
        return replayed(self.trial.name, self.window, prediction, None)

    def send(
        self,
        target: str,
        *,
        seed: int,
        allow_files: bool,
        allow_commands: bool,
        predicted: Callable[[Prediction], None],
    ) -> int:
        """Replay it, with a report of its own; the exit code is the replay's.

        ``predicted`` is told what was sealed, before anybody comes.
        """
        return replay.run(
            Asked(
                name=str(self.launch),
                target=target,
                seed=seed,
                launches=LAUNCHES_OF_IT,
                runs=self.runs,
                system=self.system,
                allow_files=allow_files,
                allow_commands=allow_commands,
            ),
            predicted=predicted,
        )

    def after(self) -> Replayed | None:
        """What was observed, on what was predicted of it: the prediction alone where nothing was, None where there is none."""
        try:
            report = read_report(RunFolder.latest(self.runs))
        except SurgeproofError as unread:
            tell(str(unread))
            return None
        (variant, *_) = report.variants or (None,)
        prediction = variant.rehearsal.prediction if variant and variant.rehearsal else None
        if variant is None or prediction is None:
            return None
        verdict = f"{report.decision.sentence[:1].upper()}{report.decision.sentence[1:]}."
        return replayed(self.trial.name, self.window, prediction, variant.observed, verdict)


def require_known(name: str, names: tuple[str, ...]) -> None:
    """Raises UsageError where there is no launch of this name to replay."""
    if name != WORST and name not in names:
        raise UsageError(f"--replay {name}: there is {WORST}, {', '.join(names)}")


def ended(outcome: Outcome, code: int) -> int:
    """The exit code of a gauntlet that came to ``outcome``, and of which a launch was sent that ended with ``code``.

    A launch that was sent and proved to fail is no inconclusive gauntlet; but a window that holds is no
    launch that does, and one that was not sent disproves nothing.
    """
    own = EXIT_CODES[outcome]
    if own == EXIT_CODES[Outcome.HOLDS] or code == EXIT_CODES[Outcome.FAILS]:
        return code
    if code not in (EXIT_CODES[Outcome.HOLDS], own):
        tell(f"the replay ended with exit code {code}; {own} is the gauntlet's, {WHY[outcome]}")
    return own


def to_send(found: Gauntlet, name: str, stations: str, folder: Path) -> Sent:
    """The worst of them, or the one that is named, as it will be sent.

    Raises UsageError where it was not tried, and ScenarioError where it cannot be rehearsed.
    """
    known = {each.name: each for each in found.trials}
    trial = found.worst if name == WORST else known.get(name)
    if trial is None:
        raise UsageError(f"--replay {name}: it could not be tried")
    window = Window.of(trial)
    launch = rehearsable(found.launches[trial.name], window, found.host)
    files = folder / LAUNCHES / f"{trial.name}.toml", folder / SYSTEM
    try:
        for file, text in zip(files, (launch.dump(), stations), strict=True):
            write_private(file, text)
    except OSError as error:
        raise unwritten(folder, error) from error
    return Sent(
        trial=trial,
        window=window,
        launch=files[0],
        system=files[1],
        runs=folder / RUNS,
    )
