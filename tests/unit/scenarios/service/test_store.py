"""Entries and payments: none is lost and none done twice, in either database."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from scenarios.service.settings import shown
from scenarios.service.store.database import Database
from scenarios.service.store.opened import open_database
from scenarios.service.store.sqlite import Sqlite
from scenarios.service.store.store import LATEST, Audit, NewEntry, NewPayment, Store
from simulator.errors import UsageError
from tests.together import together

TRIES = 40


@pytest.fixture
def store(database: Database) -> Store:
    return Store(database)


def payment(key: str, *, payee: str = "shop", amount: int = 250) -> NewPayment:
    return NewPayment(key=key, payer="ann", payee=payee, amount=amount, now_ns=0)


def entry(text: str, *, what: str = "feed", key: str | None = None) -> NewEntry:
    return NewEntry(what=what, key=key, text=text, now_ns=0)


def test_one_payment_that_is_sent_forty_times_at_once_is_done_once(store: Store) -> None:
    told = together(TRIES, lambda _: store.pay(payment("one")))
    assert len(set(told)) == 1
    assert None not in told
    assert store.audit() == Audit(accounts=0, verified=0, entries=0, payments=1, amount=250)


def test_forty_payments_at_once_are_all_done(store: Store) -> None:
    told = together(TRIES, lambda number: store.pay(payment(f"key-{number}", amount=number + 1)))
    assert len(set(told) - {None}) == TRIES
    expected = sum(range(1, TRIES + 1))
    assert (store.audit().payments, store.audit().amount) == (TRIES, expected)


def test_a_key_serves_one_payment(store: Store) -> None:
    first = store.pay(payment("k"))
    again, other_payee, other_amount = (
        store.pay(payment("k")),
        store.pay(payment("k", payee="thief")),
        store.pay(payment("k", amount=251)),
    )
    assert (again, other_payee, other_amount) == (first, None, None)
    assert store.audit().payments == 1


def test_a_read_shows_the_latest_entries_of_one_thing(store: Store) -> None:
    numbers = [store.write(entry(f"text {number}")) for number in range(LATEST + 5)]
    store.write(entry("another", what="game"))
    assert store.read("feed") == [
        {"entry": numbers[number], "text": f"text {number}"} for number in range(LATEST + 4, 4, -1)
    ]
    assert store.read("nothing") == []


def test_without_a_key_the_same_text_again_is_another_entry(store: Store) -> None:
    assert store.write(entry("hello")) != store.write(entry("hello"))


def test_an_entry_with_a_key_is_written_once(store: Store) -> None:
    told = together(TRIES, lambda _: store.write(entry("hello", key="k")))
    assert len(set(told)) == 1
    assert store.audit().entries == 1
    assert store.write(entry("other", key="k")) is None
    assert store.write(entry("hello", what="game", key="k")) not in (None, told[0])


def test_a_transaction_that_fails_leaves_nothing_and_holds_nobody_up(database: Database) -> None:
    def fail() -> None:
        with database.transaction(durable=True):
            database.rows("INSERT INTO leavers VALUES (1, 1)")
            raise KeyError

    with pytest.raises(KeyError):
        fail()
    with ThreadPoolExecutor(1) as another, database.transaction():
        assert another.submit(database.rows, "SELECT * FROM leavers").result() == []


def test_what_is_kept_is_there_when_it_is_opened_again(where: Path | str) -> None:
    first = open_database(where)
    paid = Store(first).pay(payment("k"))
    first.close()
    second = open_database(where)
    assert Store(second).pay(payment("k")) == paid
    second.close()


@pytest.mark.parametrize("durable", [False, True])
def test_sqlite_writes_what_is_durable_through_to_the_disk(tmp_path: Path, durable: bool) -> None:
    database = Sqlite(tmp_path / "target.sqlite")
    normal, full = 1, 2
    with database.transaction(durable=durable):
        assert database.rows("PRAGMA synchronous") == [(full if durable else normal,)]
    database.close()


def test_a_server_that_is_not_there_is_said_without_its_password() -> None:
    with pytest.raises(UsageError, match=r"cannot keep the line in postgresql://.*:1/shop") as told:
        open_database("postgresql://ann:secret@127.0.0.1:1/shop")
    assert "secret" not in str(told.value)


def test_a_password_is_not_shown() -> None:
    assert shown("postgresql://ann:se@cret@db:5432/shop?sslmode=require") == (
        "postgresql://db:5432/shop"
    )
    assert shown(Path("line.sqlite")) == "line.sqlite"
