"""What an autoscaler's spec says, in the simulator's terms, and a sentence for all that these cannot say.

The simulator decides each ``every``, on busy servers over servers, and starts at once what the target asks
for. An HPA does the same each 15 s on the processor time that its pods use, of what they request. Two things
about it make it slower in a rise, and are said in the simulator's words:

- a pod that is not ready yet counts as one that uses nothing, so with all servers busy nothing more is asked
  for until the new ones work and have been measured: a ``cooldown`` of one boot and one period;
- where rises are stabilised it takes the lowest wish of that window, which in a rise is the wish of so long
  ago: a longer ``boot``.

Source: Kubernetes documentation, "Horizontal Pod Autoscaling" (the algorithm with its treatment of pods that
are not ready, tolerance, and the defaults of behavior) and the API reference of autoscaling/v2.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass

from scenarios.brought.hpa.manifest import Manifest
from scenarios.brought.hpa.metrics import cpu_target
from scenarios.brought.plain import Raw, entries, table, text
from simulator.errors import UsageError
from simulator.text.wording import format_duration, format_share
from simulator.units import NS_PER_S

EVERY_S = 15
"""The controller's --horizontal-pod-autoscaler-sync-period, unless whoever runs it says another."""
TOLERANCE = 0.1
"""And its --horizontal-pod-autoscaler-tolerance."""
DOWN_S = 300
"""The window in which falls are stabilised, unless the manifest says another."""
LONGEST_S = 3_600
"""No window is longer, in the API."""
MOST_PODS = 1_000_000
ANNOTATED = (
    "annotations hold metrics or behavior of a newer version, which are not read: give the output of"
    " kubectl get hpa.v2.autoscaling NAME -o yaml"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Scaler:
    """What can be said of it."""

    target: float
    floor: int
    ceiling: int
    boot_ns: int
    """How long after a decision a new pod works; of a rise that is stabilised, after the wish."""
    cooldown_ns: int
    """How long after an action it does not decide again."""
    grows: bool
    notes: tuple[str, ...]
    """What is not modelled, and which way that errs; a sentence each."""


def scaler_of(manifest: Manifest, boot_ns: int) -> Scaler:
    """``boot_ns`` is how long a new pod takes until it works.

    Raises UsageError where it says no CPU utilisation, or figures that no cluster would take.
    """
    spec, file = manifest.spec, manifest.file
    target, of_metrics = cpu_target(manifest)
    ceiling = whole(spec, "maxReplicas", file)
    floor = whole(spec, "minReplicas", file, default=1)
    if floor == 0:
        raise UsageError(
            f"{file}: minReplicas is 0, and the simulator has no pods that wake up; write 1"
        )
    if floor > ceiling:
        raise UsageError(f"{file}: minReplicas is {floor}, above maxReplicas, which is {ceiling}")
    up, down = (table(table(spec.get("behavior")).get(way)) for way in ("scaleUp", "scaleDown"))
    later_s = window_s(up, file, default=0)
    later_ns = boot_ns + later_s * NS_PER_S
    cooldown_ns = later_ns + EVERY_S * NS_PER_S
    return Scaler(
        target=target,
        floor=floor,
        ceiling=ceiling,
        boot_ns=later_ns,
        cooldown_ns=cooldown_ns,
        grows=text(up.get("selectPolicy")) != "Disabled",
        notes=(
            *of_metrics,
            *of_rises(up, later_s, target, cooldown_ns),
            *of_falls(down, window_s(down, file, default=DOWN_S)),
            *of_both(up, down),
            *((ANNOTATED,) if manifest.annotated else ()),
        ),
    )


def of_rises(up: Raw, later_s: int, target: float, cooldown_ns: int) -> Iterator[str]:
    """What of scaleUp is modelled otherwise, or not at all."""
    if text(up.get("selectPolicy")) == "Disabled":
        yield "scaleUp is Disabled: no pod is ever added"
        return
    yield (
        "a pod that is not ready counts as idle in the cluster, which so waits for it before it adds more; here"
        f" nothing is decided for {format_duration(cooldown_ns)} after an action, and what demand adds meanwhile"
        " is asked for that much later"
    )
    if later_s:
        yield (
            f"scaleUp is stabilised over {format_duration(later_s * NS_PER_S)}: a new pod is taken to come"
            " that much later, as it does while demand rises"
        )
    if binds(up, target, cooldown_ns / NS_PER_S):
        yield (
            f"scaleUp adds {limits_in_words(up)}: not modelled, and what the target asks for starts"
            " at once here, so the cluster may be slower than this"
        )


def of_falls(down: Raw, window_s: int) -> Iterator[str]:
    """What of scaleDown is not modelled."""
    if text(down.get("selectPolicy")) == "Disabled":
        yield "scaleDown is Disabled: not modelled, so the cluster may keep more pods than this"
        return
    slower = (
        [f"waits {format_duration(window_s * NS_PER_S)} (stabilizationWindowSeconds)"]
        if window_s
        else []
    )
    slower += ["has policies of its own"] if "policies" in down else []
    if slower:
        yield (
            f"scaleDown {' and '.join(slower)}: not modelled, and pods go here as soon as they are not"
            " needed, so the cluster may keep more of them than this"
        )


def of_both(up: Raw, down: Raw) -> Iterator[str]:
    said = [each["tolerance"] for each in (up, down) if "tolerance" in each]
    tolerance = "as the manifest says" if said else format_share(TOLERANCE)
    yield f"tolerance ({tolerance}): not modelled; within it of its target the cluster changes nothing"


def binds(up: Raw, target: float, between_s: float) -> bool:
    """Whether the policies may hold a rise back, of decisions with so long between them.

    All servers busy, each goes to 1 / target times as many pods. Of the default policies that is
    allowed from a target of 50 % on: they double the pods in 15 s.
    """
    if not entries(up.get("policies")):
        return 1.0 / target > 2.0
    fast = [is_fast(table(policy), target, between_s) for policy in entries(up.get("policies"))]
    return not (all(fast) if text(up.get("selectPolicy")) == "Min" else any(fast))


def is_fast(policy: Raw, target: float, between_s: float) -> bool:
    """Whether it allows whatever the simulator does; a number of pods is too few for many."""
    value, period_s = policy.get("value"), policy.get("periodSeconds")
    if text(policy.get("type")) != "Percent" or not (is_whole(value) and is_whole(period_s)):
        return False
    steps = max(1.0, float(str(period_s)) / between_s)
    return 1.0 + float(str(value)) / 100.0 >= math.pow(1.0 / target, steps)


def limits_in_words(up: Raw) -> str:
    """At most so many in so long."""
    if not entries(up.get("policies")):
        return "at most 100 % or 4 pods in 15 s"
    least = text(up.get("selectPolicy")) == "Min"
    said = [
        f"{value} {unit} in {period_s} s"
        for policy in map(table, entries(up.get("policies")))
        for value, period_s in [(policy.get("value"), policy.get("periodSeconds"))]
        for unit in [
            "%" if text(policy.get("type")) == "Percent" else "pod" if value == 1 else "pods"
        ]
        if is_whole(value) and is_whole(period_s)
    ]
    return f"at most {(' and ' if least else ' or ').join(said) or 'what its policies allow'}"


def window_s(way: Raw, file: str, default: int) -> int:
    found = whole(way, "stabilizationWindowSeconds", file, default=default)
    if found > LONGEST_S:
        raise UsageError(f"{file}: stabilizationWindowSeconds is {found}, and at most {LONGEST_S}")
    return found


def whole(node: Raw, key: str, file: str, default: int | None = None) -> int:
    """A whole number that is not negative.

    Raises UsageError where it is none, or lacks without a default.
    """
    value = node.get(key)
    value = default if value is None else value
    if value is None:
        raise UsageError(f"{file}: {key} is missing")
    if not is_whole(value) or not 0 <= int(str(value)) <= MOST_PODS:
        raise UsageError(f"{file}: {key} is no whole number of at most {MOST_PODS:,}")
    return int(str(value))


def is_whole(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)
