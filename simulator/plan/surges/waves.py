"""The arrivals of people who were invited in batches, and of those who were not."""

from __future__ import annotations

import numpy as np

from simulator.plan.surges.curve import GROWTH, NARROWEST_NS, Cumulative, edges_until
from simulator.scenario.words.surges.waves import Waves
from simulator.timetable import draws
from simulator.timetable.distribution import share_within
from simulator.units import NS_PER_S, Floats, Ints


def accepting(surge: Waves) -> Cumulative:
    """Who comes of those invited: ``N a F(min(t, e))`` of each batch, and more if invited again.

    ``N`` invited, ``a`` share that accepts, ``F`` law of the delay, ``t`` time since the invitation,
    ``e`` its expiry. Of the ``N (1 - a F(e))`` who did not come by ``w``, when a first invitation
    ends, a share ``b`` accepts the second: ``N (1 - a F(min(e, w))) b F(min(t - w, e))``.
    """
    return lambda s: sum((_of_batch(surge, at, many, s) for at, many in surge.invitations), 0.0 * s)


def _of_batch(surge: Waves, at_ns: int, invited: float, s: Floats) -> Floats:
    since_ns = s * NS_PER_S - at_ns
    expires_ns = np.inf if surge.expires_ns is None else float(surge.expires_ns)
    law, again = surge.after.duration, surge.again
    if again is None:
        return invited * surge.accepts * share_within(law, np.minimum(since_ns, expires_ns))
    ends_ns = min(expires_ns, float(again.after_ns))
    first = surge.accepts * share_within(law, np.minimum(since_ns, ends_ns))
    left = 1.0 - surge.accepts * share_within(law, np.array([ends_ns]))
    later = share_within(law, np.minimum(since_ns - again.after_ns, expires_ns))
    return invited * (first + left * again.accepts * later)


def uninvited(surge: Waves) -> Cumulative:
    """Who comes uninvited: ``N u F(t)`` of each batch, with ``u`` of them for each invited."""
    assert surge.uninvited is not None
    law, per_invited = surge.after.duration, surge.uninvited.per_invited

    def cumulative(s: Floats) -> Floats:
        batches = (
            many * per_invited * share_within(law, s * NS_PER_S - at)
            for at, many in surge.invitations
        )
        return sum(batches, 0.0 * s)

    return cumulative


def wave_edges(surge: Waves, horizon_ns: int) -> Ints:
    """Blocks that are narrow after each instant at which people begin to come."""
    law = surge.after.duration
    delay_ns = int(law.location) if law.law == draws.FIXED else 0
    sent = [at for at, _ in surge.invitations]
    again = [] if surge.again is None else [at + surge.again.after_ns for at in sent]
    fresh = [at + delay_ns for at in (*sent, *again)]
    ends = [] if surge.expires_ns is None else [at + surge.expires_ns for at in (*sent, *again)]
    narrowest_ns = NARROWEST_NS
    if law.law != draws.FIXED:
        narrowest_ns = max(NARROWEST_NS, int(GROWTH * law.mean_ns()))
    return edges_until(horizon_ns, ends, fresh, narrowest_ns)
