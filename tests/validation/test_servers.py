"""Every configuration answers, and nothing of it is left once it is ended."""

from pathlib import Path

import httpx
import psutil
import pytest

from tests.hanging import HUNG_S
from tests.validation.servers.configurations import CONFIGURATIONS
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
