"""Who issues certificates: ``surgeproof size``; its confirmation after a careless search; and two who do it wrongly."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import repeat

from simulator.advice.size.certificate import Asked, failures_of
from simulator.advice.size.knobs import Candidate
from simulator.advice.size.sizer import CHUNK, FRESH, Sizer
from simulator.engine.compiled.engine import Compiled
from tests.certificates import small

ASKED = Asked()
OTHERS = 60
BORDER = 21, 29
"""The careless search looks between so many servers only: 80 % of launches hold with the first, 99.5 % with the other."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Issued:
    """What came of one search."""

    seed: int
    servers: int | None
    """None: no certificate."""
    number: int = 1
    """Which confirmation gave it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Others:
    """What others than ``surgeproof size`` say on the luck of one seed."""

    confirmed: Issued
    """The same confirmations, after a search that stops at the border: the hardest case for them."""
    point: Issued
    """Wrong: fresh luck, but no confidence."""
    own: Issued
    """Wrong: the luck of the search, and no confidence."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OneSeed:
    """What each of them says on the luck of one seed."""

    surgeproof: Issued
    others: Others | None
    """Asked for the first seeds only: they take three times as long."""


def of_seed(seed: int) -> OneSeed:
    with small.alone():
        others = others_of(seed) if seed <= OTHERS else None
        return OneSeed(surgeproof=sized(seed), others=others)


def others_of(seed: int) -> Others:
    careless = fewest_on_own_luck(seed)
    return Others(
        confirmed=confirmed(seed, careless, ASKED.confirmations()),
        point=confirmed(seed, careless, repeat(as_many_as_expected())),
        own=Issued(seed=seed, servers=careless),
    )


def sized(seed: int) -> Issued:
    """As the command does it, by its own search and confirmations."""
    found = Sizer(
        plan=replace(small.plan(), seed=seed),
        knobs=small.knobs(),
        prices=small.prices(),
        asked=ASKED,
        engine=Compiled(),
    ).run()
    if found.certificate is None:
        return Issued(seed=seed, servers=None)
    (servers,) = found.certificate.tried.candidate.values
    return Issued(seed=seed, servers=round(servers), number=found.certificate.number)


def fewest_on_own_luck(seed: int) -> int:
    """The fewest servers with which 95 % of the search's own launches hold."""
    fails, found = BORDER
    while found - fails > 1:
        middle = (fails + found) // 2
        if confirms(seed, middle, as_many_as_expected()):
            found = middle
        else:
            fails = middle
    return found


def confirmed(seed: int, servers: int, allowed: Iterator[int]) -> Issued:
    """The first from there on of which no more fail, on fresh luck each, than are allowed."""
    for number, may_fail in enumerate(allowed, start=1):
        if confirms(seed + number * FRESH, servers, may_fail):
            return Issued(seed=seed, servers=servers, number=number)
        servers += 1
    return Issued(seed=seed, servers=None)


def confirms(seed: int, servers: int, may_fail: int) -> bool:
    """Whether no more fail than may, on the luck of a seed; what has failed already is not played on."""
    player, candidate = small.player(seed), Candidate(values=(float(servers),))
    for until in [*range(CHUNK, ASKED.launches, CHUNK), ASKED.launches]:
        if failures_of(player.tried(candidate, range(until))) > may_fail:
            return False
    return True


def as_many_as_expected() -> int:
    """So many launches fail, in the mean, where just the share holds that is asked for."""
    return int(ASKED.launches * (1.0 - ASKED.share))
