"""The formulas give the values that were computed elsewhere, from other code.

A parameter of a family is an exact number, so 1e-12 leaves room for nothing but rounding.
"""

import pytest

from tests.statistical.oracles import certainty, crowds, lines, networks, one_server, pools, retries

EXACT = 1e-12


def close(*values: float) -> object:
    return pytest.approx(values, rel=EXACT)


def test_erlang_b() -> None:
    lost = pools.erlang_b(5, 3)
    assert (lost, 3 * (1 - lost)) == close(0.11005434782608696, 2.6698369565217392)


def test_erlang_c() -> None:
    mmc = pools.Mmc(8, 1, 10)
    assert mmc.utilisation == 0.8
    assert (mmc.p_wait, mmc.waiting_time_s, mmc.time_in_system_s, mmc.waiting) == close(
        0.40918015079644354, 0.20459007539822177, 1.2045900753982217, 1.6367206031857742
    )
    assert mmc.wait_quantile_s(0.95) == pytest.approx(1.0510662600663683, rel=EXACT)
    assert tuple(mmc.time_quantile_s(share) for share in (0.5, 0.95, 0.99)) == close(
        0.9121446106069777, 3.328274678560123, 4.946111327611454
    )


def test_mmck() -> None:
    mmck = pools.Mmck(12, 1, 10, 20)
    assert (mmck.p_turned_away, mmck.goodput_per_s, mmck.utilisation) == close(
        0.17966591566870033, 9.844009011975595, 0.9844009011975596
    )
    assert (mmck.present, mmck.waiting, mmck.time_in_system_s, mmck.waiting_time_s) == close(
        16.104497935101946, 6.260488923126349, 1.6359694424812325, 0.6359694424812325
    )


def test_inflating() -> None:
    # d = 1, 4/3, 4/3: the shares are as 1, 1, 3/4, 9/16, in all 53/16.
    small = pools.Inflating(1, 1, 2, (1.0, 1.5), places=3)
    assert tuple(small.shares) == close(16 / 53, 16 / 53, 12 / 53, 9 / 53)
    assert (small.p_turned_away, small.p_wait, small.present) == close(9 / 53, 12 / 53, 67 / 53)
    assert (small.served, small.waiting, small.waiting_time_s) == close(58 / 53, 9 / 53, 9 / 44)


def test_inflating_without_inflation() -> None:
    mmc, mmck = pools.Mmc(8, 1, 10), pools.Mmck(12, 1, 10, 20)
    open_ended = pools.Inflating(8, 1, 10, (1.0,))
    assert (open_ended.p_wait, open_ended.waiting_time_s, open_ended.present) == close(
        mmc.p_wait, mmc.waiting_time_s, mmc.present
    )
    bounded = pools.Inflating(12, 1, 10, (1.0, 1.0), places=20)
    assert tuple(bounded.shares) == close(*mmck.shares)
    # Many jobs on m cores are as many present as jobs of m servers.
    shared = pools.Inflating(3, 1, 200, (1.0,), cores=4)
    assert shared.present == pytest.approx(pools.Mmc(3, 1, 4).present, rel=EXACT)


def test_erlang_a() -> None:
    line = pools.ErlangA(10, 1, 10, 0.5)
    assert (line.p_wait, line.p_renege, line.waiting, line.waiting_time_s) == close(
        0.6196552308840775, 0.10391321232630818, 2.078264246526164, 0.20782642465261636
    )
    assert (line.goodput_per_s, line.utilisation) == close(8.960867876736918, 0.8960867876736918)


def test_mg1() -> None:
    md1 = one_server.Mg1(0.8, one_server.moments_fixed(1))
    assert (md1.utilisation, md1.waiting_time_s, md1.time_in_system_s) == close(0.8, 2.0, 3.0)
    assert (md1.waiting, md1.sd_of_wait_s) == close(1.6, 2.309401076758503)


def test_moments_of_service_times() -> None:
    exponential = (2.0, 8.0, 48.0)
    assert one_server.moments_gamma(2, cv=1) == close(*exponential)
    assert one_server.moments_hyperexponential(2, cv=1) == close(*exponential)
    for moments in (one_server.moments_gamma, one_server.moments_hyperexponential):
        mean, second, _ = moments(2, cv=1.5)
        assert (mean, second / mean**2) == close(2.0, 1 + 1.5**2)
    mean, second, third = one_server.moments_lognormal(2, cv=1.5)
    # (E[S^2] / E[S]^2)^3 = E[S^3] / E[S]^3: exp(sigma^2) three times over.
    assert (mean, second / mean**2, third / mean**3) == close(2.0, 3.25, 3.25**3)


def test_md1_quantiles() -> None:
    assert one_server.md1_p_waits_within(0.5, 1, 0) == 0.5
    assert tuple(one_server.md1_wait_quantile_s(0.5, 1, share) for share in (0.95, 0.99)) == close(
        2.050638407302648, 3.336255957002204
    )


def test_dm1() -> None:
    dm1 = one_server.Dm1(0.5, 1)
    assert (dm1.p_wait, dm1.waiting_time_s, dm1.wait_quantile_s(0.95)) == close(
        0.20318786997997995, 0.2550009749159753, 1.7596469238975099
    )


def test_servers_without_end() -> None:
    decay = crowds.DecayWithoutEnd(100, 60, 1)
    assert (decay.peak_s, decay.present(decay.peak_s), decay.present(60)) == close(
        4.163740232768238, 93.29574632498999, 37.411468593706
    )
    fixed = crowds.DecayFixedService(100, 60, 1)
    assert (fixed.peak_s, fixed.present(fixed.peak_s), fixed.present(60)) == close(
        1.0, 99.17127707029506, 37.09622058384191
    )
    wave = crowds.Wave(100, 0.5, 0.2617993877991494, 1)
    assert (wave.lag_s, wave.present(wave.peak_s), wave.present(wave.depth_s)) == close(
        0.9780495368354237, 148.3698601550576, 51.6301398449424
    )
    assert (wave.present(wave.peak_s) + wave.present(wave.depth_s)) / 2 == pytest.approx(100.0)


def test_processor_sharing() -> None:
    shared = one_server.Mg1Ps(0.5, 1)
    assert (shared.time_in_system_s, shared.time_given_work_s(2), shared.sd_of_time_s) == close(
        2.0, 4.0, 2.581988897471611
    )
    assert (shared.present, shared.p_at_least(10)) == close(1.0, 0.0009765625)
    capped = pools.Mmc(3, 1, 4)
    assert (capped.utilisation, capped.time_in_system_s, capped.p_wait, capped.present) == close(
        0.75, 1.509433962264151, 0.5094339622641509, 4.528301886792453
    )


def test_jackson() -> None:
    routes = [[0.0, 1.0, 0.0], [0.0, 0.0, 0.8], [0.1, 0.0, 0.0]]
    stations = networks.jackson([30, 0, 0], routes, [10, 20, 30], [4, 2, 1])
    assert tuple(station.arrival_rate for station in stations) == close(
        32.608695652173914, 32.608695652173914, 26.08695652173913
    )
    assert tuple(station.utilisation for station in stations) == close(
        0.8152173913043478, 0.8152173913043478, 0.8695652173913043
    )
    present = [station.present for station in stations]
    assert (*present, sum(present), sum(present) / 30) == close(
        6.014224553370176,
        4.8608665022895385,
        6.666666666666667,
        17.54175772232638,
        0.5847252574108793,
    )


def test_closed() -> None:
    closed = networks.ClosedMmc(50, 5, 1, 10)
    assert (closed.throughput_per_s, closed.response_s, closed.utilisation, closed.knee) == close(
        8.165758428412152, 1.123129950309171, 0.8165758428412153, 60.0
    )


def test_lindley() -> None:
    waits = one_server.kiefer_wolfowitz(
        gaps=[1, 1, 1, 1, 1, 5, 0, 0, 0, 2], services=[2, 0.5, 3, 1, 1, 2, 2, 2, 1, 1], servers=1
    )
    assert waits == [0.0, 1.0, 0.5, 2.5, 2.5, 0.0, 2.0, 4.0, 6.0, 5.0]
    assert (sum(waits) / len(waits), max(waits), sum(waits)) == (2.35, 6.0, 23.5)


def test_fluid_lines() -> None:
    decay = lines.ExponentialDecay(100, 60, 20)
    assert (decay.peak_s, decay.line(decay.peak_s), decay.clears_s) == close(
        96.56627474604602, 2868.6745050790796, 297.9068539046566
    )
    assert (decay.longest_wait_s, decay.total) == close(143.43372525395398, 6000.0)
    power = lines.PowerDecay(100, 60, 20)
    assert (power.peak_s, power.longest, power.clears_s, power.longest_wait_s) == close(
        74.16407864998739, 1833.4368540005048, 240.0, 91.67184270002524
    )
    assert power.line(power.peak_s) == pytest.approx(power.longest, rel=EXACT)
    rush = lines.Parabola(1, 10, 50)
    assert (rush.peak_s, rush.line(rush.peak_s), rush.clears_s) == close(10.0, 500 / 3, 15.0)
    assert (rush.total_wait_s, rush.longest_wait_s) == close(1406.25, 3.333333333333333)
    shuffled = lines.Shuffled(10_000, 20, 50)
    assert (shuffled.clears_s, shuffled.mean_wait_s, shuffled.wait_quantile_s(0.95)) == close(
        333.3333333333333, 100.0, 190.0
    )
    pulse = lines.Pulse(100, 60, 0.01, 120)
    assert (pulse.longest, pulse.clears_after_s, pulse.served, pulse.lost) == close(
        2795.2231523511914, 38.244928127758456, 9494.695687665506, 2505.304312334494
    )


def test_a_fluid_line_clears_where_its_formula_is_zero() -> None:
    for line in (
        lines.ExponentialDecay(100, 60, 20),
        lines.PowerDecay(100, 60, 20),
        lines.Parabola(1, 10, 50),
    ):
        # In persons, beside thousands.
        assert line.line(line.clears_s) == pytest.approx(0, abs=1e-9)


def test_retries() -> None:
    collapse = retries.Metastable(30, 100, 3, 1, 1000)
    assert (collapse.vulnerable_from, collapse.recovers_s) == close(33.333333333333336, 90.0)
    assert not collapse.collapses
    assert retries.Metastable(36, 100, 3, 1, 1000).collapses
    assert retries.attempts_per_visit(0.1, 3) == pytest.approx(1.111, rel=EXACT)


def test_many_servers() -> None:
    assert pools.halfin_whitt(0.5) == pytest.approx(0.504538640997945, rel=EXACT)


@pytest.mark.parametrize(("servers", "p_wait", "waiting_time", "p95"), [
    (1, 0.9, 9.0, 29.95732273553991),
    (10, 0.668731524107697, 0.668731524107697, 4.36086656778033),
    (100, 0.2169404809063664, 0.021694048090636638, 3.019550843674113),
    (1000, 0.0005926699663787812, 5.926699663787812e-06, 2.9957382601013887),
])  # fmt: skip
def test_pooling(servers: int, p_wait: float, waiting_time: float, p95: float) -> None:
    pooled = pools.Mmc(0.9 * servers, 1, servers)
    found = (pooled.p_wait, pooled.waiting_time_s, pooled.time_quantile_s(0.95))
    assert found == close(p_wait, waiting_time, p95)


@pytest.mark.parametrize(
    ("load", "servers"), [(1, 3), (10, 14), (100, 111), (1000, 1034), (10_000, 10_107)]
)
def test_staffing_for_one_in_five_to_wait(load: int, servers: int) -> None:
    assert pools.servers_needed(load, 0.2) == servers


def test_launches_to_certify() -> None:
    found = [certainty.launches_to_certify(failures) for failures in range(11)]
    assert found == [59, 93, 124, 153, 181, 208, 234, 260, 286, 311, 336]


@pytest.mark.parametrize(
    ("holds", "launches"),
    [(0.96, 3871), (0.97, 900), (0.98, 361), (0.99, 181), (0.995, 124), (0.999, 59)],
)
def test_launches_for_power(holds: float, launches: int) -> None:
    assert certainty.launches_for_power(holds, 0.9) == launches


def test_the_band_of_a_thousand_seeds() -> None:
    assert certainty.band(1000, 0.95, 0.99) == (931, 967)
    found = [certainty.p_between(930, 970, 1000, share) for share in (0.95, 0.92, 0.90)]
    # Differences of distribution functions: absolute, as they are of numbers near one.
    expected = [1 - 0.003049497827823851, 0.13313522680600354, 0.0005744958408380185]
    assert found == pytest.approx(expected, abs=1e-9)


@pytest.mark.parametrize(("sample", "share", "low", "high", "sure"), [
    (100, 0.5, 40, 60, 0.9539559330706572),
    (100, 0.95, 90, 99, 0.9514463806051602),
    (200, 0.95, 183, 196, 0.9614637562599905),
    (1000, 0.95, 937, 964, 0.9504167703041977),
    (1000, 0.99, 983, 996, 0.9574810182709868),
    (300, 0.99, 290, 300, 0.950694262223382),
    (500, 0.99, 491, 500, 0.9623274103090973),
])  # fmt: skip
def test_ranks(sample: int, share: float, low: int, high: int, sure: float) -> None:
    *found, found_sure = certainty.ranks(sample, share)
    assert found == [low, high]
    assert found_sure == pytest.approx(sure, rel=1e-9)


def test_fewest_launches_for_a_quantile() -> None:
    shares = (0.9, 0.95, 0.99)
    assert [certainty.fewest_for_both_sides(share) for share in (0.5, *shares)] == [6, 29, 59, 299]
    assert [certainty.fewest_for_an_upper_bound(share) for share in shares] == [29, 59, 299]
