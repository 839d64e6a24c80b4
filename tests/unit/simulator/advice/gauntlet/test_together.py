"""What is enlarged together, where no single change would hold."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from reports.gauntlet.row import fix_text
from simulator.advice.change.turn import Turn
from simulator.advice.gauntlet.crowd import Crowd, Host
from simulator.advice.gauntlet.together import (
    FEW,
    changes_to,
    is_good,
    needs_of,
    smallest,
    with_all,
    worst_served,
)
from simulator.advice.gauntlet.trial import Trial, trial
from simulator.outcomes.rows import Fate
from simulator.plan.launches import predict
from simulator.plan.resolve import arriving, resolve
from tests.examples import examples
from tests.launches.gauntlet import COMPILED, HOST, PEOPLE, crowd, host

NOW = datetime(2026, 11, 28, tzinfo=UTC)
WEB, MAIL = 0, 1
BOTH = (
    HOST.replace("servers = 50", "servers = 1")
    .replace('service = "10 ms"', 'service = "200 ms"', 1)
    .replace("waiting_room = 500", "waiting_room = 2")
    .replace('calls = [{ at = "web" }]\n', "")
)
"""In the rush ten a second come, of whom 7.5 sign up: two servers' work, and more mails than there are."""


@pytest.fixture(scope="module")
def both() -> Trial:
    there = Host.of(host(BOTH), COMPILED)
    launch = Crowd.of(crowd(), COMPILED, NOW).at(there, PEOPLE)
    return trial("crowd", arriving(resolve(launch), COMPILED).plan(0), COMPILED)


def test_what_the_busiest_second_needs(both: Trial) -> None:
    needs = {each.station: needed for each, needed in needs_of(both.plan, both.prediction)}
    # Signups take 200 ms of a server and a mail, readers (one in four) 1 ms.
    assert needs[WEB] == pytest.approx(10 * (0.75 * 0.2 + 0.25 * 0.001), rel=0.02)
    assert needs[MAIL] == pytest.approx(7.5, rel=0.02)


def test_both_that_run_out_are_enlarged_and_it_holds_on_other_luck(both: Trial) -> None:
    assert both.fix is None
    assert both.together is not None
    values = {tweak.turn: value for tweak, value in both.together.changes}
    assert set(values) == {Turn.SERVERS, Turn.QUOTA}
    assert values[Turn.SERVERS] >= 2
    assert 0.95 * 7.5 * 0.8 <= values[Turn.QUOTA] <= 2 * 7.5
    assert "web servers 1 → " in fix_text(both)
    assert " and mail quota 2/s → " in fix_text(both)
    changed = replace(with_all(both.plan, both.together.changes), seed=1)
    good = [is_good(changed, each) for each in predict(changed, COMPILED, 20).launches]
    # Certified to hold in 95 of 100: 5 of 20 fail with a chance of 0.26 % at most.
    assert good.count(False) <= 4
    # One of the two alone is not enough: that is why they are told together.
    for change in both.together.changes:
        alone = with_all(both.plan, [change])
        assert not any(is_good(alone, each) for each in predict(alone, COMPILED, 5).launches)


def test_what_has_enough_is_left_as_it_is(both: Trial) -> None:
    needs = needs_of(both.plan, both.prediction)
    assert list(changes_to(needs, 0.0)) == []
    turned = [tweak.turn for tweak, _ in changes_to(needs, 0.5)]
    assert turned == [Turn.QUOTA], "0.75 of the only server, and twice the mails that there are"


@examples(
    "least, found",
    ("less than is tried", 0.1, 0.25),
    ("between", 1.3, 1.3),
    ("just a size", 2.0, 2.0),
    ("the largest", 4.0, 4.0),
)  # fmt: skip
def test_the_smallest_factor_within_a_sixteenth_of_a_doubling(least: float, found: float) -> None:
    factor = smallest(lambda factor: factor >= least)
    assert factor is not None
    assert found <= factor <= found * 2 ** (1 / 16) * (1 + 1e-12)


def test_what_the_largest_does_not_mend_is_not_mended() -> None:
    assert smallest(lambda _: False) is None


def test_a_size_is_tried_first_on_the_launches_that_served_the_fewest(both: Trial) -> None:
    served = [int(each.fates[Fate.SERVED]) / each.arrivals for each in both.prediction.launches]
    tried = worst_served(both.prediction)
    assert len(tried) == FEW
    assert [served[launch] for launch in tried] == sorted(served)[:FEW]
