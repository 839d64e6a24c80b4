"""Joblib's backend that has launches played by the workers of a Dask cluster.

Joblib brings one of its own, which we do not use: it never tells of a task whose workers died, so that
the command would wait for ever, and it hands data to one worker alone, with whom they are lost.
"""

from __future__ import annotations

import pickle
import threading
from collections.abc import Callable
from concurrent.futures import CancelledError
from typing import Any

import distributed
from distributed.scheduler import KilledWorker
from joblib.parallel import ParallelBackendBase

from simulator.errors import InvalidRun
from simulator.plan.plan import Plan
from surgeproof.cluster.likeness import Likeness, likeness, unlike

Task = tuple[Callable[..., Any], list[Any], dict[str, Any]]
Done = Callable[["distributed.Future[Any] | None"], None]

WORKERLESS_S = 60.0
"""So long a cluster may be without any worker: one that was killed is started again in a few seconds."""
LOOKS_EVERY_S = 1.0


class Cluster(ParallelBackendBase):  # type: ignore[misc]
    """One command's launches on a cluster.

    Dask plays a launch again where its worker died, on another one; a launch is a function of its number,
    so it comes to the same.
    """

    supports_retrieve_callback = True
    default_n_jobs = -1

    def __init__(self, client: distributed.Client, address: str) -> None:
        super().__init__(nesting_level=0)
        self.client = client
        self.address = address
        self.futures: set[distributed.Future[Any]] = set()
        self.told: dict[int, tuple[Plan, distributed.Future[Plan]]] = {}
        """The plans that the cluster knows, by their identity."""
        self.lost = (
            f"the Dask scheduler at {address} was lost, and the launches under way with it: see its"
            " log, start it again and repeat the command, or leave out --cluster"
        )

    def effective_n_jobs(self, n_jobs: int) -> int:  # noqa: ARG002 - the cluster is used as a whole
        """How many launches are played at once.

        Never one: what goes to one worker alone, joblib plays in this process.

        Raises InvalidRun where the cluster is lost.
        """
        try:
            return max(2, sum(threads_of(self.client).values()))
        except OSError:
            raise InvalidRun(self.lost) from None

    def submit(self, func: Any, callback: Done) -> distributed.Future[Any] | None:
        """Have a batch of joblib's played; the callback is told when it is done, or never will be."""
        if self.client.status != "running":
            callback(None)
            return None
        tasks = [
            (work, [self.sendable(each) for each in given], named)
            for work, given, named in func.items
        ]
        future = self.client.submit(played, likeness(), tasks, pure=False)
        self.futures.add(future)
        future.add_done_callback(callback)
        return future

    def sendable(self, argument: Any) -> Any:
        """A plan is told to the cluster once, however many launches of it are played.

        It is what a task made, and not data that were scattered: so it is made again where the worker
        that had it died.
        """
        if not isinstance(argument, Plan):
            return argument
        if id(argument) not in self.told:
            made = self.client.submit(pickle.loads, pickle.dumps(argument), pure=False)
            self.told[id(argument)] = argument, made
        return self.told[id(argument)][1]

    def retrieve_result_callback(self, out: distributed.Future[Any] | None) -> Any:
        """What a batch came to.

        Raises InvalidRun where the cluster failed, and whatever the work itself raised.
        """
        if out is None:
            raise InvalidRun(self.lost)
        try:
            return out.result()  # which is waited for once more where the worker that has it leaves
        except KilledWorker as killed:
            raise InvalidRun(
                f"a launch was given up after {killed.allowed_failures + 1} workers of {self.address}"
                " died while they played it, perhaps because memory ran out (their logs say so): give"
                " the workers more memory or fewer threads, or leave out --cluster"
            ) from None
        except (CancelledError, OSError):
            if out.status == "error":  # the work's own
                raise
            raise InvalidRun(self.lost) from None
        finally:
            self.futures.discard(out)

    def stop_call(self) -> None:
        """Plans of this call are not needed any more."""
        self.told.clear()

    def abort_everything(self, ensure_ready: bool = True) -> None:  # noqa: ARG002
        """Take back what is not played yet: after an error, or Ctrl-C."""
        if self.client.status == "running":
            self.client.cancel(list(self.futures))
        self.futures.clear()
        self.told.clear()

    def give_up(self, sentence: str) -> None:
        """End what is waited for, for a reason."""
        self.lost = sentence
        self.client.cancel(list(self.futures))


def played(ours: Likeness, tasks: list[Task]) -> list[Any]:
    """What a worker makes of a batch.

    Raises InvalidRun where it would come to other figures: it may have joined after all were asked.
    """
    difference = unlike(likeness(), ours)
    if difference:
        raise InvalidRun(
            f"the cluster's worker {distributed.get_worker().address} would come to other figures"
            f" ({difference}): install the same versions there as here"
        )
    return [work(*given, **named) for work, given, named in tasks]


def threads_of(client: distributed.Client) -> dict[str, int]:
    """How many launches each worker plays at once.

    Raises OSError where the scheduler is lost.
    """
    if client.status != "running":
        raise ConnectionError(client.status)
    found: dict[str, int] = client.nthreads()
    return found


def watch(cluster: Cluster, ended: threading.Event) -> None:
    """Give up where no worker is left and none comes: Dask would wait for one for ever."""
    without_s = 0.0
    while not ended.wait(LOOKS_EVERY_S):
        try:
            workers = threads_of(cluster.client)
        except OSError:  # what is waited for is told so by Dask
            continue
        without_s = 0.0 if workers else without_s + LOOKS_EVERY_S
        if without_s >= WORKERLESS_S and cluster.futures:
            cluster.give_up(
                f"the Dask cluster at {cluster.address} has had no worker for {WORKERLESS_S:.0f} s:"
                f" start some (dask worker {cluster.address}), or leave out --cluster"
            )
