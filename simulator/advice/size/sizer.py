"""The sizer: searches on common luck, confirms on fresh luck, and says what it knows at any time."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from functools import cached_property

from simulator.advice.size.answer import Searched, Sizing
from simulator.advice.size.certificate import Asked, Certificate, certificate_of, failures_of
from simulator.advice.size.frontier import FACTORS, around, frontier_of
from simulator.advice.size.knobs import Candidate, Knob
from simulator.advice.size.player import THE_LINE, Player, Told
from simulator.advice.size.prices import Prices
from simulator.advice.size.search.cheapest import Search
from simulator.advice.size.search.free import at_most
from simulator.advice.size.search.judge import Judge
from simulator.advice.size.search.space import Space
from simulator.advice.size.trials import Tried
from simulator.advice.size.vary.need import needed, roomy, wider
from simulator.engine.rules import Engine
from simulator.plan.plan import Plan

FRESH = 1_000_003
"""From the seed of the search to that of the first confirmation, and from there to the next."""
WIDER = 4.0
"""So many times as far as before a range reaches that nobody gave, where nothing in it holds."""
LARGE = 1_000_000
"""Launches of more people hardly differ from one another, and take long: fewer of them are searched."""
SMALL_EFFORT, LARGE_EFFORT = (3, 20, 8), (2, 8, 2)
"""Launches that make a candidate promising, and likely, and those of the frontier."""
WIDENINGS = 4
BUDGET, BUDGET_EACH = 150, 60
"""The search ends after so many launches, and so many more for each knob."""
CHUNK = 16
"""So many launches are confirmed at a time: a candidate that is refused already needs no more."""
NEAR = 60
"""Where nothing holds, so many fresh launches say how near the best came."""

READY_PEOPLE = 20_000_000
"""So many people altogether are simulated before a candidate is confirmed."""
READY_TIMES = 2
"""And no more than so many times as many launches as confirm it."""
SURE = 0.9
"""And it should be certified with this probability."""
SEARCHED, SEARCHED_EACH = 30, 50
"""So many launches a search takes, about, and so many more for each knob."""

Stage = Callable[[str, int], None]
"""Told what is done now, and how many launches it takes, about, with all that comes after it."""


def quiet(_doing: str, _launches: int) -> None:
    """Tell nobody."""


@dataclass(kw_only=True)
class Sizer:
    """One question, and all that was found of its answer so far."""

    plan: Plan
    knobs: tuple[Knob, ...]
    prices: Prices
    asked: Asked
    engine: Engine
    told: Told | None = None
    stage: Stage = quiet
    best: Certificate | None = field(default=None, init=False)
    """The last confirmation that was begun."""
    today: Tried | None = field(default=None, init=False)
    fresh: int = field(default=0, init=False)
    """How many launches were played on fresh luck."""

    def __post_init__(self) -> None:
        self.knobs = roomy(self.knobs, self.plan)

    # What is asked and what is known

    @cached_property
    def player(self) -> Player:
        """Plays on the luck of the search."""
        return Player(
            plan=self.plan,
            knobs=self.knobs,
            prices=self.prices,
            engine=self.engine,
            told=self.told,
        )

    @cached_property
    def judge(self) -> Judge:
        """Judges on the luck of the search."""
        few, many, _ = self._effort
        return Judge(
            player=self.player,
            few=few,
            many=many,
            most=self._most,
            pool=max(self._most, self.asked.launches),
            spare=self._spare,
            budget=BUDGET + BUDGET_EACH * len(self.knobs),
        )

    @property
    def _effort(self) -> tuple[int, int, int]:
        return SMALL_EFFORT if self.plan.demand.total <= LARGE else LARGE_EFFORT

    @property
    def _most(self) -> int:
        """As many as show a share that is certified in nine of ten cases, if that is not too much work."""
        _, many, _ = self._effort
        affordable = max(many, int(READY_PEOPLE / max(1.0, self.plan.demand.total)))
        telling = math.ceil(1.0 / self.asked.failing_when_certified(SURE))
        return min(affordable, telling, READY_TIMES * self.asked.launches)

    @property
    def _spare(self) -> int:
        """How many of the hardest need not hold: half of what the certificate bears.

        Of large launches all must: they are alike.
        """
        return 0 if self.plan.demand.total > LARGE else self.asked.spare // 2

    @property
    def space(self) -> Space:
        """What is searched."""
        return Space(knobs=self.knobs, prices=self.prices)

    @property
    def _search(self) -> Search:
        space = self.space
        start = tuple(
            axis.at_least(needed(knob, self.plan))
            for axis, knob in zip(space.axes, self.knobs, strict=True)
        )
        places = {
            number: self.plan.system.stations[knob.tweak.station].name
            if knob.key.startswith("station.")
            else THE_LINE
            for number, knob in enumerate(self.knobs)
        }
        return Search(space=space, judge=self.judge, start=start, places_of=places)

    @property
    def expected(self) -> int:
        """How many launches all of it takes, about."""
        search = SEARCHED + SEARCHED_EACH * len(self.knobs)
        return search + self.asked.launches + self._effort[2] * (1 + len(FACTORS))

    # The way to the answer

    def run(self, *, around: bool = True) -> Sizing:
        """Search, confirm, and look ``around``: what less and more would do.

        Raises KeyboardInterrupt; :meth:`so_far` says then what is known.
        """
        _, _, apart = self._effort
        last = self.asked.launches + apart * len(FACTORS)
        search = SEARCHED + SEARCHED_EACH * len(self.knobs)
        self.stage("playing today's system", self.expected)
        self.today = self.player.tried(self.player.now, range(apart))
        self.stage("looking for the cheapest that holds", search + last)
        self._widen()
        found = self._search.cheapest()
        certificate = None if found is None else self._confirmed(found)
        nearest = None if certificate else self._nearest(found)
        shown = certificate or nearest
        if around and shown is not None:
            self._look_around(shown.tried.candidate)
        return self.so_far(ended=True, certificate=certificate, nearest=nearest)

    def so_far(
        self,
        *,
        ended: bool = False,
        certificate: Certificate | None = None,
        nearest: Certificate | None = None,
    ) -> Sizing:
        """What is known by now."""
        _, _, apart = self._effort
        tried = tuple(self._all_tried())
        alike = [each for each in tried if len(each.in_launches(range(apart)).trials) == apart]
        today = self.today or self.player.tried(self.player.now, [])
        return Sizing(
            plan=self.plan,
            asked=self.asked,
            knobs=self.knobs,
            prices=self.prices,
            certificate=certificate,
            nearest=nearest if ended else self.best,
            today=today,
            tried=tried,
            frontier=frontier_of(each.in_launches(range(apart)) for each in alike),
            searched=Searched(
                candidates=len(tried),
                launches=self.player.played + self.fresh,
                fresh=self.fresh,
                ended=ended,
                ran_out=self.judge.ran_out,
            ),
        )

    def _all_tried(self) -> Iterator[Tried]:
        for candidate, trials in self.player.known.items():
            if trials:
                yield self.player.tried(candidate, sorted(trials))

    def _widen(self) -> None:
        """Widen the ranges that nobody gave until something in them holds."""
        for _ in range(WIDENINGS):
            search = self._search
            top = self.space.candidate(at_most(search, search.start))
            if self.judge.promising(top):
                return
            place = self.judge.at_fault(top)
            short = [each for each in search.that_help(place) if not self.knobs[each].asked]
            if not short:
                return
            self.knobs = tuple(
                wider(knob, WIDER) if number in short else knob
                for number, knob in enumerate(self.knobs)
            )

    # The certificate

    def _confirmed(self, found: Candidate) -> Certificate | None:
        """Confirm it on fresh luck; where that is refused, the next one on luck as fresh."""
        candidate: Candidate | None = found
        last = self._effort[2] * len(FACTORS)
        place = ""
        for number, allowed in enumerate(self.asked.confirmations(), start=1):
            if number > 1:
                assert candidate is not None
                candidate = self._search.beyond(candidate, place)
            if candidate is None:
                return None
            self.stage(f"confirming on fresh luck{_again(number)}", self.asked.launches + last)
            certificate = self._confirmation(candidate, number, allowed)
            if certificate.given:
                return certificate
            place = _place_of(certificate.tried)
        return None

    def _confirmation(self, candidate: Candidate, number: int, allowed: int) -> Certificate:
        seed = self.plan.seed + number * FRESH
        player = self._fresh_player(seed)
        until = 0
        while True:
            until = min(until + CHUNK, self.asked.launches)
            self.best = self._certificate(player, candidate, until, number, allowed)
            if until == self.asked.launches or failures_of(self.best.tried) > allowed:
                return self.best

    def _certificate(
        self, player: Player, candidate: Candidate, launches: int, number: int, allowed: int
    ) -> Certificate:
        before = player.played
        tried = player.tried(candidate, range(launches))
        self.fresh += player.played - before
        seed = player.plan.seed
        return certificate_of(self.asked, tried, seed=seed, allowed=allowed, number=number)

    def _fresh_player(self, seed: int) -> Player:
        before = self.player.played + self.fresh

        def told(played: int) -> None:
            if self.told:
                self.told(before + played)

        player = self.player.on(replace(self.plan, seed=seed))
        player.told = told
        return player

    def _nearest(self, found: Candidate | None) -> Certificate:
        """How near the best came: of all that was tried, the one that holds in the most launches."""
        if self.best is not None and found is not None:
            return self.best
        best = max(
            self._all_tried(),
            key=lambda each: (each.holds / len(each.trials), -each.lost, -each.cost),
        )
        launches = min(NEAR, self.asked.launches)
        self.stage("seeing how near the best comes", launches)
        player = self._fresh_player(self.plan.seed + FRESH)
        return self._certificate(player, best.candidate, launches, 1, self.asked.spare)

    def _look_around(self, found: Candidate) -> None:
        """Play less and more of everything in the same launches."""
        _, _, apart = self._effort
        candidates = [found, *around(found, self.space)]
        self.stage("looking at what less and more would do", apart * len(candidates))
        for candidate in candidates:
            self.player.tried(candidate, range(apart))


def _again(number: int) -> str:
    return "" if number == 1 else f", time {number}"


def _place_of(tried: Tried) -> str:
    """Where most of the failed launches went wrong."""
    places = [each.place for each in tried.trials if each.place]
    return min(places, key=lambda place: (-places.count(place), place), default="")
