"""The benchmark table: ``python -m tests.benchmarks.table``, three minutes on a quiet machine.

Every cell is measured anew in a process of its own, and the engines' figures are compared: engines
that do not give the same counts are not compared in speed.
"""

import os
import platform
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import NamedTuple

from tests.benchmarks.launches import SPEC, STRESS, TEN_MILLION
from tests.benchmarks.measure import IN_C, Cost, measured


class Column(NamedTuple):
    visits: int
    variant: str

    @property
    def title(self) -> str:
        many = f"{self.visits:,}"
        if self.visits >= 1_000_000:
            many = f"{self.visits // 1_000_000} million"
        return f"{many}, {self.variant}"


SMALL = 170_000
COLUMNS = (
    Column(SMALL, SPEC), Column(SMALL, STRESS), Column(TEN_MILLION, SPEC),
    Column(TEN_MILLION, STRESS), Column(10 * TEN_MILLION, SPEC),
)  # fmt: skip


class Row(NamedTuple):
    engine: str
    title: str
    most_visits: int
    """Larger launches would take too long."""


ROWS = (
    Row("naive", "SimPy, a process a visitor", SMALL),
    Row("readable", "SimPy, the readable engine", SMALL),
    Row("general", "compiled, any launch", TEN_MILLION),
    Row("fifo", "compiled, first come first served", 10 * TEN_MILLION),
    Row(IN_C, "C, the same algorithm", 10 * TEN_MILLION),
)
MEASURED_ONCE_S = 5.0
"""What takes longer is not repeated."""


def costs(row: Row, column: Column) -> Cost | None:
    """The median of three, or of one that takes long."""
    if column.visits > row.most_visits:
        return None
    print(f"{row.title}: {column.title} ...", file=sys.stderr, flush=True)
    once = measured(row.engine, *column)
    return once if once.cpu_s > MEASURED_ONCE_S else measured(row.engine, *column, 3)


Costs = dict[tuple[str, Column], Cost]


def all_costs() -> Costs:
    found = {}
    for column in COLUMNS:
        for row in ROWS:
            cost = costs(row, column)
            if cost is not None:
                found[row.engine, column] = cost
    return found


def differing(found: Costs) -> list[str]:
    """Engines whose figures are not those of the kernel."""
    return [
        f"{engine} at {column.title}"
        for (engine, column), cost in found.items()
        if cost.figures and cost.figures != found["fifo", column].figures
    ]


def cell(cost: Cost | None, fastest: Cost) -> str:
    """CPU seconds, and how many times as long as C."""
    if cost is None:
        return "-"
    digits = 3 if cost.cpu_s < 1 else 2 if cost.cpu_s < 10 else 1
    return f"{cost.cpu_s:.{digits}f} s ({cost.cpu_s / fastest.cpu_s:.3g})"


def memory(found: Costs, row: Row) -> str:
    """At the largest launch that it played."""
    column, cost = [(c, found[row.engine, c]) for c in COLUMNS if (row.engine, c) in found][-1]
    return f"{cost.peak_mib:,.0f} MiB at {column.title}"


def table(found: Costs) -> Iterator[str]:
    titles = [column.title for column in COLUMNS]
    yield f"| engine | {' | '.join(titles)} | most memory |"
    yield f"|---|{'---:|' * len(titles)}---|"
    for row in ROWS:
        cells = [cell(found.get((row.engine, c)), found[IN_C, c]) for c in COLUMNS]
        yield f"| {row.title} | {' | '.join(cells)} | {memory(found, row)} |"


def attempts(found: Costs) -> str:
    each = [f"{found['fifo', c].attempts:,} ({c.title})" for c in COLUMNS]
    return f"Attempts: {', '.join(each)}."


def machine() -> str:
    """What it was measured on, and when."""
    info = Path("/proc/cpuinfo")
    names = info.read_text().splitlines() if info.exists() else []
    models = [line.partition(":")[2].strip() for line in names if line.startswith("model name")]
    model = models[0] if models else platform.machine()
    compiler = subprocess.run(
        ["gcc", "-dumpfullversion"], check=True, capture_output=True, text=True
    )
    libraries = ", ".join(f"{name} {version(name)}" for name in ("simpy", "llvmlite", "numpy"))
    return (
        f"CPU seconds, the fold into counts and histograms included; in brackets, times C. "
        f"{os.cpu_count()} x {model}, CPython {platform.python_version()}, {libraries}, "
        f"gcc {compiler.stdout.strip()}, {datetime.now(UTC):%-d %B %Y}."
    )


def main() -> None:
    found = all_costs()
    print("\n".join(table(found)))
    print(f"\n{machine()}\n{attempts(found)}")
    if wrong := differing(found):
        sys.exit(f"other figures than the kernel's: {', '.join(wrong)}")


if __name__ == "__main__":
    main()
