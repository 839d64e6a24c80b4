"""How much longer a job takes beside others on the same cores, held against what is known exactly."""

from __future__ import annotations

import itertools
import math

import numpy as np
import pytest

from simulator.plan.sharing.cores import stretch
from tests.examples import examples


def one(jobs: int, cores: int, *needs: float) -> float:
    (found,) = stretch(np.array([float(jobs)]), cores, np.array(needs).reshape(-1, 1)).tolist()
    return float(found)


@examples("jobs, cores, alone",
    ("a core each", 2, 2, 1.0),
    ("two on one", 2, 1, 2.0),
    ("fewer than cores", 1, 4, 1.0),
    ("three on two", 3, 2, 1.5),
)  # fmt: skip
def test_jobs_by_themselves_share_the_cores(jobs: int, cores: int, alone: float) -> None:
    assert one(jobs, cores) == alone


@examples("jobs, cores, need",
    ("one core", 1, 1, 0.3),
    ("as many as cores", 2, 2, 0.3),
    ("more than cores", 5, 2, 0.2),
    ("many cores", 8, 8, 0.8),
)  # fmt: skip
def test_where_all_cores_are_busy_what_is_done_adds_up_to_them(
    jobs: int, cores: int, need: float
) -> None:
    assert jobs / one(jobs, cores, need) + need == pytest.approx(cores, abs=1e-5)


def test_who_needs_more_than_his_part_gets_his_part() -> None:
    assert one(1, 1, 0.9) == pytest.approx(2.0)  # the two have half of the core each


def test_one_beside_a_job_with_a_core_to_spare_costs_it_nothing() -> None:
    assert one(1, 2, 0.9) == pytest.approx(1.0)


def test_two_beside_a_job_on_two_cores_cost_it_something() -> None:
    """The fluid rule, busy cores over those that are left, says nothing here: 1 + 0.4 + 0.5 is less than 2."""
    assert 1.05 < one(1, 2, 0.4, 0.5) < 1.15


def test_the_more_the_others_need_the_longer_it_takes() -> None:
    found = [one(2, 2, need) for need in (0.0, 0.1, 0.2, 0.4)]
    assert found == sorted(found)
    assert len(set(found)) == len(found)


def exact(jobs: int, cores: int, needs: tuple[float, float], most: int = 60) -> float:
    """The stretch of permanent jobs beside two threads with queues of work of exponential length.

    A chain of how much each of the two has to do. Each is fed ``rate * need`` pieces a second that take a
    ``rate``-th of a second on a core of its own: ``rate`` decides nothing but the unit of time.
    """
    states = list(itertools.product(range(most), repeat=2))
    place = {state: number for number, state in enumerate(states)}
    flow = np.zeros((len(states), len(states)))

    def speed(state: tuple[int, ...]) -> float:
        return min(1.0, cores / (jobs + sum(queued > 0 for queued in state)))

    for state in states:
        for who in (0, 1):
            more, less = list(state), list(state)
            more[who] += 1
            less[who] -= 1
            if more[who] < most:
                flow[place[state], place[more[0], more[1]]] += needs[who]
            if state[who] > 0:
                flow[place[state], place[less[0], less[1]]] += speed(state)
    np.fill_diagonal(flow, -flow.sum(axis=1))
    balance = np.vstack([flow.T[:-1], np.ones(len(states))])
    law = np.linalg.solve(balance, np.append(np.zeros(len(states) - 1), 1.0))
    return 1.0 / float(sum(law[place[state]] * speed(state) for state in states))


@examples("jobs, cores, needs",
    ("a core to spare", 1, 2, (0.4, 0.5)),
    ("no core to spare", 2, 2, (0.2, 0.3)),
    ("more jobs than cores", 3, 2, (0.1, 0.2)),
)  # fmt: skip
def test_two_others_are_nearly_independent(
    jobs: int, cores: int, needs: tuple[float, float]
) -> None:
    """The chain has no error but that of its end; the mean field is off by less than a fifth of what it says.

    The fluid rule, ``max(1, jobs / (cores - needs))``, is off by all of it where a core is to spare.
    """
    truth = exact(jobs, cores, needs, most=25)
    fluid = max(1.0, jobs / (cores - sum(needs)))
    before = max(1.0, jobs / cores)

    assert abs(one(jobs, cores, *needs) - truth) < 0.2 * (truth - before)
    if jobs < cores:
        assert abs(fluid - truth) > 0.9 * (truth - before)
    assert math.isfinite(truth)
