"""Least regret: every candidate is played in every world; too much costs money, too little people."""

from __future__ import annotations

from dataclasses import dataclass

from simulator.advice.size.trials import Tried


@dataclass(frozen=True, slots=True, kw_only=True)
class Excuse:
    """Why a candidate is not the one of least regret."""

    tried: Tried
    mean: float
    """Its regret in a world, in the mean; in the unit of the prices."""
    too_little: int
    """In how many worlds it loses more by people lost than it saves."""
    too_much: int
    """In how many worlds something cheaper would have done."""
    station: str
    """What ran out first where it was too little, most often; empty: nothing did."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Regret:
    """The regrets of all candidates over all worlds (launches), the smallest mean first."""

    worlds: int
    best: Excuse
    others: tuple[Excuse, ...]
    cost_of_too_little: float
    """What one step less than the best costs more, in the mean of the worlds."""
    cost_of_too_much: float
    """And one step more."""
