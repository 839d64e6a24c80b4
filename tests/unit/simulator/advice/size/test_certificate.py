"""What a number of launches can certify, and how its chance of error is shared out."""

import numpy as np
import pytest
from scipy import stats

from simulator.advice.size.certificate import Asked, certificate_of
from simulator.advice.size.knobs import Candidate
from simulator.advice.size.trials import Trial, Tried
from simulator.verdict.criteria import Outcome
from tests.examples import examples


def tried(*outcomes: Outcome) -> Tried:
    trials = tuple(
        Trial(
            launch=number, outcome=outcome, failed=None, strain=0.5, came=10, served=9, lost=1,
            wait_p50_s=0.0, wait_p95_s=0.0, line_peak=0, luck=0.5,
        )
        for number, outcome in enumerate(outcomes)
    )  # fmt: skip
    return Tried(candidate=Candidate(values=(1.0,)), cost=1.0, trials=trials)


def held(holds: int, fails: int) -> Tried:
    return tried(*[Outcome.HOLDS] * holds, *[Outcome.FAILS] * fails)


@examples("launches, failures",
    ("59", 59, 0),
    ("93", 93, 1),
    ("124", 124, 2),
    ("153", 153, 3),
    ("181", 181, 4),
    ("336", 336, 10),
)  # fmt: skip
def test_so_many_may_fail_if_all_may_be_spent_at_once(launches: int, failures: int) -> None:
    """The table of the literature: the fewest launches for so many failures."""
    assert Asked(launches=launches).allowed(0.05) == failures
    fewer = Asked(launches=launches - 1).allowed(0.05)
    assert fewer is None or fewer == failures - 1


def test_the_size_is_that_of_a_binomial_law() -> None:
    asked = Asked(share=0.9, launches=70)
    assert asked.size(3) == pytest.approx(stats.binom.cdf(3, 70, 0.1), rel=1e-12)


@pytest.mark.parametrize("launches", [59, 72, 93, 181, 400, 1000])
@pytest.mark.parametrize("share", [0.9, 0.95])
def test_all_confirmations_together_are_wrong_no_oftener_than_one(
    launches: int, share: float
) -> None:
    asked = Asked(share=share, launches=launches)
    sizes = [asked.size(allowed) for allowed in asked.confirmations()]
    assert 0 < sum(sizes) <= 0.05
    assert sizes[0] <= 0.025 or len(sizes) == 1 or launches < 72


def test_with_the_fewest_launches_there_is_one_confirmation_without_failures() -> None:
    assert list(Asked(launches=59).confirmations()) == [0]
    assert list(Asked(launches=58).confirmations()) == []


def wrong_certificates(rng: np.random.Generator, per_confirmation: list[int], runs: int) -> int:
    """Runs in which one of the candidates gets a certificate that none deserves."""
    fails = rng.binomial(181, 0.0501, size=(runs, len(per_confirmation)))
    return int((fails <= np.array(per_confirmation)).any(axis=1).sum())


def test_a_search_that_confirms_again_and_again_keeps_its_promise() -> None:
    """Candidates of which 94.99 % of launches hold; without sharing out, six chances break the promise.

    Of 20,000 runs a twentieth is 1,000, and 1,125 is four standard errors (31) above.
    """
    rng = np.random.default_rng(1)
    shared = list(Asked().confirmations())[:6]
    assert wrong_certificates(rng, shared, 20_000) <= 1_125
    assert wrong_certificates(rng, [4] * 6, 20_000) > 1_125


def test_a_certificate_needs_all_its_launches_and_few_failures() -> None:
    asked = Asked()
    for holds, fails, given in ((178, 3, True), (177, 4, False), (178, 2, False), (181, 0, True)):
        found = certificate_of(asked, held(holds, fails), seed=1, allowed=3, number=1)
        assert found.given is given
    enough = certificate_of(asked, held(178, 3), seed=1, allowed=3, number=1)
    assert enough.share_at_least == pytest.approx(0.95)


def test_a_launch_that_cannot_be_judged_does_not_hold() -> None:
    outcomes = [Outcome.HOLDS] * 177 + [Outcome.INCONCLUSIVE] * 4
    assert not certificate_of(Asked(), tried(*outcomes), seed=1, allowed=3, number=1).given


def test_the_bound_is_clopper_and_pearsons() -> None:
    asked = Asked()
    found = certificate_of(asked, held(177, 4), seed=1, allowed=3, number=1)
    level = asked.size(3)
    assert found.share_at_least == pytest.approx(stats.beta.ppf(level, 177, 5), rel=1e-9)
