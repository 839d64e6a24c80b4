"""Many who ask at the same instant."""

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

Answer = TypeVar("Answer")


def together(many: int, ask: Callable[[int], Answer]) -> list[Answer]:
    """What each is answered, by his number; all are let go when the last one is there."""
    there = threading.Barrier(many)

    def one(number: int) -> Answer:
        there.wait()
        return ask(number)

    with ThreadPoolExecutor(many) as threads:
        return list(threads.map(one, range(many)))
