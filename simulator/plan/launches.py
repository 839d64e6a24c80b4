"""Many launches of one plan: the prediction, with its spread."""

from __future__ import annotations

import functools
import math
import statistics
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass, replace
from multiprocessing.pool import ThreadPool
from typing import TypeVar

from simulator.engine.rules import Engine
from simulator.errors import InvalidRun, UsageError
from simulator.outcomes.counts.summary import Summary
from simulator.outcomes.figures.intervals import Estimate, estimate
from simulator.outcomes.figures.reading import Figure
from simulator.plan.plan import Plan

Found = TypeVar("Found")

Progress = Callable[[int, int], None]
"""Told how many launches are done, of how many."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Prediction:
    """What several launches of a plan came to, one Summary each."""

    engine: str
    launches: list[Summary]

    def estimate(self, figure: Figure) -> Estimate:
        """The figure over the launches; "enough" if the launches' samples carry it in the median."""
        readings = [figure.read(summary) for summary in self.launches]
        enough = 2 * sum(reading.enough for reading in readings) > len(readings)
        samples = [reading.samples for reading in readings]
        over = functools.partial(
            estimate,
            samples=samples,
            enough=enough,
            most=1.0 if figure.unit == "share" else math.inf,
            blur=statistics.fmean(reading.blur for reading in readings),
        )
        least = over([reading.value for reading in readings])
        if not any(reading.open for reading in readings):
            return least
        most = over([reading.most for reading in readings])
        return replace(
            least,
            high=most.high,
            to=most.to,
            open=True,
            surely_from=most.from_,
            surely_to=least.to,
        )

    @property
    def merged(self) -> Summary:
        """All launches together: for charts of shape, never for a verdict."""
        first, *others = self.launches
        for other in others:
            first = first.merged(other)
        return first


def predict(
    plan: Plan, engine: Engine, launches: int, progress: Progress | None = None
) -> Prediction:
    """Simulate ``launches`` launches of the plan, on every core there is.

    Raises InvalidRun where one of the processes was killed, or a cluster lost.
    """
    if launches < 1:
        raise UsageError(f"--launches {launches}: at least one launch is needed")
    tasks = [(plan, engine, launch) for launch in range(launches)]
    summaries = []
    for summary in side_by_side(play, tasks, engine):
        summaries.append(summary)
        if progress:
            progress(len(summaries), launches)
    return Prediction(engine=engine.name, launches=summaries)


def side_by_side(
    work: Callable[[Plan, Engine, int], Found],
    tasks: Sequence[tuple[Plan, Engine, int]],
    engine: Engine,
) -> Iterator[Found]:
    """What the work makes of each launch, in their order, on every core there is.

    ``work`` is a function of a module, so that another process can be told to do it. Within a
    ``joblib.parallel_config`` that names a backend it is that backend which does, and ``prefer`` is no
    more than a wish: so the front door has launches played on a cluster.

    Raises InvalidRun where one of the processes was killed, or a cluster lost.
    """
    import joblib
    from joblib.parallel import ThreadingBackend, get_active_backend

    # The compiled engine lets go of the interpreter, so threads do; a SimPy model needs processes.
    kind = "threads" if engine.name == "compiled" else "processes"
    backend, _ = get_active_backend(prefer=kind)
    if isinstance(backend, ThreadingBackend):
        yield from on_threads(work, tasks)
        return
    one_by_one = len(tasks) == 1
    parallel = joblib.Parallel(
        n_jobs=1 if one_by_one else -1, prefer=kind, return_as="generator", batch_size=1
    )
    try:
        yield from parallel(joblib.delayed(work)(*task) for task in tasks)
    except BrokenProcessPool as error:
        raise InvalidRun(
            "a simulating process was killed, perhaps by the kernel because memory ran out"
            " (dmesg shows it): close other programs, or use --engine compiled, which needs less"
        ) from error


def on_threads(
    work: Callable[[Plan, Engine, int], Found], tasks: Sequence[tuple[Plan, Engine, int]]
) -> Iterator[Found]:
    """The same on threads, which are kept: a search plays hundreds of batches of a few milliseconds.

    joblib starts its threads anew for each batch, and looks each 10 ms whether it is done: that took
    ten of the twelve seconds of a small search.
    """
    if len(tasks) == 1:
        yield work(*tasks[0])
        return
    pool, finished = threads(), False
    try:
        yield from pool.imap(lambda task: work(*task), tasks)
        finished = True
    finally:
        if not finished:  # what is not begun is not wanted any more
            threads.cache_clear()
            pool.terminate()


@functools.cache
def threads() -> ThreadPool:
    """As many as there are cores; they end with the process, whatever they are at."""
    import joblib

    return ThreadPool(joblib.cpu_count())


def play(plan: Plan, engine: Engine, launch: int) -> Summary:
    """One launch, from its luck to its counts."""
    timetable, system = plan.timetable(launch), plan.system_of(launch)
    return engine.summarise(timetable, system, bin_ns=plan.bin_ns, layout=plan.layout)
