"""The formulas give the values that were computed elsewhere."""

from __future__ import annotations

import pytest

from tests.statistical import oracles

EXACT = 1e-12


def test_delay() -> None:
    assert oracles.mmc(8, 1, 10) == pytest.approx(oracles.MMC_8_1_10, rel=EXACT)
    assert oracles.dm1(0.5, 1) == pytest.approx(oracles.DM1_05_1, rel=EXACT)
    assert oracles.md1_waiting_time_s(0.8, 1) == pytest.approx(oracles.MD1_08_1, rel=EXACT)


def test_loss() -> None:
    assert oracles.mmck(12, 1, 10, 20) == pytest.approx(oracles.MMCK_12_1_10_20, rel=EXACT)


def test_abandonment() -> None:
    found = oracles.erlang_a(10, 1, 10, 0.5)
    assert found == pytest.approx(oracles.ERLANG_A_10_1_10_05, rel=EXACT)


def test_fluid() -> None:
    assert oracles.fluid_peak(100, 60, 20) == pytest.approx(oracles.FLUID_100_60_20, rel=EXACT)
    pulse = oracles.fluid_pulse(100, 60, 0.01, 120)
    assert pulse == pytest.approx(oracles.PULSE_100_60_001_120, rel=EXACT)
