"""Markdown: a short summary, made for the summary page of a CI job."""

from __future__ import annotations

import re
from collections.abc import Iterator

from reports.run.comparison.comparison import Comparison, Line
from reports.run.decision import Decision
from reports.run.facts import RunFacts
from reports.run.mixture import notes
from reports.run.past.came import waterfall_text
from reports.run.report.report import Report, VariantReport
from reports.sentences.answers import answer_lines, unheard_line
from reports.sentences.criterion import asked_of, found_of, name_of
from reports.sentences.reasons import reason_of
from simulator.text.wording import format_factor
from simulator.verdict.criteria import Criterion, Outcome

LIMIT_BYTES = 1_000_000
"""GitHub takes a step summary of up to 1 MiB."""

MARKS = {
    Outcome.HOLDS: "✅",
    Outcome.FAILS: "❌",
    Outcome.INCONCLUSIVE: "❔",
    Outcome.NOT_APPLICABLE: "–",
}
SPECIAL = re.compile(r"([\\`*_\[\]<>|#~&@])")


def markdown_text(report: Report) -> str:
    """Verdicts, figures and what was judged."""
    title = escape(report.facts.title or report.facts.scenario)
    decision = report.decision
    parts = [f"# {title}\n", _decided(decision), *_predicted_only(report.facts)]
    parts += [_variant(variant, decision) for variant in report.variants]
    if report.facts.target is not None:
        parts.append(
            f"Demand factor of the rehearsal: {format_factor(report.facts.demand_factor)}."
            f" {escape(report.facts.demand_factor_reason)}\n"
        )
    parts.append(f"Run: `{report.folder.path.name}`, seed {report.facts.seed}\n")
    return cut("\n".join(parts))


def cut(text: str) -> str:
    """At most as long as GitHub takes it, at the end of a line."""
    encoded = text.encode()
    if len(encoded) <= LIMIT_BYTES:
        return text
    note = "\n\n… truncated; report.html has the rest.\n"
    kept = encoded[: LIMIT_BYTES - len(note.encode())].decode(errors="ignore")
    return kept.rpartition("\n")[0] + note


def escape(text: str) -> str:
    """Text that Markdown shows as it is, on one line."""
    return SPECIAL.sub(r"\\\1", " ".join(text.split()))


def _predicted_only(facts: RunFacts) -> list[str]:
    """What the rehearsal is without, before any figure of it."""
    if not facts.predicted_only:
        return []
    lines = [f"- {escape(str(each))}" for each in facts.predicted_only]
    return ["\n".join(["Predicted only, and not rehearsed:", "", *lines, ""])]


def _decided(decision: Decision) -> str:
    """What the run came to, as its exit code says it."""
    label = f"{escape(decision.variant)}: " if decision.verdict else ""
    return (
        f"**{MARKS[decision.outcome]} {decision.outcome}** (exit code {decision.exit_code}):"
        f" {label}{escape(decision.claim)}\n"
    )


def _variant(variant: VariantReport, decision: Decision) -> str:
    lines = [f"## {escape(variant.label)}", ""]
    for one in variant.verdicts:
        apart = "" if one is decision.verdict else f" *({one.provenance}, does not decide)*"
        lines.append(f"- {MARKS[one.outcome]} {escape(one.sentence)}{apart}")
    lines += [f"- {escape(said)}" for said in _came(variant)]
    lines += [f"- {escape(note)}" for note in notes(variant)]
    lines += ["", *_comparison(variant.comparison), "", *_criteria(variant), "", *_answers(variant)]
    return "\n".join(lines)


def _came(variant: VariantReport) -> Iterator[str]:
    """Whether the prediction came true, where its errors came from, and what was sealed."""
    if variant.came:
        yield f"prediction: {variant.came.sentence}"
        yield from map(waterfall_text, variant.waterfalls)
    if variant.seal:
        yield f"sealed: {variant.seal.sentence}"


def _answers(variant: VariantReport) -> list[str]:
    """What the target answered."""
    if not (variant.observed and variant.answers):
        return []
    lines = answer_lines(variant.answers, variant.observed.layout)
    lines += filter(None, [unheard_line(variant.unheard)])
    return ["What the target answered:", "", *(f"- {escape(line)}" for line in lines), ""]


def _row(*cells: str) -> str:
    return f"| {' | '.join(cells)} |"


def _comparison(comparison: Comparison) -> list[str]:
    head = _row(
        "figure",
        f"launch, {comparison.launch_standing}",
        "rehearsal, predicted",
        "middle 95 %",
        "rehearsal, observed",
        "error",
    )
    return [head, "|---|---:|---:|---:|---:|---:|", *(_figure(line) for line in comparison.telling)]


def _figure(line: Line) -> str:
    launch, rehearsal, observed = line.launch, line.rehearsal, line.observed
    beside = {"no": " (outside)", "open": " (open)"}.get(line.within_text, "")
    return _row(
        escape(line.figure.label),
        escape(launch.text) if launch else "",
        escape(rehearsal.text) if rehearsal else "",
        escape(rehearsal.spread) if rehearsal else "",
        escape(observed.text) if observed else "",
        (line.error_text + beside).strip(),
    )


def _criteria(variant: VariantReport) -> list[str]:
    rows = [
        _row(
            MARKS[one.outcome],
            escape(f"{verdict.subject}, {verdict.provenance}"),
            *_said(one),
        )
        for verdict in variant.verdicts
        for one in verdict.criteria
    ]
    if not rows:
        return []
    return [_row("", "of", "criterion", "found (limit)"), "|---|---|---|---|", *rows]


def _said(one: Criterion) -> tuple[str, str]:
    found = f"{found_of(one)} (limit {asked_of(one)}): {reason_of(one)}"
    return escape(name_of(one)), escape(found)
