"""All that is asked next, one question after the other, so that whoever interrupts keeps the answers."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from zoneinfo import ZoneInfo

from simulator.advice.size.answer import Sizing
from simulator.advice.size.knobs import Candidate, Knob
from simulator.advice.size.player import Player
from simulator.advice.size.questions.aids.cheapest import cheapest_from
from simulator.advice.size.questions.aids.few import FEWEST, Few
from simulator.advice.size.questions.aids.worlds import Sized
from simulator.advice.size.questions.breaks import breaks
from simulator.advice.size.questions.headroom import headroom
from simulator.advice.size.questions.leads import leads
from simulator.advice.size.questions.least_regret import WORLDS, least_regret
from simulator.advice.size.questions.naive import naive
from simulator.advice.size.questions.side_by_side import cases
from simulator.advice.size.questions.tornado import swings
from simulator.advice.size.trials import Tried
from simulator.plan.meaning.costs import lead_times
from simulator.plan.plan import Plan
from simulator.scenario.scenario import Scenario

LIKELY = 4
"""Launches of which all must hold, where every figure is as likely: they differ by little."""
UNCERTAIN = 16
"""Where each launch meets a system of its own."""
HEADROOM = 20
"""Of which 19 must hold."""
PEOPLE = 6_000_000
"""Fewer launches are played where so many people come in fewer; a larger one varies less as well."""
MOST_OF_FRONTIER = 4
ROOM = 16.0
"""So many times wider than in the search are the ranges that nobody asked for."""

Stage = Callable[[str], None]
"""Told what is done next."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """What the file says besides the plan."""

    opening: dt.datetime
    lead_times_ns: Mapping[str, int] = field(default_factory=dict)
    """By the station's name; of those that say it."""
    surges: Sequence[str] = ()
    """Their names."""


def known_of(scenario: Scenario) -> Known:
    """What a scenario says besides its plan, the opening in the launch's own time zone."""
    launch = scenario.words.launch
    return Known(
        opening=launch.opening.astimezone(ZoneInfo(launch.time_zone)),
        lead_times_ns=lead_times(scenario),
        surges=tuple(surge.name for surge in scenario.words.surge),
    )


@dataclass(frozen=True, kw_only=True)
class Asking:
    """What all questions are asked with."""

    player: Player
    """Plays the plan with the file's own demand, with room; what the search has played is known."""
    known: Known
    certified: Candidate | None
    needed: Candidate
    """The certified one; the nearest one, where nothing is certified."""

    @property
    def worlds(self) -> int:
        """Launches in which candidates are held against one another."""
        return affordable(WORLDS, self.player.plan)

    @property
    def today(self) -> Candidate:
        """The file's own system."""
        return self.player.now

    @property
    def likely(self) -> Few:
        """Launches of a plan of which every figure is as likely."""
        return Few(launches=affordable(LIKELY, self.player.plan))

    @property
    def uncertain(self) -> Few:
        """Launches of a plan of which the demand is certain, and the rest is as the file says."""
        if not self.player.plan.draws_its_system:
            return self.likely
        return Few(launches=affordable(UNCERTAIN, self.player.plan), alike=False)

    def cheapest(self, player: Player, few: Few, factors: Sequence[float]) -> Tried | None:
        """Looks for the cheapest, from what is needed on."""
        return cheapest_from(player, self.needed, few, factors)


class Spent(Exception):
    """As many people were simulated as may be."""


@dataclass
class Purse:
    """How many people may still be simulated."""

    left: float

    def spend(self, people: float) -> None:
        """Raises Spent where there are no more."""
        self.left -= people
        if self.left < 0:
            raise Spent


def roomier(player: Player, purse: Purse) -> Player:
    """The same player, with room for another demand in the ranges that nobody asked for, and a purse.

    It shares what is known.
    """
    knobs = tuple(
        knob if knob.asked else replace(knob, low=_below(knob), high=max(knob.high, 1.0) * ROOM)
        for knob in player.knobs
    )
    wide = Player(
        plan=player.plan, knobs=knobs, prices=player.prices, engine=player.engine,
        told=player.note, spend=purse.spend,
    )  # fmt: skip
    wide.known = player.known
    return wide


def _below(knob: Knob) -> float:
    """Of what is counted, the range already begins where it can."""
    return knob.low if knob.tweak.whole else knob.low / ROOM


def affordable(launches: int, plan: Plan) -> int:
    """So many launches, or as many as play no more people than that."""
    return max(FEWEST, min(launches, int(PEOPLE / max(1.0, plan.demand.total))))


def asked_next(
    sizing: Sizing, player: Player, known: Known, stage: Stage, *, people: float = math.inf
) -> Iterator[Sizing]:
    """The sizing, with one more answer each time, until about so many ``people`` have been simulated.

    What is left by then is said not to be answered. Nothing looks at a clock: the same is left each time.
    """
    best = sizing.certificate or sizing.nearest
    purse = Purse(left=people)
    asking = Asking(
        player=roomier(player, purse),
        known=known,
        certified=sizing.certificate.tried.candidate if sizing.certificate else None,
        needed=best.tried.candidate if best else player.now,
    )
    for of, question in QUESTIONS:
        stage(of)
        try:
            sizing = question(sizing, asking)
        except Spent:
            sizing = replace(sizing, unanswered=(*sizing.unanswered, of))
        yield sizing


def _with_naive(sizing: Sizing, asking: Asking) -> Sizing:
    return replace(sizing, naive=naive(asking.player, range(asking.worlds)))


def _with_leads(sizing: Sizing, asking: Asking) -> Sizing:
    player, known = asking.player, asking.known
    if asking.certified is None:
        return sizing  # more of it would not be enough, so that no day to order it is the last
    names = [station.name for station in player.plan.system.stations]
    found = leads(player.knobs, asking.needed, names, known.lead_times_ns, known.opening)
    return replace(sizing, leads=found)


def _with_regret(sizing: Sizing, asking: Asking) -> Sizing:
    others = [asking.today, *_naive_one(sizing), *_along_frontier(sizing)]
    found = least_regret(asking.player, asking.needed, others, sizing.asked.share, asking.worlds)
    if not found.best.tried.holds and not asking.player.prices.person_lost:
        return sizing  # all of them fail in every launch, and nothing says which failure costs less
    return replace(sizing, regret=found)


def _naive_one(sizing: Sizing) -> list[Candidate]:
    return [Candidate(values=sizing.naive.values)] if sizing.naive else []


def _along_frontier(sizing: Sizing) -> list[Candidate]:
    """A few of it, evenly."""
    every = [tried.candidate for tried in sizing.frontier]
    return every[:: max(1, -(-len(every) // MOST_OF_FRONTIER))]


def _with_headroom(sizing: Sizing, asking: Asking) -> Sizing:
    sized, certified = Sized(player=asking.player), asking.certified
    plan = asking.player.plan
    few = Few(launches=affordable(HEADROOM, plan), alike=not plan.draws_its_system)
    return replace(
        sizing,
        headroom_today=headroom(sized, asking.today, few),
        headroom=headroom(sized, certified, few) if certified else None,
    )


def _with_breaks(sizing: Sizing, asking: Asking) -> Sizing:
    """Of a system whose every figure is as likely: what is asked is the order."""
    player = asking.player
    if player.plan.draws_its_system:
        player = player.on(replace(player.plan, uncertain=(), wandering=()))
    return replace(sizing, breaks=breaks(Sized(player=player), asking.today, asking.likely))


def _with_cases(sizing: Sizing, asking: Asking) -> Sizing:
    sized = Sized(player=asking.player)
    found = cases(sized, asking.today, asking.needed, asking.cheapest, asking.uncertain)
    return replace(sizing, cases=found)


def _with_swings(sizing: Sizing, asking: Asking) -> Sizing:
    found = swings(
        asking.player, asking.needed, asking.cheapest, asking.likely, asking.known.surges
    )
    return replace(sizing, swings=found)


Question = Callable[[Sizing, Asking], Sizing]

QUESTIONS: tuple[tuple[str, Question], ...] = (
    ("the last day to decide", _with_leads),
    ("the naive answer", _with_naive),
    ("what is regretted least", _with_regret),
    ("how much more it bears", _with_headroom),
    ("what breaks first", _with_breaks),
    ("low, likely, high and five times", _with_cases),
    ("which figure moves the answer", _with_swings),
)
"""What is said while it is looked for, and how; from the cheapest on, but that regret needs the naive one."""
