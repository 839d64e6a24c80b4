"""Costs, in words and on an axis: of money where prices are known, else of servers."""

from __future__ import annotations

from collections.abc import Callable

from reports.planner.drawing.axis import Axis
from reports.planner.language import Language
from simulator.advice.size.answer import Sizing


def cost_said(sizing: Sizing, language: Language) -> Callable[[float], str]:
    """How one is said."""
    currency = sizing.prices.currency
    return lambda cost: language.money(cost, currency) if currency else language.count(cost)


def cost_axis(sizing: Sizing, language: Language, begins: float, ends: float) -> Axis:
    currency = sizing.prices.currency
    title = language.say("axes.cost" if currency else "axes.servers", currency=currency)
    said = cost_said(sizing, language)
    return Axis.of(begins, ends, said, title=title, many=4, whole=not currency)
