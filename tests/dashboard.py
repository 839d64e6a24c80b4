"""The Grafana dashboard of a rehearsal, made by Grafana's own library: ``python -m tests.dashboard`` writes it."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from string import ascii_uppercase

from grafana_foundation_sdk.builders.common import VizLegendOptions
from grafana_foundation_sdk.builders.dashboard import Dashboard, DatasourceVariable, QueryVariable
from grafana_foundation_sdk.builders.prometheus import Dataquery
from grafana_foundation_sdk.builders.stat import Panel as Stat
from grafana_foundation_sdk.builders.timeseries import Panel as Timeseries
from grafana_foundation_sdk.cog.encoder import JSONEncoder
from grafana_foundation_sdk.models.dashboard import DataSourceRef, DynamicConfigValue, GridPos

FILE = Path(__file__).parents[1] / "deploy" / "grafana" / "surgeproof.json"
SOURCE = DataSourceRef(type_val="prometheus", uid="${datasource}")
HERE = 'instance="$instance"'
COLOURS = {
    "observed": "orange",
    "predicted": "blue",
    "predicted_low": "blue",
    "predicted_high": "blue",
}
P95, OBJECTIVE = ',p="95"', ',of="response",p="95"'
MOST = 12
FULL, HALF, TALL, LOW = 24, 12, 8, 4


def query(expression: str, legend: str) -> Dataquery:
    return Dataquery().expr(expression).legend_format(legend).datasource(SOURCE)


def by_source(name: str, more: str = "") -> str:
    return f"surgeproof_{name}{{{HERE}{more}}}"


def rate(name: str, more: str = "") -> str:
    return f"sum by (source) (rate({by_source(name, more)}[$__rate_interval]))"


def panel(
    title: str, says: str, unit: str, queries: Iterable[Dataquery], at: GridPos
) -> Timeseries:
    """What was observed as a line, over the band of what was predicted."""
    drawn = (
        Timeseries()
        .title(title)
        .description(says)
        .unit(unit)
        .min(0)
        .line_width(2)
        .datasource(SOURCE)
        .grid_pos(at)
        .legend(VizLegendOptions().show_legend(show_legend=True))
    )
    for name, each in zip(ascii_uppercase, queries):  # noqa: B905 - there are fewer queries than letters
        drawn = drawn.with_target(each.ref_id(name))
    for source, colour in COLOURS.items():
        drawn = drawn.override_by_name(source, [*looks(source, colour)])
    return drawn


def looks(source: str, colour: str) -> Iterable[DynamicConfigValue]:
    """How a series is drawn: the two ends of the band are no lines, and what lies between them is filled."""
    yield DynamicConfigValue(id_val="color", value={"mode": "fixed", "fixedColor": colour})
    if source == "observed":
        return
    if source == "predicted":
        yield DynamicConfigValue(id_val="custom.lineStyle", value={"fill": "dash", "dash": [4, 4]})
        yield DynamicConfigValue(id_val="custom.lineWidth", value=1)
        return
    yield DynamicConfigValue(id_val="custom.lineWidth", value=0)
    if source == "predicted_high":
        yield DynamicConfigValue(id_val="custom.fillBelowTo", value="predicted_low")
        yield DynamicConfigValue(id_val="custom.fillOpacity", value=20)


def stat(title: str, unit: str, expression: str, column: int) -> Stat:
    return (
        Stat()
        .title(title)
        .unit(unit)
        .datasource(SOURCE)
        .grid_pos(GridPos(h=LOW, w=FULL // 4, x=column * FULL // 4, y=0))
        .with_target(query(expression, title).ref_id("A"))
    )


def places() -> Iterable[GridPos]:
    """Two panels a row, below the figures."""
    for number in range(MOST):
        x, y = HALF * (number % 2), LOW + TALL * (number // 2)
        yield GridPos(h=TALL, w=HALF, x=x, y=y)


def panels() -> Iterable[Timeseries]:
    at = iter(places())
    every = "{{source}}"
    yield panel(
        "In line",
        "People who stand in the line.",
        "short",
        [query(by_source("visitors_in_line"), every)],
        next(at),
    )
    yield panel(
        "Served per second",
        "People who got what they came for.",
        "short",
        [query(rate("visitors_served_total"), every)],
        next(at),
    )
    yield panel(
        "Present",
        "People who have come and not gone, those in the line included.",
        "short",
        [query(by_source("visitors_present"), every)],
        next(at),
    )
    yield panel(
        "Arrivals per second",
        "Observed below predicted: the load generator does not keep up.",
        "short",
        [query(rate("visitors_arrived_total"), every)],
        next(at),
    )
    yield panel(
        "Attempts per second, not served",
        "Turned away, timed out or failed, by the instant of sending.",
        "short",
        [query(rate("attempts_total", ',result!="answered"'), every)],
        next(at),
    )
    yield panel(
        "Response p95, until now",
        "From being let in to the last byte; predicted: of the whole rehearsal. The red line is the objective.",
        "s",
        [
            query(f"max by (source) ({by_source('response_seconds', P95)})", every),
            query(f"min({by_source('objective_seconds', OBJECTIVE)})", "objective"),
        ],
        next(at),
    ).override_by_name(
        "objective",
        [DynamicConfigValue(id_val="color", value={"mode": "fixed", "fixedColor": "red"})],
    )
    yield panel(
        "Duration of requests, observed",
        "Of attempts that succeeded, over the last interval.",
        "s",
        [
            query(
                f"histogram_quantile({share}, sum by (le) (rate({by_source('request_seconds_bucket')}"
                "[$__rate_interval])))",
                f"p{100 * share:g}",
            )
            for share in (0.5, 0.95, 0.99)
        ],
        next(at),
    )
    yield panel(
        "The load generator's own core",
        "At 1 a worker has no more to give, and what it measures is its own delay.",
        "percentunit",
        [query(by_source("generator_cpu_share"), "worker {{worker}}")],
        next(at),
    )


def dashboard() -> str:
    """As JSON."""
    made = (
        Dashboard("surgeproof: predicted and observed")
        .uid("surgeproof-live")
        .description("A rehearsal while it goes on, over what was predicted of it.")
        .tags(["surgeproof"])
        .refresh("5s")
        .time("now-15m", "now")
        .timezone("browser")
        .with_variable(DatasourceVariable("datasource").label("Data source").type("prometheus"))
        .with_variable(
            QueryVariable("instance")
            .label("Rehearsal")
            .datasource(SOURCE)
            .query("label_values(surgeproof_clock_seconds, instance)")
        )
    )
    figures = (
        ("Open for", "s", f"surgeproof_clock_seconds{{{HERE}}}"),
        ("Came", "short", by_source("visitors_arrived_total", ',source="observed"')),
        ("Served", "short", by_source("visitors_served_total", ',source="observed"')),
        ("Could not be sent", "short", f"sum(surgeproof_visitors_unsent_total{{{HERE}}})"),
    )
    for column, (title, unit, expression) in enumerate(figures):
        made = made.with_panel(stat(title, unit, expression, column).id(1 + column))
    for number, each in enumerate(panels(), 1 + len(figures)):
        made = made.with_panel(each.id(number))
    return JSONEncoder(sort_keys=True, indent=2).encode(made.build()) + "\n"


if __name__ == "__main__":
    FILE.write_text(dashboard(), "utf-8")
