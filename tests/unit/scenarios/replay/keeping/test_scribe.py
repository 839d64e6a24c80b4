"""The scribe: whatever the disk does, whoever sends goes on, and nothing that he was told is lost."""

import sqlite3
from collections.abc import Callable
from contextlib import ExitStack, closing
from pathlib import Path

import pytest

from scenarios.replay.keeping import run_store
from scenarios.replay.keeping.batch import TAKEN, Batch, framed, packed
from scenarios.replay.keeping.scribe import Scribe
from simulator.errors import NotKept
from tests.unit.scenarios.replay.keeping.stores import batch, path, visitors
from tests.unit.scenarios.replay.keeping.test_batch import BEAT

__all__ = ["path"]


def send(scribe: Scribe, *batches: Batch) -> None:
    for each in batches:
        scribe.theirs.sendall(framed(packed(each)))


def taken(scribe: Scribe) -> tuple[int, ...]:
    return TAKEN.unpack(scribe.theirs.recv(TAKEN.size))


def test_what_comes_is_written_answered_and_handed_on(path: Path) -> None:
    heard: list[Batch] = []
    with Scribe(path, 1, heard.append) as scribe:
        send(scribe, batch(1, 7), Batch(worker=1, number=1, beat=BEAT))
        assert [taken(scribe), taken(scribe)] == [(0, 1), (1, 1)]
        assert visitors(path) == [7]
    scribe.require_well()
    assert [each.worker for each in heard] == [0, 1]
    assert scribe.beat == BEAT


def test_who_listens_hears_what_is_written_and_nothing_twice(path: Path) -> None:
    heard: list[Batch] = []
    with Scribe(path, 1, heard.append) as scribe:
        send(
            scribe,
            *(
                Batch(worker=w, number=n)
                for w, n in [(0, 1), (0, 1), (1, 1), (0, 3), (0, 2), (0, 3), (1, 1)]
            ),
        )
    assert [(each.worker, each.number) for each in heard] == [(0, 1), (1, 1), (0, 2), (0, 3)]


def test_an_end_that_somebody_holds_open_for_ever_is_not_waited_for(path: Path) -> None:
    """As a process does that a locustfile has started, and left behind."""
    with ExitStack() as kept:
        with Scribe(path, 1) as scribe:
            kept.enter_context(scribe.theirs.dup())
            send(scribe, *(batch(number, number) for number in range(1, 51)))
        assert visitors(path) == list(range(1, 51))


def test_what_still_lies_on_the_socket_is_written_at_the_end(path: Path) -> None:
    with Scribe(path, 1) as scribe:
        send(scribe, *(batch(number, number) for number in range(1, 51)))
    assert visitors(path) == list(range(1, 51))


def test_a_store_that_is_held_by_another_holds_nobody_up(path: Path) -> None:
    """All batches are sent while nothing can be written, and all are written then."""
    with Scribe(path, 1) as scribe:
        with closing(sqlite3.connect(path, isolation_level=None)) as other:
            other.execute("BEGIN IMMEDIATE")
            send(scribe, *(batch(number, number) for number in range(1, 51)))
            assert visitors(path) == []
            other.execute("ROLLBACK")
        assert [taken(scribe) for _ in range(50)][-1] == (0, 50)
    assert visitors(path) == list(range(1, 51))


def little_room(path: Path) -> sqlite3.Connection:
    """A store on a disk that has room for no page more."""
    store = connect(path)
    (pages,) = store.execute("PRAGMA page_count").fetchone()
    store.execute(f"PRAGMA max_page_count = {pages}")
    return store


connect: Callable[[Path], sqlite3.Connection] = run_store.connected


def test_a_full_disk_ends_it_with_a_sentence_and_what_was_written_stays(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(run_store, "connected", little_room)
    with Scribe(path, 1) as scribe:
        send(scribe, batch(1, 7), batch(2, *range(1000, 9000)))
        assert taken(scribe) == (0, 1)
        assert scribe.theirs.recv(1) == b""  # who sends sees that nobody listens any more
    with pytest.raises(NotKept, match=r"full.*make room on the disk, and run it again"):
        scribe.require_well()
    assert visitors(path) == [7]


def test_a_store_that_is_gone_is_said_to_be(path: Path) -> None:
    path.unlink()
    with Scribe(path, 1) as scribe:
        assert scribe.theirs.recv(1) == b""
    with pytest.raises(NotKept, match="was removed or replaced"):
        scribe.require_well()
