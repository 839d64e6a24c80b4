"""What a report says and draws of the machine."""

import json
import math
from dataclasses import replace

import numpy as np

from reports.charts.drawing import spec_of
from reports.charts.machine import MOST_PIECES, cores_chart, speed_chart, thinned
from reports.files.machine_record import machine_record
from reports.page.drawn import figures_of
from reports.page.machine_table import machine_line, machine_rows, window_means
from reports.page.page import page_text
from reports.run.report.report import Report
from simulator.outcomes.machine import Baseline, Machine, Strain
from simulator.units import frozen_ints

S = 1_000_000_000
SECOND = Strain(
    at_ns=S, for_ns=S, cores=2, busy=1.5, steal=0.0, target_cpu=0.75, target_wait=0.25
)  # fmt: skip
TENTHS = S // 10 * np.arange(1, 101)
SLOWS = Machine(
    at_ns=frozen_ints(TENTHS),
    cpu_ns=frozen_ints(np.where(TENTHS < 5 * S, 3_000_000, 6_000_000)),
    wall_ns=frozen_ints(np.full(100, 7_000_000)),
    strain=(SECOND, replace(SECOND, at_ns=2 * S, target_wait=0.75)),
    probed=Baseline(piece_ns=3e6, sd_ns=1e5, machine="here"),
    here="here",
)
NOBODY_LOOKED = Machine(at_ns=frozen_ints([]), cpu_ns=frozen_ints([]), wall_ns=frozen_ints([]))


def test_a_machine_that_slows_down_is_told_window_by_window() -> None:
    # 49 of 100 pieces lie in the first five seconds; the last one alone begins a window, and is too few.
    assert window_means(SLOWS).tolist() == [3e6, 6e6]
    line = machine_line(SLOWS)
    assert "means of 5 s from 3 ms to 6 ms" in line.replace("3.00", "3").replace("6.00", "6")
    assert "1.51 times" in line  # (49 x 3 + 51 x 6) / 100 / 3
    assert "1.50 of 2 cores were busy" in line


def test_another_machine_is_not_compared() -> None:
    elsewhere = replace(SLOWS, here="there")
    assert "another machine, or on other cores of it: not comparable" in machine_line(elsewhere)
    assert "times" not in machine_line(elsewhere)
    assert "no yardstick" in machine_line(replace(SLOWS, probed=None))


def test_nothing_is_said_or_drawn_of_what_nobody_looked_at(report: Report) -> None:
    assert machine_line(NOBODY_LOOKED) == ""
    assert machine_rows(report.variants[0]) == []
    assert speed_chart(NOBODY_LOOKED, S) is None
    assert cores_chart(NOBODY_LOOKED, S) is None


def test_the_page_draws_it_on_the_axis_of_the_line(report: Report) -> None:
    first = replace(report.variants[0], machine=SLOWS)
    looked = replace(report, variants=(first, *report.variants[1:]))
    titles = [drawn.title for drawn in figures_of(looked)]
    assert titles.index("Served per second") < titles.index("The machine's speed")
    assert "Cores of the machine" in titles
    assert "<h2>The machine</h2>" in page_text(looked)


def test_an_axis_ends_where_the_rehearsal_ends() -> None:
    chart = speed_chart(SLOWS, 24 * S)
    assert chart is not None
    (first, *_) = spec_of(chart)["layer"]
    assert first["encoding"]["x"]["scale"]["domain"] == [0, 24]


def test_many_pieces_are_drawn_as_means() -> None:
    many = 2 * MOST_PIECES
    machine = replace(
        NOBODY_LOOKED,
        at_ns=frozen_ints(S * np.arange(many)),
        cpu_ns=frozen_ints(1_000_000 * (1 + np.arange(many) % 2)),
    )
    at_s, took_ms = thinned(machine)
    assert len(at_s) == MOST_PIECES
    assert at_s[:2].tolist() == [0.5, 2.5]
    assert set(took_ms.tolist()) == {1.5}


def test_json_knows_no_nan() -> None:
    told = machine_record(SLOWS)
    assert json.loads(json.dumps(told, allow_nan=False)) == told
    assert math.isnan(SLOWS.strain[0].pressure)
    assert told["strain"]["pressure"] == [None, None]
    assert told["strain"]["target_wait"] == [0.25, 0.75]
    assert told["pieces"]["cpu_ms"][:1] == [3.0]
