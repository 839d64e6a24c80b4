"""The instrument's own figures, as rows of a table."""

from __future__ import annotations

from reports.run.report.report import VariantReport
from reports.sentences import words
from simulator.outcomes.figures.times import quantile_of
from simulator.outcomes.instrument import Instrument


def instrument_rows(variant: VariantReport) -> list[tuple[str, str]]:
    """What was planned and sent, and how late; empty without a replay."""
    instrument, observed = variant.instrument, variant.observed
    if instrument is None or observed is None:
        return []
    median = quantile_of(lambda summary: summary.lag, 0.5)(observed)
    return [
        ("planned", f"{instrument.planned:,}"),
        ("started", f"{instrument.started:,}"),
        ("unsent", f"{instrument.unsent:,}"),
        ("start lag p50", words.figure(median.value, "s")),
        ("start lag p99", _ns(instrument.lag_p99_ns)),
        ("longest start lag", _ns(instrument.lag_max_ns)),
        (
            "mistimed starts in the worst 100 ms",
            f"{instrument.worst_bin:,} of {instrument.busiest_bin:,}",
        ),
        ("generator CPU, busiest second", f"{words.percent(instrument.cpu_share_peak)} of a core"),
        ("event loop lag, at most", _ns(instrument.loop_lag_max_ns)),
        ("end of the replay", instrument.ended or "not recorded"),
        *worker_rows(instrument),
    ]


def worker_rows(instrument: Instrument) -> list[tuple[str, str]]:
    """What each worker sent, and by what clock, where a master led them."""
    if not instrument.is_led:
        return []
    return [
        (
            each.name,
            each.lost
            or f"{each.started or 0:,} of {each.planned:,}, clock known to {_ns(each.bound_ns)}",
        )
        for each in instrument.workers
    ]


def instrument_line(instrument: Instrument) -> str:
    """Whether the plan was really sent, in one line."""
    return (
        f"generator: {instrument.planned:,} planned = {instrument.started:,} started"
        f" + {instrument.unsent:,} unsent; start lag p99 {_ns(instrument.lag_p99_ns)},"
        f" at most {_ns(instrument.lag_max_ns)}"
    )


def _ns(value: int | None) -> str:
    return words.NOTHING if value is None else words.figure(value / 1e9, "s")
