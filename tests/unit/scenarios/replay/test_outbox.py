"""The outbox: what nobody has written yet, and what becomes of it when the parent dies."""

import socket
import sqlite3
from contextlib import closing
from pathlib import Path

import gevent
import pytest

from scenarios.replay.child import outbox
from scenarios.replay.child.ledger import Ledger
from scenarios.replay.child.outbox import Outbox, ToParent
from scenarios.replay.keeping.batch import TAKEN, Batch, framed, packed, unpacked
from scenarios.replay.keeping.taking import take_batch
from simulator.errors import NotKept
from simulator.outcomes.rows import Fate, Result
from simulator.outcomes.workers import Worker
from tests.hanging import HUNG_S
from tests.unit.scenarios.replay.keeping.stores import batch, path, visit, visitors

__all__ = ["path"]


def nothing(_: bytes) -> None:
    """Carries it away, and nobody ever answers."""


def test_batches_are_numbered_and_kept_until_they_are_taken() -> None:
    sent: list[bytes] = []
    own = Outbox(2, sent.append)
    for _ in range(3):
        own.post()
    assert [unpacked(data) for data in sent] == [Batch(worker=2, number=n) for n in (1, 2, 3)]

    own.taken(2)
    assert [number for number, _ in own.kept] == [3]
    assert not own.empty.is_set()
    own.taken(3)
    assert own.empty.is_set()
    assert own.n_bytes == 0


def test_what_it_has_already_is_not_kept_twice() -> None:
    """As the master gets batches of its workers, some of them again."""
    own = Outbox(1, nothing)
    for number in (1, 2, 1, 2, 4, 3):
        own.keep(number, b"x")
    assert [number for number, _ in own.kept] == [1, 2, 3]


def test_more_than_can_be_kept_ends_the_replay(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(outbox, "MOST_BYTES", 1000)
    own = Outbox(0, nothing)

    def post_on() -> None:
        for _ in range(1000):
            own.post()

    with pytest.raises(NotKept, match="wait to be written, and more cannot be kept"):
        post_on()
    assert own.n_bytes <= 1000


def test_a_ledger_sends_what_has_come_together_and_nothing_twice() -> None:
    sent: list[bytes] = []
    ledger = Ledger(Outbox(0, sent.append), Worker(number=0, name="a", planned=2))
    ledger.write()
    assert sent == []
    ledger.add_visit((7, 0, 7, *(visit(7)[3:6]), Fate.SERVED))  # type: ignore[arg-type]
    ledger.add_attempt((7, 0, 0, 1, 2, 3, Result.SUCCESS))
    ledger.tally.add(0, Result.SUCCESS, 201, "ok")
    ledger.write()
    ledger.write()
    ledger.end("complete", planned=2, started=1)

    rows, end = map(unpacked, sent)
    assert rows.rows("visits") == [(*visit(7)[:6], Fate.SERVED)]
    assert rows.answers == ((0, Result.SUCCESS, 201, "ok", 1),)
    assert end.end is not None
    assert (end.end.planned, end.end.started) == (2, 1)
    assert end.workers == (Worker(number=0, name="a", planned=2, started=1),)
    assert end.answers == ()


def test_what_a_living_parent_writes_is_waited_for(path: Path) -> None:
    ours, theirs = socket.socketpair()
    parent = ToParent(theirs.detach(), lambda _, number: own.taken(number))
    own = Outbox(0, parent.carry)
    own.post()
    delivering = gevent.spawn(parent.deliver, [own], path, 1)
    gevent.sleep(0)
    assert not delivering.ready()

    with ours:
        sent = framed(packed(Batch(worker=0, number=1)))
        gevent.sleep(0.01)
        assert ours.recv(len(sent)) == sent
        ours.sendall(TAKEN.pack(0, 1))
        delivering.get(timeout=HUNG_S)
    parent.socket.close()


def test_what_a_dead_parent_left_is_written_by_its_heir_and_nothing_twice(path: Path) -> None:
    """The first batch had been written, and its answer was on the way."""
    ours, theirs = socket.socketpair()
    parent = ToParent(theirs.detach(), lambda _, number: own.taken(number))
    own = Outbox(0, parent.carry)
    for number in (1, 2, 3):
        own.keep(number, packed(batch(number, number)))
    with closing(sqlite3.connect(path)) as db:
        take_batch(db, 1, batch(1, 1))
    ours.close()

    gevent.spawn(parent.deliver, [own], path, 1).get(timeout=HUNG_S)
    parent.socket.close()

    assert visitors(path) == [1, 2, 3]
