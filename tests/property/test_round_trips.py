"""What is written is what is read."""

import json
import math
import sqlite3
from contextlib import closing

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from simulator.outcomes.counts.histogram import Histogram
from simulator.outcomes.rows import Block, Outcomes, Provenance
from simulator.outcomes.store import append, end_part, open_part, read_part
from simulator.units import Ints
from tests.agreement.agreement import CRAMPED, first_difference
from tests.agreement.drawn.strategies import Launch, blocks, durations_ns, launches

drawn = settings(max_examples=50, derandomize=True, print_blob=True)


def stored_and_read(outcomes: Outcomes) -> Outcomes:
    with closing(sqlite3.connect(":memory:")) as db:
        part = open_part(db, "a", outcomes.provenance, outcomes.horizon_ns, outcomes.end_ns)
        for block in outcomes.blocks:
            append(db, part, block)
        end_part(db, part, "complete", planned=0, started=0, unsent=0)
        return read_part(db, "a")


@drawn
@given(blocks(), st.sampled_from(Provenance))
def test_rows_survive_the_database(block: Block, provenance: Provenance) -> None:
    outcomes = Outcomes(provenance=provenance, horizon_ns=5, end_ns=7, blocks=[block])
    found = stored_and_read(outcomes)
    assert (found.provenance, found.horizon_ns, found.end_ns) == (provenance, 5, 7)
    assert first_difference(found.rows(), outcomes.rows()) is None


@drawn
@given(launches)
def test_a_predicted_launch_survives_the_database(launch: Launch) -> None:
    found = stored_and_read(CRAMPED.simulate(*launch)).rows()
    assert first_difference(found, CRAMPED.simulate(*launch).rows()) is None


def histogram_of(values_ns: Ints) -> Histogram:
    histogram = Histogram()
    histogram.add(values_ns)
    return histogram


@drawn
@given(durations_ns, st.integers(0, 5))
def test_a_histogram_survives_json(values_ns: Ints, infinite: int) -> None:
    histogram = histogram_of(values_ns)
    histogram.infinite = infinite
    again = Histogram.from_json(json.loads(json.dumps(histogram.to_json())))
    assert again.to_json() == histogram.to_json()
    assert again.total == len(values_ns) + infinite


@drawn
@given(durations_ns, durations_ns)
def test_merging_is_adding(some: Ints, others: Ints) -> None:
    merged = histogram_of(some).merged(histogram_of(others))
    assert merged.to_json() == histogram_of(np.concatenate([some, others])).to_json()


@drawn
@given(durations_ns, st.floats(0.01, 1.0))
def test_a_quantile_lies_in_its_samples_bucket(values_ns: Ints, quantile: float) -> None:
    histogram = histogram_of(values_ns)
    read = histogram.quantile_ns(quantile)
    if not len(values_ns):
        assert math.isnan(read)
        return
    rank = max(1, math.ceil(quantile * len(values_ns) - 1e-9))
    exact = int(np.sort(values_ns)[rank - 1])
    # A bucket spans a 128th of its start; beyond the shortest and the longest there is nothing.
    assert abs(read - exact) <= exact // 128 + 1
    assert values_ns.min() <= read <= values_ns.max()


@drawn
@given(durations_ns, st.floats(0.01, 1.0), st.integers(0, 1 << 40))
def test_no_limit_is_passed_or_missed_by_rounding(
    values_ns: Ints, quantile: float, limit_ns: int
) -> None:
    histogram = Histogram.against((limit_ns,))
    histogram.add(values_ns)
    if len(values_ns):
        rank = max(1, math.ceil(quantile * len(values_ns) - 1e-9))
        exact = int(np.sort(values_ns)[rank - 1])
        assert (histogram.quantile_ns(quantile) <= limit_ns) == (exact <= limit_ns)
