"""What breaks first, second and third, how much more a system bears, and until when to decide."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from reports.planner.answer import Answer
from reports.planner.drawing.axis import Axis
from reports.planner.drawing.rows import Part, Row, Rows
from reports.planner.figure import Column, Figure, Table, brief
from reports.planner.language import Language
from reports.planner.said.knobs import knob_name, knob_named, value_text
from reports.planner.said.trouble import break_text, mended_text, place_text
from simulator.advice.size.answer import Sizing
from simulator.advice.size.answers.cases import Headroom, Lead
from simulator.units import NS_PER_S

DAY_S = 86_400.0


def breaks(sizing: Sizing, language: Language) -> Figure | None:
    """From which demand on each thing breaks, if what broke before it has been mended."""
    found = sizing.breaks
    bears = _bears(sizing, language)
    if not found and not bears:
        return None
    factors = [each.demand_factor for each in found] + [value for _, value, _ in bears] + [1.0]
    rows = [
        Row(
            label=f"{number}. "
            + language.named(place_text(language, each.place), break_text(language, each)),
            parts=(Part(begins=0.0, ends=each.demand_factor, colour="reneged"),),
            said=language.from_demand(each.demand_factor),
        )
        for number, each in enumerate(found, 1)
    ]
    rows += [
        Row(label=name, parts=(Part(begins=0.0, ends=value, colour="holds"),), said=text)
        for name, value, text in bears
    ]
    chart = Rows(
        rows=tuple(rows),
        axis=Axis.up_to(max(factors), language.factor, title=language.say("axes.factor")),
        key=((language.say("keys.breaks_at"), "reneged"), (language.say("keys.bears"), "holds")),
        middle=1.0,
    )
    table = Table(
        columns=(
            Column(key="place", label=language.say("columns.place"), unit="text"),
            Column(key="what", label=language.say("columns.what"), unit="text"),
            Column(key="demand_factor", label=language.say("columns.factor"), unit="factor"),
            Column(key="after_s", label=language.say("columns.begins"), unit="s"),
            Column(key="mended_by", label=language.say("columns.mended"), unit="text"),
        ),
        rows=tuple(
            (
                place_text(language, each.place),
                break_text(language, each),
                each.demand_factor,
                None if each.at_ns is None else each.at_ns / NS_PER_S,
                mended_text(language, sizing, each),
            )
            for each in found
        ),
    )
    if found:
        finding = language.say(
            "findings.breaks",
            place=place_text(language, found[0].place),
            when=language.from_demand(found[0].demand_factor),
            mended=mended_text(language, sizing, found[0]),
        )
    else:
        finding = language.named(bears[0][0], bears[0][2])
    return Figure.of("breaks", language, chart, table, finding, language.say("notes.breaks"))


def _bears(sizing: Sizing, language: Language) -> list[tuple[str, float, str]]:
    """How much demand today's system and the certified one bear."""
    pairs = (
        ("bears_today", sizing.headroom_today),
        ("bears_certified", sizing.headroom),
    )
    return [
        (language.say(key), headroom.breaks_at, headroom_text(language, headroom))
        for key, headroom in pairs
        if headroom is not None
    ]


def headroom_text(language: Language, headroom: Headroom) -> str:
    """The largest demand that still holds; at least that, where nothing larger was tried."""
    if not headroom.breaks_at:
        return language.say("bears_nothing")
    factor = language.factor(headroom.breaks_at)
    key = "at_least_times" if headroom.breaks_at >= headroom.searched_to else "times_likely"
    return language.say(key, factor=factor)


def leads(answer: Answer, language: Language) -> Figure | None:
    """The last day to decide about each station that needs more."""
    sizing = answer.sizing
    if sizing is None or not sizing.leads:
        return None
    known = [each for each in sizing.leads if each.lead_time_ns is not None]
    if not known:
        return None
    longest = max(_days(each) for each in known)
    rows = tuple(
        Row(
            label=_more(language, sizing, each),
            parts=(
                Part(begins=-_days(each), ends=0.0,
                     colour="reneged" if each.decide_by is not None else "waiting"),
            ),
            said=_decide(language, each),
        )
        for each in known
    )  # fmt: skip

    def said(value: float) -> str:
        return language.say("days_before", n=language.count(-value)) if value else "0"

    chart = Rows(
        rows=rows,
        axis=Axis.of(-1.06 * max(longest, 1e-3), 0.0, said, many=3,
                     title=language.say("axes.before_opening")),
        key=((language.say("keys.must_order"), "reneged"), (language.say("keys.enough"), "waiting")),
    )  # fmt: skip
    table = Table(
        columns=(
            Column(key="station", label=language.say("columns.station"), unit="text"),
            Column(key="more", label=language.say("columns.more"), unit="text"),
            Column(key="lead_time_s", label=language.say("columns.lead_time"), unit="s"),
            Column(key="decide_by", label=language.say("columns.decide_by"), unit="text"),
        ),
        rows=tuple(
            (
                each.station,
                _more(language, sizing, each),
                None if each.lead_time_ns is None else each.lead_time_ns / NS_PER_S,
                _decide(language, each),
            )
            for each in sizing.leads
        ),
    )
    note = language.say("notes.leads")
    return Figure.of("leads", language, chart, table, _first(sizing.leads, language), note)


def _days(each: Lead) -> float:
    return (each.lead_time_ns or 0) / NS_PER_S / DAY_S


def _more(language: Language, sizing: Sizing, each: Lead) -> str:
    knob = knob_named(sizing, each.key)
    if knob is None:
        return brief(each.station, 40)
    name = knob_name(language, knob.tweak, sizing.plan.system)
    if each.more <= 0:
        return language.say("no_more_needed", what=name)
    return language.say("more_needed", n=value_text(language, knob.tweak, each.more), what=name)


def _decide(language: Language, each: Lead) -> str:
    if each.more <= 0:
        return language.say("nothing_to_order")
    if each.decide_by is None:
        return language.say("no_lead_time")
    return language.date(each.decide_by)


def _first(leads: Sequence[Lead], language: Language) -> str:
    dated: list[tuple[dt.datetime, Lead]] = [
        (each.decide_by, each) for each in leads if each.decide_by is not None
    ]
    if not dated:
        return language.say("findings.no_leads")
    day, lead = min(dated, key=lambda pair: pair[0])
    return language.say("findings.leads", day=language.date(day), station=brief(lead.station, 40))
