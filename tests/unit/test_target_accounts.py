"""One e-mail is one account, whoever asks at the same time and how often."""

import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from scenarios.target.accounts import Accounts
from scenarios.target.forms import Signup
from scenarios.target.store import Store

COST = 4


@pytest.fixture
def accounts(tmp_path: Path) -> Accounts:
    return Accounts(Store(tmp_path / "target.sqlite"), COST, lambda: 0)


def signup(email: str, *, key: str | None, password: str = "secret") -> Signup:
    return Signup(email=email, password=password, ticket=None, key=key)


@pytest.mark.parametrize(
    ("second", "again"),
    [
        pytest.param(signup("a@b.c", key="k"), True, id="the same signup, tried again"),
        pytest.param(signup("a@b.c", key="k", password="new"), True, id="its key is enough"),
        pytest.param(signup("a@b.c", key="other"), False, id="somebody else's e-mail"),
        pytest.param(signup("a@b.c", key=None), False, id="no key"),
        pytest.param(signup("x@y.z", key="k"), False, id="a key serves one e-mail"),
    ],
)
def test_a_second_signup(accounts: Accounts, second: Signup, again: bool) -> None:
    first = accounts.work(signup("a@b.c", key="k"))()
    assert first is not None
    assert accounts.work(second)() == (first if again else None)
    accounts.store.close()


def test_without_a_key_the_password_tells_who_it_is(accounts: Accounts) -> None:
    first = accounts.work(signup("a@b.c", key=None))()
    assert accounts.work(signup("a@b.c", key=None))() == first
    assert accounts.work(signup("a@b.c", key=None, password="guess"))() is None
    accounts.store.close()


def test_a_second_try_keeps_the_code_that_was_sent(accounts: Accounts) -> None:
    accounts.work(signup("a@b.c", key="k"))()
    sent = accounts.store.code("a@b.c")
    accounts.work(signup("a@b.c", key="k"))()
    assert accounts.store.code("a@b.c") == sent
    accounts.store.close()


def test_of_eight_people_with_one_address_one_gets_it(accounts: Accounts) -> None:
    together = threading.Barrier(8)

    def race(person: int) -> int | None:
        together.wait()
        return accounts.work(signup("a@b.c", key=f"person-{person}"))()

    with ThreadPoolExecutor(8) as threads:
        made = list(threads.map(race, range(8)))
    assert sorted(account is not None for account in made) == [False] * 7 + [True]
    accounts.store.close()
