"""The first screen: whoever reads it alone knows what was found."""

from dataclasses import replace

import pytest

from reports.planner.answer import Answer
from reports.planner.language import language
from reports.planner.said.first import headline, outcome_of, tiles
from reports.planner.said.method import objectives
from simulator.advice.change.remedy import Prescription, Remedy
from simulator.advice.change.turn import Turn
from simulator.advice.change.tweak import Tweak
from simulator.advice.size.answer import Sizing
from simulator.outcomes.rows import Fate
from simulator.text.wording import format_factor
from simulator.verdict.criteria import Outcome
from simulator.verdict.verdict import judge
from tests.examples import examples
from tests.launches.sizing import PRICES, sized
from tests.launches.summaries import BAD, GOOD, OBJECTIVES, prediction


def of(answer: Answer, code: str = "en") -> dict[str, list[str]]:
    """Each tile's answers by its question."""
    return {each.question: [each.answer, *each.lines] for each in tiles(language(code), answer)}


def sizing_of(answer: Answer) -> Sizing:
    assert answer.sizing is not None
    return answer.sizing


def with_sizing(**changes: object) -> Answer:
    answer = sized()
    return replace(answer, sizing=replace(sizing_of(answer), **changes))  # type: ignore[arg-type]


def test_what_is_certified_is_what_to_provision() -> None:
    answer = sized()
    servers, rate = sizing_of(answer).certificate.tried.candidate.values  # type: ignore[union-attr]
    assert headline(language("en"), answer) == (
        f"Provision {servers:.0f} servers at signup: with 95\xa0% confidence, at least 90\xa0% of launches"
        " then meet every objective."
    )
    assert headline(language("fr"), answer) == (
        f"Prévoir {servers:.0f} serveurs à signup\xa0: avec une confiance de 95\xa0%, au moins 90\xa0% des"
        " lancements respectent alors tous les objectifs."
    )
    assert of(answer)["What to provision"] == [
        f"{servers:.0f} servers at signup (today 1)", f"{rate:g}/s let in",
    ]  # fmt: skip


def test_how_sure_it_is_rests_on_fresh_launches_alone() -> None:
    answer = sized()
    certificate = sizing_of(answer).certificate
    assert certificate is not None
    bound, counts = of(answer)["How sure that is"]
    assert bound == f"At least {language('en').share(certificate.share_at_least)} of launches hold"
    assert counts.startswith(
        f"{certificate.tried.holds} of {len(certificate.tried.trials)} launches"
    )


def test_what_it_costs_is_told_beside_today_and_the_rule_of_thumb() -> None:
    answer = sized()
    sizing = sizing_of(answer)
    assert sizing.certificate is not None
    assert sizing.naive is not None
    cost, paid_for, naive = of(answer)["What it costs"]
    assert cost == f"{sizing.certificate.tried.cost:.2f}\xa0EUR"
    assert paid_for == f"for 1\xa0day; today's system {sizing.today.cost:.2f}\xa0EUR"
    assert f"{sizing.naive.cost:.2f}\xa0EUR" in naive
    assert of(with_sizing(prices=replace(PRICES, unpriced=("mail",))))["What it costs"][2] == (
        "without mail: no price is known"
    )


def test_without_prices_servers_are_counted() -> None:
    free = replace(PRICES, currency="", per_hour=(1.0, 0.0))
    sizing = sizing_of(sized())
    assert sizing.certificate is not None
    tried = replace(sizing.certificate.tried, cost=2.0)
    answer = with_sizing(
        prices=free, naive=None, certificate=replace(sizing.certificate, tried=tried),
        today=replace(sizing.today, cost=1.0),
    )  # fmt: skip
    assert of(answer)["What it costs"] == ["2 servers", "today 1 server; the file gives no prices"]


@examples(
    "factor, english, french",
    ("any", 0.0, "at any demand", "quelle que soit la demande"),
    ("the likely one, as far as is shown", 1.0001, "from the likely demand on", "à partir de la demande probable"),
    ("more", 1.25, "from 1.25 times the likely demand on", "à partir de 1,25 fois la demande probable"),
)  # fmt: skip
def test_from_which_demand_on_is_said_in_words(factor: float, english: str, french: str) -> None:
    assert language("en").from_demand(factor) == english
    assert language("fr").from_demand(factor) == french


def test_what_breaks_first_is_the_first_of_the_breaks() -> None:
    answer = sized()
    first = sizing_of(answer).breaks[0]
    told = of(answer)["What breaks first"]
    assert told[0] == "signup: answers of signup take too long"
    assert told[1] == f"from {format_factor(first.demand_factor)} times the likely demand on"
    assert of(answer, "fr")["Ce qui cède en premier"][0] == (
        "signup\xa0: les réponses de signup sont trop lentes"
    )


def test_where_nobody_looked_for_breaks_it_is_what_today_misses() -> None:
    told = of(with_sizing(breaks=(), headroom=None))["What breaks first"]
    assert told[-1].startswith("with today's system, in ")


@examples("changes, outcome, said",
    ("nothing holds", {"searched": True}, Outcome.FAILS, "Nothing in range is certified"),
    ("interrupted", {"searched": False}, Outcome.INCONCLUSIVE, "Interrupted: so far "),
)  # fmt: skip
def test_what_is_not_certified_is_said_to_be_not(
    changes: dict[str, bool], outcome: Outcome, said: str
) -> None:
    sizing = sizing_of(sized())
    assert sizing.certificate is not None
    worse = replace(sizing.certificate, tried=replace(sizing.today, trials=sizing.today.trials))
    answer = with_sizing(
        certificate=None,
        nearest=worse,
        searched=replace(sizing.searched, ended=changes["searched"]),
    )
    assert outcome_of(answer) is outcome
    assert headline(language("en"), answer).startswith(said)
    assert headline(language("fr"), answer)


def test_no_confirmation_at_all_is_no_size_at_all() -> None:
    searched = replace(sizing_of(sized()).searched, ended=False)
    answer = with_sizing(certificate=None, nearest=None, searched=searched)
    assert headline(language("en"), answer) == (
        "Interrupted before anything was confirmed in fresh launches."
    )
    assert "How sure that is" not in of(answer)


def predicted(good: int, bad: int, **changes: object) -> Answer:
    """A prediction by itself, of so many launches that hold, and so many that do not."""
    found = prediction((good, GOOD), (bad, BAD))
    answer = replace(
        sized(), sizing=None, grid=None, waits=None, diagnoses=(), prediction=found,
        verdict=judge(found.launches, OBJECTIVES),
    )  # fmt: skip
    return replace(answer, **changes)  # type: ignore[arg-type]


@examples("good, bad, outcome, said",
    ("holds", 60, 0, Outcome.HOLDS, "The launch is predicted to hold: 60 of 60"),
    ("fails", 0, 60, Outcome.FAILS, "The launch is predicted not to hold: 0 of 60"),
    ("too few", 10, 0, Outcome.INCONCLUSIVE, "It cannot be told whether the launch holds: 10 of 10"),
)  # fmt: skip
def test_a_prediction_says_whether_it_holds(
    good: int, bad: int, outcome: Outcome, said: str
) -> None:
    answer = predicted(good, bad)
    assert outcome_of(answer) is outcome
    assert headline(language("en"), answer).startswith(said)


def test_a_prediction_that_holds_breaks_nowhere_and_names_the_tightest() -> None:
    told = of(predicted(60, 0))
    assert told["What to provision"] == ["What the file says is enough"]
    assert told["What breaks first"][0] == "Nothing breaks at this demand"
    assert told["What breaks first"][1].startswith("tightest: ")
    assert told["What it costs"][0] == "0 of 300 people leave without what they came for"


def test_a_prediction_that_fails_names_the_smallest_change() -> None:
    remedy = Remedy(tweak=Tweak(turn=Turn.SERVERS, now=1), value=3, holds=60, launches=60)
    told = of(predicted(0, 60, prescription=Prescription(remedy=remedy, tried=1)))
    assert told["What to provision"][0] == "3 servers at signup (60 of 60 launches hold)"
    lost = BAD.arrivals - int(BAD.fates[Fate.SERVED])
    assert (
        told["What it costs"][0]
        == f"{lost} of {BAD.arrivals} people leave without what they came for"
    )


@pytest.mark.parametrize("code", ["en", "fr"])
def test_what_was_judged_says_in_how_many_launches_it_was_met(code: str) -> None:
    rows = objectives(predicted(30, 30), language(code))
    assert any("30" in why and "60" in why for *_, why in rows)
    assert all(row[3] == language(code).say(f"outcomes.{row[4]}") for row in rows)


def test_a_prediction_that_decides_nothing_provisions_nothing() -> None:
    assert of(predicted(10, 0))["What to provision"] == [
        "Undecided", "too few to tell: simulate more launches",
    ]  # fmt: skip
