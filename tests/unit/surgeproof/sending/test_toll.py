"""What sending takes of this machine is measured once, and kept with the machine and the sources it is of."""

from __future__ import annotations

from pathlib import Path

import pytest

from simulator.plan.sharing.load import Load
from simulator.plan.sharing.toll import Toll
from surgeproof.verbs.sending import toll
from surgeproof.verbs.sending.toll import measured, place, toll_here

FOUND = Toll(
    generator=Load(idle=0.01, attempt_s=0.0015, look_s=0.0006),
    target=Load(idle=0.02, attempt_s=0.002, look_s=0.0005),
)


@pytest.fixture
def asked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> list[bool]:
    """An empty folder, and how often it was measured."""
    times: list[bool] = []

    def measured(*, keep_alive: bool) -> Toll:
        times.append(keep_alive)
        return FOUND

    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    monkeypatch.setattr(toll, "measured", measured)
    return times


def test_it_is_measured_once(asked: list[bool]) -> None:
    assert toll_here(keep_alive=False) == FOUND
    assert toll_here(keep_alive=False) == FOUND
    assert asked == [False]


def test_connections_that_are_kept_cost_something_else(asked: list[bool]) -> None:
    toll_here(keep_alive=False)
    toll_here(keep_alive=True)
    assert asked == [False, True]


def test_what_cannot_be_read_is_measured_again(asked: list[bool]) -> None:
    toll_here(keep_alive=False)
    kept = place(keep_alive=False)
    assert kept is not None
    kept.write_text("{}")
    assert toll_here(keep_alive=False) == FOUND
    assert asked == [False, False]


def test_other_sources_are_measured_again(
    asked: list[bool], monkeypatch: pytest.MonkeyPatch
) -> None:
    toll_here(keep_alive=False)
    monkeypatch.setattr(toll, "SENDING", ("http",))
    toll_here(keep_alive=False)
    assert asked == [False, False]


def test_a_machine_that_nothing_tells_is_measured_each_time(
    monkeypatch: pytest.MonkeyPatch, asked: list[bool]
) -> None:
    monkeypatch.setattr(toll, "fingerprint", str)
    assert place(keep_alive=False) is None
    toll_here(keep_alive=False)
    toll_here(keep_alive=False)
    assert asked == [False, False]


@pytest.mark.slow
def test_it_can_be_measured_here() -> None:
    """By structure alone: a busy machine makes it dearer, and nothing makes it free."""
    found = measured(keep_alive=False)
    assert found is not None
    for load in (found.generator, found.target):
        assert 0.0 < load.attempt_s < 0.2
        assert 0.0 <= load.idle < 1.0
