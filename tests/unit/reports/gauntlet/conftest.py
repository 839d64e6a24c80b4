"""One gauntlet for all that is told of it."""

from datetime import UTC, datetime

import pytest

from simulator.advice.gauntlet.crowd import Host
from simulator.advice.gauntlet.gauntlet import Gauntlet, gauntlet
from tests.launches.gauntlet import COMPILED, CROWD, crowd, host


@pytest.fixture(scope="package")
def found() -> Gauntlet:
    """One crowd that breaks the mails in its rush, and one that is as few in the mean, and evenly."""
    even = CROWD.replace('name = "crowd"', 'name = "even"').replace('"11 min"', '"0 s"')
    return gauntlet(
        Host.of(host(), COMPILED),
        [crowd(), crowd(even)],
        COMPILED,
        expect=2_000,
        now=datetime(2026, 11, 28, tzinfo=UTC),
    )
