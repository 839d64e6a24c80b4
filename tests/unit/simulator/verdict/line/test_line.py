"""The audit of a line, against lines that are known to be right or wrong at the instants they decided."""

import random
from dataclasses import replace

import numpy as np
import pytest

from reports.sentences.reasons.line import found_in_line
from simulator.outcomes.looks import LOOK, LookRow, Told
from simulator.outcomes.rows import UNKNOWN, VISIT, Fate, Rows
from simulator.units import FOREVER, Ints
from simulator.verdict.criteria import OF_PROMISES, Asks, Outcome
from simulator.verdict.kept import judge_line
from simulator.verdict.line.audit import Audit, audit_line
from simulator.verdict.line.entries import entries
from simulator.verdict.line.overtaking import Inversion, pairs
from simulator.verdict.line.places import backwards
from simulator.verdict.line.promises import Order, Promises
from simulator.verdict.line.stints import Stints, stints_of
from tests.examples import examples

S, MS = 1_000_000_000, 1_000_000
FIFO = Promises(rate_per_s=10.0)


def row(
    visitor: int, sent: float, seen: float, said: Told,
    position: int = UNKNOWN, wait: float | None = None, ticket: int = UNKNOWN,
) -> LookRow:  # fmt: skip
    wait_ns = UNKNOWN if wait is None else round(wait * S)
    return visitor, round(seen * S), said, position, wait_ns, ticket, round(sent * S)


def table(*rows: LookRow) -> Rows:
    return np.sort(np.array(list(rows), LOOK), order=["visitor", "seen"])


def visits(people: int = 200, group: int = 0) -> Rows:
    found = np.zeros(people, VISIT)
    found["visitor"], found["people"], found["fate"] = np.arange(people), group, Fate.SERVED
    return found


def audited(*rows: LookRow, promises: Promises = FIFO) -> Audit:
    audit = audit_line(table(*rows), visits(), promises)
    assert audit is not None
    return audit


def broken(audit: Audit) -> set[Asks]:
    return {one.asks for one in judge_line(audit) if one.outcome is Outcome.FAILS}


def right_line(seed: int, people: int = 120, rate_per_s: float = 10.0) -> list[LookRow]:
    """First come, first served at a rate, asked over a network of some 100 ms, each at his own rhythm."""
    luck = random.Random(seed)
    joined = sorted(luck.uniform(0, 4) for _ in range(people))
    calls, free = [], 0.0
    for at in joined:
        free = max(free, at)
        calls.append(free)
        free += 1 / rate_per_s
    return [
        look
        for visitor, (at, call) in enumerate(zip(joined, calls, strict=True))
        for look in looks_of(luck, visitor, at, call, joined, calls)
    ]


def looks_of(
    luck: random.Random, visitor: int, joined: float, call: float, before: list[float], calls: list[float]
) -> list[LookRow]:  # fmt: skip
    """What one of them is told: the line decides at some instant between sending and sight."""
    found: list[LookRow] = []
    decides = joined
    while True:
        sent, seen = decides - luck.uniform(0, 0.05), decides + luck.uniform(0.001, 0.05)
        if decides >= call:
            return [*found, row(visitor, sent, seen, Told.LETS_IN, ticket=visitor)]
        ahead = sum(
            1 for other, at in zip(before, calls, strict=True) if other < joined and at > decides
        )
        said = Told.WAITS if found else Told.PLACED
        found.append(row(visitor, sent, seen, said, ahead + 1, call - decides, ticket=visitor))
        decides = seen + luck.uniform(0.5, 1.5)  # he sends no other before he has seen this one


@pytest.mark.parametrize("seed", range(8))
def test_nothing_is_found_in_a_line_that_keeps_its_promises(seed: int) -> None:
    audit = audited(*right_line(seed))
    found = judge_line(audit)
    assert {one.asks for one in found} == OF_PROMISES  # everything was asked of it
    assert {one.outcome for one in found} == {Outcome.HOLDS}
    assert audit.overtaking is not None
    assert audit.overtaking.waited > 50


# Each fault of its own kind ------------------------------------------------------------------------


def swapped(rows: list[LookRow]) -> list[LookRow]:
    """One who joined last enters before everybody who waits: he jumps the queue."""
    jumper = max(rows)[0]
    kept = [look for look in rows if look[0] != jumper]
    joined = min(look[6] for look in rows if look[0] == jumper) / S
    return [
        *kept,
        row(jumper, joined, joined + 0.02, Told.PLACED, ticket=jumper),
        row(jumper, joined + 0.1, joined + 0.15, Told.LETS_IN, ticket=jumper),
    ]


def forgetful(rows: list[LookRow]) -> list[LookRow]:
    return [
        (*look[:2], Told.FORGOTTEN, UNKNOWN, UNKNOWN, *look[5:]) if look[0] == 60 and look[2] == Told.LETS_IN else look
        for look in rows
    ]  # fmt: skip


def generous(rows: list[LookRow]) -> list[LookRow]:
    return [(*look[:5], look[5] // 2, look[6]) for look in rows]


def backing(rows: list[LookRow]) -> list[LookRow]:
    return [
        (*look[:3], look[3] + 40, *look[4:]) if look[2] == Told.WAITS and look[0] == 100 else look
        for look in rows
    ]


def understated(rows: list[LookRow]) -> list[LookRow]:
    return [(*look[:4], look[4] // 8 if look[4] > 0 else look[4], *look[5:]) for look in rows]


def overstated(rows: list[LookRow]) -> list[LookRow]:
    return [
        (*look[:4], look[4] * 8 + 5 * S if look[4] > 0 else look[4], *look[5:]) for look in rows
    ]


@examples("spoilt, asks",
    ("one jumps the queue", swapped, Asks.OVERTAKEN),
    ("one is forgotten", forgetful, Asks.PLACES_LOST),
    ("two have one place", generous, Asks.PLACES_SHARED),
    ("one moves back", backing, Asks.MOVED_BACK),
    ("waits are announced too short", understated, Asks.WAIT_ANNOUNCED),
    ("waits are announced too long", overstated, Asks.WAIT_ANNOUNCED),
)  # fmt: skip
def test_a_fault_is_found_and_no_other(spoilt, asks: Asks) -> None:  # type: ignore[no-untyped-def]
    for seed in range(3):
        assert broken(audited(*spoilt(right_line(seed)))) == {asks}


def test_a_line_that_is_faster_than_its_promise_is_found() -> None:
    audit = audited(*right_line(1, rate_per_s=20.0))
    assert broken(audit) == {Asks.ENTERED_BEYOND}
    found = audit.entries
    assert found is not None
    # 120 at 20/s are 6 s, in which 10/s lets in 60: 60 more, less what the looks leave open (1.6 s of each end)
    assert 60 - 2 * 1.6 * 20 < found.excess <= 60
    assert found.many > found.rate_per_s * found.within_s + found.excess


def test_by_lot_nobody_is_overtaken_and_by_class_only_within_it() -> None:
    rows = swapped(right_line(2))
    assert audited(*rows, promises=replace(FIFO, order=Order.ANY)).overtaking is None
    by_class = replace(FIFO, order=Order.BY_CLASS, classes=(0, 1))
    people = visits()
    people["people"][max(rows)[0]] = 1
    audit = audit_line(table(*rows), people, by_class)
    assert audit is not None
    assert Asks.OVERTAKEN not in broken(audit)
    people["people"] = 1
    audit = audit_line(table(*rows), people, by_class)
    assert audit is not None
    assert Asks.OVERTAKEN in broken(audit)


def test_the_worst_overtaking_is_named() -> None:
    audit = audited(
        row(1, 0.0, 0.1, Told.PLACED), row(1, 3.0, 3.1, Told.WAITS), row(1, 9.0, 9.1, Told.WAITS),
        row(2, 0.2, 0.3, Told.PLACED), row(2, 5.0, 5.1, Told.LETS_IN),
        row(3, 0.4, 0.5, Told.PLACED), row(3, 4.0, 4.5, Told.LETS_IN),
    ).overtaking  # fmt: skip
    assert audit is not None
    assert (audit.people, audit.inversions) == (1, 2)
    assert audit.worst == Inversion(
        visitor=1, by=3, joined_s=0.1, by_joined_s=0.4, by_entered_s=4.5, waited_s=9.0
    )
    assert audit.worst.lag_s == 4.5


@examples("joined, asked",
    ("asked for a place before the other had his", 0.05, 9.0),
    ("asked last before the other had seen that he is in", 0.2, 5.0),
)  # fmt: skip
def test_what_may_have_been_right_is_no_overtaking(joined: float, asked: float) -> None:
    audit = audited(
        row(1, 0.0, 0.1, Told.PLACED), row(1, asked, asked + 9, Told.WAITS),
        row(2, joined, 0.3, Told.PLACED), row(2, 4.9, 5.0, Told.LETS_IN),
    ).overtaking  # fmt: skip
    assert audit is not None
    assert audit.people == 0


def test_who_gives_his_place_up_or_is_forgotten_begins_anew() -> None:
    looks = table(
        row(1, 0.0, 0.1, Told.PLACED), row(1, 1.0, 1.1, Told.NOTHING), row(1, 2.0, 2.0, Told.LEFT),
        row(1, 2.1, 2.2, Told.PLACED), row(1, 3.0, 3.1, Told.FORGOTTEN), row(1, 3.2, 3.3, Told.LEFT),
        row(1, 4.0, 4.1, Told.PLACED), row(1, 5.0, 5.1, Told.WAITS), row(1, 6.0, 6.1, Told.LETS_IN),
        row(2, 0.0, 0.1, Told.LETS_IN),
    )  # fmt: skip
    stints = stints_of(looks, {}, FIFO)
    assert stints.visitor.tolist() == [1, 1, 1, 2]
    assert (stints.joined_seen / S).tolist() == [0.1, 2.2, 4.1, 0.1]
    assert (stints.left < FOREVER).tolist() == [True, False, False, False]
    assert (stints.forgotten < FOREVER).tolist() == [False, True, False, False]
    assert (stints.entered / S).tolist()[2:] == [6.1, 0.1]
    assert (stints.waited[2], stints.called_after[3]) == (5 * S, 0)


# What is not proven -----------------------------------------------------------------------------------


def test_who_is_told_twice_that_he_is_in_came_once() -> None:
    """His page was reloaded as he was called, and his next look said it again."""
    audit = audited(
        row(1, 0.0, 0.1, Told.PLACED), row(1, 10.0, 10.1, Told.LETS_IN), row(1, 12.0, 12.1, Told.LETS_IN),
        row(2, 5.0, 5.1, Told.PLACED), row(2, 20.0, 20.1, Told.WAITS), row(2, 21.0, 21.1, Told.LETS_IN),
    )  # fmt: skip
    assert broken(audit) == set()
    assert audit.entries is not None
    assert audit.entries.entered == 2


def test_a_place_may_have_been_given_by_a_request_whose_answer_was_lost() -> None:
    """A line that knows people by their mail gives the second request the place of the first one."""
    audit = audited(
        row(1, 0.0, 2.0, Told.NOTHING), row(1, 3.0, 3.1, Told.PLACED), row(1, 5.0, 5.1, Told.LETS_IN),
        row(2, 1.0, 1.1, Told.PLACED), row(2, 6.0, 6.1, Told.WAITS), row(2, 7.0, 7.1, Told.LETS_IN),
    )  # fmt: skip
    assert broken(audit) == set()


def test_a_line_that_was_not_told_that_somebody_left_may_have_kept_his_place() -> None:
    again = (
        row(1, 0.0, 0.1, Told.PLACED), row(1, 3.0, 3.1, Told.PLACED), row(1, 5.0, 5.1, Told.LETS_IN),
        row(2, 1.0, 1.1, Told.PLACED), row(2, 6.0, 6.1, Told.WAITS), row(2, 7.0, 7.1, Told.LETS_IN),
    )  # fmt: skip
    assert broken(audited(*again)) == set()
    told = row(1, 2.0, 2.1, Told.LEFT)
    assert broken(audited(*again, told)) == {Asks.OVERTAKEN}


def test_a_slow_answer_makes_no_announced_wait_wrong() -> None:
    """The line said ten seconds at once, and it was heard after six."""
    looks = [
        each
        for visitor in range(30)
        for each in (
            row(visitor, 0.0, 6.0, Told.PLACED, wait=10.0), row(visitor, 9.9, 10.0, Told.LETS_IN),
        )
    ]  # fmt: skip
    audit = audited(*looks, promises=Promises())
    assert audit.announced is not None
    assert audit.announced.wrong == 0.0


def test_who_is_alike_may_be_moved_behind_one_another() -> None:
    looks = (row(1, 0.0, 0.1, Told.PLACED, 5), row(1, 2.0, 2.1, Told.WAITS, 9))
    assert broken(audited(*looks)) == {Asks.MOVED_BACK}
    assert broken(audited(*looks, promises=replace(FIFO, alike_ns=60 * S))) == set()


# Against the definitions, by brute force ------------------------------------------------------------


def ints(luck: random.Random, many: int, most: int) -> Ints:
    return np.array([luck.randrange(most) for _ in range(many)], np.int64)


@pytest.mark.parametrize("seed", range(5))
def test_pairs_are_those_of_the_definition(seed: int) -> None:
    luck = random.Random(seed)
    for _ in range(20):
        many = luck.randrange(1, 12)
        seen, until = ints(luck, many, 8), ints(luck, 9, 10)
        after = ints(luck, 9, many + 1)
        wanted = sum(int(seen[j] < until[i]) for i in range(9) for j in range(int(after[i]), many))
        assert pairs(seen, after, until) == wanted


@pytest.mark.parametrize("seed", range(5))
def test_entries_beyond_a_rate_are_those_of_the_definition(seed: int) -> None:
    luck = random.Random(seed)
    for _ in range(20):
        many, burst = luck.randrange(1, 15), luck.randrange(1, 3)
        after = ints(luck, many, 40) * 100 * MS
        seen = after + ints(luck, many, 5) * 100 * MS
        found = entries(entered(after, seen), Promises(rate_per_s=2.0, burst=burst))
        assert found is not None
        wanted = max(
            sum(bool(s <= a and b <= e) for a, b in zip(after, seen, strict=True)) - burst - 2.0 * (e - s) / S
            for s in after for e in seen if e >= s
        )  # fmt: skip
        assert found.excess == pytest.approx(max(wanted, 0.0), abs=1e-9)


def entered(after: Ints, seen: Ints) -> Stints:
    never = np.full(len(after), FOREVER)
    return Stints(
        visitor=np.arange(len(after)), group=np.zeros(len(after), np.int64),
        joined_sent=after, joined_seen=after, waited=after,
        entered=seen, forgotten=never, left=never,
    )  # fmt: skip


def test_who_moved_back_is_known_by_when_he_joined_that_place() -> None:
    """Of his second place, that is, and not of a visit whose number nobody can look up."""
    looks = table(
        row(1 << 40, 0.0, 0.1, Told.PLACED, 3, ticket=1), row(1 << 40, 1.0, 1.1, Told.LETS_IN, ticket=1),
        row(2 << 40, 0.5, 0.6, Told.PLACED, 4, ticket=2), row(2 << 40, 1.5, 1.6, Told.FORGOTTEN),
        row(2 << 40, 2.0, 2.5, Told.PLACED, 2, ticket=3), row(2 << 40, 3.0, 3.1, Told.WAITS, 5, ticket=3),
    )  # fmt: skip
    found = backwards(looks, Promises())
    assert found is not None
    assert (found.steps, found.worst, found.joined_s) == (1, 3, 2.5)
    assert found_in_line(found).endswith(
        "at worst a visitor who joined 2.5 s after the opening moved back by 3 places"
    )
