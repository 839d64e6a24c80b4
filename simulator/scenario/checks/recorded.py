"""What makes no sense of recorded requests: who makes them, and what becomes of them in a rehearsal."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from simulator.scenario.checks.found import Found
from simulator.scenario.words.document import Document
from simulator.scenario.words.groups import entries_of
from simulator.scenario.words.surges.recorded import Recorded
from simulator.scenario.words.surges.requests import Requests
from simulator.text.wording import format_count

MOST_TOLD = 3


def nonsense_of_requests(words: Document) -> Iterator[Found]:
    """Each recorded request is made by one journey of one group, which makes nothing else."""
    surges = [each for each in words.surge if isinstance(each, Recorded) and each.requests]
    for surge in surges:
        key = f"surge.{surge.name}"
        assert surge.requests is not None
        yield from _unmade(words, surge, surge.requests)
        if any(other is not surge and other.people == surge.people for other in words.surge):
            problem = f'"{surge.people}" come in another surge as well, and make what was recorded'
            yield Found(f"{key}.people", problem, "give the recording a group of its own")
        if words.data is not None:
            problem = "gives each visitor a row, and a recorded request is no visitor"
            yield Found("data", problem, "leave one of them out")
        if words.replay is not None and not len(surge.requests.of_methods(surge.sent_methods)):
            problem = f"{', '.join(surge.sent_methods)} leave nothing to send"
            remedy = 'write methods = ["POST"], if the target may be sent them, without bodies'
            yield Found(f"{key}.methods", problem, remedy)
        if words.replay is not None and words.replay.demand_factor != 1.0:
            problem = "would break recorded sessions apart"
            yield Found(
                "replay.demand_factor", problem, f"write speed = 2.0 in [[surge]] {surge.name}"
            )
    if len(surges) > 1:
        problem = "two surges replay requests, and sessions are numbered in one"
        yield Found(
            "surge", problem, "record the logs together: surgeproof record A B --write FILE"
        )
    if not surges:
        for journey in words.journey:
            if journey.recorded:
                problem = "stands for requests of a recording, and there is none"
                remedy = 'add a [[surge]] with shape = "recorded", file and journey = "recorded"'
                yield Found(f"journey.{journey.name}.recorded", problem, remedy)


def _unmade(words: Document, surge: Recorded, requests: Requests) -> Iterator[Found]:
    """Requests that fit no journey of the group, some of them told."""
    entry = requests.entries(surge.people, entries_of(words.people, words.journey))
    lost = requests.asked_for[entry < 0]
    if not len(lost):
        return
    different, many = np.unique(lost, return_counts=True)
    most = different[np.argsort(-many, kind="stable")][:MOST_TOLD]
    paths = ", ".join(requests.asked[each].partition("?")[0][:60] for each in most.tolist())
    problem = f'{format_count(len(lost))} of its requests fit no journey that "{surge.people}" take: {paths}'
    remedy = 'write recorded = ["/**"] in the last [[journey]], and its share in people.journeys'
    yield Found(f"surge.{surge.name}.file", problem, remedy)
