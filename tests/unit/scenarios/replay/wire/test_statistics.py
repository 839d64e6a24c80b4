"""Locust's statistics say the same of requests that come in batches; whoever listens hears each."""

import json
from pathlib import Path
from typing import Any

import pytest

from tests.end_to_end.command import python


def found() -> dict[str, Any]:
    ran = python("-m", "tests.unit.scenarios.replay.wire.counted", cwd=Path(__file__).parents[5])
    assert ran.returncode == 0, ran.stderr
    told: dict[str, Any] = json.loads(ran.stdout)
    return told


def test_statistics_of_batches_are_those_of_single_requests() -> None:
    told = found()
    assert 0 < told["rhythm"] <= 1  # ten times a second, however many there are
    singly, batched = told["singly"], told["batched"]
    assert singly["entries"].keys() == {"GET /in", "POST /in", "POST /line", "total"}
    assert singly["entries"]["total"][:2] == [2000, sum(each[2] for each in singly["errors"])]
    for name, figures in singly["entries"].items():
        assert batched["entries"][name] == [
            pytest.approx(each) if isinstance(each, float) else each for each in figures
        ]
    assert batched["errors"] == singly["errors"]
    assert told["listened"] == singly
    assert (told["heard"], told["url"]) == (2000, f"http://host{told['name']}")
    assert told["response"] == [200, "{}", True]
    assert told["words"] == [
        "context", "exception", "name", "request_type", "response", "response_length",
        "response_time", "start_time", "url",
    ]  # fmt: skip
