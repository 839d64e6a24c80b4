"""What being wrong costs: regret, the tornado of inputs, and cases side by side."""

from __future__ import annotations

from reports.planner.charts.costs import cost_axis, cost_said
from reports.planner.drawing.axis import Axis
from reports.planner.drawing.rows import Part, Row, Rows
from reports.planner.figure import MONEY, Column, Figure, Table, brief
from reports.planner.language import Language
from reports.planner.said.knobs import candidate_text
from reports.planner.said.trouble import place_text
from simulator.advice.size.answer import Sizing
from simulator.advice.size.answers.cases import Case
from simulator.advice.size.answers.regret import Excuse, Regret

MOST_ROWS = 10
CASES = ("low", "likely", "high", "five times")


def regret(sizing: Sizing, language: Language) -> Figure | None:
    """What each choice costs more than the best one would have, in the mean of all worlds."""
    found = sizing.regret
    if found is None:
        return None
    said = cost_said(sizing, language)
    every = (found.best, *found.others)
    shown = every[:MOST_ROWS]
    rows = tuple(
        Row(
            label=candidate_text(language, sizing, each.tried.candidate),
            parts=(Part(begins=0.0, ends=each.mean, colour="holds" if each is found.best else "reneged"),),
            said=said(each.mean),
        )
        for each in shown
    )  # fmt: skip
    chart = Rows(
        rows=rows,
        axis=Axis.of(0.0, max([1e-9, *(each.mean for each in shown)]), said, many=3,
                     title=language.say("axes.regret")),
        key=((language.say("keys.least_regret"), "holds"), (language.say("keys.others"), "reneged")),
    )  # fmt: skip
    currency = sizing.prices.currency
    finding = language.say(
        "findings.regret",
        what=candidate_text(language, sizing, found.best.tried.candidate),
        worlds=language.count(found.worlds),
        little=language.money(found.cost_of_too_little, currency),
        much=language.money(found.cost_of_too_much, currency),
    )
    table = _regret_table(sizing, language, found)
    return Figure.of("regret", language, chart, table, finding, language.say("notes.regret"))


def _regret_table(sizing: Sizing, language: Language, found: Regret) -> Table:
    return Table(
        columns=(
            Column(key="size", label=language.say("columns.size"), unit="text"),
            Column(key="cost", label=language.say("columns.cost"), unit=MONEY),
            Column(key="regret_mean", label=language.say("columns.regret"), unit=MONEY),
            Column(key="too_little", label=language.say("columns.too_little")),
            Column(key="too_much", label=language.say("columns.too_much")),
            Column(key="excuse", label=language.say("columns.excuse"), unit="text"),
        ),
        rows=tuple(
            (
                candidate_text(language, sizing, each.tried.candidate),
                each.tried.cost,
                each.mean,
                float(each.too_little),
                float(each.too_much),
                excuse_text(language, each, found),
            )
            for each in (found.best, *found.others)
        ),
        currency=sizing.prices.currency,
    )


def excuse_text(language: Language, each: Excuse, found: Regret) -> str:
    """Why a choice is not the best one."""
    if each is found.best:
        return language.say("least_regret")
    of = language.count(found.worlds)
    parts = []
    if each.too_little:
        where = (
            language.say("excuse_at", station=place_text(language, each.station))
            if each.station
            else ""
        )
        n = language.count(each.too_little)
        parts.append(f"{language.say('excuse_little', n=n, of=of)}{where}")
    if each.too_much:
        n = language.count(each.too_much)
        parts.append(language.say("excuse_much", n=n, of=of))
    return "; ".join(parts)


def tornado(sizing: Sizing, language: Language) -> Figure | None:
    """How far the answer moves with each input."""
    swings = sizing.swings
    if not swings:
        return None
    currency = sizing.prices.currency
    best = sizing.certificate or sizing.nearest
    middle = best.tried.cost if best else sizing.today.cost
    known = [c for each in swings for c in (each.cost_low, each.cost_high) if c is not None]
    low, high = min([middle, *known]), max([middle, *known])
    pad = 0.06 * (high - low) or max(1.0, 0.1 * high)
    ceiling = high + 2 * pad

    def end(cost: float | None) -> str:
        return language.say("nothing_holds") if cost is None else language.money(cost, currency)

    rows = tuple(
        Row(
            label=brief(each.key, 44),
            parts=(
                _swing(middle, ceiling if each.cost_low is None else each.cost_low, "no-show"),
                _swing(middle, ceiling if each.cost_high is None else each.cost_high, "unfinished"),
            ),
            said=f"{end(each.cost_low)} – {end(each.cost_high)}",
        )
        for each in swings[:MOST_ROWS]
    )
    axis = cost_axis(sizing, language, max(0.0, low - pad), ceiling)
    chart = Rows(
        rows=rows,
        axis=axis,
        key=(
            (language.say("keys.low_end"), "no-show"),
            (language.say("keys.high_end"), "unfinished"),
        ),
        middle=middle,
    )
    table = _tornado_table(sizing, language)
    finding = language.say(
        "findings.tornado",
        key=brief(swings[0].key, 60),
        low=end(swings[0].cost_low),
        high=end(swings[0].cost_high),
    )
    return Figure.of("tornado", language, chart, table, finding, language.say("notes.tornado"))


def _tornado_table(sizing: Sizing, language: Language) -> Table:
    return Table(
        columns=(
            Column(key="input", label=language.say("columns.input"), unit="text"),
            Column(key="low", label=language.say("columns.low_end"), unit="factor"),
            Column(key="high", label=language.say("columns.high_end"), unit="factor"),
            Column(key="basis", label=language.say("columns.basis"), unit="text"),
            Column(key="cost_low", label=language.say("columns.cost_low"), unit=MONEY),
            Column(key="cost_high", label=language.say("columns.cost_high"), unit=MONEY),
            Column(key="lost_low", label=language.say("columns.lost_low")),
            Column(key="lost_high", label=language.say("columns.lost_high")),
        ),
        rows=tuple(
            (
                each.key, each.low, each.high,
                language.say("range_assumed" if each.assumed else "range_given"),
                each.cost_low, each.cost_high, each.lost_low, each.lost_high,
            )
            for each in sizing.swings
        ),
        currency=sizing.prices.currency,
    )  # fmt: skip


def _swing(middle: float, end: float, colour: str) -> Part:
    return Part(begins=min(middle, end), ends=max(middle, end), colour=colour)


def cases(sizing: Sizing, language: Language) -> Figure | None:
    """What low, likely, high and five times the demand need."""
    found = sizing.cases
    if not found:
        return None
    said = cost_said(sizing, language)
    top = max([1e-9, *(each.needs_cost for each in found if each.needs_cost is not None)])
    rows = tuple(
        Row(
            label=language.named(case_name(language, each), language.many("person", each.people)),
            parts=(
                Part(begins=0.0, ends=1.06 * top, colour="fails") if each.needs_cost is None
                else Part(begins=0.0, ends=each.needs_cost, colour="predicted"),
            ),
            said=language.say("nothing_holds") if each.needs_cost is None else said(each.needs_cost),
        )
        for each in found
    )  # fmt: skip
    chart = Rows(rows=rows, axis=cost_axis(sizing, language, 0.0, 1.06 * top))
    table = _cases_table(sizing, language)
    last = found[-1]
    finding = language.say(
        "findings.cases",
        case=case_name(language, last).lower(),
        today=_of(language, last.today_holds),
        certified=_of(language, last.with_certified),
    )
    return Figure.of("cases", language, chart, table, finding, language.say("notes.cases"))


def _cases_table(sizing: Sizing, language: Language) -> Table:
    return Table(
        columns=(
            Column(key="case", label=language.say("columns.case"), unit="text"),
            Column(key="demand_factor", label=language.say("columns.factor"), unit="factor"),
            Column(key="people", label=language.say("columns.people_mean")),
            Column(key="today_holds", label=language.say("columns.today_holds"), unit="text"),
            Column(key="needs", label=language.say("columns.needs"), unit="text"),
            Column(key="needs_cost", label=language.say("columns.cost"), unit=MONEY),
            Column(
                key="certified_holds", label=language.say("columns.certified_holds"), unit="text"
            ),
            Column(key="lost_mean", label=language.say("columns.lost")),
            Column(key="wait_p95_s", label=language.say("columns.wait_p95"), unit="s"),
        ),
        rows=tuple(
            (
                case_name(language, each),
                each.demand_factor,
                each.people,
                _of(language, each.today_holds),
                candidate_text(language, sizing, each.needs)
                if each.needs is not None
                else language.say("nothing_holds"),
                each.needs_cost,
                _of(language, each.with_certified),
                each.lost,
                each.wait_p95_s,
            )
            for each in sizing.cases
        ),
        currency=sizing.prices.currency,
    )


def case_name(language: Language, case: Case) -> str:
    """What a case is called."""
    if case.name in CASES:
        return language.say(f"cases.{case.name.replace(' ', '_')}")
    return case.name


def _of(language: Language, pair: tuple[int, int]) -> str:
    return language.say("n_of", n=language.count(pair[0]), of=language.count(pair[1]))
