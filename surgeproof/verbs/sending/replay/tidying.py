"""What is left to do however a rehearsal ends: the launch's cleanup, and keeping what was said of it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace

from reports.run.facts import RunFacts
from reports.run.folder import RunFolder, observed_part
from scenarios.mail.commands import command_of
from scenarios.mail.office import Office
from scenarios.process.operator import Operator
from scenarios.replay.keeping.part import anything_sent
from simulator.errors import NotKept
from simulator.scenario.scenario import Scenario
from surgeproof.endings import tell
from surgeproof.verbs.sending.meanwhile import operated

CLEANUP_S = 60.0


@contextmanager
def tidied(
    scenario: Scenario,
    folder: RunFolder,
    facts: RunFacts,
    label: str,
    office: Office | None,
    operator: Operator,
) -> Iterator[None]:
    """However the block ends, what it did is tidied up, and what there is to say of it is kept."""
    try:
        yield
    finally:
        told = [office.told()] if office is not None else []
        try:
            if anything_sent(folder.database, observed_part(label)):
                told += cleaned(scenario, facts.run_id)
        finally:
            operator.close()  # not before: the cleanup may need a service that he started again
            told += operated.tell_of(operator)
            with suppress(NotKept):  # it has been said
                folder.save_facts(replace(facts, told=tuple(told), acts=operated.acts_of(operator)))


def cleaned(scenario: Scenario, run: str) -> Iterator[str]:
    """How the launch's cleanup ended, if it has one; whether it did well changes no verdict."""
    replay = scenario.words.replay
    if replay is None or replay.cleanup is None:
        return
    command = command_of(replay.cleanup, scenario, "replay.cleanup")
    tell(f"cleanup: {replay.cleanup} is run for {run}, for at most {CLEANUP_S:.0f} s")
    found = command.in_words({"run": run}, CLEANUP_S)
    tell(f"cleanup {found}")
    yield f"cleanup {found}"
