"""Findings: what a chart shows, in a sentence, for its title and for those who cannot see it."""

from __future__ import annotations

import math

from reports import words
from reports.comparison import Line
from reports.fate_chart import shares_of
from reports.report import VariantReport


def headlines(variants: tuple[VariantReport, ...]) -> list[str]:
    """The deciding verdicts, each in one plain sentence."""
    claims = [(variant.label, variant.verdict.claim) for variant in variants if variant.verdict]
    if not claims:
        return ["Nothing was predicted or observed yet."]
    if len(claims) == 1:
        claim = claims[0][1]
        return [f"{claim[0].upper()}{claim[1:]}."]
    return [f"“{label}”: {claim}." for label, claim in claims]


def line_finding(variant: VariantReport) -> str:
    """How long the line grew."""
    line = _of(variant, "line_peak")
    observed, predicted = line.observed, line.rehearsal or line.launch
    peaks = [cell.value for cell in (observed, predicted) if cell]
    if not any(peaks):
        return "nobody stood in a line"
    if observed and predicted:
        return f"the line grew to {observed.text} people; {predicted.text} were predicted"
    cell = observed or predicted
    return f"the line {'grew' if observed else 'grows'} to {cell.text if cell else ''} people"


def launch_line_finding(variant: VariantReport) -> str:
    """How long the line of the whole launch is predicted to grow."""
    cell = _of(variant, "line_peak").launch
    if cell is None or not cell.value:
        return "nobody stands in a line"
    return f"the line of the whole launch grows to {cell.text} people"


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
        return "how long it takes to be served is not known"
    if math.isinf(middle.value):
        return "fewer than half of those let in were ever served"
    if math.isinf(tail.value):
        return f"half were served within {middle.text}; more than 5 % never were"
    return f"half were served within {middle.text}, 95 % within {tail.text}"


def fate_finding(variant: VariantReport) -> str:
    """What became of most people."""
    column = variant.rehearsal or variant.launch
    content = variant.observed or (column.prediction if column else None)
    shares = shares_of(content) if content else {}
    if not shares:
        return "nobody came"
    biggest = sorted(shares.items(), key=lambda item: -item[1])[:2]
    return ", ".join(f"{words.percent(share)} {fate}" for fate, share in biggest)


def _of(variant: VariantReport, key: str) -> Line:
    return next(line for line in variant.comparison.lines if line.figure.key == key)
