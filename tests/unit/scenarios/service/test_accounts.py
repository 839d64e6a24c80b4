"""One e-mail is one account, whoever asks at the same time and how often."""

import pytest

from scenarios.service.store.database import Database
from scenarios.service.store.store import Store, Verification
from scenarios.service.web.accounts import Accounts
from scenarios.service.web.forms import Signup
from tests.examples import examples
from tests.together import together

COST = 4


@pytest.fixture
def accounts(database: Database) -> Accounts:
    return Accounts(Store(database), COST, lambda: 0)


def signup(email: str, *, key: str | None, password: str = "secret") -> Signup:
    return Signup(email=email, password=password, ticket=None, key=key)


@examples("second, again",
    ("the same signup, tried again", signup("a@b.c", key="k"), True),
    ("its key is enough", signup("a@b.c", key="k", password="new"), True),
    ("somebody else's e-mail", signup("a@b.c", key="other"), False),
    ("no key", signup("a@b.c", key=None), False),
    ("a key serves one e-mail", signup("x@y.z", key="k"), False),
)  # fmt: skip
def test_a_second_signup(accounts: Accounts, second: Signup, again: bool) -> None:
    first = accounts.work(signup("a@b.c", key="k"))()
    assert first is not None
    assert accounts.work(second)() == (first if again else None)
    assert accounts.store.audit().accounts == 1


def test_without_a_key_the_password_tells_who_it_is(accounts: Accounts) -> None:
    first = accounts.work(signup("a@b.c", key=None))()
    assert accounts.work(signup("a@b.c", key=None))() == first
    assert accounts.work(signup("a@b.c", key=None, password="guess"))() is None


def test_a_second_try_keeps_the_code_that_was_sent(accounts: Accounts) -> None:
    accounts.work(signup("a@b.c", key="k"))()
    sent = accounts.store.code("a@b.c")
    again = accounts.work(signup("a@b.c", key="k"))()
    assert again is not None
    assert again.code == accounts.store.code("a@b.c") == sent


def test_of_eight_people_with_one_address_one_gets_it(accounts: Accounts) -> None:
    made = together(8, lambda n: accounts.work(signup("a@b.c", key=f"person-{n}"))())
    assert sorted(account is not None for account in made) == [False] * 7 + [True]


def test_an_account_is_verified_once_by_its_own_code(accounts: Accounts) -> None:
    made = accounts.work(signup("a@b.c", key="k"))()
    assert made is not None
    verify = accounts.store.verify
    assert verify("x@y.z", made.code, 1) is Verification.UNKNOWN
    assert verify("a@b.c", "guess", 1) is Verification.WRONG
    assert accounts.store.audit().verified == 0
    assert verify("a@b.c", made.code, 1) is Verification.VERIFIED
    assert verify("a@b.c", made.code, 2) is Verification.AGAIN
    assert accounts.store.audit().verified == 1


def test_of_eight_who_verify_at_once_one_is_first(accounts: Accounts) -> None:
    made = accounts.work(signup("a@b.c", key="k"))()
    assert made is not None
    code = made.code
    found = together(8, lambda instant_ns: accounts.store.verify("a@b.c", code, instant_ns))
    assert sorted(found) == [Verification.AGAIN] * 7 + [Verification.VERIFIED]
