"""Locust as one would use it: FastHttpUser, and a shape where a surge is wanted.

``SHAPE_PEAK``: users that ask once a second each, as many as the rate of the surge; without it, fifty users who
ask as fast as they can. Prints what the processor spent between its start and its end.
"""

import json
import math
import os
import time

from locust import FastHttpUser, LoadTestShape, constant_throughput, events, task
from locust.env import Environment

PEAK, DECAY_S = float(os.environ.get("SHAPE_PEAK", "0")), 8.0
SECONDS = float(os.environ["SHAPE_SECONDS"])
BODY = {"email": "visitor-0000000@bench.example", "name": "A Visitor"}
began: list[float] = []


@events.test_start.add_listener  # type: ignore[untyped-decorator]
def begin(environment: Environment, **_: object) -> None:
    began.append(time.process_time())


@events.test_stop.add_listener  # type: ignore[untyped-decorator]
def end(environment: Environment, **_: object) -> None:
    print(json.dumps({"cpu_s": time.process_time() - began[0]}), flush=True)


class Visitor(FastHttpUser):
    if PEAK:
        wait_time = constant_throughput(1)

    @task
    def come(self) -> None:
        self.client.post("/in", json=BODY)


class Surge(LoadTestShape):
    def tick(self) -> tuple[int, float] | None:
        at_s = self.get_run_time()  # type: ignore[no-untyped-call]
        if at_s > SECONDS:
            return None
        users = round(PEAK * math.exp(-at_s / DECAY_S)) if PEAK else 50
        return users, max(PEAK, 50)
