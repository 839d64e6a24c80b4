"""Who is served when several come at once: bursts tell first come, first served from sharing.

Of eight that come together, c servers that serve first come, first served finish the median near the
middle of the last one's time. Those who share c cores all finish near the end. Each burst gives two
ratios, of the first and of the median completion to the last; what they should be under each discipline
is simulated with the services' own mean and spread. Sending eight takes time as well, and as much of the last
one's as it is, the ratios may be off. So do closed loops of more people than servers, by how unlike their answers are
(:mod:`scenarios.probe.ladder.order.loops`): the likelihood of both together decides.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import mode

import numpy as np

from scenarios.probe.ladder.order.loops import Answers, Loop
from simulator.units import Floats

SIMULATED = 1000
MODEL_ERROR = 0.04
"""How far a real server's mean ratio lies beside any simple model's, beside what sending takes."""
DECIDES = math.log(20)
"""A discipline is told where it makes the bursts so many times as likely as the other."""
FEWEST = 4
MOST_CV = 2.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Discipline:
    """What the bursts say."""

    shares: bool
    """Whether those who are served share the cores; else first come, first served."""
    told: bool
    """Whether it is sure: else it is the likelier of two, or the cautious one."""
    at_once: int
    """How many are served at once; of sharing, at least so many where it is the size of a burst."""
    median_over_last: float
    odds: float
    """How many times as likely the bursts are under it as under the other."""


def discipline(
    bursts: Sequence[Sequence[float]],
    servers: int,
    cv: float,
    seed: int = 0,
    *,
    loops: Sequence[Loop] = (),
    sends_s: float = 0.0,
) -> Discipline | None:
    """What bursts of completion times (s since they were sent) say; None where they cannot say anything.

    ``servers`` are the cores, or the servers, that the ladder found; ``cv`` is the services' spread;
    ``sends_s`` what it takes the probe to send one more.
    """
    seen = [sorted(burst) for burst in bursts if len(burst) >= 2]
    # One that a refusal cut short is left out.
    size = mode(map(len, seen)) if seen else 0
    seen = [burst for burst in seen if len(burst) == size]
    if len(seen) < FEWEST or size <= servers + 1:
        return None
    ratios = ratios_of(np.array(seen))
    rng = np.random.default_rng(seed)
    work = works(rng, size, min(cv, MOST_CV))
    sending = size * sends_s / float(np.array(seen)[:, -1].mean())
    error = math.hypot(MODEL_ERROR, sending / 2)
    answers = Answers.of(loops, servers, min(cv, MOST_CV), seed)
    in_turn = score(ratios, first_come(work, servers), error) + answers.in_turn
    # With fewer slots sharing is so near to first come, first served that nobody waits differently.
    fewest = min(size, max(2 * servers, servers + 2))
    sharing = {
        slots: score(ratios, shared(work, servers, slots), error) + answers.shared(slots)
        for slots in range(fewest, size + 1)
    }
    slots = max(sharing, key=sharing.__getitem__)
    lead = sharing[slots] - in_turn
    told = abs(lead) >= DECIDES
    # Of two that fit, the likelier; by bursts alone that in which people wait longer: sharing, where services are alike.
    shares = lead > 0 if told or answers.loops else cv < 1
    return Discipline(
        shares=shares,
        told=told,
        at_once=slots if shares else servers,
        median_over_last=float(ratios[:, 1].mean()),
        odds=math.exp(min(50.0, abs(lead))),
    )


def ratios_of(completions: Floats) -> Floats:
    """Of the first completion, and of the median one, to the last; by burst, each in order."""
    last = np.maximum(completions[..., -1], 1e-9)
    return np.stack([completions[..., 0] / last, np.median(completions, axis=-1) / last], axis=-1)


def works(rng: np.random.Generator, size: int, cv: float) -> Floats:
    """Services of mean 1 for many bursts."""
    if cv < 0.01:
        return np.ones((SIMULATED, size))
    return rng.gamma(1 / cv**2, cv**2, (SIMULATED, size))


def first_come(work: Floats, servers: int) -> Floats:
    """Completions of each burst, in order, with so many servers."""
    free = np.zeros((len(work), servers))
    rows = np.arange(len(work))
    done = np.empty_like(work)
    for job in range(work.shape[1]):
        server = free.argmin(axis=1)
        free[rows, server] += work[:, job]
        done[:, job] = free[rows, server]
    return np.sort(done, axis=1)


def shared(work: Floats, cores: int, slots: int) -> Floats:
    """The same where up to ``slots`` at once share the cores, each of them one core at most."""
    left, now = work.copy(), np.zeros(len(work))
    done = np.zeros_like(work)
    rows = np.arange(len(work))
    for job in range(work.shape[1]):  # each round ends one job of each burst
        waiting = np.isfinite(left)
        running = waiting & (np.cumsum(waiting, axis=1) <= slots)
        pace = np.minimum(1.0, cores / running.sum(axis=1))
        least = np.where(running, left, np.inf)
        first, step = least.argmin(axis=1), least.min(axis=1)
        now = now + step / pace
        left = np.where(running, left - step[:, None], left)
        left[rows, first] = np.inf
        done[:, job] = now
    return done


def score(ratios: Floats, completions: Floats, error: float = MODEL_ERROR) -> float:
    """Log-likelihood of the bursts' mean ratios under what was simulated."""
    expected = ratios_of(completions)
    spread = np.cov(expected.T) / len(ratios) + error**2 * np.eye(2)
    off = ratios.mean(axis=0) - expected.mean(axis=0)
    return float(-0.5 * off @ np.linalg.solve(spread, off) - 0.5 * np.linalg.slogdet(spread)[1])


def in_words(found: Discipline | None) -> str:
    """How it was told, in a sentence."""
    if found is None:
        return "bursts could not tell who is served first"
    ratio = f"median completion of a burst over its last {found.median_over_last:.2f}"
    if not found.told:
        return (
            f"first come, first served cannot be told from sharing for sure ({ratio}; odds {found.odds:.1f}):"
            f" written is {'sharing' if found.shares else 'first come, first served'}"
        )
    kind = "shared" if found.shares else "first come, first served"
    return f"{kind} ({ratio}; odds {min(found.odds, 1e6):.0f} to 1)"
