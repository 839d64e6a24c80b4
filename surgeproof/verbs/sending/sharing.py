"""What sending takes of a target's cores, where the target is on this machine: as the prediction has it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from scenarios.http.allow import Target
from scenarios.machine.apart import Apart, apart_of, kept_apart, named
from scenarios.machine.cores import Cores, cores_of
from scenarios.machine.here import on_this_machine, usable_cores
from scenarios.machine.processes import listeners
from scenarios.replay.orders import POLL_EVERY_NS
from simulator.errors import SurgeproofError
from simulator.outcomes.machine import Baseline
from simulator.plan.sharing.load import Load
from simulator.plan.sharing.shared import Beside, Shared
from simulator.plan.sharing.toll import Toll
from simulator.system.system import System
from simulator.text.wording import format_duration
from surgeproof.endings import tell
from surgeproof.verbs.sending.toll import toll_here


@dataclass(frozen=True, slots=True, kw_only=True)
class Pins:
    """Whether the two are to be kept apart."""

    wanted: bool = False
    pid: int | None = None
    """The target's process, which is moved."""

    @contextmanager
    def keep(self, target: Target, workers: int = 1) -> Iterator[Apart | None]:
        """``workers``: how many processes send from here. Raises UsageError where they cannot be."""
        if not self.wanted and self.pid is None:
            yield None
            return
        with kept_apart(target, self.pid, max(1, workers)) as apart:
            tell(f"pinned: {apart}")
            yield apart

    def planned(self, target: Target, workers: int = 1) -> Iterator[str]:
        """Who would be where, if anybody is to be kept apart. Raises UsageError where they could not be."""
        if self.wanted or self.pid is not None:
            yield f"pinned: {apart_of(target, self.pid, max(1, workers))}"


NO_PINS = Pins()


@dataclass(frozen=True, slots=True, kw_only=True)
class Sharing:
    """Who works beside a target's jobs, and how that is said."""

    loads: tuple[Load, ...] = ()
    cores: int = 1
    """Of the target."""
    apart: Apart | None = None
    toll: Toll | None = None
    its: Cores = frozenset()
    """The cores of a target that leaves some to others by itself; empty: it may use all, or is apart."""
    unknown: str = ""
    """Why nobody knows what sending costs; empty: it is known, or costs this target nothing."""

    @classmethod
    def of(
        cls,
        target: Target,
        *,
        keep_alive: bool,
        is_ours: bool,
        apart: Apart | None = None,
        here: float = 1.0,
    ) -> Sharing:
        """What is known of it.

        ``is_ours``: whether it is the reference target, whose line and web server were measured too; ``here``:
        the share of all visitors that is sent from this machine.
        """
        if not on_this_machine(target):
            return cls()
        try:
            toll = toll_here(keep_alive=keep_alive)
        except SurgeproofError as error:
            return cls(apart=apart, unknown=str(error))
        if toll is None:
            return cls(apart=apart, unknown="this system does not tell what a process has used")
        own = (toll.target,) if is_ours else ()
        if apart is not None:
            return cls(loads=own, cores=len(apart.target), apart=apart, toll=toll)
        usable, its = usable_cores(), cores_of(listeners(target.port))
        if its and usable - its:  # the kernel has the generator run where nobody is
            return cls(loads=own, cores=len(its), toll=toll, its=its)
        if not here:
            return cls(loads=own, cores=len(usable))
        return cls(loads=(toll.generator.of_a_share(here), *own), cores=len(usable), toll=toll)

    def beside(self, system: System, probed: Baseline | None) -> Beside | None:
        """What works beside the jobs of a rehearsal; None: nothing that is known.

        ``probed``: what is known of the machine, and of the share of services that is processor time.
        """
        if not self.loads:
            return None
        known = probed.computing if probed is not None else None
        return Beside(
            cores=self.cores,
            loads=self.loads,
            poll_every_ns=system.waitlist.poll_every_ns or POLL_EVERY_NS,
            computing={} if known is None else {each.name: known for each in system.stations},
        )

    def in_words(self, found: Shared | None) -> str:
        """For how a run was made; empty: the target is elsewhere."""
        said = [f"pinned: {self.apart}"] if self.apart else []
        if self.unknown:
            said.append(
                f"what sending costs the target's cores is not in the prediction: {self.unknown}"
            )
        if self.its:
            said.append(
                f"the target is on {named(self.its)} alone, and the generator may use others"
            )
        elif self.toll is not None and self.apart is None:
            load = self.toll.generator
            said.append(
                f"an attempt takes the generator {took(load.attempt_s)} of a core and a look in line"
                f" {took(load.look_s)}, measured on this machine before"
            )
        if found is not None:
            said.append(in_words(found, self.cores))
        return "; ".join(said)


def took(seconds: float) -> str:
    return format_duration(round(seconds * 1e9))


def in_words(found: Shared, cores: int) -> str:
    """What a prediction has of it."""
    who = f"beside the services up to {found.busiest:.2f} of {cores} cores are needed"
    if found.pace is None:
        return f"{who}, which makes none of them longer"
    return (
        f"{who}: predicted {found.mean:.2f} times as long in the mean, and {found.most:.2f} at most"
    )
