"""How much a launch needs, how sure that is, and what else a planner asks."""

from __future__ import annotations

from typing import Literal

from reports.schema.terms import Document, Endless, Pair, Standing, Told, at_times

Values = dict[str, float]
"""By the keys of the knobs: servers, cores, tokens, 1/s; durations in ns."""


class AskedFor(Told):
    """What a certificate has to say."""

    share: float
    """Of launches that hold, at least."""
    confidence: float
    """A share."""
    launches: int


class Knob(Told):
    """One thing that is varied."""

    key: str
    """As --vary and --set take it."""
    turn: str
    """What is varied: servers, cores, release, ..."""
    now: float
    """The file's own; rates in 1/s, durations in ns, as of the next ones."""
    low: float
    """The values between which it is varied, from here"""
    high: float
    """to here."""
    choices: list[float]
    """The only values, where they were listed."""
    asked: bool
    """Whether somebody said between which values."""
    bought: bool
    """Whether more of it costs anything."""


class Prices(Told):
    """What things cost."""

    currency: str
    """Empty: servers or cores are counted."""
    priced: str | None
    """The date of the oldest price."""
    per_hour: list[float]
    """Of one more of each knob."""
    of_each: list[Pair]
    """Pairs of knobs by number: the first is paid for each of the second."""
    fixed_per_hour: float
    """Of stations that no knob varies."""
    paid_for_ns: int
    person_lost: float
    """What somebody costs who left without what he came for."""
    unpriced: list[str]
    """Stations whose price is unknown."""


class SizedTrial(Told):
    """One launch."""

    launch: int
    """Its number."""
    outcome: Standing
    failed: tuple[str, str] | None
    """The objective that decided against it, and its journey."""
    strain: Endless
    """What was used of the tightest objective; above 1 it fails."""
    came: int
    served: int
    lost: int
    wait_p50_s: Endless
    """In the line; "unknown": nobody waited."""
    wait_p95_s: Endless
    line_peak: int
    luck: float
    """The draw that says how many come, between 0 and 1."""
    place: str
    """Where it went wrong; empty: nowhere, or nobody can tell."""


class Tried(Told):
    """A system, and the launches that were simulated with it."""

    values: Values
    """Of each knob."""
    cost: float
    """In the currency, for the time that it is paid for."""
    launches: int
    holds: int
    """In so many of them it holds."""
    lost: float
    """People, in the mean."""
    wait_p95_s: Endless
    """In the line, in the mean."""
    trials: list[SizedTrial]


class Certificate(Tried):
    """What launches say that the search has not seen."""

    given: bool
    """Whether it says what was asked."""
    share_at_least: float
    """Of launches that hold, with the confidence."""
    seed: int
    """predict --seed simulates the same launches."""
    allowed: int
    """So many might fail."""
    number: int
    """Which confirmation it is."""


class Searched(Told):
    """What was looked at."""

    candidates: int
    launches: int
    fresh: int
    """Launches that were simulated for confirmations."""
    ran_out: bool
    """Whether something cheaper may hold that was not looked at."""
    ended: bool
    """Whether the search came to its end."""


class Excuse(Told):
    """The regret of one system."""

    tried: Tried
    mean: Endless
    """What it costs more than the best of each launch, people lost included, in the mean."""
    too_little: int
    """In so many launches more would have paid."""
    too_much: int
    """In so many launches less would have done."""
    station: str
    """What ran out first; empty: nothing did."""


class Regret(Told):
    """Which system is regretted least."""

    worlds: int
    best: Excuse
    others: list[Excuse]
    cost_of_too_little: Endless
    """What a step less than the best costs more, in the mean."""
    cost_of_too_much: Endless
    """And a step more."""


class Case(Told):
    """One size of the demand."""

    name: str
    """low, likely, high or five times."""
    demand_factor: float
    """Of the likely demand."""
    assumed: bool
    """Whether the factor is ours."""
    people: float
    """In the mean."""
    today_holds: Pair
    """In so many launches of so many."""
    needs: Values | None
    """The cheapest that holds; null: nothing in range."""
    needs_cost: float | None
    """What that costs."""
    with_certified: Pair
    lost: float
    """People, with the certified system."""
    wait_p95_s: Endless


class Break(Told):
    """What breaks, once all before it is mended."""

    place: str
    asks: str
    """The objective that is missed."""
    journey: str
    at_ns: int | None
    """Since the opening; null: it cannot be told."""
    demand_factor: float
    """From about this factor of the likely demand on."""
    mended_by: str
    """A knob; empty: none of those that are varied."""
    mended_at: float | None
    """Its smallest value with which nothing breaks here; null: none in range."""
    mended_for: float
    """Up to this factor of the likely demand."""


class Headroom(Told):
    """How much more demand a system bears."""

    breaks_at: float
    """The largest factor of the likely demand that holds."""
    searched_to: float
    """The largest factor that was tried."""
    judged: bool
    """Whether enough people come to say it."""


class Lead(Told):
    """The last day to decide."""

    key: str
    station: str
    more: float
    """How much more of it is needed: servers, cores, tokens."""
    lead_time_ns: int | None
    decide_by: str | None
    """ISO 8601."""


class Naive(Told):
    """What the peak rate times the mean service would have said."""

    values: list[float]
    """Of each knob."""
    cost: float
    """In the currency, for the time that it is paid for."""
    holds: Pair
    lost: float
    """People, in the mean."""


class Swing(Told):
    """One input at its low and its high end."""

    key: str
    low: float
    """A factor of the likely value."""
    high: float
    """Another one."""
    assumed: bool
    cost_low: float | None
    """Of the cheapest that holds; null: nothing in range."""
    cost_high: float | None
    """The same at the high end."""
    lost_low: float
    """People, with the certified system."""
    lost_high: float
    """The same at the high end."""


class Sized(Told):
    """What is needed."""

    sentence: str
    exit_code: int
    """0: something in range holds; 1: nothing does; 3: too few people come to judge it."""
    asked: AskedFor
    knobs: list[Knob]
    prices: Prices
    certificate: Certificate | None
    """Of the cheapest that holds; null: nothing does."""
    nearest: Certificate | None
    """Where nothing holds: how near the best came."""
    today: Tried
    """The file's own system."""
    tried: list[Tried]
    frontier: list[Tried]
    """Those that nothing cheaper beats, the cheapest first."""
    searched: Searched
    regret: Regret | None
    cases: list[Case]
    breaks: list[Break]
    """Of today's system, in their order."""
    headroom_today: Headroom | None
    headroom: Headroom | None
    """Of the certified system."""
    leads: list[Lead]
    naive: Naive | None
    swings: list[Swing]
    """The widest first."""
    unanswered: list[str]
    """What was left open, since it takes too long."""


class IfWaiting(Sized):
    """The same where people may wait longer."""

    p95_s: float
    """In the line."""


class Sizing(Sized, Document):
    """`size --json`."""

    document: Literal["sizing"]
    scenario: str
    variant: str | None
    settings: list[str]
    seed: int
    engine: str
    assumed: list[str] = at_times()
    """Of a launch in few words: what was assumed."""
    if_people_wait: list[IfWaiting] = at_times()
    """Of a launch in few words."""
