"""What Prometheus is told, read as Prometheus reads it."""

import math
import urllib.request
from dataclasses import replace

import pytest
from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.parser import text_string_to_metric_families
from prometheus_client.registry import Collector

from scenarios.replay.live.course import Course
from scenarios.replay.live.exposition import Exposition
from scenarios.replay.live.observed import Observed
from scenarios.replay.live.quantities import quantities_of
from scenarios.replay.live.serving import address_of, served
from simulator.errors import UsageError
from simulator.outcomes.counts.summary import Summary
from simulator.outcomes.rows import UNKNOWN, Block, Fate, Result
from tests.examples import examples
from tests.launches.summaries import LAYOUT, OBJECTIVES, launch, prediction
from tests.unit.scenarios.replay.live.test_observed import BEAT, PLAN, S

Samples = dict[tuple[str, frozenset[tuple[str, str]]], float]
ABOUT = {"run": "run-1", "launch": "made-up", "variant": "as written"}


def exposition(*launches: tuple[int, Summary]) -> Exposition:
    """Of a launch of which nothing has been seen."""
    predicted = prediction(*launches)
    observed = Observed.of(PLAN)
    course = Course.of(predicted.launches, quantities_of(LAYOUT))
    return Exposition(observed, predicted, course, OBJECTIVES, ABOUT)


def told(collector: Collector) -> Samples:
    registry = CollectorRegistry()
    registry.register(collector)
    return samples(generate_latest(registry).decode())


def samples(text: str) -> Samples:
    return {
        (sample.name, frozenset(sample.labels.items())): sample.value
        for family in text_string_to_metric_families(text)
        for sample in family.samples
    }


def of(found: Samples, name: str, **labels: str) -> dict[str, float]:
    """A series by its source."""
    return {
        dict(known)["source"]: value
        for (called, known), value in found.items()
        if called == name and known >= labels.items()
    }


def served_within(half_s: int, slow: int) -> Summary:
    return launch([0.5] * half_s + [1.5] * slow)


def rows(n: int, lasted_ns: int) -> Block:
    """So many who were let in at once and served after that."""
    visits = [(k, 0, 0, 0, 0, lasted_ns, Fate.SERVED) for k in range(n)]
    attempts = [(k, 0, 0, 0, UNKNOWN, lasted_ns, Result.SUCCESS) for k in range(n)]
    return Block.of(visits, attempts)


def test_predicted_and_observed_stand_side_by_side_for_the_same_instant() -> None:
    # Of a hundred launches 0 to 99 serve somebody within the first second.
    page = exposition(*((1, served_within(number, 120 - number)) for number in range(100)))
    page.observed.hear_rows(rows(33, S // 2))
    page.observed.hear_beat(BEAT)
    before = told(page)
    assert of(before, "surgeproof_visitors_served_total") == {
        "observed": 33.0, "predicted_low": 120.0, "predicted": 120.0, "predicted_high": 120.0,
    }  # fmt: skip
    page = exposition(*((1, served_within(number, 120 - number)) for number in range(100)))
    page.observed.hear_rows(rows(33, S // 2))
    page.observed.hear_beat(replace(BEAT, at_ns=S))
    after = told(page)
    assert of(after, "surgeproof_visitors_served_total") == {
        "observed": 33.0, "predicted_low": 1.0, "predicted": 49.5, "predicted_high": 98.0,
    }  # fmt: skip
    assert of(after, "surgeproof_visitors_in_line") == {
        "observed": 2.0, "predicted_low": 0.0, "predicted": 0.0, "predicted_high": 0.0,
    }  # fmt: skip
    assert of(after, "surgeproof_attempts_total", at="signup", result="answered") == {
        "observed": 33.0, "predicted_low": 120.0, "predicted": 120.0, "predicted_high": 120.0,
    }  # fmt: skip
    assert after["surgeproof_clock_seconds", frozenset()] == 1.0


def test_quantiles_are_those_of_the_report_and_too_few_samples_say_nothing() -> None:
    page = exposition((60, launch([1.0] * 240)))
    page.observed.hear_rows(rows(199, S // 2))
    few = of(told(page), "surgeproof_response_seconds", journey="signup", p="95")
    assert set(few) == {"predicted_low", "predicted", "predicted_high"}
    page.observed.hear_rows(rows(1, S // 2))
    enough = of(told(page), "surgeproof_response_seconds", journey="signup", p="95")
    assert enough["observed"] == pytest.approx(0.5, rel=0.008)  # the width of a bucket
    assert enough["predicted"] == pytest.approx(1.0, rel=0.008)


def test_what_never_ends_is_infinite() -> None:
    page = exposition((60, launch([1.0] * 200, refused=60)))
    found = of(told(page), "surgeproof_response_seconds", journey="signup", p="95")
    assert found["predicted"] == math.inf


def test_durations_are_a_histogram_that_adds_up() -> None:
    page = exposition((1, launch([0.5])))
    page.observed.hear_rows(rows(4, 100_000_000))
    found = told(page)
    name = "surgeproof_request_seconds"
    buckets = {
        dict(labels)["le"]: value
        for (called, labels), value in found.items()
        if called == f"{name}_bucket"
    }
    assert (buckets["0.05"], buckets["0.1"], buckets["+Inf"]) == (0.0, 4.0, 4.0)
    at = frozenset({("at", "signup")})
    assert (found[f"{name}_count", at], found[f"{name}_sum", at]) == (4.0, 0.4)


def test_the_generator_is_told_worker_by_worker_and_nothing_of_one_that_never_spoke() -> None:
    page = exposition((1, launch([0.5])))
    names = {name for name, _ in told(page)}
    assert not {each for each in names if "generator" in each or "unsent" in each}
    page.observed.hear_beat(BEAT, worker=3)
    found = told(page)
    worker = frozenset({("worker", "3")})
    assert found["surgeproof_generator_cpu_share", worker] == 0.25
    assert found["surgeproof_generator_lag_seconds", worker] == 0.004
    assert found["surgeproof_visitors_unsent_total", worker | {("why", "late")}] == 1.0


def test_the_objective_is_there_to_be_drawn() -> None:
    found = told(exposition((1, launch([0.5]))))
    labels = frozenset({("of", "response"), ("journey", "signup"), ("p", "95")})
    assert found["surgeproof_objective_seconds", labels] == 2.0
    assert found["surgeproof_rehearsal_info", frozenset(ABOUT.items())] == 1.0


def test_a_page_is_served_until_its_block_ends() -> None:
    with served("0") as page:
        page.registry.register(exposition((1, launch([0.5]))))
        with urllib.request.urlopen(page.url) as answer:
            found = samples(answer.read().decode())
    assert found["surgeproof_end_seconds", frozenset()] == PLAN.end_ns / S
    with pytest.raises(OSError, match="refused"):
        urllib.request.urlopen(page.url)


def test_a_port_that_is_taken_is_said_before_anything_is_sent() -> None:
    with served("0") as page:
        taken = served(page.url.rpartition(":")[2].removesuffix("/metrics"))
        with pytest.raises(UsageError, match="choose another port"):
            taken.__enter__()


@examples(
    "where",
    ("no number", "metrics"),
    ("nothing", ""),
    ("too large", "65536"),
    ("negative", "-1"),
    ("no port", "127.0.0.1:"),
)
def test_what_is_no_port_is_refused(where: str) -> None:
    with pytest.raises(UsageError, match="write a port such as 9464"):
        address_of(where)
