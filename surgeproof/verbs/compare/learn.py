"""``surgeproof learn``: a file of stations that knows what a replay showed of their services."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping
from copy import deepcopy
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from reports.run.folder import RunFolder
from reports.run.past.came import reason_text
from reports.run.report.reading import read_report
from reports.run.report.report import VariantReport
from reports.run.side import flaw_of
from reports.sentences import words
from scenarios.library import shelf as library
from scenarios.probe.drift.learned import Wanders, learned_drift, shown
from scenarios.probe.drift.posterior import Posterior
from scenarios.probe.measured import taken
from simulator.errors import UsageError
from simulator.host.files import write_new
from simulator.scenario.document.toml_text import toml_text
from simulator.scenario.scenario import read_stations, stations_document
from simulator.scenario.words.stations import Station
from simulator.system.system import System
from simulator.text.harmless import harmless
from simulator.units import NS_PER_S
from simulator.verdict.truth.judged import Came
from simulator.verdict.truth.learned import Belief, learned
from simulator.verdict.truth.played.services import Services
from simulator.verdict.truth.recovered import recovered
from simulator.verdict.truth.suspects.others import others
from simulator.verdict.truth.took import Took, predicted_of, took_by
from surgeproof.verbs.compare.met import require_met, rows_of, system_met

DIGITS = 4
AND = ", "
"""Between those who measured a station."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Lesson:
    """What a replay taught of one station."""

    took: Took
    before: Belief
    after: Belief
    written: str
    """What the file says of it so far."""
    wandered: Wanders | None
    wanders: Wanders | None
    """How its services wander within a launch: so far, and by what was shown; None: not seen to."""

    def __str__(self) -> str:
        took = self.took
        drift = ""
        if self.wanders != self.wandered:
            drift = f"; drift {self.wandered or 'not seen'} -> {self.wanders}"
        if not math.isfinite(took.high):
            many = words.times(took.services, "service")
            return f"{took.station}: {many} teach nothing: too few, or thought to take no time"
        return (
            f"{took.station}: {took.services:,} services took {took.ratio:.2f} times as long as was likely"
            f" ({took.low:.2f} to {took.high:.2f}); service_factor {self.written} ->"
            f" {_in_words(self.after)}{drift}"
        )


def run(
    path: Path, *, system: Path, write: Path | None, variant: str | None, anyway: bool = False
) -> int:
    """Say what the replay taught, and write the stations that know it.

    ``anyway``: even if it says nothing of the target. Raises UsageError where the run has nothing to teach, ScenarioError where the stations do not fit it.
    """
    folder = RunFolder.open(path)
    named = folder.path.resolve().name
    observed = observed_variant(read_report(folder).variants, str(path), variant)
    if not anyway:
        require_sound(observed, path)
    text = library.read_named(system)
    stations = read_stations(text, str(system))
    require_new(named, stations, system)
    met = system_met(folder, observed.label, stations)
    met = require_met(observed, folder, met, system)
    found = recovered(rows_of(folder, observed.label), met)
    lessons = {each.took.station: each for each in lessons_of(met, found, stations)}
    said = [*map(str, lessons.values()), *untaught(found)]
    for line in said:
        print(harmless(line))
    if not lessons:
        raise UsageError(f"{path}: teaches nothing of the stations of {system}")
    if write is not None:
        head = [f"{system}, with what {named} showed ({observed.label}).", *said]
        try:
            document = stations_document(text, str(system))
            write_new(write, taught(document, lessons, head, named))
        except FileExistsError:
            raise taken(write) from None
        print(f"written: {write}")
    return 0


def observed_variant(
    variants: tuple[VariantReport, ...], where: str, wanted: str | None
) -> VariantReport:
    """The variant of that name, or the first one, if it was replayed."""
    seen = [each for each in variants if each.observed is not None]
    found = next((each for each in seen if wanted in (None, each.label)), None)
    if found is None:
        known = ", ".join(f'"{each.label}"' for each in seen)
        named = f'"{wanted}" was not replayed, but {known}' if known else "nothing was replayed"
        raise UsageError(f"{where}: {named}, so there is nothing to learn from it")
    return found


def require_sound(observed: VariantReport, path: Path) -> None:
    """Raises UsageError where what was observed is not, or not only, the stations' doing."""
    if why := flaw_of(observed) or disturbed(observed):
        raise UsageError(
            f"{path}: {observed.label} teaches nothing of its stations: {why}; --anyway learns from it all the same"
        )


def disturbed(observed: VariantReport) -> str:
    """What else than the stations made services as long as they were; empty: nothing that is known."""
    if observed.came is not None and observed.came.outcome is Came.NOT_COMPARABLE:
        return observed.came.sentence
    beside = others(observed.machine)
    return "" if beside is None else reason_text(beside)


def lessons_of(
    met: System, found: Mapping[str, Services], stations: tuple[Station, ...]
) -> Iterator[Lesson]:
    """In the order of the file."""
    said = {station.name: belief_of(station) for station in stations}
    for took in (each for each in took_by(met, found) if each.services):
        before = said[took.station]
        station = next(each for each in stations if each.name == took.station)
        wandered = wandering_of(station)
        yield Lesson(
            took=took,
            before=before,
            after=learned(before, took),
            written=written_in(station),
            wandered=wandered,
            wanders=learned_drift(wandered, shown_by(met, found[took.station])),
        )


def wandering_of(station: Station) -> Wanders | None:
    """What the file says of it."""
    drift = station.drift
    return None if drift is None else Wanders(sd=drift.sd, over_s=drift.over_ns / NS_PER_S)


def shown_by(met: System, services: Services) -> Posterior | None:
    """What the services that are exactly known say of wandering; None: nothing."""
    predicted_ns = predicted_of(met, services)
    sure = (services.is_exact == 1) & (predicted_ns > 0) & (services.took_ns > 0)
    begun_s, took_s = services.begun_ns[sure] / NS_PER_S, services.took_ns[sure] / NS_PER_S
    return shown(begun_s, begun_s + took_s, services.took_ns[sure] / predicted_ns[sure])


def written_in(station: Station) -> str:
    """The factor as the file has it."""
    factor = station.service_factor
    if factor is None:
        return "1"
    return f"{factor.likely:.2f} ({factor.low:.2f} to {factor.high:.2f})"


def belief_of(station: Station) -> Belief:
    """What the file says of all its services."""
    factor = station.service_factor
    if factor is None:
        return Belief(likely=1.0, spread=0.0)
    return Belief.of(factor.low, factor.likely, factor.high)


def untaught(found: Mapping[str, Services]) -> Iterator[str]:
    """Of which stations nothing was learned, and why."""
    for name, services in found.items():
        if services.why_not is not None:
            yield f"{name}: nothing learned: {services.why_not}"


def require_new(run: str, stations: Iterable[Station], system: Path) -> None:
    """One run is one occasion, however often it is read.

    Raises UsageError where the stations have learned from it.
    """
    for station in stations:
        if run in (station.measured or "").split(AND):
            raise UsageError(f"{system}: {station.name} has learned from {run} already")


def taught(
    document: Mapping[str, Any], lessons: Mapping[str, Lesson], head: list[str], run: str
) -> str:
    """The file of stations, in which what was measured stands as it did; its factor is new, and its drift.

    What measured it names the run as well.
    """
    new = deepcopy(dict(document))
    for station in new["station"]:
        if station["name"] in lessons:
            after = lessons[station["name"]].after
            low, high = after.deciles
            values = {"low": low, "likely": after.likely, "high": high}
            station["measured"] = AND.join(filter(None, [station.get("measured"), run]))
            station["service_factor"] = {key: round(each, DIGITS) for key, each in values.items()}
            if (wanders := lessons[station["name"]].wanders) is not None:
                sd, over = round(min(1.0, wanders.sd), DIGITS), f"{wanders.over_s:.3g} s"
                station["drift"] = {"sd": sd, "over": over}
    return "".join(f"# {line}\n" for line in head) + "\n" + toml_text(new)


def _in_words(belief: Belief) -> str:
    low, high = belief.deciles
    return (
        f"{belief.likely:.2f}" if low == high else f"{belief.likely:.2f} ({low:.2f} to {high:.2f})"
    )
