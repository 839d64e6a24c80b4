"""Small launches, made by hand, for tests of what is said about them."""

from collections.abc import Sequence

from simulator.outcomes.counts.fold import summarise
from simulator.outcomes.counts.places import Layout
from simulator.outcomes.counts.summary import Summary
from simulator.outcomes.instrument import Instrument
from simulator.outcomes.rows import UNKNOWN, Block, Fate, Outcomes, Provenance, Result
from simulator.plan.launches import Prediction
from simulator.system.objectives import JourneyObjective, LineObjective, Objectives

MS, S = 1_000_000, 1_000_000_000

OBJECTIVES = Objectives(
    journeys=(JourneyObjective(journey="signup", quantiles_ns=((0.95, 2 * S),), errors=0.1),),
    line=LineObjective(forgotten=0),
)

LAYOUT = Layout(good_within_ns=(2 * S,))


def folded(
    visits: Sequence[tuple[int, ...]],
    attempts: Sequence[tuple[int, ...]] = (),
    *,
    horizon_ns: int,
    end_ns: int | None = None,
    bin_ns: int = S,
    layout: Layout | None = None,
    provenance: Provenance = Provenance.PREDICTED,
) -> Summary:
    """Rows that are written down, summed up."""
    end_ns = horizon_ns if end_ns is None else end_ns
    blocks = [Block.of(visits, attempts)]
    outcomes = Outcomes(provenance=provenance, horizon_ns=horizon_ns, end_ns=end_ns, blocks=blocks)
    return summarise(outcomes, bin_ns=bin_ns, layout=layout or Layout())


def launch(
    served_s: Sequence[float] = (),
    *,
    refused: int = 0,
    timed_out: int = 0,
    failed: int = 0,
    reneged: int = 0,
    unsent: int = 0,
    balked: int = 0,
    lined: bool = True,
) -> Summary:
    """Some were served after so many seconds; each of the others failed at the first attempt."""
    visits: list[tuple[int, ...]] = []
    attempts: list[tuple[int, ...]] = []

    def visit(fate: Fate, let_in: int = 0, ended: int = UNKNOWN) -> int:
        joined = 0 if lined and fate not in (Fate.UNSENT, Fate.BALKED) else UNKNOWN
        visits.append((len(visits), 0, 0, joined, let_in, ended, fate))
        return len(visits) - 1

    for seconds in served_s:
        ns = round(seconds * S)
        attempts.append((visit(Fate.SERVED, 0, ns), 0, 0, 0, 0, ns, Result.SUCCESS))
    for number, result in (
        (refused, Result.TURNED_AWAY),
        (timed_out, Result.TIMED_OUT),
        (failed, Result.FAILED),
    ):
        attempts += [
            (visit(Fate.GAVE_UP, 0, S), 0, 0, 0, UNKNOWN, S, result) for _ in range(number)
        ]
    for _ in range(reneged):
        visit(Fate.RENEGED, UNKNOWN, S)
    for _ in range(unsent):
        visit(Fate.UNSENT, UNKNOWN)
    for _ in range(balked):
        visit(Fate.BALKED, UNKNOWN, 0)
    return folded(visits, attempts, horizon_ns=10 * S, end_ns=20 * S, layout=LAYOUT)


GOOD = launch([0.5] * 300)
BAD = launch([0.5] * 150, refused=150)
FEW = launch([0.5] * 150)


def prediction(*launches: tuple[int, Summary]) -> Prediction:
    """So many of each."""
    return Prediction(
        engine="compiled", launches=[summary for number, summary in launches for _ in range(number)]
    )


def instrument(**changes: object) -> Instrument:
    """One that did well with 300 visits."""
    facts: dict[str, object] = {
        "planned": 300, "started": 300, "unsent": 0, "unsent_reported": 0, "recorded": 300,
        "tardy": 0, "late": 0, "at_cap": 0, "lag_p99_ns": 4 * MS, "lag_max_ns": 9 * MS,
        "worst_bin": 0, "busiest_bin": 16, "busiest_second": 80, "bins": 100, "cpu_share_peak": 0.4,
        "cpu_share_sustained": 0.3, "loop_lag_max_ns": 3 * MS, "stalls": (), "ended": "complete",
        "beats": 10,
    }  # fmt: skip
    return Instrument(**(facts | changes))  # type: ignore[arg-type]
