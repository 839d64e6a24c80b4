"""Words of a station, with comments that say where they come from."""

from __future__ import annotations

from scenarios.probe.drift.in_words import deciles, factor_in_words, surety
from scenarios.probe.drift.posterior import Posterior
from scenarios.probe.ladder.estimate.estimate import Estimate
from scenarios.probe.ladder.limits import Limit
from simulator.text.wording import format_share


def surety_of(known: Posterior | None, found: Estimate) -> str:
    """How sure the service is while all servers are busy; alone in flight it is known less, and decides less."""
    if known is not None:
        return surety(known)
    capacity = found.capacity_per_s
    error = format_share(capacity.relative_error) if capacity.batches > 1 else ""
    return factor_in_words(
        deciles(capacity.relative_error, capacity.batches),
        f"Capacity ± {error} (standard error from batch means)",
    )


def inflation_of(found: Estimate) -> str:
    """How services slow one another down, beside what the rungs themselves say; empty where they say nothing of it."""
    factors = found.inflation
    if not factors and found.correction == 1:
        return ""
    written = f"inflation = [{', '.join(f'{each:g}' for each in factors)}]\n" if factors else ""
    return f"# {measured_inflation(found)}\n{written}"


def measured_inflation(found: Estimate) -> str:
    """In a sentence, with errors: also where chance may explain all of it."""
    errors = ", ".join(
        f"{k} at once {mean.value:.3f}{f' ± {mean.error:.3f}' if mean.batches > 1 else ''}"
        for k, mean in found.factors
        if k > 1
    )
    if not errors:
        return (
            f"By the rungs above, one server is busy with each for {found.correction:.3f} times as long as the"
            " service was alone."
        )
    said = f"Inflation: {errors} (standard error from batch means)."
    if found.correction == 1:
        return said
    return (
        f"{said} So much as chance does not explain is written, of a service alone of {found.correction:.3f} times what"
        " was seen."
    )


def quota_of(limit: Limit | None) -> str:
    """A limit, as a station that a step may call; empty where none of a rate was met."""
    if limit is None or limit.kind not in ("rate", "window"):
        return ""
    return (
        '\n# The limit, as a station that a step may call: calls = [{ at = "limit" }].\n'
        '# [[station]]\n# name = "limit"\n# kind = "quota"\n# waiting_room = 0\n'
        f'# service = {{ law = "fixed", mean = "0.001 ms" }}\n'
        f'# quota = {{ rate = "{limit.rate_per_s:.4g}/s", burst = {max(1, limit.burst)} }}\n'
    )
