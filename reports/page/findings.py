"""Findings: what a chart shows, in a sentence, for its title and for those who cannot see it."""

from __future__ import annotations

import math

from reports.charts.fates import shares_of
from reports.charts.palette import FATES
from reports.run.comparison.cells import Cell
from reports.run.comparison.comparison import Line
from reports.run.mixture import mixture_of
from reports.run.report.report import Report, VariantReport
from reports.sentences import words
from simulator.outcomes.counts.summary import Summary
from simulator.plan.launches import Prediction


def headlines(report: Report) -> list[str]:
    """What the run came to, and then other variants, each in one plain sentence."""
    decision = report.decision
    claims = [
        (variant.label, variant.verdict.claim)
        for variant in report.variants
        if variant.verdict and variant.verdict is not decision.verdict
    ]
    first = f"{decision.claim[0].upper()}{decision.claim[1:]}."
    if decision.verdict is None:
        return [first]  # how the run ended says it all
    if claims:
        first = f"“{decision.variant}”: {decision.claim}."
    return [first, *(f"Beside it, “{label}”: {claim}." for label, claim in claims)]


def line_finding(variant: VariantReport) -> str:
    """How long the line grew."""
    line = _of(variant, "line_peak")
    observed, predicted = line.observed, line.rehearsal or line.launch
    peaks = [cell.value for cell in (observed, predicted) if cell]
    if not any(peaks):
        return "nobody waited in line"
    if observed and predicted:
        were = "was" if predicted.text == "1" else "were"
        return (
            f"the line grew to {observed.text} {words.people(observed.text)};"
            f" {predicted.text} {were} predicted"
        )
    cell = observed or predicted
    count = cell.text if cell else ""
    return f"the line {'grew' if observed else 'grows'} to {count} {words.people(count)}"


def launch_line_finding(variant: VariantReport) -> str:
    """How long the line of the whole launch is predicted to grow."""
    cell = _of(variant, "line_peak").launch
    if cell is None or not cell.value:
        return "nobody waits in line"
    return f"the line of the whole launch grows to {cell.text} {words.people(cell.text)}"


def rate_finding(variant: VariantReport) -> str:
    """How many were served within the objective."""
    line = _of(variant, "goodput")
    observed, predicted = line.observed, line.rehearsal or line.launch
    if observed and predicted:
        return f"{observed.text} served in time; {predicted.text} were predicted"
    cell = observed or predicted
    return f"{cell.text if cell else words.NOTHING} are served in time"


def latency_finding(variant: VariantReport) -> str:
    """How long it took to serve half of them, and nearly all."""
    half, most = (_of(variant, key) for key in ("response_p50", "response_p95"))
    middle, tail = half.observed or half.rehearsal, most.observed or most.rehearsal
    if middle is None or tail is None or math.isnan(middle.value):
        return "time to be served: unknown"
    if math.isinf(middle.value):
        return "fewer than half of those let in were ever served"
    if math.isinf(tail.value):
        return f"{_served('half', middle)}; more than 5 % were never served"
    if tail.open:
        return f"{_served('half', middle)}; {_served('5 %', tail)}"
    return f"{_served('half', middle)}, 95 % within {tail.text}"


def _served(share: str, cell: Cell) -> str:
    """How long a share of people took; of what was not seen to its end, no more than a bound is known."""
    if cell.open:
        return f"{share} took more than {words.duration(cell.value)}"
    return f"{share} were served within {cell.text}"


def fate_finding(variant: VariantReport) -> str:
    """What became of most people; of those that do not hold apart, where only some launches do."""
    column = variant.rehearsal or variant.launch
    mixture = None if variant.observed else mixture_of(column)
    if mixture:
        return "; ".join(f"of {name}: {_fates(launches)}" for name, launches in mixture.named)
    content = variant.observed or (column.prediction if column else None)
    return _fates(content) if content else "nobody came"


def _fates(content: Prediction | Summary) -> str:
    shares = shares_of(content)
    if not shares:
        return "nobody came"
    biggest = sorted(shares.items(), key=lambda item: -item[1])[:2]
    return ", ".join(f"{words.percent(share)} {FATES[fate][0]}" for fate, share in biggest)


def _of(variant: VariantReport, key: str) -> Line:
    return next(line for line in variant.comparison.lines if line.figure.key == key)
