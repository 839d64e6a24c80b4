"""``--against RUN``: runs held against earlier ones of the same, several of which are one baseline."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from reports.files.contrast_record import contrasts_record
from reports.files.markdown import escape
from reports.run.contrast import Contrast, contrasts, exit_code_of
from reports.run.folder import RunFolder
from reports.run.side import Side, together
from reports.terminal.contrast import contrast_text
from simulator.errors import UsageError
from simulator.text.harmless import harmless_lines
from surgeproof.endings import tell
from surgeproof.verbs.compare.named import Named, require_distinct
from surgeproof.verbs.compare.runs import Chosen, Run, in_context, name_of, paired


def baseline_of(paths: Sequence[Path]) -> list[Named]:
    """The runs that are named, and all runs of a folder that holds such.

    Raises UsageError where one is neither.
    """
    found = []
    for path in paths:
        inside = [] if (path / "run.sqlite").is_file() else RunFolder.by_instant(path)
        found += [Named.of(str(folder.path)) for folder in inside] or [Named.of(str(path))]
    for each in found:
        if not each.is_run:
            raise UsageError(f"--against {each.typed}: name the folder of a run, or one of runs")
    return found


def of_baseline(
    old: Sequence[Named], new: Sequence[Named], *, tolerance: float
) -> tuple[Contrast, ...]:
    """All new runs against all old ones, variant by variant.

    Raises UsageError or Damaged.
    """
    require_distinct([*old, *new])
    before, after = ([Run.of(each) for each in side] for side in (old, new))
    pairs = list(paired(before[-1], after[-1]))
    sides = [(side_of(before, one), side_of(after, other)) for one, other in pairs]
    found = contrasts(sides, tolerance=tolerance)
    return tuple(in_context(each, *pair) for each, pair in zip(found, pairs, strict=True))


def side_of(runs: Sequence[Run], chosen: Chosen) -> Side:
    """A variant of all of them; of the last run it is the one that was chosen."""
    *others, last = runs
    label = chosen[1].label
    pairs = [(run, one) for run in others for one in run.variants if one.label == label]
    sides = [
        Side.of(name_of(*pair), pair[0].report, pair[1]) for pair in (*pairs, (last, chosen[1]))
    ]
    for side in sides if len(sides) > 1 else ():
        if side.flaw:
            tell(f"{side.name} is left out: {side.flaw}")
    return together(sides)


@dataclass(frozen=True)
class Against:
    """A run that has just ended, held against its baseline."""

    baseline: tuple[Named, ...]
    tolerance: float
    folder: RunFolder

    @cached_property
    def contrasts(self) -> tuple[Contrast, ...]:
        """Raises UsageError or Damaged where a run cannot be read any more."""
        where = str(self.folder.path)
        new = Named(typed=where, where=where, is_run=True)
        return of_baseline(self.baseline, [new], tolerance=self.tolerance)

    @property
    def exit_code(self) -> int:
        """1: something got worse; 3: something could not be judged; 0: neither."""
        return exit_code_of(self.contrasts)

    @property
    def sentence(self) -> str:
        return "; ".join(each.sentence for each in self.contrasts)

    def after(self, claim: str) -> str:
        """What the run came to by itself, and then against its baseline."""
        return f"{claim}; {self.sentence}"

    def text(self, *, every: bool) -> str:
        """For a terminal, without its sentence."""
        texts = (contrast_text(each, every=every) for each in self.contrasts)
        return harmless_lines("\n".join(texts))

    def record(self) -> dict[str, Any]:
        """The same for a program."""
        return {"against": contrasts_record(self.contrasts, tolerance=self.tolerance)}

    def keep(self) -> None:
        """Beside the run's reports, which are written anew without the baseline.

        Raises NotKept.
        """
        folder = self.folder.path
        record = json.dumps(self.record()["against"], indent=2, ensure_ascii=False, allow_nan=False)
        self.folder.write(folder / "against.json", f"{record}\n")
        self.folder.write(folder / "against.md", fenced(self.text(every=False), self.sentence))


def fenced(text: str, sentence: str) -> str:
    """A text as Markdown shows it line by line, under its sentence."""
    fence = "`" * (1 + max(map(len, re.findall("`+", text)), default=2))
    return f"## Against earlier runs\n\n{escape(sentence)}\n\n{fence}\n{text}\n{fence}\n"


def require_same_people(baseline: Sequence[Named], seed: int) -> None:
    """Raises UsageError before anything is sent where other people came to all of these runs.

    Raises Damaged where one cannot be read.
    """
    seeds = {Run.of(each).report.facts.seed for each in baseline}
    if baseline and seed not in seeds:
        known = ", ".join(map(str, sorted(seeds)))
        raise UsageError(
            f"--against: its runs have the seed {known}, so that other people came to them; give the same"
            f" --seed as one of them (now {seed})"
        )
