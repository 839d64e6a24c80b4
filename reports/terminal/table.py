"""The terminal's table: what was predicted beside what was observed, then the verdicts.

It keeps within 100 columns, and is plain text where nobody looks at colours.
"""

from __future__ import annotations

import io
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TextIO

from rich import box
from rich.console import Console, ConsoleOptions, Group, RenderableType, RenderResult
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from reports.page.instrument_table import instrument_line
from reports.page.machine_table import machine_line
from reports.run.comparison.cells import Cell
from reports.run.comparison.comparison import Line
from reports.run.facts import RunFacts, Standing
from reports.run.past.came import waterfall_text
from reports.run.report.report import Report, VariantReport
from reports.sentences import words
from reports.sentences.answers import answer_lines, unheard_line
from reports.sentences.reasons.promises import promises_line, promises_of
from reports.sentences.verdict import Said, gate_lines
from simulator.text.harmless import harmless_lines
from simulator.text.wording import format_factor
from simulator.verdict.criteria import Outcome
from simulator.verdict.truth.judged import Came

WIDTH = 100
CAME = {
    Came.RIGHT: "green",
    Came.WRONG: "red",
    Came.NOT_COMPARABLE: "yellow",
    Came.UNKNOWN: "dim",
}
STYLES = {
    Outcome.HOLDS: "green",
    Outcome.FAILS: "red",
    Outcome.INCONCLUSIVE: "yellow",
    Outcome.NOT_APPLICABLE: "dim",
}


def print_report(report: Report, file: TextIO, *, every: bool = False) -> None:
    """Write the tables and the verdicts, in colour only where ``file`` is a terminal."""
    console = Console(file=file, highlight=False, markup=False, emoji=False)
    if console.is_terminal:
        console.print(group_of(report, every=every))
    else:
        file.write(report_text(report, every=every))


def report_text(report: Report, *, every: bool = False) -> str:
    """The same as plain text."""
    file = io.StringIO()
    console = Console(
        file=file, highlight=False, markup=False, emoji=False, width=WIDTH, color_system=None
    )
    console.print(group_of(report, every=every))
    return "".join(f"{line.rstrip()}\n" for line in file.getvalue().splitlines())


@dataclass(frozen=True, slots=True)
class Harmless:
    """What is drawn without what would rule the terminal: the folder of a run may come from others."""

    drawn: RenderableType

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        for segment in console.render(self.drawn, options):
            yield segment._replace(text=harmless_lines(segment.text))


def group_of(report: Report, *, every: bool = False) -> Harmless:
    """Tables of all variants, then one verdict of each."""
    tables = [table_of(each, every=every) for each in report.variants if each.verdicts]
    verdicts = [text for variant in report.variants for text in judged_texts(variant)]
    parts: list[Text | Table] = [head_of(report.facts), *tables]
    return Harmless(Group(*(Padding(part, (0, 0, 1, 0)) for part in parts), *verdicts))


def head_of(facts: RunFacts) -> Text:
    """What was run, on whose word, before any figure of it."""
    said = [f"{facts.scenario}, seed {facts.seed}"]
    if facts.demand_factor != 1.0:
        said.append(
            f"rehearsed with {format_factor(facts.demand_factor)} times the launch's demand"
        )
    if facts.line:
        said.append(f"line: {facts.line}")
    if facts.predicted_only:
        said += ["predicted only, and not rehearsed:", *(f"  {e}" for e in facts.predicted_only)]
    shared = f"cores: {facts.sharing}" if facts.sharing else ""
    told = (facts.probe, shared, facts.agreement, facts.connections, *facts.told)
    said += [text for text in told if text]
    if facts.run_id:
        said.append(f"the visitors' addresses end in @{facts.run_id}.invalid")
    return Text("\n".join(said))


def judged_texts(variant: VariantReport) -> Iterator[Text]:
    """The two answers of a variant: whether it holds, and whether its prediction came true, which was sealed."""
    if variant.verdict:
        yield sentence_of(variant, variant.verdict)
        yield from (Text(f"  {line}") for line in gate_lines(variant.verdict))
    if variant.came:
        colour = CAME[variant.came.outcome]
        yield Text.assemble((f"{variant.label}: ", "bold"), (variant.came.sentence, colour))
        if variant.came.outcome is not Came.RIGHT:
            yield from (Text(f"  {waterfall_text(each)}") for each in variant.waterfalls)
    if variant.seal:
        colour = "dim" if variant.seal.intact else "red"
        yield Text.assemble(
            (f"{variant.label}: ", "bold"), (f"sealed: {variant.seal.sentence}", colour)
        )


def sentence_of(variant: VariantReport, verdict: Said) -> Text:
    """The verdict on a variant, in one plain sentence."""
    return Text.assemble(
        (f"{variant.label}: ", "bold"), (verdict.sentence, STYLES[verdict.outcome])
    )


def table_of(variant: VariantReport, *, every: bool = False) -> Table:
    """The short list of figures in three columns, or ``every`` one."""
    comparison = variant.comparison
    lines = comparison.lines if every else [one for one in comparison.short if not one.is_nothing]
    table = Table(
        title=Text(comparison.variant),
        title_justify="left",
        title_style="bold",
        box=box.SIMPLE_HEAD,
        pad_edge=False,
        caption=_caption(variant, left_out=len(comparison.lines) - len(lines)),
        caption_justify="left",
    )
    table.add_column("")  # of all columns the one whose text may go on in a second line
    table.add_column(f"launch\n{comparison.launch_standing}", justify="right", no_wrap=True)
    table.add_column("rehearsal\npredicted", justify="right", no_wrap=True)
    table.add_column("\nmiddle 95 %", justify="right", no_wrap=True, style="dim")
    table.add_column("rehearsal\nobserved", justify="right", no_wrap=True)
    table.add_column("\nerror", justify="right", no_wrap=True)
    table.add_column("\nwithin", no_wrap=True)
    for line in lines:
        table.add_row(*cells_of(line))
    return table


def cells_of(line: Line) -> tuple[str, ...]:
    return (
        line.figure.label,
        text_of(line.launch),
        text_of(line.rehearsal),
        line.rehearsal.spread if line.rehearsal else "",
        text_of(line.observed),
        line.error_text,
        line.within_text,
    )


def text_of(cell: Cell | None) -> str:
    if cell is None:
        return ""
    return "too few" if cell.few else cell.text


def _caption(variant: VariantReport, left_out: int) -> Text | None:
    comparison = variant.comparison
    notes = [f"{words.times(left_out, 'more row')} with --all"] if left_out else []
    notes += [
        f"{line.figure.label}: {cell.text}"
        for line in comparison.short
        for cell in (line.observed or line.rehearsal or line.launch,)
        if cell and cell.few
    ]
    if comparison.launch_standing is Standing.EXTRAPOLATED:
        notes.append("extrapolated: predicted beyond what was rehearsed")
    if any(cell and cell.open for line in comparison.short for cell in line.cells):
        notes.append("> (more than): some had not ended by the end; compared as far as seen")
    within = [line.within for line in comparison.varying]
    if within:
        notes.append(
            f"{sum(map(bool, within))} of {words.times(len(within), 'variable figure')} fell inside"
            " the predicted range"
        )
    if variant.instrument:
        notes.append(instrument_line(variant.instrument))
    if variant.machine:
        notes += filter(None, [machine_line(variant.machine)])
    if variant.audit:
        notes.append(promises_line(promises_of(variant.audit)))
    if variant.observed:
        notes += answer_lines(variant.answers, variant.observed.layout)
        notes += filter(None, [unheard_line(variant.unheard)])
    return Text("\n".join(notes)) if notes else None
