"""What of a ladder's services chance explains. Pure.

A short ladder has a few services at each rung, and their means differ for no reason. Of how services differ with how
many are in flight, only as much is taken for inflation as chance does not explain.

Source: DerSimonian and Laird 1986, the moments of a variance between groups.
"""

from __future__ import annotations

import math
from collections.abc import Callable

from scenarios.probe.ladder.estimate.sweeps import Sweeps, service
from scenarios.probe.ladder.rungs import Mean


def believed(
    sweeps: Sweeps, c: int, measured: tuple[tuple[int, Mean], ...], network_s: float
) -> tuple[tuple[float, ...], float]:
    """Inflation as far as chance does not explain it, and by what factor a service alone is another then.

    The capacity stays what was measured: the rungs below are moved towards what it says of a service, each by
    the share that chance has of the variance. What chance explains is unknown where batches do not tell how many
    answers they have; then all is believed.
    """
    logs = {k: math.log(mean.value) for k, mean in measured}
    last = max(logs)
    own = {k: chance_of(sweeps, c, k.__eq__, network_s) for k in logs}
    above = chance_of(sweeps, c, c.__lt__, network_s) or own[last]
    noise = {k: own[k] + above for k in logs if k < last}
    if not noise or not all(noise.values()):
        return tuple(mean.value for _, mean in measured), 1.0
    weights = {k: 1 / each for k, each in noise.items()}
    beyond = sum(weights[k] * (logs[k] - logs[last]) ** 2 for k in noise) - len(noise)
    real = max(0.0, beyond / sum(weights.values()))
    moved = {k: (logs[k] - logs[last]) * real / (real + noise[k]) for k in noise} | {last: 0.0}
    slower = tuple(math.exp(moved[k] - moved[1]) for k, _ in measured)
    return slower, math.exp(logs[last] + moved[1])


def chance_of(
    sweeps: Sweeps, c: int, which: Callable[[int], bool], network_s: float = 0.0
) -> float:
    """Variance of the logarithm of the mean service of some rungs, by the services' own spread; 0: not known."""
    batches = [batch for sweep in sweeps.values() for batch in sweep.values()]
    unqueued = [batch for batch in batches if batch.n <= c]
    squares = sum(b.many * (b.spread_s / service(b, network_s)) ** 2 for b in unqueued)
    many = sum(b.many for b in unqueued)
    told = sum(b.many for b in batches if which(b.n))
    return squares / many / told if many and told else 0.0
