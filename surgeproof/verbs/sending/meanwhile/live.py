"""Who watches a rehearsal while it is sent."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from urllib.parse import urlsplit

from prometheus_client import CollectorRegistry

from reports.live.view import View, curves_of
from reports.run.facts import RunFacts
from scenarios.rehearsal.sendable import step_requests
from scenarios.replay.keeping.batch import Batch
from scenarios.replay.keeping.scribe import Hear
from scenarios.replay.live.course import Course
from scenarios.replay.live.exposition import Exposition
from scenarios.replay.live.observed import Observed
from scenarios.replay.live.quantities import quantities_of
from scenarios.replay.live.serving import served
from simulator.errors import UsageError
from simulator.plan.launches import Prediction
from surgeproof.endings import tell
from surgeproof.verbs.sending.rehearsal.rehearsal import Rehearsal


@dataclass(frozen=True, slots=True, kw_only=True)
class Watch:
    """A rehearsal that is watched."""

    hear: Hear
    """What tells everybody who watches."""
    shown: View
    """What a terminal shows meanwhile."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Audience:
    """Who watches."""

    registry: CollectorRegistry | None = None
    """What Prometheus is told; None: nothing."""
    collector: str | None = None
    """The address of an OpenTelemetry collector."""

    @contextmanager
    def watching(
        self, rehearsal: Rehearsal, prediction: Prediction, facts: RunFacts
    ) -> Iterator[Watch]:
        """Everybody sees the rehearsal beside its prediction, until the block ends."""
        observed = Observed.of(rehearsal.plan)
        hears: list[Hear] = [observed.hear]
        exposition = exposition_of(rehearsal, prediction, observed, facts)
        if self.registry is not None:
            self.registry.register(exposition)
        with ExitStack() as pushing:
            if self.collector is not None:
                hears.append(
                    pushing.enter_context(pushed_to(self.collector, exposition, rehearsal))
                )
            yield Watch(hear=by_all(hears), shown=view_of(prediction, observed))


def by_all(hears: Iterable[Hear]) -> Hear:
    """Everybody hears it, in this order."""

    def hear(batch: Batch) -> None:
        for each in hears:
            each(batch)

    return hear


@contextmanager
def audience(*, metrics: str | None, otlp: str | None) -> Iterator[Audience]:
    """``metrics``: where Prometheus is told, until the block ends; ``otlp``: where a collector listens.

    Raises UsageError where that cannot be.
    """
    if otlp is not None:
        parts = urlsplit(otlp)
        if parts.scheme not in ("http", "https") or not parts.hostname:
            raise UsageError(f"--otlp {otlp}: write http://HOST:4318, or https://HOST")
        require_opentelemetry()
    if metrics is None:
        yield Audience(collector=otlp)
        return
    with served(metrics) as page:
        tell(f"metrics: {page.url}")
        yield Audience(registry=page.registry, collector=otlp)


def require_opentelemetry() -> None:
    """Raises UsageError where the extra is not installed."""
    try:
        import scenarios.replay.live.otlp  # noqa: F401
    except ModuleNotFoundError as missing:
        raise UsageError(
            f"--otlp needs a package that is not installed ({missing.name}): python -m pip install"
            " 'surgeproof[otel]'"
        ) from missing


def exposition_of(
    rehearsal: Rehearsal, prediction: Prediction, observed: Observed, facts: RunFacts
) -> Exposition:
    plan = rehearsal.plan
    course = Course.of(prediction.launches, quantities_of(plan.layout))
    about = {"run": facts.run_id, "launch": facts.scenario, "variant": rehearsal.label}
    return Exposition(observed, prediction, course, plan.objectives, about)


@contextmanager
def pushed_to(url: str, exposition: Exposition, rehearsal: Rehearsal) -> Iterator[Hear]:
    """By a library that is an extra, and takes its time to be imported."""
    from scenarios.replay.live.otlp import Collector, pushed
    from scenarios.replay.live.spans import Told

    plan, replay = rehearsal.plan, rehearsal.scenario.words.replay
    assert replay is not None, "a plan for a rehearsal was made of it"
    asked = step_requests(rehearsal.sent.scenario)
    told = Told(
        run=exposition.about["run"],
        share=replay.traced,
        steps=tuple(
            str(request) if request else plan.system.stations[step.station].name
            for step, request in zip(plan.system.steps, asked, strict=True)
        ),
        journeys=tuple(plan.system.journeys[people.journey].name for people in plan.system.people),
        end_ns=plan.end_ns,
    )
    with pushed(Collector.at(url), exposition, told, tell) as hear:
        yield hear


def view_of(prediction: Prediction, observed: Observed) -> View:
    return View(curves=curves_of(prediction, observed.line_seen, observed.rate_seen))
