"""By what an autoscaler scales: the CPU utilisation that it aims at, and what else it looks at."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from scenarios.brought.hpa.manifest import Manifest, named
from scenarios.brought.plain import Raw, entries, table, text
from simulator.errors import UsageError

DEFAULT = 0.8
"""Where a manifest names no metric."""
BY_TYPE = {
    "Resource": "resource",
    "ContainerResource": "containerResource",
    "Pods": "pods",
    "Object": "object",
    "External": "external",
}
MEANS_REQUESTS = (
    "utilisation is of the CPU that pods request, and taken for busy servers over servers: the two are one"
    " where a pod whose servers are all busy uses what it requests"
)


@dataclass(frozen=True, slots=True)
class Metric:
    """One of the things that it looks at."""

    type: str
    name: str
    utilisation: object
    """The average that it aims at, in per cent; None: it aims at something else."""

    @property
    def is_cpu(self) -> bool:
        return self.name == "cpu" and self.type in ("Resource", "ContainerResource")

    def __str__(self) -> str:
        return f"{self.name or 'a metric'} ({self.type or 'of no type'})"


def cpu_target(manifest: Manifest) -> tuple[float, tuple[str, ...]]:
    """The CPU utilisation that it aims at, as a share, and what is to be said of its metrics.

    Raises UsageError where it aims at none that a station can have.
    """
    spec, file = manifest.spec, manifest.file
    if manifest.version == "autoscaling/v1":
        value = spec.get("targetCPUUtilizationPercentage")
        return told_target(value, file, others=())
    metrics = [metric_of(each) for each in map(table, entries(spec.get("metrics")))]
    if not metrics:
        return told_target(None, file, others=())
    known = [each for each in metrics if each.is_cpu and each.utilisation is not None]
    if not known:
        said = ", ".join(map(str, metrics))
        raise UsageError(
            f"{file}: it scales by {said}, of which the simulator knows nothing; it reads the"
            " averageUtilization of cpu, or write station.NAME.autoscaler yourself"
        )
    # Of the pods themselves before that of one container.
    chosen = min(known, key=lambda each: each.type != "Resource")
    return told_target(chosen.utilisation, file, [each for each in metrics if each is not chosen])


def told_target(
    value: object, file: str, others: Sequence[Metric]
) -> tuple[float, tuple[str, ...]]:
    """Raises UsageError where the target is none."""
    if value is None:
        return DEFAULT, ("it names no metric, which means 80 % of CPU", MEANS_REQUESTS)
    if not isinstance(value, int) or isinstance(value, bool) or value < 1:
        raise UsageError(f"{file}: the target of cpu is no whole number of per cent above 0")
    if value > 100:
        raise UsageError(
            f"{file}: it aims at {value} % of the CPU that pods request, and of servers at most 100 % are"
            " busy: write station.NAME.autoscaler yourself, with the share of busy servers at that load"
        )
    return value / 100.0, (*of_others(others), MEANS_REQUESTS)


def of_others(others: Sequence[Metric]) -> Iterator[str]:
    """What it looks at besides: the cluster takes the largest of what all of them ask for."""
    if others:
        said = ", ".join(map(str, others))
        yield f"it scales by {said} as well: not modelled, so the cluster may have more pods than this"


def metric_of(node: Raw) -> Metric:
    """A metric in the words of v2, v2beta2 or v2beta1."""
    kind = text(node.get("type"))
    said = table(node.get(BY_TYPE.get(kind, "")))
    name = said.get("name") or table(said.get("metric")).get("name") or said.get("metricName")
    target = table(said.get("target"))
    utilisation = target.get("averageUtilization", said.get("targetAverageUtilization"))
    return Metric(named(kind), named(name), utilisation)
