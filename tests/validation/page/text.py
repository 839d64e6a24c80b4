"""docs/validation.md, from the kept rows alone."""

from __future__ import annotations

import statistics
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from tests.validation.page import beaten, named, plots, scores
from tests.validation.runs.kept import Row, counted, is_steady

CAUSES = ".causes.md"
HEAD = """\
# Do predictions come true on servers that nobody here wrote?

Each configuration below is real software, set up as its documentation says, on loopback. A run starts it, probes it once with
`surgeproof probe --ladder`, and then sends it one launch after the other with `surgeproof replay`, which writes down and seals what it
predicts before the first visitor is sent. Nothing is tuned between the two. Every run is in [{rows}]({rows}), this page is made of these lines
and of nothing else (`python -m tests.validation.table --page`) but the causes, which people found, and every run that failed is among them.

{counts}
"""
HOW = """\
## How it is counted

- **Error**: |predicted - observed| / observed. A configuration's error is the median over its runs; the table has the median over
  configurations, and the worst configuration.
- **Load**: a share of the capacity *that the probe found*, fixed before anything is sent.
- **Largest sustainable rate**: people served a second above the capacity, from when a line stands until the first who waited in vain
  would have been served.
- **Waiting**: the mean time of an answered request less the mean service. A wait is held against a tenth of a service where it is less.
- **Turned away and timed out**: of runs in which at least one in a hundred of those who came were, or should have been.
- **Lines** are let in by the server itself (sessions that end, or a rate that follows how many are in). At k times the capacity C the peak is
  (k - 1) C T: an error of the capacity counts 1 / (k - 1) times, so the bar of 3 times is doubled at 2, and so on.
- **Services as they were**: the same launch predicted again with the services that the replay showed. What error is left is the queue's.
- **Steady**: the yardstick (a fixed piece of processor work) took within 10 % of what it took at the probe, as far as the target's own processor
  time shows the same, since a piece is slowed by the load beside it, too. A run in which it did not is repeated, at most five times, and is not among the errors; how many there were stands above.
- **The rivals** get the same probe, the same arrivals, and the same words of the server's own configuration. M/M/c and USL know one
  rate in the long run; an exponential law gives USL its quantiles; *linear* multiplies one server's rate; the *fluid* knows time and no luck. They are
  compared figure by figure where both say something; what a rival does not say (the quantiles of M/M/c above its capacity) is counted.
- HAProxy's and nginx's limits, and how many workers stand behind nginx's, are told as their operator reads them in the configuration
  file: no gentle probe can see them.

## Do it again

    pip install -e '.[dev,validation]' && apt-get install haproxy nginx-light postgresql
    python -m tests.validation.table --quick         # one round of two loads: 35 minutes on two quiet cores
    python -m tests.validation.table --resume        # all of it: several hours; it can be stopped and resumed
"""


def page(
    rows: Sequence[Row], drawn: Sequence[tuple[str, str]], where: str, causes: str = ""
) -> str:
    """The whole text. ``drawn``: the plots that stand beside it; ``causes``: why bars are missed, as found by experiment."""
    runs = [row for row in rows if row["kind"] != "control"]
    last = counted(runs)
    good = scores.measured(last)
    parts = [HEAD.format(rows=where, counts=counts(runs, last, good))]
    if good:
        parts += ["## Errors\n", *errors(good)]
        parts += ["\n## Why bars are missed\n", causes.strip()] if causes else []
        parts += ["\n## Intervals\n", intervals(good)]
        parts += [
            "\n## Against others\n",
            *rivals(good),
            "\n## Where the error comes from\n",
            *sources(good),
        ]
        parts += ["\n## Each configuration\n", *configurations(good, last), ""]
        parts += [f"![{title}: predicted against observed]({name})\n" for name, title in drawn]
    controls = [row for row in rows if row["kind"] == "control"]
    if controls:
        parts += ["## What is hidden, and what it is called\n", *named.table(controls), ""]
    parts += ["## What failed\n", *failed(last), "", HOW]
    return "\n".join(parts)


def counts(rows: Sequence[Row], last: Sequence[Row], good: Sequence[Row]) -> str:
    """How many runs there are of what kind, and on what."""
    repeats = len(rows) - len(last)
    unsteady = sum(is_steady(row) is False for row in last)
    unseen = sum(is_steady(row) is None for row in last)
    lost = sum(row["outcome"] == "failed" for row in last)
    days = sorted({row["at"][:10] for row in rows})
    machines = sorted({row["machine"] for row in rows if row.get("machine")})
    return (
        f"{len(last)} runs of {len({row['configuration'] for row in last})} configurations: {len(good)} are among the errors,"
        f" {lost} failed, {unsteady} were on a machine that was not steady however often they were repeated"
        f" ({repeats} repeats), and of {unseen} nobody can say. {' and '.join(days[:1] + days[-1:][len(days) < 2 :])},"
        f" {'; '.join(machines) or 'an unknown machine'}."
    )


def errors(good: Sequence[Row]) -> Iterator[str]:
    yield "| error of | bar | as probed | worst | bar | services as they were | worst |"
    yield "|---|--:|--:|---|--:|--:|---|"
    for bar in scores.BARS:
        cells = [bar.name]
        for given, most in ((scores.PROBED, bar.probed), (scores.SERVICES, bar.services)):
            found = scores.score(good, bar, given)
            cells.append("–" if most is None else percent(most))
            if found is None:
                cells += ["not measured", ""]
            else:
                mark = "**" if most is not None and found.median <= most else ""
                cells += [
                    f"{mark}{percent(found.median)}{mark}",
                    f"{percent(found.worst)}, {found.worst_of}",
                ]
        yield line(cells)
    yield "\nBold: within its bar."


def intervals(good: Sequence[Row]) -> str:
    inside, total = scores.covered(good)
    if not total:
        return "No figure varied."
    share = percent(inside / total)
    found = f"{inside} of {total} observed figures ({share}) lie in their predicted middle 95 %"
    return f"{found}; the bar is 90 to 98 %. {came(good)}"


def came(good: Sequence[Row]) -> str:
    """What the reports themselves say of their predictions."""
    judged = Counter(row["prediction"]["outcome"] for row in good if row.get("prediction"))
    sealed = sum((row.get("sealed") or {}).get("intact") is True for row in good)
    if not judged:
        return "No report judged its prediction."
    said = ", ".join(f"{outcome} × {many}" for outcome, many in judged.most_common())
    kept = f"{sealed} of {len(good)} predictions were sealed before the first visitor"
    return f"The reports say: {said}. {kept}, and are unchanged."


def rivals(good: Sequence[Row]) -> Iterator[str]:
    yield "Median error of each over the same figures, and in how many configurations ours is smaller (the bar is 80 %).\n"
    yield "| rival | its error | ours | ours is smaller | figures that it does not say |"
    yield "|---|--:|--:|--:|--:|"
    for name, contest in beaten.contests(good).items():
        if contest:
            mine, theirs = (
                statistics.median(both[side] for both in contest.values()) for side in (0, 1)
            )
            share = beaten.better(contest) / len(contest)
            nothing, every = beaten.silent(good, beaten.RIVALS[name])
            smaller = f"{percent(share)} of {len(contest)} configurations"
            yield line([name, percent(theirs), percent(mine), smaller, f"{nothing} of {every}"])


def sources(good: Sequence[Row]) -> Iterator[str]:
    """The median error of the p50 and p95 as more and more is given: machine, services; the rest is the queue's."""
    yield "Median error of p50 and p95 of all runs at one rate, as more of what really happened is given to the same model:\n"
    yield "| given | error |"
    yield "|---|--:|"
    every = scores.quantiles(0, float("inf"))
    for given, words in (
        (scores.PROBED, "nothing: as probed"),
        (scores.MACHINE, "the machine's speed as it was"),
        (scores.SERVICES, "the services as they were; what is left is the queue's"),
    ):
        found = scores.medians(good, every, given)
        yield line([words, percent(statistics.median(found.values())) if found else "not measured"])


def configurations(good: Sequence[Row], last: Sequence[Row]) -> Iterator[str]:
    yield "| configuration | versions | servers, true | probed | runs | p50, p95 up to 0.7 | 0.7 to 0.9 | sustainable rate | in their 95 % |"
    yield "|---|---|--:|--:|--:|--:|--:|--:|--:|"
    bars = (scores.BARS[1], scores.BARS[2], scores.BARS[0])
    by_bar = [scores.medians(good, bar.error, scores.PROBED) for bar in bars]
    for name, mine in scores.by_configuration(good).items():
        inside, total = scores.covered(mine)
        configuration = beaten.KNOWN.get(name)
        probed = Counter(row["probe"]["at_once"] for row in mine).most_common(1)[0][0]
        runs = sum(row["configuration"] == name for row in last)
        yield line([
            name, mine[-1].get("versions", ""), str(configuration.servers) if configuration else "?",
            str(probed), f"{len(mine)} of {runs}",
            *(percent(found[name]) if name in found else "–" for found in by_bar),
            f"{inside} of {total}",
        ])  # fmt: skip


def failed(last: Iterable[Row]) -> Iterator[str]:
    """Every run that is not among the errors, and why."""
    lost = [
        (
            row["key"],
            row["failed"]
            if row["outcome"] == "failed"
            else f"the machine was not steady ({row['speed']:.2f})",
        )
        for row in last
        if row["outcome"] == "failed" or is_steady(row) is False
    ]
    if not lost:
        yield "Nothing."
        return
    yield "| run | why |"
    yield "|---|---|"
    for key, why in lost:
        yield line([key, why])


def line(cells: Iterable[str]) -> str:
    """A row of a table, whose cells end no cell."""
    return f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in cells)} |"


def percent(share: float) -> str:
    return f"{100 * share:.1f} %" if abs(share) < 0.1 else f"{100 * share:.0f} %"


def write(rows: Sequence[Row], where: Path, docs: Path) -> Path:
    """The page and its plots; the causes lie beside the rows, and are written anew with each round."""
    good = scores.measured(counted([row for row in rows if row["kind"] != "control"]))
    path = docs / "validation.md"
    beside = where.with_suffix(CAUSES)
    causes = beside.read_text("utf-8") if beside.exists() else ""
    path.write_text(page(rows, plots.draw(good, docs), where.name, causes), "utf-8")
    return path
