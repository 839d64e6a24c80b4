"""--from-hpa: the launch is loaded with what a manifest says, and what is set by hand goes over that."""

from collections.abc import Sequence
from pathlib import Path

import pytest

from simulator.errors import UsageError
from simulator.plan.meaning.system import system_of
from simulator.scenario.scenario import Scenario, parse
from simulator.system.stations import Autoscaler
from surgeproof.verbs.sizing.autoscaled import Autoscaled, autoscaled
from tests.launches.files import changed

MANIFEST = """apiVersion: autoscaling/v1
kind: HorizontalPodAutoscaler
metadata: {name: desk}
spec: {minReplicas: 2, maxReplicas: 9, targetCPUUtilizationPercentage: 60}
"""


def load(settings: Sequence[str]) -> Scenario:
    return parse(changed(("servers = 2", "servers = 2\ninstances = 3")), "f", settings=settings)


@pytest.fixture
def hpa(tmp_path: Path) -> Path:
    path = tmp_path / "hpa.yaml"
    path.write_text(MANIFEST)
    return path


def scaler_of(scenario: Scenario) -> Autoscaler:
    (station,) = system_of(scenario).stations
    assert station.autoscaler is not None
    return station.autoscaler


def test_a_manifest_is_laid_over_the_launch_and_told(
    hpa: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    found = autoscaled(load, [], Autoscaled(hpa=hpa, boot="40 s"))
    scaler = scaler_of(found)
    assert (scaler.floor, scaler.ceiling, scaler.boot_ns) == (2, 9, 40 * 10**9)
    told = capsys.readouterr().err
    assert told.startswith("surgeproof: desk: 2 to 9 pods of 2 servers, 3 at the opening; ")
    assert "surgeproof: note: scaleDown waits 5 min" in told


def test_what_is_set_by_hand_goes_over_it(hpa: Path) -> None:
    by_hand = ["station.desk.autoscaler.ceiling=30"]
    found = autoscaled(load_with_scaler, by_hand, Autoscaled(hpa=hpa, boot="40 s"))
    assert (scaler_of(found).floor, scaler_of(found).ceiling) == (2, 30)


def load_with_scaler(settings: Sequence[str]) -> Scenario:
    own = 'servers = 2\nautoscaler = { every = "1 min", target = 0.5, ceiling = 4 }'
    return parse(changed(("servers = 2", own)), "f", settings=settings)


def test_without_a_manifest_the_launch_is_itself() -> None:
    assert autoscaled(load, [], Autoscaled()).settings == ()


@pytest.mark.parametrize(
    "given", [Autoscaled(boot="40 s"), Autoscaled(station="desk"), Autoscaled(per_pod=8)]
)
def test_what_a_manifest_lacks_needs_one(given: Autoscaled) -> None:
    with pytest.raises(UsageError, match="give --from-hpa as well"):
        autoscaled(load, [], given)


def test_a_manifest_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"none\.yaml cannot be read: no such file"):
        autoscaled(load, [], Autoscaled(hpa=tmp_path / "none.yaml", boot="40 s"))
