"""Who sends a rehearsal, and what else goes on beside it: what a command line says, and a dry run tells."""

from __future__ import annotations

from collections.abc import Iterable

from reports.sentences import words
from scenarios.process.operator import Action
from scenarios.replay.workers import ALONE, Workers
from simulator.errors import UsageError
from simulator.text.wording import format_duration
from simulator.units import NS_PER_S
from surgeproof.endings import tell
from surgeproof.verbs.sending.meanwhile.operated import announced


def team_of(workers: int, elsewhere: int, listen: str) -> Workers:
    """Who sends. Raises UsageError where nobody does, or where strangers could."""
    team = Workers(here=workers, elsewhere=elsewhere, listen=listen)
    if not team.many:
        raise UsageError("--workers 0 sends nobody: say how many workers to --await")
    if not elsewhere and listen != ALONE.listen:
        raise UsageError(
            "--listen is where other machines' workers come: say how many with --await"
        )
    team.require_usable()
    if elsewhere:
        many = words.times(elsewhere, "worker")
        tell(
            f"{many} {'is' if elsewhere == 1 else 'are'} awaited at {listen}, for {format_duration(team.to_come_s * NS_PER_S)} at most"
            " (there: surgeproof worker --master HOST:PORT)"
        )
    return team


def aside(
    team: Workers,
    metrics: str | None,
    otlp: str | None,
    scrape: str | None,
    actions: Iterable[Action] = (),
) -> list[str]:
    """What else is sent, read, served or done meanwhile, for a dry run."""
    said = announced(actions)
    if not team.alone:
        elsewhere = f", {team.elsewhere} of them on other machines" if team.elsewhere else ""
        said.append(f"the visitors are shared by {words.times(team.many, 'worker')}{elsewhere}")
    if metrics is not None:
        said.append(f"figures are served for Prometheus at {metrics}")
    if otlp is not None:
        said.append(f"figures and spans are pushed to {otlp}")
    if scrape is not None:
        said.append(f"the target's own metrics are read at {scrape}, about once a second")
    return said
