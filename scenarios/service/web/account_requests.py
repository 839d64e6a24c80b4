"""What people do once they have an account: verify it, read, write, pay.

::

    POST   /verify          {email, code}: 200, 400 wrong code, 404
    GET    /read/{what}     200: the latest entries
    POST   /write/{what}    {text}: 201, 409 this key was already used for another entry
    POST   /pay             {payer, payee, amount}: 201, 409 this key was already used for another payment

With an ``Idempotency-Key``, which a payment must have, a second try is answered like the first.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from starlette.requests import Request
from starlette.responses import Response

from scenarios.service.store.store import NewEntry, NewPayment, Store, Verification
from scenarios.service.web.forms import read_code, read_payment, read_writing, what_of
from scenarios.service.work.answers import served
from scenarios.service.work.metrics import Metrics
from scenarios.service.work.stations import Stations
from scenarios.service.work.workers import Done

VERIFICATIONS: dict[Verification, tuple[dict[str, object], int]] = {
    Verification.VERIFIED: ({"verified": True}, 200),
    Verification.AGAIN: ({"verified": True}, 200),
    Verification.WRONG: ({"error": "wrong code"}, 400),
    Verification.UNKNOWN: ({"error": "no such account"}, 404),
}


class Errands:
    """The answers to these requests."""

    def __init__(
        self, store: Store, stations: Stations, metrics: Metrics, clock: Callable[[], int]
    ) -> None:
        self._store = store
        self._stations = stations
        self._metrics = metrics
        self._clock = clock

    async def verify(self, request: Request) -> Response:
        form = await read_code(request)
        work = partial(self._store.verify, form.email, form.code, self._clock())
        done = await self._stations.serve("verify", work)
        self._metrics.answered("verify", done.value)
        return served(done, *VERIFICATIONS[done.value])

    async def read(self, request: Request) -> Response:
        what = what_of(request)
        done = await self._stations.serve("read", partial(self._store.read, what), what=what)
        self._metrics.answered("read", "read")
        return served(done, {"what": what, "entries": done.value})

    async def write(self, request: Request) -> Response:
        form = await read_writing(request)
        entry = NewEntry(what=form.what, key=form.key, text=form.text, now_ns=self._clock())
        done = await self._stations.serve(
            "write", partial(self._store.write, entry), what=form.what
        )
        return self._made("write", "entry", done)

    async def pay(self, request: Request) -> Response:
        form = await read_payment(request)
        payment = NewPayment(
            key=form.key,
            payer=form.payer,
            payee=form.payee,
            amount=form.amount,
            now_ns=self._clock(),
        )
        done = await self._stations.serve("pay", partial(self._store.pay, payment))
        return self._made("pay", "payment", done)

    def _made(self, endpoint: str, thing: str, done: Done[int | None]) -> Response:
        if done.value is None:
            self._metrics.answered(endpoint, "taken")
            return served(done, {"error": f"this key was already used for another {thing}"}, 409)
        self._metrics.answered(endpoint, "done")
        return served(done, {thing: done.value}, 201)
