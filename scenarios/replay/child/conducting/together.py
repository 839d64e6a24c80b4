"""The kill switch over several workers: what they see is one target's, so its rules hold for all of it together.

One worker's own network may fail, and one worker's visitors may fare badly by chance: neither ends a replay. Who
alone is cut off from the target is lost (:func:`scenarios.replay.child.conducting.crew.note_cut_off`).
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

import gevent
from locust.env import Environment

from scenarios.replay.child.clock import Clock
from scenarios.replay.child.conducting.crew import Hand, broke_in_a_row
from scenarios.replay.child.conducting.health import Health
from scenarios.replay.child.killswitch.counted import Counts
from scenarios.replay.child.killswitch.dead import LIMIT, Dead
from scenarios.replay.child.killswitch.looks import Looks
from scenarios.replay.child.killswitch.recent import Recent
from scenarios.replay.child.wire.statistics import Statistics
from scenarios.replay.child.wire.wire import Wire
from scenarios.replay.orders import Orders


class Together:
    """The rules, and what they know."""

    def __init__(self, orders: Orders, environment: Environment, clock: Clock) -> None:
        self.clock, self.alarms = clock, orders.manners.alarms
        self.health = Health(orders, Wire(orders.url, orders.manners, Statistics(environment)))
        self.recent = Recent(self.alarms) if self.alarms.of_answers else None
        self.ill = ""
        """What is wrong with the health that the launch asks for; empty where nothing is."""

    def watch_health(self) -> None:
        """From the opening on, beside everything else, where the launch asks for it."""
        if (asked := self.alarms.health) is not None:
            wrong = lambda: self.health.wrong(asked)  # noqa: E731
            looks = Looks(str(asked), wrong, gevent.spawn, self.clock)
            gevent.spawn(self.keep_ill, looks)

    def keep_ill(self, looks: Looks) -> None:
        self.ill = looks.watch()

    def hear(self, hand: Hand, told: Mapping[str, Any]) -> None:
        """What a worker has counted until now; of one that is lost nothing counts any more."""
        if self.recent is not None and not hand.lost:
            self.recent.hear(hand.number, counts_of(told), self.clock.now_ns())

    def why(self, hands: Collection[Hand]) -> str:
        """Why the replay is to end now; empty where nothing is wrong."""
        return self.ill or self.failing(hands) or self.dead(hands)

    def failing(self, hands: Collection[Hand]) -> str:
        if self.recent is None:
            return ""
        for hand in hands:
            if hand.lost or hand.done is not None:
                self.recent.lose(hand.number)
        return self.recent.fault(self.clock.now_ns())

    def dead(self, hands: Collection[Hand]) -> str:
        """That the target died, where its health says what all workers' connections do."""
        broke = broke_in_a_row(hands)
        if broke < LIMIT:
            return ""
        dead = Dead(self.alarms.acted_ns)
        dead.broke_in_a_row = broke
        return str(dead) if dead.confirmed(self.clock, self.health.is_well) else ""


def counts_of(told: Mapping[str, Any]) -> dict[str, Counts]:
    """As they were before they were a message."""
    return {
        name: Counts(answers, errors, tuple(slow), tuple(waiting))
        for name, (answers, errors, slow, waiting) in told.items()
    }
