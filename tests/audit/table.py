"""The audit's table in docs/audit.md: ``python -m tests.audit.table [--seeds 50] [--replays 1]``.

Every fault, and the right line with and without a restart: in virtual time with that many seeds, and by real replays from
the command line. The exit code is 1 where a fault was not found, or one was found that is not there.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from reports.sentences.criterion import NAMES
from simulator.verdict.criteria import Asks, Outcome
from simulator.verdict.kept import judge_line
from simulator.verdict.line.audit import audit_line
from tests.audit.crowd import PROMISES, Crowd, played
from tests.audit.faults import FAULTS, RIGHT, Fault, Make
from tests.audit.replayed import Replayed, faulty, right

PAGE = Path(__file__).parents[2] / "docs" / "audit.md"
BEGINS, ENDS = "<!-- made by python -m tests.audit.table -->\n", "<!-- until here -->\n"
RESTART_S = 3.0
HEAD = """| a line in which | found by | in virtual time | in replays | the report says |
|---|---|---:|---:|---|
"""


@dataclass(frozen=True)
class Row:
    """What was found of one line: in so many launches in virtual time, and in so many replays."""

    name: str
    fault: Fault | None
    """None: there is nothing to be found."""
    virtual: Sequence[set[Asks]]
    replays: Sequence[Replayed]

    def is_right(self, broken: set[Asks]) -> bool:
        """Whether what is broken was found, and nothing else."""
        if self.fault is None:
            return not broken
        return self.fault.breaks in broken and broken <= {self.fault.breaks} | self.fault.also

    @property
    def is_well(self) -> bool:
        return (
            all(map(self.is_right, self.virtual))
            and all(self.is_right(each.broken) for each in self.replays)
            and all(each.done.returncode in codes_of(self.fault) for each in self.replays)
            and all(act.failure == "" for each in self.replays for act in each.report.facts.acts)
        )

    @property
    def wrong(self) -> str:
        """What came out otherwise."""
        codes = [each.done.returncode for each in self.replays]
        found = [*self.virtual, *(each.broken for each in self.replays)]
        failed = [act.failure for each in self.replays for act in each.report.facts.acts]
        return f"exit codes {codes}, failures of actions {failed}, found {[sorted(map(str, each)) for each in found]}"

    def __str__(self) -> str:
        by = NAMES[self.fault.breaks] if self.fault else "nothing, as it should be"
        found = sum(map(self.is_right, self.virtual))
        real = sum(self.is_right(each.broken) for each in self.replays)
        cells = (
            self.name, by, f"{found} of {len(self.virtual)}", f"{real} of {len(self.replays)}",
            self.said.replace("|", "\\|"),
        )  # fmt: skip
        return f"| {' | '.join(cells)} |\n"

    @property
    def said(self) -> str:
        """The audit's own sentence, of the first replay."""
        wanted = self.fault.breaks if self.fault else Asks.OVERTAKEN
        rows = self.replays[0].promises if self.replays else ()
        return next((row.why for row in rows if row.asks is wanted), "")


def codes_of(fault: Fault | None) -> set[int]:
    """With which a replay may end on a machine so busy that the generator is late.

    A promise that was broken is proven all the same, an announced wait apart, which is a share of those who were seen.
    """
    if fault is None:
        return {0, 3}
    return {1, 3} if fault.breaks is Asks.WAIT_ANNOUNCED else {1}


def rows(seeds: int, replays: int) -> Iterator[Row]:
    for name, fault in FAULTS.items():
        virtual = in_virtual_time(fault.make, seeds, restarted=fault.restarted)
        yield Row(name, fault, virtual, run(partial(faulty, name), replays))
    for name, restarted in (("nothing is wrong", False), ("nothing is wrong, restarted", True)):
        virtual = in_virtual_time(RIGHT, seeds, restarted=restarted)
        yield Row(name, None, virtual, run(partial(right, restarted=restarted), replays))


def in_virtual_time(make: Make, seeds: int, *, restarted: bool) -> list[set[Asks]]:
    """Which promises are found to be broken, seed by seed."""
    crowd = Crowd(restart_s=RESTART_S if restarted else None)
    return [broken(make, crowd, seed) for seed in range(seeds)]


def broken(make: Make, crowd: Crowd, seed: int) -> set[Asks]:
    criteria = judge_line(audit_line(*played(make, crowd, seed), PROMISES))
    return {one.asks for one in criteria if one.outcome is Outcome.FAILS}


def run(replay: Callable[[Path, int], Replayed], many: int) -> list[Replayed]:
    found = []
    for seed in range(many):
        with tempfile.TemporaryDirectory() as home:
            found.append(replay(Path(home), seed))
    return found


def main(arguments: Sequence[str] | None = None) -> int:
    """Find all of them, and write the table."""
    parser = argparse.ArgumentParser(prog="tests.audit.table", description=__doc__)
    parser.add_argument("--seeds", type=int, default=50)
    parser.add_argument("--replays", type=int, default=1)
    options = parser.parse_args(arguments)
    made, well = HEAD, True
    for row in rows(options.seeds, options.replays):
        wrong = "" if row.is_well else f"  !! {row.wrong}\n"
        print(f"{row}{wrong}", end="", flush=True)
        made, well = made + str(row), well and row.is_well
    PAGE.write_text(with_table(PAGE.read_text(), made))
    return int(not well)


def with_table(page: str, made: str) -> str:
    """The page with this table in the place of the one that it has."""
    before, _, rest = page.partition(BEGINS)
    _, _, after = rest.partition(ENDS)
    return f"{before}{BEGINS}{made}{ENDS}{after}"


if __name__ == "__main__":
    sys.exit(main())
