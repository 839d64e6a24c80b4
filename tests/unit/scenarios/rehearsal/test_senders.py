"""How many workers a launch needs, by the rate of a core."""

from scenarios.rehearsal.senders import requests_a_visitor, workers_in_words
from simulator.scenario.scenario import parse
from tests.launches.files import LAUNCH

WORDS = parse(LAUNCH, "small.toml").words


def test_a_small_launch_needs_one_and_nothing_is_said() -> None:
    assert workers_in_words(WORDS, 100.0) == ""


def test_a_large_one_is_told_how_many_and_by_what_figure() -> None:
    per_s = 8_000.0 / requests_a_visitor(WORDS)
    assert workers_in_words(WORDS, per_s).startswith("--workers 4: up to 8,000 requests/s")
