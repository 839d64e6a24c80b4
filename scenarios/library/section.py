"""A launch of the library as a section of a page: what happened, who says so, and what to try."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from textwrap import dedent

from scenarios.library.markdown import bullets, code, escape, link, table
from scenarios.rehearsal.sendable import sendable
from simulator.plan import peaks
from simulator.plan.plan import Plan
from simulator.plan.published.published import sources_of
from simulator.plan.resolve import of_those_sent
from simulator.plan.synopsis import Synopsis, in_groups
from simulator.scenario.commented import dotted, leaves, toml_value
from simulator.scenario.document.provenance import Basis
from simulator.scenario.scenario import Scenario
from simulator.scenario.words.document import Reading
from simulator.scenario.words.surges.surge import Adoption, Milestones, Point
from simulator.system.described import let_in_over_time, served_in_words
from simulator.system.objectives import JourneyObjective, LineObjective
from simulator.text.wording import (
    format_count,
    format_duration,
    format_factor,
    format_people,
    format_share,
)
from simulator.timetable.demand import Demand

KEY = re.compile(r"[.\[]")
"""After the first word of a figure's key."""
LONGEST_VALUE = 80
"""Of a value in a list of what a variant sets; the file has the rest."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """What a section is made of."""

    scenario: Scenario
    plan: Plan
    surges: dict[str, Demand]

    @property
    def synopsis(self) -> Synopsis:
        return Synopsis.of(self.scenario, self.plan)

    def section(self) -> str:
        """The section, as Markdown."""
        launch = self.scenario.words.launch
        parts = [
            f"## {self.scenario.name}",
            escape(launch.story),
            self._clock(),
            titled("What was counted", self._published()),
            titled("Who comes", bullets(self._surges())),
            titled("How they are let in", self._let_in()),
            titled("What changes during the launch", bullets(self._changes())),
            titled("What serves them", bullets(self._stations())),
            titled('What "holds" means', bullets(self._objectives())),
            titled("Variants", bullets(self._variants())),
            titled("What is rehearsed", self._rehearsal()),
            titled("Sources", bullets(self._all_sources())),
            titled("Try it", self._commands()),
        ]
        return "\n\n".join(part for part in parts if part)

    def _clock(self) -> str:
        launch, synopsis = self.scenario.words.launch, self.synopsis
        figures = self.scenario.figures
        assumed = sum(figure.basis is Basis.ASSUMED for figure in figures)
        return (
            f"Opening: {launch.opening:%A}, {launch.opening.day} {launch.opening:%B %Y, %H:%M},"
            f" {escape(launch.time_zone)}. {format_people(synopsis.people)} {'is' if synopsis.people == 1 else 'are'} expected in"
            f" {format_duration(synopsis.horizon_ns)}: {peaks.in_words(self.plan)}."
            f" Figures: {len(figures) - assumed} sourced or measured,"
            f" {assumed} assumed; [the file](library/{self.scenario.name}.toml) says which, and why."
        )

    def _published(self) -> str:
        words = self.scenario.words
        series: list[Milestones | Adoption | Reading] = [
            *(surge for surge in words.surge if isinstance(surge, Milestones | Adoption)),
            *words.reading,
        ]
        rows = [
            (
                format_duration(point.at_ns) + (" (assumed)" if "at" in point.assumed else ""),
                format_count(point.count),
                f"{escape(each.name)} ({escape(each.counts)})",
                self._whose(each, point),
            )
            for each in series
            for point in each.points
        ]
        return table(("after", "count", "of", "source"), rows, right=(0, 1)) if rows else ""

    def _whose(self, series: Milestones | Adoption | Reading, point: Point) -> str:
        """Who published a count, or what an assumed one was derived from."""
        if published := self._sources(sources_of(series, point)):
            return published
        derived = self._sources(point.source)
        return f"assumed, derived from {derived}" if derived else "assumed"

    def _sources(self, keys: Iterable[str]) -> str:
        found = [self.scenario.sources[key] for key in keys]
        return "; ".join(link(source.title, source.url) for source in found)

    def _surges(self) -> Iterator[str]:
        total = self.plan.demand.total or 1.0
        for surge in self.scenario.words.surge:
            demand = self.surges[surge.name]
            share = f", {format_share(demand.total / total)}" if len(self.surges) > 1 else ""
            said = (
                f"{code(surge.name)} ({surge.shape}{share}): {escape(in_groups(demand, self.plan))}"
            )
            yield "; ".join([said, *self._claims(f"surge.{surge.name}", surge.source)])

    def _let_in(self) -> str:
        said = escape(let_in_over_time(self.plan.system))
        claims = self._claims("waitlist", self.scenario.words.waitlist.source)
        return "; ".join([f"{said[0].upper()}{said[1:]}", *claims])

    def _changes(self) -> Iterator[str]:
        for change in self.scenario.words.change:
            where = f" at {code(change.station)}" if change.station else ""
            sources = self._sources(change.source)
            yield (
                f"{after(change.at_ns)}: {code(toml_value(change.set_))}{where}"
                + (f" ({sources})" if sources else "")
            )

    def _stations(self) -> Iterator[str]:
        sources = {station.name: station.source for station in self.scenario.words.station}
        for station in self.plan.system.stations:
            claims = self._claims(f"station.{station.name}", sources[station.name])
            yield "; ".join([escape(served_in_words(station)), *claims])

    def _claims(self, table: str, sources: Iterable[str]) -> Iterator[str]:
        """Which keys of a table are assumed, and who stands for the others."""
        assumed: dict[str, None] = {}
        given: dict[str, None] = {}
        for figure in self.scenario.figures:
            if figure.key.startswith(f"{table}."):
                key = KEY.split(figure.key.removeprefix(f"{table}."))[0]
                (assumed if figure.basis is Basis.ASSUMED else given)[code(key)] = None
        if given:
            links = self._sources(sources)
            yield f"sourced: {', '.join(given)}" + (f" ({links})" if links else "")
        if assumed:
            yield f"assumed: {', '.join(assumed)}"

    def _objectives(self) -> Iterator[str]:
        for asked in self.plan.objectives.journeys:
            yield f"{code(asked.journey)}: {', '.join(of_a_journey(asked))}"
        of_it = list(of_the_line(self.plan.objectives.line))
        if of_it:
            yield f"the line: {', '.join(of_it)}"

    def _variants(self) -> Iterator[str]:
        for name, overlay in self.scenario.words.variant.items():
            sets = [f"{dotted(path)} = {toml_value(value)}" for path, value in leaves(overlay)]
            said = [s if len(s) <= LONGEST_VALUE else f"{s[: LONGEST_VALUE - 4]} ..." for s in sets]
            yield f"{code(f'--variant {name}')} sets {', '.join(map(code, said))}"

    def _rehearsal(self) -> str:
        replay = self.scenario.words.replay
        if replay is None:
            return ""
        window = self.plan.demand.window(
            replay.from_ns, replay.from_ns + replay.for_ns, replay.demand_factor
        )
        sent = sendable(self.scenario)
        visitors = of_those_sent(window, self.scenario, sent.scenario).total
        said = (
            f"{format_duration(replay.for_ns)}, beginning {after(replay.from_ns)}, with"
            f" {format_factor(replay.demand_factor)} times as many people as in the launch: {format_count(visitors)}"
            f" visitors. {escape(replay.reason or '')}".rstrip()
        )
        left_out = bullets(escape(str(each)) for each in sent.left_out)
        return f"{said}\n\nPredicted only:\n\n{left_out}" if left_out else said

    def _all_sources(self) -> Iterator[str]:
        for source in self.scenario.sources.values():
            said = f": {escape(source.says)}" if source.says else ""
            yield f"{link(source.title, source.url)}{said}"

    def _commands(self) -> str:
        name = self.scenario.name
        variant = next(iter(self.scenario.words.variant), None)
        varied = f"surgeproof predict {name} --variant {variant}" if variant else ""
        lines = dedent(f"""\
            surgeproof show {name}
            surgeproof predict {name}
            {varied}
            surgeproof new my-launch.toml --like {name} --expect 50000""")
        return "```\n" + "\n".join(line for line in lines.splitlines() if line.strip()) + "\n```"


def after(ns: int) -> str:
    """An instant of a launch."""
    return f"after {format_duration(ns)}" if ns else "at the opening"


def titled(title: str, text: str) -> str:
    """A part under its title; nothing where there is nothing to say."""
    return f"**{title}**\n\n{text}" if text else ""


def of_a_journey(asked: JourneyObjective) -> Iterator[str]:
    """What is asked of those let in."""
    for quantile, limit_ns in asked.quantiles_ns:
        yield f"{format_share(quantile)} succeed within {format_duration(limit_ns)}"
    if asked.errors is not None:
        yield f"at most {format_share(asked.errors)} leave without what they came for"


def of_the_line(asked: LineObjective) -> Iterator[str]:
    """What is asked of the line."""
    if asked.forgotten is not None:
        yield f"{asked.forgotten:,} are lost by the system" if asked.forgotten else "nobody is lost"
    for quantile, limit_ns in asked.wait_quantiles_ns:
        yield f"{format_share(quantile)} wait no longer than {format_duration(limit_ns)}"
    if asked.never_let_in is not None:
        yield f"at most {format_share(asked.never_let_in)} of those who come to it never get in"
    if asked.left is not None:
        yield f"at most {format_share(asked.left)} lose patience and leave it"
