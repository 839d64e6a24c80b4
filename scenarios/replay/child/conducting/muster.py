"""A master's workers, from their coming until each is ready to send, and their clocks once more at the end."""

from __future__ import annotations

import os
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import asdict
from importlib.metadata import version
from typing import Any

import gevent
from locust.runners import STATE_RUNNING, MasterRunner

from scenarios.http.allow import AUTHORIZATION_VARIABLE
from scenarios.replay.child.conducting.crew import (
    LOST_S,
    TO_ARM_S,
    Hand,
    is_armed,
    require_armed,
)
from scenarios.replay.child.conducting.link.clocks import Offset
from scenarios.replay.child.conducting.link.meeting import HANDSHAKES, too_few_came
from scenarios.replay.child.conducting.link.messages import ARM, PING, PLAN, PLAN_BYTES, Arming
from scenarios.replay.child.conducting.requirements import files_of
from scenarios.replay.child.outbox import Carry, Outbox
from scenarios.replay.orders import Orders, in_json
from simulator.errors import InvalidRun

READINGS = 8
TO_ANSWER_S, ASK_AGAIN_S = 20.0, 0.5


class Muster:
    """The workers, by their names among Locust's clients."""

    def __init__(self, runner: MasterRunner, of: int) -> None:
        self.runner, self.of = runner, of
        self.hands: dict[str, Hand] = {}

    def tell(self, kind: str, told: Any, *hands: Hand) -> None:
        """Tell some of them, or all."""
        for hand in hands or tuple(self.hands.values()):
            self.runner.send_message(kind, told, hand.client)

    # They come

    def gather(self, within_s: float) -> None:
        """Wait for as many workers as were asked for; who comes later gets no shard."""
        clients = self.runner.clients
        if not waits_until(lambda: len(clients.ready) >= self.of, within_s):
            raise InvalidRun(too_few_came(len(clients.ready), self.of, within_s, HANDSHAKES.failed))
        for client in sorted(node.id for node in clients.ready)[: self.of]:
            self.hands[client] = Hand(client=client)

    def lease(self, carry: Carry) -> None:
        """Give everybody the shard of his number, for good, and a name that nobody else has."""
        by_name = sorted(self.hands.values(), key=lambda hand: (hand.name, hand.client))
        names: Counter[str] = Counter()
        for number, hand in enumerate(by_name):
            names[hand.name] += 1
            again = names[hand.name]
            hand.name += f" ({again})" if again > 1 else ""
            hand.number, hand.outbox = number, Outbox(number, carry)

    # Their clocks

    def read_clocks(self, bound_ns: int) -> None:
        """Find each worker's offset. Raises InvalidRun where one may be wrong by more than that."""
        for hand in self.hands.values():
            hand.offset = self.offset_of(hand)
            if hand.offset is None:
                raise InvalidRun(f"{hand.name or hand.client} does not answer")
            if hand.offset.bound_ns > bound_ns:
                raise InvalidRun(
                    f"the clock of {hand.name} is known to {hand.offset.bound_ns / 1e6:.0f} ms only, and the"
                    f" objectives need {bound_ns / 1e6:g} ms: use a nearer machine, or a quieter network"
                )

    def offset_of(self, hand: Hand, most_s: float = TO_ANSWER_S) -> Offset | None:
        """A worker's offset, by several readings; None where it answers none of them.

        Who is asked before he listens does not hear it, so he is asked again.
        """
        hand.readings = []
        until_s = time.monotonic() + most_s
        while len(hand.readings) < READINGS and time.monotonic() < until_s:
            answers = len(hand.readings)
            self.tell(PING, time.perf_counter_ns(), hand)
            waits_until(lambda: len(hand.readings) > answers, ASK_AGAIN_S)  # noqa: B023 - at once
        return Offset.of(hand.readings) if hand.readings else None

    def read_clocks_again(self) -> None:
        """How far they drifted meanwhile is part of what is not known of them.

        All at once: nobody beats meanwhile, and the parent waits for signs of life no longer than for one of them.
        """
        gevent.joinall([gevent.spawn(self.read_clock_again, hand) for hand in self.hands.values()])

    def read_clock_again(self, hand: Hand) -> None:
        if hand.offset is None or hand.lost:
            return
        later = self.offset_of(hand, LOST_S)
        if later is None:
            hand.lost = "its clock could not be read again at the end"
        else:
            hand.offset = hand.offset.until(later)

    # Their parts

    def arm(self, orders: Orders, plan: bytes) -> None:
        """Give everybody his shard. Raises as :func:`require_armed` does."""
        told = asdict(
            Arming(
                orders=in_json(orders),
                shard=0,
                of=self.of,
                plan_bytes=len(plan),
                files=files_of(orders),
                authorized=bool(os.environ.get(AUTHORIZATION_VARIABLE)),
                version=version("surgeproof"),
            )
        )
        for hand in self.hands.values():
            self.tell(ARM, told | {"shard": hand.number}, hand)
            for at in range(0, max(len(plan), 1), PLAN_BYTES):
                self.tell(PLAN, plan[at : at + PLAN_BYTES], hand)
        waits_until(lambda: all(map(is_armed, self.hands.values())), TO_ARM_S)
        require_armed(self.hands.values())
        waits_until(lambda: self.runner.state == STATE_RUNNING, TO_ARM_S)


def waits_until(so: Callable[[], bool], most_s: float) -> bool:
    """Whether something comes to be so in time."""
    until_s = time.monotonic() + most_s
    while not so():
        if time.monotonic() > until_s:
            return False
        gevent.sleep(0.005)
    return True
