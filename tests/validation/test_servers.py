"""Every configuration answers, and nothing of it is left once it is ended."""

import asyncio
from pathlib import Path

import httpx
import psutil
import pytest

from tests.hanging import HUNG_S
from tests.validation.servers.configurations import AT_ONCE, CONFIGURATIONS
from tests.validation.servers.site import Configuration

FEWEST = 14
SOMEBODY = {"email": "a@b.invalid", "password": "a long password"}


def test_there_are_as_many_configurations_as_were_asked_for_and_each_has_a_name_of_its_own() -> (
    None
):
    assert len({each.name for each in CONFIGURATIONS}) == len(CONFIGURATIONS) >= FEWEST


@pytest.mark.slow
@pytest.mark.parametrize("configuration", CONFIGURATIONS, ids=lambda each: each.name)
def test_it_makes_an_account_and_leaves_nobody_behind(
    configuration: Configuration, tmp_path: Path
) -> None:
    if configuration.lacking:
        pytest.skip(f"not installed: {', '.join(configuration.lacking)}")
    with configuration.start(tmp_path) as site:
        made = httpx.post(f"{site.url}/signup", json=SOMEBODY, timeout=HUNG_S, trust_env=False)
        family = [
            one
            for pid in site.family
            for one in (psutil.Process(pid), *psutil.Process(pid).children(recursive=True))
        ]
    assert made.status_code == 201, made.text
    _, left = psutil.wait_procs(family, timeout=20)
    assert not left


REFUSE = ("HAProxy, bounded queue", "HAProxy, timeout queue", "nginx limit_req, no delay",
          "nginx limit_req, delay", "nginx limit_conn")  # fmt: skip
MANY = 100
"""More than any of them keeps: three seconds of work for two, and a burst or a queue of ten."""


@pytest.mark.slow
@pytest.mark.parametrize("name", REFUSE)
def test_it_turns_away_what_its_configuration_file_says(name: str, tmp_path: Path) -> None:
    (configuration,) = [each for each in CONFIGURATIONS if each.name == name]
    if configuration.lacking:
        pytest.skip(f"not installed: {', '.join(configuration.lacking)}")
    with configuration.start(tmp_path) as site:
        statuses = asyncio.run(all_at_once(f"{site.url}/signup", MANY))
    assert set(statuses) == {201, 503}
    if name == "nginx limit_conn":
        assert statuses.count(201) >= AT_ONCE


async def all_at_once(url: str, many: int) -> list[int]:
    """What so many are answered who come together."""
    limits = httpx.Limits(max_connections=many)
    async with httpx.AsyncClient(timeout=HUNG_S, trust_env=False, limits=limits) as client:
        people = [{**SOMEBODY, "email": f"visitor-{one}@b.invalid"} for one in range(many)]
        answers = await asyncio.gather(*(client.post(url, json=person) for person in people))
    return [answer.status_code for answer in answers]
