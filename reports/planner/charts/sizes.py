"""What each size comes to: the chance of holding by its cost, and the frontier of cost and people lost."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from scipy import special

from reports.planner.charts.costs import cost_axis
from reports.planner.drawing.axis import Axis
from reports.planner.drawing.plot import Dot, Line, Mark, Plot, Rule
from reports.planner.figure import MONEY, Column, Figure, Table
from reports.planner.language import Language
from reports.planner.said.knobs import candidate_text, knob_name, value_text
from simulator.advice.size.answer import Sizing
from simulator.advice.size.certificate import Certificate
from simulator.advice.size.trials import Tried, median_wait_p95_s

FAR = 2.0
"""Sizes that cost more than so many times the answer are in the table and not in the picture."""


def share_of(tried: Tried) -> float:
    """The share of its launches that hold."""
    return tried.holds / max(1, len(tried.trials))


def interval_of(tried: Tried) -> tuple[float, float]:
    """The two-sided 95 % Clopper-Pearson interval of that share."""
    n, held = len(tried.trials), tried.holds
    low = float(special.betaincinv(held, n - held + 1, 0.025)) if held else 0.0
    high = float(special.betaincinv(held + 1, n - held, 0.975)) if held < n else 1.0
    return low, high


def axis_around(sizing: Sizing, language: Language, costs: list[float]) -> Axis:
    """On which all of these costs can be seen."""
    low, high = min(costs), max(costs)
    pad = 0.06 * (high - low) or max(1.0, 0.1 * high)
    return cost_axis(sizing, language, max(0.0, low - pad), high + pad)


def chance(sizing: Sizing, language: Language) -> Figure:
    """In which share of launches each size holds."""
    best = sizing.certificate or sizing.nearest
    answer_cost = max(best.tried.cost if best else 0.0, sizing.today.cost)
    shown = [each for each in sizing.tried if each.cost <= FAR * answer_cost] or list(sizing.tried)
    costs = (
        [each.cost for each in shown] + [sizing.today.cost] + ([best.tried.cost] if best else [])
    )
    ordered = sorted(shown, key=lambda each: each.cost)
    marks: list[Mark] = [
        Rule(
            at=sizing.asked.share,
            label=language.say("asked_share", share=language.share(sizing.asked.share)),
        )
    ]
    leading = best_at_cost(ordered)
    beside = [each for each in ordered if each not in leading]
    marks += [*_tried(leading, beside), _today(sizing, language)]
    key = [
        (language.say("keys.best_at_cost"), "predicted"),
        (language.say("keys.today"), "observed"),
    ]
    if beside:
        key.insert(1, (language.say("keys.tried"), "waiting"))
    if best is not None:
        colour, named = ("holds", "certified") if sizing.certificate else ("fails", "nearest")
        marks.append(_best(best, colour, language.say(f"labels.{named}")))
        key.append((language.say(f"keys.{named}"), colour))
    chart = Plot(
        x=axis_around(sizing, language, costs),
        y=Axis.of(0.0, 1.06, language.share, title=language.say("axes.chance")),
        marks=tuple(marks),
        key=tuple(key),
    )
    today = language.share(share_of(sizing.today))
    if best is not None:
        said = language.say(
            "findings.chance",
            today=today,
            best=language.share(share_of(best.tried)),
            what=candidate_text(language, sizing, best.tried.candidate),
        )
    else:
        said = language.say("findings.chance_today", today=today)
    note = language.say("notes.chance")
    return Figure.of(
        "chance", language, chart, table_of(sizing, sizing.tried, language), said, note
    )


def _tried(leading: Sequence[Tried], beside: Sequence[Tried]) -> Iterator[Mark]:
    """The best at each cost, with how sure that is, and the others."""
    for each in beside:
        yield Dot(x=each.cost, y=share_of(each), colour="waiting", radius=2.5)
    yield Line(x=[each.cost for each in leading], y=[share_of(each) for each in leading], width=1.6)
    for each in leading:
        low, high = interval_of(each)
        yield Dot(x=each.cost, y=share_of(each), colour="predicted", low=low, high=high, radius=3)


def _best(best: Certificate, colour: str, label: str) -> Mark:
    """The answer: as sure as its certificate."""
    return Dot(
        x=best.tried.cost, y=share_of(best.tried), colour=colour, low=best.share_at_least,
        high=1.0, label=label, radius=6,
    )  # fmt: skip


def best_at_cost(sizes: Sequence[Tried]) -> list[Tried]:
    """Of sizes that cost the same, the one that holds most often and loses the fewest."""
    best: dict[float, Tried] = {}
    for each in sizes:
        known = best.get(each.cost)
        if known is None or (each.holds, -each.lost) > (known.holds, -known.lost):
            best[each.cost] = each
    return [best[cost] for cost in sorted(best)]


def _today(sizing: Sizing, language: Language) -> Dot:
    low, high = interval_of(sizing.today)
    label = language.say("labels.today")
    return Dot(
        x=sizing.today.cost, y=share_of(sizing.today), colour="observed", low=low, high=high,
        label=label, radius=6,
    )  # fmt: skip


def table_of(sizing: Sizing, sizes: tuple[Tried, ...], language: Language) -> Table:
    """Every size with what it costs and what became of people."""
    system = sizing.plan.system
    knobs = [
        Column(key=knob.key, label=knob_name(language, knob.tweak, system), unit="text")
        for knob in sizing.knobs
    ]
    ordered = sorted(sizes, key=lambda each: (each.cost, each.candidate.values))
    return Table(
        columns=(
            *knobs,
            Column(key="cost", label=language.say("columns.cost"), unit=MONEY),
            Column(key="holds", label=language.say("columns.holds")),
            Column(key="launches", label=language.say("columns.of_launches")),
            Column(key="lost_mean", label=language.say("columns.lost")),
            Column(key="wait_p95_s", label=language.say("columns.wait_p95"), unit="s"),
        ),
        rows=tuple(
            (
                *(
                    value_text(language, knob.tweak, value)
                    for knob, value in zip(sizing.knobs, each.candidate.values, strict=True)
                ),
                each.cost,
                float(each.holds),
                float(len(each.trials)),
                each.lost,
                median_wait_p95_s(each.trials),
            )
            for each in ordered
        ),
        currency=sizing.prices.currency,
    )


def frontier(sizing: Sizing, language: Language) -> Figure | None:
    """Cost against people lost, and the sizes that nothing cheaper beats; None of a single size."""
    if len(sizing.frontier) < 2:
        return None
    costs = [each.cost for each in (*sizing.frontier, sizing.today)]
    most = max(each.lost for each in (*sizing.frontier, sizing.today))
    ordered = sorted(sizing.frontier, key=lambda each: each.cost)
    beside = [each for each in sizing.tried if each not in sizing.frontier and each.lost <= most]
    within = [each for each in beside if min(costs) <= each.cost <= max(costs)]
    marks: list[Mark] = [
        *(Dot(x=each.cost, y=each.lost, colour="waiting", radius=2.5) for each in within),
        Line(x=[each.cost for each in ordered], y=[each.lost for each in ordered]),
        *(Dot(x=each.cost, y=each.lost, colour="predicted", radius=4) for each in ordered),
        Dot(
            x=sizing.today.cost, y=sizing.today.lost, colour="observed",
            label=language.say("labels.today"), radius=6,
        ),
    ]  # fmt: skip
    if sizing.certificate is not None:
        found = sizing.certificate.tried
        label = language.say("labels.certified")
        marks.append(Dot(x=found.cost, y=found.lost, colour="holds", label=label, radius=6))
    chart = Plot(
        x=axis_around(sizing, language, costs),
        y=Axis.up_to(most, language.count, title=language.say("axes.lost")),
        marks=tuple(marks),
        key=(
            (language.say("keys.frontier"), "predicted"),
            (language.say("keys.beaten"), "waiting"),
            (language.say("keys.today"), "observed"),
        ),
    )
    first, last = ordered[0], ordered[-1]
    finding = language.say(
        "findings.frontier",
        n=language.count(len(ordered)),
        least=language.money(first.cost, sizing.prices.currency),
        least_lost=language.many("person", first.lost),
        most=language.money(last.cost, sizing.prices.currency),
        most_lost=language.many("person", last.lost),
    )
    table = table_of(sizing, sizing.frontier, language)
    return Figure.of("frontier", language, chart, table, finding, language.say("notes.frontier"))
