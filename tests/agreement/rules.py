"""The rules of a launch by name, and which of them a launch uses."""

from collections.abc import Callable, Iterable, Iterator
from functools import cache

from simulator.system.journeys import Hold, Step
from simulator.system.line import (
    Batches,
    Feedback,
    LineKind,
    Policy,
    Release,
    Signal,
    Slots,
    TokenBucket,
    Waitlist,
)
from simulator.system.people import Jitter, People
from simulator.system.stations import Balance, Station, StationKind
from simulator.system.system import Change, Lever, System
from simulator.timetable import draws
from simulator.timetable.laws import Duration
from simulator.units import FOREVER, UNBOUNDED
from tests.agreement.drawn.strategies import Drawn, Launch, replayed, replayed_plain

NOTHING = Duration.fixed(0)


def slots(wanted: Callable[[Slots], bool]) -> Callable[[Release], bool]:
    return lambda release: isinstance(release, Slots) and wanted(release)


def feedback(wanted: Callable[[Feedback], bool]) -> Callable[[Release], bool]:
    return lambda release: isinstance(release, Feedback) and wanted(release)


OF_THE_LINE: dict[str, Callable[[Waitlist], bool]] = {
    "open line": lambda line: line.policy is Policy.OPEN,
    "first come, first called": lambda line: line.policy is Policy.FIFO,
    "random calls": lambda line: line.policy is Policy.RANDOM,
    "priority": lambda line: line.policy is Policy.PRIORITY,
    "callback list": lambda line: line.kind is LineKind.LIST,
    "polls": lambda line: line.poll_every_ns > 0,
    "late opening": lambda line: line.opens_ns > 0,
    "shuffle": lambda line: line.shuffles and line.opens_ns > 0,
    "full line": lambda line: line.places < UNBOUNDED,
    "expiry, out": lambda line: line.call_expires_ns < FOREVER and not line.expired_to_end,
    "expiry, to the end": lambda line: line.call_expires_ns < FOREVER and line.expired_to_end,
}

OF_THE_RELEASE: dict[str, Callable[[Release], bool]] = {
    "token bucket": lambda release: isinstance(release, TokenBucket),
    "batches": lambda release: isinstance(release, Batches),
    "slots": slots(lambda release: not release.by_minute),
    "slots, calls a minute": slots(lambda release: release.per_minute < UNBOUNDED and not release.by_minute),
    "sessions renewed": slots(lambda release: release.renews),
    "sessions ended early": slots(lambda release: release.early),
    "by minute": slots(lambda release: release.by_minute),
    "by minute, entries a minute": slots(lambda release: release.by_minute and release.per_minute < UNBOUNDED),
    "by minute, ghosts": slots(lambda release: release.ghost_ns > 0),
    "by minute, blind": slots(lambda release: release.blind_ns > 0),
    "feedback on attempts in flight": feedback(lambda f: f.signal is Signal.IN_FLIGHT),
    "feedback on slow answers": feedback(lambda f: f.signal is Signal.P95),
    "late feedback": feedback(lambda f: f.delay_periods > 0),
}  # fmt: skip

OF_PEOPLE: dict[str, Callable[[People], bool]] = {
    "client timeout": lambda people: people.client_timeout_ns < FOREVER,
    "cancels": lambda people: people.cancels and people.client_timeout_ns < FOREVER,
    "retries": lambda people: people.retries.attempts > 1,
    "jitter": lambda people: people.retries.attempts > 1 and people.retries.jitter is Jitter.FULL,
    "retry budget": lambda people: (people.retries.attempts > 1 and people.retries.budget_millionths > 0),
    "gives up after": lambda people: (people.retries.attempts > 1 and people.gives_up_after_ns < FOREVER),
    "patience": lambda people: people.patience != Duration.never(),
    "balking": lambda people: people.balks != Duration.never(),
    "silence": lambda people: people.silent > 0,
    "no-shows": lambda people: people.shows_up < 1,
    "late answers": lambda people: people.answers_after != NOTHING,
    "refreshes": lambda people: people.refreshes != Duration.never(),
    "referrals": lambda people: people.refers is not None,
}  # fmt: skip

OF_STATIONS: dict[str, Callable[[Station], bool]] = {
    "pool": lambda station: station.kind is StationKind.POOL,
    "cpu": lambda station: station.kind is StationKind.CPU,
    "quota": lambda station: station.kind is StationKind.QUOTA,
    "quota in any 24 hours": lambda station: station.per_day < UNBOUNDED,
    "quota a day": lambda station: station.per_day_from_opening < UNBOUNDED,
    "waiting room": lambda station: station.waiting_room < UNBOUNDED,
    "round trip": lambda station: station.round_trip_ns > 0,
    "shared instances": lambda s: s.balance is Balance.SHARED and s.instances > 1,
    "round robin": lambda station: station.balance is Balance.ROUND_ROBIN,
    "random instance": lambda station: station.balance is Balance.RANDOM,
    "least busy instance": lambda station: station.balance is Balance.LEAST_BUSY,
    "autoscaler": lambda station: station.autoscaler is not None,
    "failures": lambda station: station.failures is not None,
    "cold start": lambda station: station.cold is not None,
    "inflation": lambda station: station.is_inflated,
    "pace": lambda station: station.pace is not None and set(station.pace.factors) != {1.0},
    "shedding": lambda station: station.sheds_after_ns < FOREVER,
    "retry after": lambda station: station.retry_after_ns > 0,
}

OF_STEPS: dict[str, Callable[[Step], bool]] = {
    "own service": lambda step: step.service is not None,
    "think time": lambda step: step.think != NOTHING,
    "calls": lambda step: bool(step.calls),
    "calls to its own station": lambda s: any(c.station == s.station for c in s.calls),
    "holds": lambda step: step.holds is not None,
}

OF_SYSTEMS: dict[str, Callable[[System], bool]] = {
    "several groups": lambda system: len(system.people) > 1,
    "several stations": lambda system: len(system.stations) > 1,
    "several steps": lambda system: any(len(j.steps) > 1 for j in system.journeys),
    "several journeys": lambda system: len({p.journey for p in system.people}) > 1,
    "honoured retry after": lambda system: (
        any(p.honours_retry_after > 0 and p.retries.attempts > 1 for p in system.people)
        and any(station.retry_after_ns > 0 for station in system.stations)
    ),
}

OF_CHANGES: dict[Lever, str] = {
    Lever.SERVERS: "change of servers",
    Lever.POLICY: "change of policy",
    Lever.RELEASE_SPACING_NS: "change of release",
    Lever.WAITING_ROOM: "change of waiting room",
    Lever.CORES: "change of cores",
    Lever.QUOTA_SPACING_NS: "change of quota",
    Lever.SLOTS: "change of slots",
}

LAWS: dict[int, str] = {
    draws.FIXED: "fixed durations",
    draws.EXPONENTIAL: "exponential durations",
    draws.LOGNORMAL: "lognormal durations",
    draws.GAMMA: "gamma durations",
    draws.WEIBULL: "Weibull durations",
    draws.HYPEREXPONENTIAL: "hyperexponential durations",
    draws.EMPIRICAL: "empirical durations",
}

ALWAYS = {"one fate each", "order of simultaneous events", "horizon and end"}

RULES: tuple[str, ...] = (
    *sorted(ALWAYS), *OF_THE_LINE, *OF_THE_RELEASE, *OF_PEOPLE, *OF_STATIONS, *OF_STEPS,
    *OF_SYSTEMS, *OF_CHANGES.values(), *LAWS.values(),
)  # fmt: skip
"""Every rule that a launch may use, by name."""


def rules_in(launch: Launch) -> set[str]:
    """The rules that a launch uses; of the line's only those of its own release."""
    system = launch.system
    found = set(ALWAYS)
    found |= {rule for rule, used in OF_THE_LINE.items() if used(system.waitlist)}
    found |= {rule for rule, used in OF_THE_RELEASE.items() if used(system.waitlist.release)}
    found |= {rule for rule, used in OF_PEOPLE.items() if any(map(used, system.people))}
    found |= {rule for rule, used in OF_STATIONS.items() if any(map(used, system.stations))}
    found |= {rule for rule, used in OF_STEPS.items() if any(map(used, system.steps))}
    found |= {rule for rule, used in OF_SYSTEMS.items() if used(system)}
    found |= {OF_CHANGES[c.lever] for c in system.changes if is_there(c, system)}
    return found | {LAWS[law.law] for law in laws_of(system) if law.law in LAWS}


@cache
def rules_of(seed: int, drawn: Drawn = replayed) -> set[str]:
    """The rules that the launch of a seed uses."""
    return rules_in(drawn(seed))


@cache
def plain_rules() -> set[str]:
    """The rules that the kernel without events plays: those of launches first come, first served."""
    return set[str]().union(*(rules_of(seed, replayed_plain) for seed in range(100)))


def seeds_with(rules: Iterable[str], drawn: Drawn, most: int) -> Iterator[int]:
    """The seeds below ``most`` whose launches use all of these rules."""
    wanted = set(rules)
    return (seed for seed in range(most) if wanted <= rules_of(seed, drawn))


def is_there(change: Change, system: System) -> bool:
    """Whether the launch has the lever."""
    release, station = system.waitlist.release, system.stations[change.station]
    return {
        Lever.SERVERS: station.kind is not StationKind.QUOTA,
        Lever.POLICY: True,
        Lever.RELEASE_SPACING_NS: isinstance(release, TokenBucket | Feedback),
        Lever.WAITING_ROOM: True,
        Lever.CORES: station.kind is StationKind.CPU,
        Lever.QUOTA_SPACING_NS: station.kind is StationKind.QUOTA,
        Lever.SLOTS: isinstance(release, Slots),
    }[change.lever]


def laws_of(system: System) -> Iterator[Duration]:
    """Every duration of the system that is drawn."""
    for people in system.people:
        yield from (people.patience, people.balks, people.answers_after, people.refreshes)
        if people.refers is not None:
            yield people.refers.after
    for station in system.stations:
        yield station.service
        if station.failures is not None:
            yield from (station.failures.runs, station.failures.repair)
    for step in system.steps:
        yield from (step.think, *(call.service for call in step.calls if call.service))
        yield from (law for law in (step.service, held(step.holds)) if law is not None)


def held(hold: Hold | None) -> Duration | None:
    return None if hold is None else hold.lasts
