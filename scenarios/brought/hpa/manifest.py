"""Finds HorizontalPodAutoscalers in manifests: one or several documents, lists, and all their versions.

Source: Kubernetes API reference, autoscaling/v1 and autoscaling/v2 (v2beta1 and v2beta2 are of servers
before 1.26).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from scenarios.brought.plain import Raw, entries, read_yaml, said_in, table, text
from scenarios.brought.sayable import clean
from simulator.errors import UsageError
from simulator.text.wording import one_line

KIND = "HorizontalPodAutoscaler"
WHAT = f"a {KIND}, in YAML or JSON"
VERSIONS = tuple(f"autoscaling/{each}" for each in ("v1", "v2", "v2beta2", "v2beta1"))
ANNOTATIONS = tuple(f"autoscaling.alpha.kubernetes.io/{each}" for each in ("metrics", "behavior"))
"""Where v1 keeps what it has no words for."""
LONGEST_NAME = 100
MOST_DEEP = 5
"""Lists in lists."""


@dataclass(frozen=True, slots=True)
class Manifest:
    """One autoscaler, as its manifest has it."""

    file: str
    name: str
    of: str
    """What it scales: the name of a deployment."""
    version: str
    spec: Raw
    annotated: bool = False
    """Whether annotations hold what its version cannot say."""

    @property
    def names(self) -> frozenset[str]:
        """What a station may be called that it is meant for."""
        return frozenset({self.name, self.of} - {""})


def manifests_in(raw: bytes, file: str) -> tuple[Manifest, ...]:
    """Every autoscaler in a file, at least one.

    Raises UsageError.
    """
    said = said_in(raw, file, WHAT, "give the autoscaler alone: kubectl get hpa NAME -o yaml")
    try:
        documents = read_yaml(said, file, WHAT)
    except UsageError:
        if "{{" in said:
            remedy = "render it first: helm template"
            raise UsageError(f"{file}: is a template and no manifest; {remedy}") from None
        raise
    objects = list(flat(documents))
    found = tuple(manifest_of(each, file) for each in objects if each.get("kind") == KIND)
    if not found:
        kinds = ", ".join(
            dict.fromkeys(named(each.get("kind")) for each in objects if text(each.get("kind")))
        )
        holds = f"holds {kinds}" if kinds else "holds no object of Kubernetes"
        raise UsageError(f"{file}: {holds}; {WHAT} is read: kubectl get hpa NAME -o yaml")
    return found


def flat(documents: Iterable[object], depth: int = 0) -> Iterator[Raw]:
    """The objects in documents, those of lists one by one."""
    for each in documents:
        node = table(each)
        if text(node.get("kind")).endswith("List") and depth < MOST_DEEP:
            yield from flat(entries(node.get("items")), depth + 1)
        elif node:
            yield node


def manifest_of(node: Raw, file: str) -> Manifest:
    """Raises UsageError where it is of a version that is not known."""
    version, spec = text(node.get("apiVersion")), table(node.get("spec"))
    metadata = table(node.get("metadata"))
    name, annotations = named(metadata.get("name")), table(metadata.get("annotations"))
    if version not in VERSIONS:
        raise UsageError(
            f"{file}: {name or KIND} is of {named(version) or 'no apiVersion'}; read are {', '.join(VERSIONS)}"
        )
    if not spec:
        raise UsageError(
            f"{file}: {name or KIND} has no spec: kubectl get hpa NAME -o yaml prints it whole"
        )
    of = named(table(spec.get("scaleTargetRef")).get("name"))
    annotated = any(key in annotations for key in ANNOTATIONS)
    return Manifest(file, name, of, version, spec, annotated)


def named(value: object) -> str:
    """A name of others, as it may stand in a sentence."""
    return one_line(clean(value))[:LONGEST_NAME]
