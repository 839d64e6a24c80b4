"""The work of a signup: what a worker's time is spent on."""

from __future__ import annotations

import hashlib
import hmac
import secrets
from collections.abc import Callable
from functools import partial

from scenarios.service.store.store import Account, NewAccount, Store
from scenarios.service.web.forms import Signup

BLOCK_SIZE = 8


class Accounts:
    """Makes accounts: hashes the password, writes the account, puts the code into the outbox."""

    def __init__(self, store: Store, hash_cost: int, clock: Callable[[], int]) -> None:
        self.store = store
        self._hash_cost = hash_cost
        self._clock = clock
        self._secret = secrets.token_bytes(32)

    def work(self, form: Signup) -> Callable[[], Account | None]:
        """Work that gives the account, or None if the e-mail is somebody else's."""
        return partial(self._make, form)

    def _make(self, form: Signup) -> Account | None:
        salt = secrets.token_bytes(16)
        hashed = hashlib.scrypt(
            form.password.encode(),
            salt=salt,
            n=1 << self._hash_cost,
            r=BLOCK_SIZE,
            p=1,
            maxmem=256 * BLOCK_SIZE << self._hash_cost,  # twice what it needs
        )
        return self.store.create_account(
            NewAccount(
                email=form.email,
                key=form.key or self._key(form),
                salt=salt,
                hash=hashed,
                code=secrets.token_hex(8),
                now_ns=self._clock(),
            )
        )

    def _key(self, form: Signup) -> str:
        """Who comes without a key is known by what only he knows.

        A fast hash of a password must not be kept; this one says nothing without a secret that never
        leaves the process.
        """
        return hmac.new(
            self._secret, f"{form.email}\0{form.password}".encode(), hashlib.sha256
        ).hexdigest()
