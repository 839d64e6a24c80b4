"""Settings that cannot be are refused with a sentence."""

from pathlib import Path

import pytest

from scenarios.http.line import LineSettings, Policy
from scenarios.service.settings import Settings, StationSettings
from simulator.errors import UsageError
from tests.examples import examples


@examples("name, value",
    ("port", "port", 65536),
    ("workers", "workers", 0),
    ("queue", "queue", -1),
    ("hash cost", "hash_cost", 14.5),
    ("work", "work_ns", -1),
    ("rate", "release_rate_per_s", 0.0),
    ("no rate at all", "release_rate_per_s", float("nan")),
    ("burst", "burst", 0),
    ("poll", "poll_every_s", 0),
)  # fmt: skip
def test_a_setting_out_of_range(name: str, value: object) -> None:
    with pytest.raises(UsageError, match=f"the target's {name} is .*; it must be"):
        Settings(**{name: value})  # type: ignore[arg-type]


def test_a_release_rate_makes_a_line() -> None:
    assert Settings().line.policy is Policy.OPEN
    assert Settings(release_rate_per_s=20, burst=3).line == LineSettings(
        policy=Policy.FIFO, release_rate_per_s=20, burst=3
    )


@pytest.mark.parametrize("database", [None, Path("line.sqlite"), "postgresql://ann@db/shop"])
def test_settings_reach_the_child_as_they_are(database: Path | str | None) -> None:
    payments = StationSettings(name="payments", serves=("pay",), workers=2, queue=3, work_ns=4)
    settings = Settings(
        workers=3, release_rate_per_s=20.5, work_ns=5, stations=(payments,), database=database
    )
    assert Settings.from_json(settings.to_json()) == settings
