"""Two hundred certificates, each held against ten thousand fresh launches; docs/certificates.md has them one by one."""

import joblib
import pytest
from scipy import stats

from tests.certificates import small
from tests.certificates.issued import ASKED, Issued, fewest_on_own_luck, sized
from tests.certificates.table import AT_LEAST_TRUE, CERTIFICATES, Truths, truths_of

WRONG = 60
"""So many certificates of the wrong kind are enough to see that it is wrong."""


def certified(seed: int) -> Issued:
    with small.alone():
        return sized(seed)


def careless(seed: int) -> int:
    with small.alone():
        return fewest_on_own_luck(seed)


def true_of(sizes: list[int]) -> int:
    truths: Truths = truths_of(sizes)
    return sum(truths[servers].enough for servers in sizes)


@pytest.mark.slow
def test_certificates_are_true() -> None:
    """If just one in 20 of them were false, this would fail once in 23 times."""
    given = joblib.Parallel(n_jobs=-1)(
        joblib.delayed(certified)(seed) for seed in range(1, CERTIFICATES + 11)
    )
    sizes = [each.servers for each in given if each.servers is not None][:CERTIFICATES]
    assert len(sizes) == CERTIFICATES  # it may refuse one in twenty where there is one to be found
    assert true_of(sizes) >= AT_LEAST_TRUE


@pytest.mark.slow
def test_the_share_of_the_launches_that_were_searched_with_is_no_certificate() -> None:
    """The wrong model: it gives so few true ones that the test above would find it."""
    sizes = joblib.Parallel(n_jobs=-1)(
        joblib.delayed(careless)(seed) for seed in range(1, WRONG + 1)
    )
    assert true_of(sizes) < WRONG * AT_LEAST_TRUE / CERTIFICATES


def test_what_is_asked_of_the_two_hundred_follows_from_the_confidence() -> None:
    """One that is true 19 times in 20 passes 22 times in 23, and one that is 9 times in 10, once in 7."""
    failing = stats.binom(CERTIFICATES, ASKED.confidence).cdf(AT_LEAST_TRUE - 1)
    assert 1 / failing == pytest.approx(23, abs=0.5)
    assert 1 / stats.binom(CERTIFICATES, 0.9).sf(AT_LEAST_TRUE - 1) == pytest.approx(7, abs=0.5)
