"""The replay's mails as they reach the child: a line each, from the parent, which catches them."""

from __future__ import annotations

import json
import socket

import gevent
from gevent.lock import RLock

from scenarios.http.requests.person import Person
from scenarios.mail.addresses import addresses_of, values_of
from scenarios.mail.boxes import Boxes, Post
from scenarios.replay.orders import MailOrders


class Mailroom:
    """Has a box for everybody."""

    def __init__(self, descriptor: int, orders: MailOrders) -> None:
        self.orders, self.boxes = orders, Boxes()
        self.parent = socket.socket(fileno=descriptor)
        self.speaking = RLock()
        gevent.spawn(self.listen)

    def listen(self) -> None:
        with self.parent.makefile("rb") as lines:
            for line in lines:
                told = json.loads(line)
                self.boxes.put(told["to"], told["found"])

    def post_of(self, person: Person) -> Post:
        """One visitor's mails."""

        def ask() -> None:
            with self.speaking:
                self.parent.sendall(json.dumps(values_of(person)).encode() + b"\n")

        by_command = ask if self.orders.by_command else None
        addresses = addresses_of(person)
        return Post(self.boxes, addresses, self.orders.capture, self.orders.within_ns, by_command)
