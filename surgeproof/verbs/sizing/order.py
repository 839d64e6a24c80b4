"""What a sizing is asked, and the launch that it is asked of."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from scenarios.library import shelf as library
from scenarios.rehearsal.sendable import launch_met_by
from simulator.advice.size.certificate import Asked
from simulator.errors import UsageError
from simulator.scenario.scenario import Scenario
from surgeproof.verbs.predicting.planning import options
from surgeproof.verbs.sizing.autoscaled import Autoscaled, autoscaled


@dataclass(frozen=True, kw_only=True)
class Order:
    """What is asked, however the launch is told."""

    asked: Asked
    seed: int
    engine: str
    as_json: bool
    brief: bool = False
    """Whether nothing is asked beyond how much."""
    every: bool = False
    """Whether all of that is asked, however long it takes."""
    vary: Sequence[str] = ()
    variant: str | None = None
    settings: Sequence[str] = ()
    hpa: Autoscaled = field(default_factory=Autoscaled)
    system: Path | None = None
    allow_files: bool = False

    def launch(self, name: str) -> Scenario:
        """The launch of a file, as it is to be sized.

        Raises UsageError and ScenarioError.
        """
        found = autoscaled(
            lambda settings: library.load(
                name, variant=self.variant, settings=list(settings), allow_files=self.allow_files
            ),
            self.settings,
            self.hpa,
        )
        return found if self.system is None else met_by(found, self.system)

    def require_enough(self) -> None:
        """Raises UsageError where so few launches can never certify what is asked."""
        asked = self.asked
        if asked.launches < asked.fewest:
            raise UsageError(
                f"--launches {asked.launches}: too few to certify a share of {asked.share:g} with"
                f" confidence {asked.confidence:g}, even if all of them hold (give at least {asked.fewest})"
            )

    def require_no_file(self) -> None:
        """Raises UsageError where something is said that only a launch's file needs."""
        self.hpa.require_manifest()
        if (
            self.system is not None
            or self.allow_files
            or self.variant
            or self.settings
            or self.hpa.hpa
        ):
            raise UsageError(
                "--variant, --set, --objective, --system, --from-hpa and --allow-files are for a launch's file"
                " (write one with --write my-launch.toml)"
            )

    def typed(self) -> Iterator[str]:
        """Its options as they are typed, for a report that says how to make it again."""
        for each in self.vary:
            yield from ("--vary", each)
        yield from ("--launches", str(self.asked.launches))
        yield from ("--share", f"{self.asked.share:g}")
        yield from ("--confidence", f"{self.asked.confidence:g}")
        if self.system is not None:
            yield from ("--system", str(self.system))
        yield from (["--brief"] if self.brief else [])
        yield from (["--all"] if self.every else [])
        yield from self.hpa.typed()
        yield from options(
            seed=self.seed, engine=self.engine, variant=self.variant, settings=self.settings
        )


def met_by(scenario: Scenario, system: Path) -> Scenario:
    """The launch met by the stations of another file; who comes is found with its own."""
    met = launch_met_by(scenario, library.stations_in(system))
    return replace(met, settings=(*scenario.settings, f"system={system}"))
