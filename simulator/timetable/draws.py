"""Luck: every random draw of a launch, as a pure function of its name.

A draw is named by (seed, launch, role, visitor, step, attempt). Changing the capacity never
changes anybody's luck, nothing depends on the order of asking, and nothing has to be remembered.

The functions are plain Python over integers and ``math``. The compiled engine compiles these very
functions, and both give the same bits: integers are masked to 64 bits and written with signed
constants, so that Python's unbounded integers and a machine's wrapping ones agree; every right
shift is masked, so that an arithmetic shift equals a logical one; ``math.log``, ``math.exp`` and
``math.sqrt`` agree bit for bit where numpy's do not.

Source: Steele, Lea and Flood 2014, "Fast splittable pseudorandom number generators" (splitmix64).
"""

from __future__ import annotations

import math
from typing import Any

from simulator.units import FOREVER

MASK = 0xFFFFFFFFFFFFFFFF
INCREMENT = 0x9E3779B97F4A7C15 - (1 << 64)
MULTIPLIER_1 = 0xBF58476D1CE4E5B9 - (1 << 64)
MULTIPLIER_2 = 0x94D049BB133111EB - (1 << 64)
LOW_34 = (1 << 34) - 1
LOW_37 = (1 << 37) - 1
LOW_33 = (1 << 33) - 1
LOW_52 = (1 << 52) - 1
LOW_20 = (1 << 20) - 1
TWO_TO_52, TWO_TO_MINUS_52 = 2.0**52, 2.0**-52
STREAM_OF_BITS = 0x5851F42D4C957F2D
"""Sets the draws that a draw's own bits name apart from all others."""

BLOCK_SHIFT, COMPONENT_SHIFT = 32, 52
"""A visitor's number is ``component << 52 | block << 32 | index``."""


# Roles: what a draw is for. :mod:`simulator.engine.rules` says which step and attempt name each.
COUNT, ARRIVAL, SERVICE, PATIENCE, BACKOFF = 1, 2, 3, 4, 5
BALKING, SILENCE, SHOWING_UP, ANSWER, LOTTERY, RELEASED, REFRESH, REFERRAL = range(6, 14)
HONOUR, THINK, HOLD, BALANCE, RUN, REPAIR, VOLUME = range(14, 21)
ROLES = 21
"""So many are luck of visitors and machines, for which engines keep keys."""
WORLD = 21
"""What nobody knows of a launch's system (:mod:`simulator.system.uncertain`); no engine asks for it."""

# Laws: what a duration is like.
NEVER, FIXED, EXPONENTIAL, LOGNORMAL, GAMMA, WEIBULL, HYPEREXPONENTIAL, EMPIRICAL = range(8)


def mix(z: int) -> int:
    """The finaliser of splitmix64: 64 bits in, 64 well-stirred bits out."""
    z = ((z ^ ((z >> 30) & LOW_34)) * MULTIPLIER_1) & MASK
    z = ((z ^ ((z >> 27) & LOW_37)) * MULTIPLIER_2) & MASK
    return z ^ ((z >> 31) & LOW_33)


def uniform(key: int, index: int) -> float:
    """The draw number ``index`` of the stream ``key``: strictly between 0 and 1, 52 bits."""
    z = mix((key + index * INCREMENT) & MASK)
    return (((z >> 12) & LOW_52) + 0.5) * TWO_TO_MINUS_52


def stream(seed: int, launch: int, role: int) -> int:
    """The key of all draws of one role in one launch."""
    key = mix((seed + INCREMENT) & MASK)
    key = mix((key + (launch + 1) * INCREMENT) & MASK)
    return mix((key + role * INCREMENT) & MASK)


def substream(key: int, step: int, attempt: int) -> int:
    """The key of one step and attempt within a role; the visitor is the index into it."""
    key = mix((key + (step + 1) * INCREMENT) & MASK)
    return mix((key + (attempt + 1) * INCREMENT) & MASK)


def exponential(u: float) -> float:
    """Inverse of the exponential law with mean 1."""
    return -math.log(u)


def octic(
    r: float, a: float, b: float, c: float, d: float, e: float, f: float, g: float, h: float
) -> float:
    """The polynomial ``a r^7 + b r^6 + ... + h`` by Horner's rule."""
    return ((((((a * r + b) * r + c) * r + d) * r + e) * r + f) * r + g) * r + h


def normal(u: float) -> float:
    """Inverse of the standard normal law, to about 1e-16 relative.

    Source: Wichura 1988, "Algorithm AS 241", PPND16.
    """
    q = u - 0.5
    # fmt: off
    if -0.425 <= q <= 0.425:
        r = 0.180625 - q * q
        return q * octic(
            r, 2509.0809287301226727, 33430.575583588128105, 67265.770927008700853,
            45921.953931549871457, 13731.693765509461125, 1971.5909503065514427,
            133.14166789178437745, 3.387132872796366608,
        ) / octic(
            r, 5226.495278852545925, 28729.085735721942674, 39307.89580009271061,
            21213.794301586595867, 5394.1960214247511077, 687.1870074920579083,
            42.313330701600911252, 1.0,
        )
    r = math.sqrt(-math.log(u if q < 0.0 else 1.0 - u))
    if r <= 5.0:
        r -= 1.6
        x = octic(
            r, 7.7454501427834140764e-4, 0.0227238449892691845833, 0.24178072517745061177,
            1.27045825245236838258, 3.64784832476320460504, 5.7694972214606914055,
            4.6303378461565452959, 1.42343711074968357734,
        ) / octic(
            r, 1.05075007164441684324e-9, 5.475938084995344946e-4, 0.0151986665636164571966,
            0.14810397642748007459, 0.68976733498510000455, 1.6763848301838038494,
            2.05319162663775882187, 1.0,
        )
    else:
        r -= 5.0
        x = octic(
            r, 2.01033439929228813265e-7, 2.71155556874348757815e-5, 0.0012426609473880784386,
            0.026532189526576123093, 0.29656057182850489123, 1.7848265399172913358,
            5.4637849111641143699, 6.6579046435011037772,
        ) / octic(
            r, 2.04426310338993978564e-15, 1.4215117583164458887e-7, 1.8463183175100546818e-5,
            7.868691311456132591e-4, 0.0148753612908506148525, 0.13692988092273580531,
            0.59983220655588793769, 1.0,
        )
    # fmt: on
    return -x if q < 0.0 else x


def gamma(shape: float, u: float) -> float:
    """A gamma variate of scale 1, named by the uniform draw ``u``.

    The bits of ``u`` are the key of a stream of further draws, of which the first accepted one
    counts. A shape below 1 takes one of shape + 1, times a uniform to the power 1 / shape.

    Source: Marsaglia and Tsang 2000, "A simple method for generating gamma variables".
    """
    key = mix((int(u * TWO_TO_52) + STREAM_OF_BITS) & MASK)
    boosted = shape if shape >= 1.0 else shape + 1.0
    d = boosted - 1.0 / 3.0
    c = 1.0 / math.sqrt(9.0 * d)
    index = 1
    while True:
        z = normal(uniform(key, index))
        v = 1.0 + c * z
        if v > 0.0:
            v = v * v * v
            if math.log(uniform(key, index + 1)) < 0.5 * z * z + d - d * v + d * math.log(v):
                break
        index += 2
    if shape >= 1.0:
        return d * v
    return d * v * math.exp(math.log(uniform(key, 0)) / shape)


def weibull(inverse_shape: float, u: float) -> float:
    """Inverse of the Weibull law of scale 1."""
    return math.exp(inverse_shape * math.log(-math.log(u)))


def hyperexponential(p: float, u: float) -> float:
    """Inverse of each branch of the balanced hyperexponential law of mean 1, side by side.

    Below ``p`` it is exponential of mean ``1 / 2p``, above of mean ``1 / 2(1 - p)``.
    """
    if u < p:
        return exponential(u / p) / (2.0 * p)
    return exponential((u - p) / (1.0 - p)) / (2.0 * (1.0 - p))


def between_knots(knots: Any, first: int, last: int, u: float) -> float:
    """The quantile ``u`` of the knots in ``knots[first:last]``, linear between them.

    They are shares and values in turn, the shares from 0 to 1 and rising.
    """
    i = first
    while i + 4 < last and knots[i + 2] <= u:
        i += 2
    share = (u - knots[i]) / (knots[i + 2] - knots[i])
    return float(knots[i + 1] + share * (knots[i + 3] - knots[i + 1]))


def duration_ns(
    law: int, location: float, scale: float, knots: Any, first: int, last: int, u: float
) -> int:
    """A duration of the given law at the draw ``u``, rounded to whole nanoseconds.

    FIXED: ``location``. EXPONENTIAL: mean ``location``. LOGNORMAL: ``exp(location + scale z)``.
    GAMMA: scale ``location``, shape ``scale``. WEIBULL: scale ``location``, shape ``1 / scale``.
    HYPEREXPONENTIAL: mean ``location``, share of the quicker branch ``scale``. EMPIRICAL: the
    quantiles in ``knots[first:last]``. NEVER: forever. All in nanoseconds (``location`` of a
    LOGNORMAL in their logarithm).
    """
    if law == NEVER:
        return FOREVER
    if law == FIXED:
        value = location
    elif law == EXPONENTIAL:
        value = location * exponential(u)
    elif law == LOGNORMAL:
        value = math.exp(location + scale * normal(u))
    elif law == GAMMA:
        value = location * gamma(scale, u)
    elif law == WEIBULL:
        value = location * weibull(scale, u)
    elif law == HYPEREXPONENTIAL:
        value = location * hyperexponential(scale, u)
    else:
        value = between_knots(knots, first, last, u)
    if value >= FOREVER:
        return FOREVER
    return int(value + 0.5)


def position_in_block(share: float, tilt: float) -> float:
    """Where in a block of time (0 to 1) the given share of its arrivals has come.

    The rate within the block is linear: density ``1 + tilt (2x - 1)``, with ``|tilt| <= 1``.
    The stable root of the quadratic; a square root is exact in IEEE arithmetic, so engines agree.
    """
    if tilt == 0.0:
        return share
    rise = 1.0 - tilt
    return 2.0 * share / (rise + math.sqrt(rise * rise + 4.0 * tilt * share))


def arrivals_in_block(
    key: int, count: int, start_ns: int, width_ns: int, tilt: float, out: Any, offset: int
) -> None:
    """Write the sorted arrival instants of one block of time into ``out[offset:offset+count]``.

    Given their number, the arrivals of a Poisson process are independent draws from its rate. Their
    order statistics are partial sums of ``count + 1`` exponential gaps over the whole sum, so
    nothing has to be sorted.

    Source: Devroye 1986, "Non-uniform random variate generation", V.2.1.
    """
    whole = exponential(uniform(key, count))
    for i in range(count):
        whole += exponential(uniform(key, i))
    so_far = 0.0
    for i in range(count):
        so_far += exponential(uniform(key, i))
        share = so_far / whole
        instant = int(position_in_block(share, tilt) * width_ns)
        out[offset + i] = start_ns + min(instant, width_ns - 1)


def arrivals_in_blocks(
    key: int, first_visitor: Any, count: Any, start_ns: Any, width_ns: Any, tilt: Any, out: Any
) -> None:
    """Write the arrival instants of several blocks into ``out``, one block after the other.

    ``key`` is of all arrivals of the launch; a block's own is named by where its visitors start.
    """
    offset = 0
    for b in range(len(count)):
        visitor, many = int(first_visitor[b]), int(count[b])
        block_key = substream(key, visitor >> COMPONENT_SHIFT, (visitor >> BLOCK_SHIFT) & LOW_20)
        arrivals_in_block(
            block_key, many, int(start_ns[b]), int(width_ns[b]), float(tilt[b]), out, offset
        )
        offset += many


COMPILED = (
    mix,
    uniform,
    stream,
    substream,
    exponential,
    octic,
    normal,
    gamma,
    weibull,
    hyperexponential,
    between_knots,
    duration_ns,
    position_in_block,
    arrivals_in_block,
    arrivals_in_blocks,
)
"""What the compiled engine compiles, in the order of need."""
