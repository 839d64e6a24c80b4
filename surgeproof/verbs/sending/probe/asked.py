"""What a command line asks of a probe, and what of a launch is measured."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path

from scenarios.http.allow import Target
from scenarios.http.manners import Manners, manners_of
from scenarios.mail.office import Office
from scenarios.probe.measured import Keys
from scenarios.probe.probe import RATE_PER_S, SIGNUP
from scenarios.rehearsal.sendable import keys_of, sendable
from simulator.errors import UsageError
from simulator.scenario.scenario import Scenario
from simulator.scenario.words.rehearsal.requests import Request
from surgeproof.options import rate_of
from surgeproof.verbs.sending.probe.measuring import caught, probed
from surgeproof.verbs.sending.probe.wish import Wish, wished

MOST_PER_S = 100.0
"""Of a held-out step where nobody says a rate: gentle to a server that could do far more."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What was typed."""

    target: str
    requests: int
    """How often each, where the servers are known."""
    like: str | None = None
    """The launch whose requests are measured; None: a signup is."""
    write: Path | None = None
    rate: str | None = None
    servers: int | None = None
    waiting_room: int | None = None
    ladder: bool = False
    at_most: int | None = None
    within: str | None = None
    pid: int | None = None
    held_out: bool = True
    dry_run: bool = False
    allow_files: bool = False
    allow_commands: bool = False

    @property
    def rate_per_s(self) -> float:
        """The cap on a probe's own requests. Raises UsageError for what is no rate."""
        return RATE_PER_S if self.rate is None else rate_of("--rate", self.rate)

    @property
    def most_per_s(self) -> float:
        """Requests a second of the held-out step, at most: as many as were allowed, where somebody said."""
        return MOST_PER_S if self.rate is None else rate_of("--rate", self.rate)

    def wish(self) -> Wish:
        """What is asked of a ladder. Raises UsageError where that is at odds with the rest."""
        wish = wished(ladder=self.ladder, at_most=self.at_most, within=self.within, pid=self.pid)
        if wish.ladder and self.servers is not None:
            raise UsageError(
                "--servers says what a ladder would measure: leave it out, or the ladder"
            )
        return wish


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """The requests that are measured, and how the target is spoken to."""

    target: Target
    requests: tuple[Request, ...] = (SIGNUP,)
    """Each of them once."""
    manners: Manners = field(default_factory=Manners)
    keys: Keys = field(default_factory=dict)
    launch: Scenario | None = None
    """Whose they are."""

    @classmethod
    def of(cls, target: Target, launch: Scenario) -> Wanted:
        """A launch's. Raises ScenarioError where none of them can be measured."""
        sent = sendable(launch).scenario
        requests = probed(sent)
        manners = manners_of(launch, requests)
        return cls(
            target=replace(target, trust=manners.trust),
            requests=tuple(dict.fromkeys(requests)),
            manners=manners,
            keys=keys_of(sent),
            launch=launch,
        )

    @contextmanager
    def caught(self, *, allowed: bool) -> Iterator[Office | None]:
        """The launch's mails, where it has any. Raises UsageError where no command may be run for them."""
        if self.launch is None:
            yield None
            return
        with caught(self.launch, self.manners, allowed=allowed) as office:
            yield office
