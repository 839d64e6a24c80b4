"""One engine, one launch, in a process of its own: what it costs.

``python -m tests.benchmarks.measure fifo 10000000 spec`` prints one JSON object.
"""

import argparse
import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from statistics import median
from typing import Any, NamedTuple

from simulator import Compiled, Readable, summarise
from simulator.engine.compiled.fifo.engine import Fifo
from simulator.outcomes.counts.summary import Summary
from tests.benchmarks import baseline
from tests.benchmarks.launches import SPEC, STRESS, Launch, launch, times
from tests.benchmarks.naive import Naive

WARM_UP = 1_000
"""So many visits are played first: what is compiled is then loaded."""


class Cost(NamedTuple):
    """What one engine took for one launch."""

    cpu_s: float
    """The median of all repetitions; the fold included, imports and compilation not."""
    peak_mib: float
    """The most memory of the whole process, with interpreter and libraries."""
    visits: int
    attempts: int
    figures: dict[str, Any]
    """What happened to everyone; empty for a model that has luck of its own."""


def fifo(played: Launch) -> Summary:
    return Fifo().summarise(
        played.timetable, played.system, bin_ns=played.bin_ns, layout=played.layout
    )


def general(played: Launch) -> Summary:
    return Compiled(fifo=False).summarise(
        played.timetable, played.system, bin_ns=played.bin_ns, layout=played.layout
    )


def readable(played: Launch) -> Summary:
    outcomes = Readable().simulate(played.timetable, played.system)
    return summarise(outcomes, bin_ns=played.bin_ns, layout=played.layout)


def naive(played: Launch) -> Naive:
    model = Naive(played.timetable, played.system)
    model.play()
    return model


ENGINES: dict[str, Callable[[Launch], Summary | Naive]] = {
    "fifo": fifo, "general": general, "readable": readable, "naive": naive,
}  # fmt: skip
IN_C = "c"


def measured(engine: str, visits: int, variant: str, repetitions: int = 1) -> Cost:
    """The cost of an engine, measured in a process of its own."""
    command = [
        sys.executable, "-m", "tests.benchmarks.measure", engine, str(visits), variant,
        str(repetitions),
    ]  # fmt: skip
    answer = subprocess.run(command, check=True, capture_output=True, text=True)
    return Cost(*json.loads(answer.stdout))


def cost_of(engine: str, visits: int, variant: str, repetitions: int) -> Cost:
    if engine == IN_C:
        return cost_in_c(visits, variant, repetitions)
    play = ENGINES[engine]
    play(warm_up(launch(visits, variant)))
    took_s = []
    for _ in range(repetitions):
        played = launch(visits, variant)
        before_s = time.process_time()
        ended = play(played)
        took_s.append(time.process_time() - before_s)
    if isinstance(ended, Naive):
        visits, attempts, figures = played.timetable.total, ended.attempts, {}
    else:
        visits, attempts = ended.arrivals, int(ended.results.sum())
        figures = baseline.figures(ended)
    return Cost(median(took_s), peak_kib() / 1024, visits, attempts, figures)


def warm_up(played: Launch) -> Launch:
    """The same stations, and few people."""
    demand = times(played.timetable.demand, WARM_UP / played.timetable.demand.total)
    return played._replace(timetable=replace(played.timetable, demand=demand))


def cost_in_c(visits: int, variant: str, repetitions: int) -> Cost:
    with tempfile.TemporaryDirectory() as folder:
        program = baseline.compiled(Path(folder))
        runs = [baseline.play(program, launch(visits, variant)) for _ in range(repetitions)]
    last = runs[-1]
    cpu_s, peak = median(run.pop("cpu_s") for run in runs), last.pop("peak_kib") / 1024
    return Cost(cpu_s, peak, sum(last["fates"]), sum(last["results"]), last)


def peak_kib() -> int:
    status = Path("/proc/self/status").read_text()
    (line,) = (line for line in status.splitlines() if line.startswith("VmHWM:"))
    return int(line.split()[1])


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("engine", choices=[*ENGINES, IN_C])
    parser.add_argument("visits", type=int)
    parser.add_argument("variant", choices=[SPEC, STRESS])
    parser.add_argument("repetitions", type=int, nargs="?", default=1)
    asked = parser.parse_args()
    print(json.dumps(cost_of(asked.engine, asked.visits, asked.variant, asked.repetitions)))


if __name__ == "__main__":
    main()
