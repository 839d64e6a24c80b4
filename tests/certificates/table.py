"""Two hundred certificates, and how many of them are true.

``python -m tests.certificates.table`` writes docs/certificates.md.
"""

import argparse
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import joblib

from tests.certificates import small
from tests.certificates.issued import ASKED, OTHERS, Issued, OneSeed, of_seed
from tests.statistical.coverage import machine

CERTIFICATES = 200
AT_LEAST_TRUE = 185
"""Of 200; if one in 20 were false there would be fewer once in 23 times."""
SEEDS_AT_MOST = 2 * CERTIFICATES
PAGE = Path(__file__).parents[2] / "docs" / "certificates.md"
BORDERLINE = 4.0
"""Nearer than so many standard errors to the share asked for, a candidate is played more often."""
MORE = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Truth:
    """How often a candidate holds."""

    holds: int
    launches: int

    @property
    def share(self) -> float:
        return self.holds / self.launches

    @property
    def error(self) -> float:
        """The standard error of the share."""
        return float((self.share * (1.0 - self.share) / self.launches) ** 0.5)

    @property
    def enough(self) -> bool:
        """Whether a certificate of it is true."""
        return self.share >= ASKED.share


Truths = dict[int, Truth]


def seeds_of(certificates: int) -> list[OneSeed]:
    """Seeds from 1 on, until so many certificates were given."""
    found: list[OneSeed] = []
    while sum(each.surgeproof.servers is not None for each in found) < certificates:
        missing = certificates - sum(each.surgeproof.servers is not None for each in found)
        seeds = range(len(found) + 1, len(found) + 1 + missing)
        assert seeds.stop <= SEEDS_AT_MOST, "hardly a search gives a certificate"
        found += joblib.Parallel(n_jobs=-1)(joblib.delayed(of_seed)(seed) for seed in seeds)
    return found


def truths_of(sizes: Iterable[int]) -> Truths:
    """Each size held against launches that no certificate has seen; near the border against more."""
    some = sorted(set(sizes))
    held = small.held_in(some, range(small.LAUNCHES))
    found = {each: Truth(holds=held[each], launches=small.LAUNCHES) for each in some}
    near = [
        servers
        for servers, truth in found.items()
        if abs(truth.share - ASKED.share) < BORDERLINE * truth.error
    ]
    more = small.held_in(near, range(small.LAUNCHES, MORE * small.LAUNCHES))
    return found | {
        each: Truth(holds=held[each] + more[each], launches=MORE * small.LAUNCHES) for each in near
    }


Whose = Callable[[OneSeed], Issued | None]
OURS = "`surgeproof size`"
WHOSE: dict[str, Whose] = {
    OURS: lambda each: each.surgeproof,
    "its confirmations, after a careless search": lambda each: (
        each.others.confirmed if each.others else None
    ),
    "wrong: the share of fresh launches": lambda each: each.others.point if each.others else None,
    "wrong: the share of the search's own launches": lambda each: (
        each.others.own if each.others else None
    ),
}


def sizes(seeds: list[OneSeed], whose: Whose) -> Counter[int]:
    """How many certificates each size got."""
    return Counter(
        servers
        for each in seeds
        if (found := whose(each)) and (servers := found.servers) is not None
    )


def true_ones(seeds: list[OneSeed], whose: Whose, truths: Truths) -> tuple[int, int]:
    """How many certificates are true, of how many."""
    found = sizes(seeds, whose)
    return sum(many for servers, many in found.items() if truths[servers].enough), found.total()


def all_sizes(seeds: list[OneSeed]) -> range:
    """Every size that anybody certified, and those between."""
    found = [servers for whose in WHOSE.values() for servers in sizes(seeds, whose)]
    return range(min(found), max(found) + 1)


TEXT = """\
# Are certificates true?

`surgeproof size` says "with 95 % confidence at least 95 % of launches meet every objective". Here that was said {given} times about a small
launch ([launch.toml](../tests/certificates/launch.toml): some 400 people in two minutes, their number uncertain), each time on other luck.
Each size was then held against {launches:,} launches that no search and no certificate had seen (where it lies within {borderline:.0f} standard errors of 95 %,
against {more:,}). **{true} of the {given} certificates are true** (at least {least_true} are asked for).

What is true of a certificate is true of its size: that a launch with so many servers holds is one probability, whoever certified it. So
certificates of one size share their fresh launches, whose seed is nobody's; {distinct} sizes were certified. The standard error of a share of 95 % is 0.2 % from
10,000 launches.

| who certifies | true | of |
|---|---:|---:|
{rows}

The promise is that of all searches at most 5 % end with a certificate that is false; {searches} searches gave these {given} ({power:.0%}). The second row has the same
confirmations begin where a careless search stops: at the fewest servers with which 95 % of its own 181 launches held, and one more after each
refusal. There truth is nearest to the border, and the confirmations have to hold by themselves. The last two rows are what they are for: who takes the
share of 181 launches for the truth is wrong this often, and more often on the very launches that he searched with. (These three were asked for the first {others} seeds.)

| servers | fresh launches that hold | true | {heads} |
|---:|---:|---|{rules}
{sizes}

By brute force {brute} servers are the fewest that hold in 95 % of launches. The certified sizes lie above, from {least} to {most} (median {median}): what
holds in just 95 % cannot be certified by 181 launches; what holds in 99 % is, with a probability of {asked_power:.0%}.

<details><summary>All {given} certificates</summary>

| seed | servers | confirmation | fresh launches that hold | true |
|---:|---:|---:|---:|---|
{all}

</details>

`python -m tests.certificates.table` writes this page; `pytest -m slow tests/certificates` counts again.
Written on {day:%Y-%m-%d} with the compiled engine in {minutes:.0f} minutes of a busy machine: {machine}.
"""


def page(seeds: list[OneSeed], truths: Truths, wall_s: float) -> str:
    ours = sizes(seeds, WHOSE[OURS])
    true, given = true_ones(seeds, WHOSE[OURS], truths)
    rows = [
        "| {} | {} | {} |".format(name, *true_ones(seeds, whose, truths))
        for name, whose in WHOSE.items()
    ]
    by_size = [
        f"| {servers} | {told(truth)} | {yes(truth.enough)} | "
        + " | ".join(str(sizes(seeds, whose)[servers] or "") for whose in WHOSE.values())
        + " |"
        for servers, truth in truths.items()
    ]
    every = [
        f"| {each.seed} | {each.servers} | {each.number} | {truths[each.servers].share:.2%} |"
        f" {yes(truths[each.servers].enough)} |"
        for one in seeds
        if (each := one.surgeproof).servers is not None
    ]
    in_order = sorted(ours.elements())
    return TEXT.format(
        given=given, true=true, least_true=AT_LEAST_TRUE, launches=small.LAUNCHES, more=MORE * small.LAUNCHES,
        borderline=BORDERLINE, distinct=len(ours), rows="\n".join(rows), searches=len(seeds), others=min(OTHERS, len(seeds)),
        power=given / len(seeds), heads=" | ".join(WHOSE), rules="---:|" * len(WHOSE),
        sizes="\n".join(by_size), brute=brute_force(truths), least=in_order[0], most=in_order[-1],
        median=in_order[len(in_order) // 2], asked_power=ASKED.power, all="\n".join(every),
        day=datetime.now(UTC), minutes=wall_s / 60, machine=machine(),
    )  # fmt: skip


def brute_force(truths: Truths) -> int:
    """The fewest that truly hold; one fewer was tried and does not."""
    fewest = min(servers for servers, truth in truths.items() if truth.enough)
    assert not truths[fewest - 1].enough
    return fewest


def told(truth: Truth) -> str:
    return f"{truth.holds:,} of {truth.launches:,} ({truth.share:.2%})"


def yes(true: bool) -> str:
    return "yes" if true else "**no**"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument(
        "--certificates", type=int, default=CERTIFICATES, help="fewer: a trial, which is printed"
    )
    certificates = parser.parse_args().certificates
    began_s = time.perf_counter()
    seeds = seeds_of(certificates)
    truths = truths_of(all_sizes(seeds))
    text = page(seeds, truths, time.perf_counter() - began_s)
    if certificates == CERTIFICATES:
        PAGE.write_text(text, "utf-8")
    else:
        sys.stdout.write(text)


if __name__ == "__main__":
    main()
