"""What people leave in the database: accounts, their verification codes, entries, payments.

What may be asked again carries a key, and the table lets each key in once. An insert that finds its
key taken waits until the other one is committed, and then reads what that one made; nothing is ever
deleted, so there is something to read. So of any number of tries, at once or one after the other,
one is done, and all are told of it.
"""

from __future__ import annotations

import dataclasses
import enum
import hmac
from dataclasses import dataclass

from scenarios.service.store.database import Database

LATEST = 20
"""How many entries a read shows."""

CREATE_ACCOUNT = """
    INSERT INTO accounts (email, key, salt, hash, made_ns)
    VALUES (:email, :key, :salt, :hash, :now_ns) ON CONFLICT DO NOTHING RETURNING account
"""
SEND_CODE = "INSERT INTO outbox (account, email, code) VALUES (:account, :email, :code)"
FIND_ACCOUNT = """
    SELECT account, code FROM accounts JOIN outbox USING (account)
    WHERE accounts.email = :email AND key = :key
"""
FIND_CODE = "SELECT code FROM outbox WHERE email = :email"
VERIFY = """
    UPDATE accounts SET verified_ns = :now_ns WHERE email = :email AND verified_ns IS NULL
    RETURNING account
"""
"""Who is first finds no instant there, and leaves one: of many who verify at once, one does."""

READ = "SELECT entry, text FROM entries WHERE what = :what ORDER BY entry DESC LIMIT :latest"
WRITE = """
    INSERT INTO entries (what, key, text, made_ns) VALUES (:what, :key, :text, :now_ns)
    ON CONFLICT DO NOTHING RETURNING entry
"""
FIND_ENTRY = "SELECT entry FROM entries WHERE what = :what AND key = :key AND text = :text"

PAY = """
    INSERT INTO payments (key, payer, payee, amount, made_ns)
    VALUES (:key, :payer, :payee, :amount, :now_ns) ON CONFLICT DO NOTHING RETURNING payment
"""
FIND_PAYMENT = """
    SELECT payment FROM payments
    WHERE key = :key AND payer = :payer AND payee = :payee AND amount = :amount
"""

AUDIT = """
    SELECT (SELECT count(*) FROM accounts),
        (SELECT count(*) FROM accounts WHERE verified_ns IS NOT NULL),
        (SELECT count(*) FROM entries), count(*), coalesce(sum(amount), 0) FROM payments
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class NewAccount:
    """What is written of a signup."""

    email: str
    key: str
    """Names the person: the same e-mail with the same key is the same signup, tried again."""
    salt: bytes
    hash: bytes
    code: str
    now_ns: int


@dataclass(frozen=True, slots=True)
class Account:
    """A signup that was done, and the code that was sent for it."""

    number: int
    code: str


class Verification(enum.StrEnum):
    """What came of a code that was sent back."""

    VERIFIED = "verified"
    AGAIN = "again"
    """It had been verified before, with this code."""
    WRONG = "wrong"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True, kw_only=True)
class NewEntry:
    """What somebody writes."""

    what: str
    key: str | None
    """Without one, the same text again is another entry."""
    text: str
    now_ns: int


@dataclass(frozen=True, slots=True, kw_only=True)
class NewPayment:
    """Who pays whom how much."""

    key: str
    payer: str
    payee: str
    amount: int
    """In the smallest coin."""
    now_ns: int


@dataclass(frozen=True, slots=True)
class Audit:
    """What is really there, to be held against what clients were told."""

    accounts: int
    verified: int
    entries: int
    payments: int
    amount: int
    """Of all payments together."""


class Store:
    """Accounts, entries and payments of one database."""

    def __init__(self, database: Database) -> None:
        self._db = database

    def create_account(self, new: NewAccount) -> Account | None:
        """The account, made now or by an earlier try; None: the name or the key is taken."""
        values = dataclasses.asdict(new)
        with self._db.transaction():
            for (number,) in self._db.rows(CREATE_ACCOUNT, values):
                self._db.rows(SEND_CODE, values | {"account": number})
                return Account(int(number), new.code)
        for number, code in self._db.rows(FIND_ACCOUNT, values):
            return Account(int(number), str(code))
        return None

    def code(self, email: str) -> str | None:
        """The verification code sent to that address."""
        found = self._db.rows(FIND_CODE, {"email": email})
        return str(found[0][0]) if found else None

    def verify(self, email: str, code: str, now_ns: int) -> Verification:
        sent = self.code(email)
        if sent is None:
            return Verification.UNKNOWN
        if not hmac.compare_digest(sent.encode(), code.encode()):
            return Verification.WRONG
        with self._db.transaction():
            first = self._db.rows(VERIFY, {"email": email, "now_ns": now_ns})
        return Verification.VERIFIED if first else Verification.AGAIN

    def read(self, what: str) -> list[dict[str, object]]:
        """The latest entries, the newest first."""
        found = self._db.rows(READ, {"what": what, "latest": LATEST})
        return [{"entry": int(entry), "text": text} for entry, text in found]

    def write(self, new: NewEntry) -> int | None:
        """The number of the entry, made now or by an earlier try; None: this key was already used for another."""
        return self._once(WRITE, FIND_ENTRY, dataclasses.asdict(new))

    def pay(self, new: NewPayment) -> int | None:
        """The number of the payment, made now or by an earlier try; None: this key was already used for another."""
        return self._once(PAY, FIND_PAYMENT, dataclasses.asdict(new), durable=True)

    def _once(
        self, insert: str, find: str, values: dict[str, object], *, durable: bool = False
    ) -> int | None:
        with self._db.transaction(durable=durable):
            made = self._db.rows(insert, values)
        found = made or self._db.rows(find, values)
        return int(found[0][0]) if found else None

    def audit(self) -> Audit:
        return Audit(*(int(count) for count in self._db.rows(AUDIT)[0]))
