"""What theory says of simple systems: the formulas, and values computed elsewhere to check them.

All rates are a second, all durations seconds.
"""

from __future__ import annotations

import math
from typing import NamedTuple

from scipy import optimize, special


class Delay(NamedTuple):
    """A queue with an unbounded waiting room."""

    p_wait: float
    waiting_time_s: float


class Loss(NamedTuple):
    """A queue that turns some away."""

    p_turned_away: float
    waiting_time_s: float
    """Of those who were not."""


class Abandonment(NamedTuple):
    """A queue that some leave."""

    p_wait: float
    p_renege: float
    line: float
    """How many stand in it, on average."""


def erlang_b(servers: int, offered_load_erlangs: float) -> float:
    """Share lost by ``servers`` without a waiting room: B(n) = a B(n-1) / (n + a B(n-1))."""
    lost = 1.0
    for n in range(1, servers + 1):
        lost = offered_load_erlangs * lost / (n + offered_load_erlangs * lost)
    return lost


def mmc(arrival_rate: float, service_rate: float, servers: int) -> Delay:
    """M/M/c: C = c B / (c - a (1 - B)), mean wait C / (c mu - lambda).

    Source: Gross et al., "Fundamentals of queueing theory", 2.3.
    """
    load = arrival_rate / service_rate
    lost = erlang_b(servers, load)
    p_wait = servers * lost / (servers - load * (1 - lost))
    return Delay(p_wait, p_wait / (servers * service_rate - arrival_rate))


def mmck(arrival_rate: float, service_rate: float, servers: int, places: int) -> Loss:
    """M/M/c/K: p_n in proportion to the product of lambda / (min(n, c) mu), n up to K."""
    weights = [1.0]
    for n in range(1, places + 1):
        weights.append(weights[-1] * arrival_rate / (min(n, servers) * service_rate))
    shares = [weight / sum(weights) for weight in weights]
    waiting = sum((n - servers) * share for n, share in enumerate(shares) if n > servers)
    return Loss(shares[-1], waiting / (arrival_rate * (1 - shares[-1])))


def md1_waiting_time_s(arrival_rate: float, service_s: float) -> float:
    """M/D/1, by Pollaczek and Khinchine: lambda E[S^2] / (2 (1 - rho))."""
    return arrival_rate * service_s**2 / (2 * (1 - arrival_rate * service_s))


def dm1(arrival_rate: float, service_rate: float) -> Delay:
    """D/M/1: sigma = exp(-(1 - sigma) mu / lambda), mean wait sigma / (mu (1 - sigma))."""
    sigma = optimize.brentq(
        lambda s: s - math.exp(-(1 - s) * service_rate / arrival_rate), 0.0, 0.999999, xtol=1e-15
    )
    return Delay(sigma, sigma / (service_rate * (1 - sigma)))


def erlang_a(
    arrival_rate: float, service_rate: float, servers: int, patience_rate: float
) -> Abandonment:
    """M/M/c+M, who waits leaves at the rate theta; x = c mu / theta, y = lambda / theta.

    Source: Garnett, Mandelbaum and Reiman 2002, "Designing a call center with impatient customers".
    """
    x, y = servers * service_rate / patience_rate, arrival_rate / patience_rate
    grown = x * math.exp(y - x * math.log(y)) * special.gammainc(x, y) * special.gamma(x)
    lost = erlang_b(servers, arrival_rate / service_rate)
    p_wait = grown * lost / (1 + (grown - 1) * lost)
    rho = arrival_rate / (servers * service_rate)
    p_renege = p_wait * (1 / (rho * grown) + 1 - 1 / rho)
    return Abandonment(p_wait, p_renege, p_renege * arrival_rate / patience_rate)


def fluid_peak(first_rate: float, decay_s: float, capacity: float) -> tuple[float, float]:
    """When the line of a decaying surge is longest, and how long: lambda(t) = C at the peak."""
    ratio = first_rate / capacity
    peak_s = decay_s * math.log(ratio)
    return peak_s, decay_s * (first_rate - capacity) - capacity * peak_s


def fluid_pulse(arrival_rate: float, capacity: float, patience_rate: float, for_s: float) -> float:
    """The line after a steady surge that some leave: (lambda - C) (1 - e^(-theta T)) / theta."""
    return (arrival_rate - capacity) * -math.expm1(-patience_rate * for_s) / patience_rate


# Computed independently, and checked there against a simulation with a plain heap.
MMC_8_1_10 = Delay(0.40918015079644354, 0.20459007539822177)
MMCK_12_1_10_20 = Loss(0.17966591566870033, 0.6359694424812325)
MD1_08_1 = 2.0
DM1_05_1 = Delay(0.20318786997997995, 0.2550009749159753)
ERLANG_A_10_1_10_05 = Abandonment(0.6196552308840775, 0.10391321232630818, 2.078264246526164)
FLUID_100_60_20 = (96.56627474604602, 2868.6745050790796)
PULSE_100_60_001_120 = 2795.2231523511914
