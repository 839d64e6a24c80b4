"""``--from-hpa``: a launch whose station scales as an autoscaler of Kubernetes lets it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from simulator.errors import UsageError
from simulator.scenario.scenario import Scenario
from surgeproof.endings import tell

Load = Callable[[Sequence[str]], Scenario]
"""The launch with settings, as --set takes them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Autoscaled:
    """The manifest, and what it lacks."""

    hpa: Path | None = None
    station: str | None = None
    boot: str | None = None
    per_pod: int | None = None

    def typed(self) -> list[str]:
        """Its options as they are typed."""
        said = {
            "--from-hpa": self.hpa,
            "--station": self.station,
            "--boot": self.boot,
            "--per-pod": self.per_pod,
        }
        return [
            word for key, value in said.items() if value is not None for word in (key, str(value))
        ]

    def require_manifest(self) -> None:
        """Raises UsageError where something is said that only a manifest needs."""
        said = {"--station": self.station, "--boot": self.boot, "--per-pod": self.per_pod}
        given = [option for option, value in said.items() if value is not None]
        if self.hpa is None and given:
            raise UsageError(f"{given[0]} says what a manifest lacks: give --from-hpa as well")


def autoscaled(load: Load, settings: Sequence[str], given: Autoscaled) -> Scenario:
    """The launch, with a manifest's autoscaler where one is given; what was understood is told.

    What is set by hand goes over the manifest's own.

    Raises UsageError where the manifest cannot be read, or lacks what nobody says, and ScenarioError.
    """
    given.require_manifest()
    launch = load(settings)
    if given.hpa is None:
        return launch
    from scenarios.brought.hpa.hpa import scaled
    from scenarios.brought.plain import bytes_in

    found = scaled(
        bytes_in(given.hpa),
        str(given.hpa),
        launch,
        station=given.station,
        boot=given.boot,
        per_pod=given.per_pod,
    )
    for sentence in found.said:
        tell(sentence)
    return load([*found.settings, *settings])
