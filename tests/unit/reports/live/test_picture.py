"""What is drawn of a rehearsal while it goes on."""

from rich.console import Console

from reports.charts.series import Band, band, line_of, served_of
from reports.live.picture import PREDICTED, SEEN, Track, cells, headline, picture
from reports.live.view import View, curves_of, room
from reports.terminal.chart import BLANK, SHADE, Canvas
from simulator.units import frozen_floats
from tests.examples import examples
from tests.launches.summaries import launch, prediction

RISING = Band(
    at_s=frozen_floats([0.0, 10.0]),
    low=frozen_floats([0.0, 50.0]),
    mean=frozen_floats([0.0, 75.0]),
    high=frozen_floats([0.0, 100.0]),
)


def drawn(track: Track, *, columns: int = 20, rows: int = 8) -> list[str]:
    return picture(track, columns=columns, rows=rows).plain.splitlines()


def test_the_first_line_says_both_for_the_same_instant() -> None:
    track = Track(name="in line", band=RISING, seen=[(2.0, 12.0), (4.0, 33.0)])
    assert headline(track).plain == "in line observed 33  predicted 30 (20 to 40)"


def test_before_anything_is_seen_the_prediction_stands_alone() -> None:
    track = Track(name="served", unit="/s", band=RISING)
    assert headline(track).plain == "served observed 0/s  predicted 0/s (0 to 0)"
    assert not any(style == SEEN for _, _, style in picture(track, columns=20, rows=8).spans[3:])


def test_the_band_is_shaded_where_it_is_and_nowhere_else() -> None:
    _, *chart, _, _ = drawn(Track(name="", band=RISING))
    canvas = Canvas(columns=20, rows=8, x_max=10.0, y_max=105.0)
    for row, line in enumerate(chart):
        for column, character in enumerate(line.partition("┤")[2]):
            at_s, value = canvas.centre(column, row)
            within = 5 * at_s <= value <= 10 * at_s
            assert (character == SHADE) <= within
            assert within <= (character == SHADE or ord(character) > BLANK)


def test_what_is_seen_is_drawn_over_what_was_predicted() -> None:
    alike = [(0.0, 0.0), (5.0, 37.5)]
    text = picture(Track(name="", band=RISING, seen=alike), columns=20, rows=8)
    columns = {
        style: len([1 for span in text.spans if span.style == style]) for style in (SEEN, PREDICTED)
    }
    assert columns[SEEN] > 8
    assert columns[PREDICTED] > 8
    plain = text.plain
    for span in text.spans:
        if span.style == SEEN and span.end - span.start == 1:
            assert ord(plain[span.start]) > BLANK


def test_a_line_above_the_prediction_is_still_within_the_chart() -> None:
    track = Track(name="", band=RISING, seen=[(1.0, 10.0), (2.0, 400.0)])
    assert track.top > 400.0
    assert drawn(track)[1].lstrip().startswith("400 ┤")


def test_dots_of_one_character_are_put_together() -> None:
    assert cells([(0, 0), (1, 3), (2, 0)]) == {(0, 0): 0x01 | 0x80, (0, 1): 0x01}


@examples("height, shown",
    ("tall", 50, (2, 12)),
    ("usual", 24, (2, 6)),
    ("low", 12, (1, 6)),
    ("a strip", 8, (0, 4)),
)  # fmt: skip
def test_a_terminal_shows_what_it_has_room_for(height: int, shown: tuple[int, int]) -> None:
    assert room(2, height) == shown


@examples("height, columns", ("tall", 50, 100), ("usual", 24, 80), ("small", 12, 40))
def test_the_view_keeps_within_the_terminal(height: int, columns: int) -> None:
    console = Console(width=columns, height=height, force_terminal=True, file=None)
    view = View(curves=curves_of(prediction((39, launch([0.5] * 90))), lambda: [(1.0, 5.0)], list))
    lines = console.render_lines(view, console.options, pad=False)
    assert 0 < len(lines) <= height - 1
    assert all(sum(segment.cell_length for segment in line) <= columns for line in lines)


def test_where_there_is_no_line_none_is_drawn() -> None:
    lined = curves_of(prediction((3, launch([0.5]))), list, list)
    open_ = curves_of(prediction((3, launch([0.5], lined=False))), list, list)
    assert [[curve.name for curve in curves] for curves in (lined, open_)] == [
        ["in line", "served"],
        ["served"],
    ]


def test_curves_are_those_of_the_page() -> None:
    launches = prediction((39, launch([0.5] * 90))).launches
    line, rate = curves_of(prediction((39, launches[0])), list, list)
    for curve, read in ((line, line_of(1)), (rate, served_of(1))):
        same = band(launches, read, 1)
        assert curve.band.mean.tolist() == same.mean.tolist()
        assert curve.band.at_s.tolist() == same.at_s.tolist()
