"""A prediction held against an access log, as a person meets it.

The logs are those of simulated launches, so what they should come to is known to the last visit.
"""

import functools
import json
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from scenarios.recording.logs.hit import Hit
from scenarios.recording.logs.reader import Reader
from scenarios.recording.visits import Linked, Linker, asking_of, visits_of
from simulator.engine.compiled.engine import Compiled
from simulator.outcomes.rows import Block, Fate
from simulator.plan.plan import Plan
from simulator.plan.resolve import arriving, resolve
from simulator.scenario.scenario import parse
from surgeproof.verbs.compare.recorded import requests_of
from tests.documents import held
from tests.end_to_end.command import surgeproof
from tests.examples import examples
from tests.launches.files import shop_text
from tests.launches.logged import lines_of

OPENING = datetime(2026, 3, 1, 20, 0, tzinfo=UTC)
SHOP = shop_text(
    'name = "join"\nrequest = { method = "POST", path = "/join", capture = { code = "json:code" } }',
    'name = "confirm"\nthink = { law = "fixed", mean = "3 s" }\nrequest = { method = "POST", path = "/confirm/${code}" }',
    rate='"12/s"', client_timeout='"2 s"\nretries = { attempts = 3, backoff = "1 s", cap = "3 s" }',
    servers="2", waiting_room="6", service='"80 ms"', errors='0.5\np95 = "20 s"',
)  # fmt: skip
PATHS = ("/join", "/confirm/xyz")


def plan_of(text: str) -> Plan:
    return arriving(resolve(parse(text, "shop.toml")), Compiled()).plan(3)


def played(text: str, launch: int = 70) -> Block:
    """One launch that no prediction has, with the luck of another number."""
    plan = plan_of(text)
    return Compiled().simulate(plan.timetable(launch), plan.system_of(launch)).rows()


def linked(block: Block, hosts: int | None = None) -> Linked:
    lines = list(lines_of(block, PATHS, OPENING.timestamp(), hosts))
    hits = [hit for line in lines if isinstance(hit := Reader().read_text(line), Hit)]
    assert len(hits) == len(lines)
    scenario = parse(SHOP, "shop.toml")
    opening_ns = int(OPENING.timestamp()) * 10**9
    return visits_of(hits, opening_ns, plan_of(SHOP).system, requests_of(scenario))


def fates(block: Block) -> Sequence[int]:
    found = block.visits["fate"].tolist()
    return [found.count(int(fate)) for fate in Fate]


def test_each_visit_is_found_again_where_hosts_tell_visitors_apart() -> None:
    block = played(SHOP)

    found = linked(block)

    assert fates(found.block) == fates(block)
    assert fates(block)[Fate.GAVE_UP] > 0  # there were retries to put together
    assert (found.strays, found.timed) == (0, True)
    by_step = [
        sorted(each.attempts[["step", "attempt", "result"]].tolist())
        for each in (found.block, block)
    ]
    assert by_step[0] == by_step[1]


def test_behind_one_router_no_request_is_lost_and_few_visits_are_confused() -> None:
    """Twenty visitors share each host. Requests are those of the launch; of visits most are found."""
    block = played(SHOP)

    found = linked(block, hosts=len(block.visits) // 20)

    assert len(found.block.attempts) == len(block.attempts)
    true, told = fates(block)[Fate.SERVED], fates(found.block)[Fate.SERVED]
    assert abs(told - true) < 0.1 * true


def test_without_hosts_each_first_request_is_a_visit() -> None:
    block = played(SHOP)
    hidden = linked(block, hosts=1)

    assert hidden.clients == 1


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("recorded")
    (folder / "shop.toml").write_text(SHOP)
    slower = SHOP.replace('service = "80 ms"', 'service = "120 ms"')
    busier = SHOP.replace('rate = "12/s"', 'rate = "15/s"')
    for name, text in (("same", SHOP), ("slower", slower), ("busier", busier)):
        lines = lines_of(played(text), PATHS, OPENING.timestamp())
        (folder / f"{name}.log").write_text("\n".join(lines))
    return folder


@functools.cache
def told(files: Path, log: str) -> dict[str, Any]:
    done = surgeproof("compare", files / "shop.toml", files / log, "--launches", "60", "--json")
    assert done.returncode == 0, done.stderr
    found: dict[str, Any] = held(done.stdout, "Recorded")
    return found


def compared(files: Path, log: str) -> dict[str, dict[str, object]]:
    return {each["key"]: each for each in told(files, log)["figures"]}


def parts_of(files: Path, log: str, key: str) -> dict[str, float]:
    (fall,) = (each for each in told(files, log)["waterfalls"] if each["key"] == key)
    parts = {each["part"]: each["value"] for each in fall["parts"]}
    predicted, came = fall["levels"][0]["value"], fall["levels"][-1]["value"]
    assert sum(parts.values()) == pytest.approx(came - predicted)
    return parts


def test_an_error_is_told_apart_into_who_came_and_how_they_were_served(files: Path) -> None:
    """Slower servers, or more people: each is found, and most of the error is its own."""
    slower, busier = (parts_of(files, log, "turned_away") for log in ("slower.log", "busier.log"))

    assert slower["service"] > 3 * abs(slower["demand"])
    assert busier["demand"] > 3 * abs(busier["service"])
    for parts in (slower, busier):
        assert abs(parts["queue"]) < 0.2 * (parts["demand"] + parts["service"])


def test_a_launch_of_the_same_system_lies_in_its_prediction_and_a_slower_one_does_not(
    files: Path,
) -> None:
    same, slower = compared(files, "same.log"), compared(files, "slower.log")

    for key in ("response_p50", "served", "goodput", "turned_away"):
        assert same[key]["within"] is True, same[key]
        assert slower[key]["within"] is False, slower[key]


def test_whether_it_was_predicted_is_answered_and_why_not(files: Path) -> None:
    """Of sixty launches a right one is called wrong once in twenty: the luck here is fixed."""
    same, slower, busier = (
        told(files, log)["prediction"] for log in ("same.log", "slower.log", "busier.log")
    )

    assert same["outcome"] == "predicted right"
    assert slower["outcome"] == busier["outcome"] == "predicted wrong"
    assert "services at web took" in slower["sentence"]
    assert "with the measured services it is right" in slower["sentence"]
    assert "with those who came it is right" in busier["sentence"]
    assert slower["p"] <= 0.05 < same["p"]


def test_what_no_log_tells_is_unknown(files: Path, tmp_path: Path) -> None:
    plain = tmp_path / "combined.log"
    plain.write_text(
        "".join(
            f'192.0.2.{n} - - [01/Mar/2026:20:00:{n:02} +0000] "POST /join HTTP/1.1" 201 3 "-" "x"\n'
            for n in range(30)
        )
    )

    done = surgeproof("compare", files / "shop.toml", plain, "--launches", "3")

    assert done.returncode == 0, done.stderr
    assert "the log does not say how long requests took" in done.stdout
    (row,) = [line for line in done.stdout.splitlines() if line.strip().startswith("signup p50")]
    assert "–" in row
    assert "not known whether it was predicted right: 3 launches are too few" in done.stdout


@examples("words,said",
    ("two predictions", ["shop.toml", "shop.toml@x", "same.log"], "name one prediction beside the logs"),
    ("no prediction", ["same.log"], "name one prediction beside the logs"),
    ("another opening", ["shop.toml", "same.log", "--opening", "2020-01-01T00:00:00Z"], "nobody in the log came"),
    ("no log", ["shop.toml", "--opening", "2020-01-01T00:00:00Z"], "are about an access log"),
    ("twice", ["shop.toml", "same.log", "same.log"], "is given twice"),
    ("a tolerance", ["shop.toml", "same.log", "--tolerance", "2%"], "is for two runs or launches"),
)  # fmt: skip
def test_a_wrong_command_says_what_is_wrong(words: list[str], said: str, files: Path) -> None:
    done = surgeproof(
        "compare",
        *(
            str(files / each) if "." in each[:12] and not each.startswith("2") else each
            for each in words
        ),
    )

    assert done.returncode == 2
    assert said in done.stderr


def test_a_log_of_something_else_names_what_the_launch_asks_for(
    files: Path, tmp_path: Path
) -> None:
    other = tmp_path / "other.log"
    other.write_text('192.0.2.1 - - [01/Mar/2026:20:00:01 +0000] "GET /logo.png HTTP/1.1" 200 3\n')

    done = surgeproof("compare", files / "shop.toml", other)

    assert done.returncode == 2
    assert "it asks for POST /join, POST /confirm/${code}" in done.stderr


def test_a_variant_and_a_setting_change_the_launch_that_is_held_against_the_log(
    files: Path,
) -> None:
    """What a slower log is to the file, it is not to the file with services as slow."""
    words = ("--set", "station.web.service.mean=120 ms", "--launches", "60", "--json")
    done = surgeproof("compare", files / "shop.toml", files / "slower.log", *words)

    figures = {each["key"]: each for each in json.loads(done.stdout)["figures"]}
    assert figures["response_p50"]["within"] is True, figures["response_p50"]


def test_many_visitors_behind_one_host_cost_no_more_than_they_are() -> None:
    """Who gave up is forgotten once nobody would try again: else each request looks at all before it."""
    block = played(SHOP)
    lines = list(lines_of(block, PATHS, OPENING.timestamp(), 1))
    hits = [hit for line in lines if isinstance(hit := Reader().read_text(line), Hit)]
    later = [replace(hit, at_ns=hit.at_ns + 3600 * 10**9) for hit in hits]
    linker = Linker(
        steps=tuple(asking_of(plan_of(SHOP).system, requests_of(parse(SHOP, "shop.toml")))),
        people=plan_of(SHOP).system.people[0],
        end_ns=10**15,
    )
    for hit in sorted([*hits, *later], key=lambda each: each.came_ns):
        linker.take(hit, hit.came_ns - int(OPENING.timestamp()) * 10**9)

    assert len(linker.attempts) == 2 * len(block.attempts)
    (waiting,) = linker.under_way.values()
    assert all(visit.began_ns > 3000 * 10**9 for visit in waiting)
