"""No answer of a target, whatever it is, ends a rehearsal or a probe as our own fault."""

import asyncio
import json
import re
from collections import Counter
from pathlib import Path

import httpx
import pytest

from scenarios.http import bounded, complaints
from scenarios.http.allow import check_target
from scenarios.http.answers.answer import json_object
from scenarios.http.answers.server_timing import durations_ns
from scenarios.http.browser import heard
from scenarios.http.requests.person import Person, code_told
from scenarios.probe.probe import SIGNUP
from scenarios.probe.prober import require_success
from scenarios.probe.told import read_health, read_metrics
from simulator.errors import Misbehaved, TargetError
from tests.cases.fuzzing import fuzzing_server
from tests.end_to_end.command import python
from tests.loopback import serving

SEED = 9
AT_ONCE = 20
LONGEST = 500
"""Of a sentence, in characters."""
CODING = "(gzip|deflate|br)"
REASONS = re.compile(
    "timed out|not HTTP|ended in the middle|closed without an answer|connection reset"
    "|too long a header|more than (16 MiB|5 nested encodings)"
    f"|a body that is not {CODING}( in {CODING})*(: it is cut short)?"
)
"""All that a visitor's attempt can fail of, beside a status."""
MANY = [pytest.param(400, id="400"), pytest.param(10_000, id="10,000", marks=pytest.mark.slow)]


@pytest.mark.parametrize("answers", MANY)
def test_a_visitor_meets_his_fate_whatever_is_answered(answers: int) -> None:
    words = ("-m", "tests.cases.fuzzed_visits")
    with serving(fuzzing_server(SEED)) as url:
        ran = python(*words, url, str(answers), cwd=Path(__file__).parents[2])
    assert (ran.returncode, ran.stderr) == (0, "")
    found = json.loads(ran.stdout)
    assert found["ended"] == found["visits"] > 0
    assert found["judged"] == sum(found["heard"].values()) >= answers
    reasons = {reason for reason in found["heard"] if not reason.isdigit()}
    assert not [reason for reason in reasons if not REASONS.fullmatch(reason)]
    assert {"not HTTP", "ended in the middle", "a body that is not gzip"} <= reasons


@pytest.mark.parametrize("answers", MANY)
def test_the_probe_measures_or_says_why_not(answers: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bounded, "WITHIN_S", 0.5)
    monkeypatch.setattr(complaints, "CONNECT_TIMEOUT_S", 0.5)
    with serving(fuzzing_server(SEED)) as url:
        found = asyncio.run(asked(url, answers))
    assert found.keys() == {"measured", "told"}
    assert found.total() == answers
    assert min(found["measured"], found["told"]) > answers / 20


async def asked(url: str, answers: int) -> Counter[str]:
    """How many answers were measured, and of how many it was told why not."""
    found: Counter[str] = Counter()

    async def some(number: int) -> None:
        async with bounded.client_of(check_target(url)) as client:
            for each in range(number):
                try:
                    understand(
                        await bounded.request(client, "HEAD" if each % 9 == 0 else "POST", "/")
                    )
                    found["measured"] += 1
                except TargetError as error:
                    found["told" if len(str(error)) < LONGEST else "told at length"] += 1

    await asyncio.gather(*(some(answers // AT_ONCE) for _ in range(AT_ONCE)))
    return found


def understand(answer: httpx.Response) -> None:
    """All that is ever made of an answer."""
    durations_ns(answer.headers.get_list("server-timing"))
    code_told(json_object(answer.content))
    read_health(answer)
    read_metrics(answer)
    try:
        require_success(heard(answer), SIGNUP, Person.of("run", 1), ours=False)
    except Misbehaved as error:
        if len(str(error)) >= LONGEST:
            raise
