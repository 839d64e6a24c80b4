"""Rows over a network that loses them: all arrive, in their order, and no queue fills up."""

import random

from scenarios.replay.child.conducting.link.sending import AGAIN_S, WINDOW, Sending
from scenarios.replay.child.outbox import Outbox


class Network:
    """Loses each message, there and back, with that chance; keeps what a master would have written."""

    def __init__(self, lost: float, seed: int) -> None:
        self.lost, self.dice = lost, random.Random(seed)
        self.outbox = Outbox(0, lambda _: None)
        self.sending = Sending(self.outbox, self.send)
        self.under_way: list[int] = []
        self.written: list[int] = []
        self.sent = 0

    def send(self, data: bytes) -> None:
        self.sent += 1
        if self.dice.random() >= self.lost:
            self.under_way.append(int(data))

    def deliver(self) -> None:
        """The master writes what comes next in order, and answers."""
        arrived, self.under_way = self.under_way, []
        for number in arrived:
            if number == len(self.written) + 1:
                self.written.append(number)
            if self.dice.random() >= self.lost:
                self.sending.taken(len(self.written))


def played(lost: float, batches: int, seed: int = 3) -> Network:
    """A network over which so many batches go, looked at twice a second until all are written."""
    network = Network(lost, seed)
    for number in range(1, batches + 1):
        network.outbox.keep(number, str(number).encode())
    now_s = network.sending.progress_s
    while network.outbox.kept:
        network.sending.send_due(now_s)
        assert len(network.under_way) <= WINDOW
        network.deliver()
        network.sending.progress_s = min(network.sending.progress_s, now_s)
        now_s += AGAIN_S / 4
    return network


def test_over_a_good_network_each_batch_is_sent_once() -> None:
    network = played(0.0, 300)
    assert network.written == list(range(1, 301))
    assert network.sent == 300


def test_over_one_that_loses_a_third_all_arrive_in_their_order() -> None:
    network = played(0.3, 300)
    assert network.written == list(range(1, 301))
    assert network.sent > 300
