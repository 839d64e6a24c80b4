"""The dashboard that comes along: of series that there are, and as Grafana's own library writes it."""

from __future__ import annotations

import json
import re
import shutil
import signal
import subprocess
import time
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from scenarios.replay.live.exposition import Exposition
from scenarios.replay.live.serving import served
from tests.hanging import HUNG_S
from tests.launches.summaries import launch
from tests.loopback import free_port
from tests.unit.scenarios.replay.live.test_exposition import exposition, rows, told
from tests.unit.scenarios.replay.live.test_observed import BEAT, S

pytest.importorskip("grafana_foundation_sdk")
FILE = Path(__file__).parents[5] / "deploy" / "grafana" / "surgeproof.json"
SERIES = re.compile(r"surgeproof_\w+")


def full() -> Exposition:
    """Everything is told."""
    page = exposition((60, launch([0.5] * 2000)))
    page.observed.hear_rows(rows(2000, S // 2))
    page.observed.hear_beat(BEAT)
    return page


def expressions() -> list[str]:
    panels: list[dict[str, Any]] = json.loads(FILE.read_text())["panels"]
    return [target["expr"] for panel in panels for target in panel["targets"]]


def test_the_file_is_what_is_made_and_grafanas_library_reads_it_without_loss() -> None:
    from grafana_foundation_sdk.cog.encoder import JSONEncoder
    from grafana_foundation_sdk.models.dashboard import Dashboard

    from tests.dashboard import dashboard

    text = FILE.read_text()
    assert text == dashboard(), "python -m tests.dashboard"
    read = Dashboard.from_json(json.loads(text))
    assert json.loads(JSONEncoder().encode(read)) == json.loads(text)


def test_panels_ask_for_series_that_there_are_by_labels_that_they_have() -> None:
    known: dict[str, set[str]] = {}
    for name, labels in told(full()):
        known.setdefault(name, set()).update(key for key, _ in labels)
    asked = expressions()
    assert len(asked) > 10
    for expression in asked:
        for name, wanted in re.findall(r"(surgeproof_\w+)\{([^}]*)\}", expression):
            keys = set(re.findall(r"(\w+)!?=", wanted)) - {"instance"}
            assert keys <= known[name], expression
        assert set(SERIES.findall(expression)) <= known.keys()


@contextmanager
def prometheus(folder: Path, scraped: str) -> Iterator[str]:
    """A real one that scrapes each second; its address."""
    where = f"127.0.0.1:{free_port()}"
    config = {
        "global": {"scrape_interval": "1s", "scrape_timeout": "1s"},
        "scrape_configs": [{"job_name": "surgeproof", "static_configs": [{"targets": [scraped]}]}],
    }
    (folder / "prometheus.yml").write_text(json.dumps(config))  # YAML holds JSON
    with (
        (folder / "log").open("wb") as log,
        subprocess.Popen(
            [
                "prometheus",
                f"--config.file={folder / 'prometheus.yml'}",
                f"--storage.tsdb.path={folder / 'data'}",
                f"--web.listen-address={where}",
            ],
            stdout=log,
            stderr=log,
        ) as process,
    ):
        try:
            yield f"http://{where}"
        finally:
            process.send_signal(signal.SIGTERM)
            process.wait(HUNG_S)


def found(address: str, expression: str) -> list[Any]:
    """What Prometheus answers; nothing while it does not."""
    asked = urllib.parse.urlencode({"query": expression})
    try:
        with urllib.request.urlopen(f"{address}/api/v1/query?{asked}") as answer:
            values: list[Any] = json.loads(answer.read())["data"]["result"]
    except urllib.error.URLError:
        return []
    return values


@pytest.mark.slow
@pytest.mark.skipif(not shutil.which("prometheus"), reason="apt install prometheus")
def test_a_real_prometheus_scrapes_the_page_and_answers_every_panel(tmp_path: Path) -> None:
    page, left = full(), dict.fromkeys(expressions(), "")
    with served("0") as shown:
        shown.registry.register(page)
        instance = urllib.parse.urlsplit(shown.url).netloc
        text = urllib.request.urlopen(shown.url).read()
        checked = subprocess.run(
            ["promtool", "check", "metrics"], input=text, capture_output=True, check=False
        )
        assert (checked.returncode, checked.stderr, checked.stdout) == (0, b"", b"")
        with prometheus(tmp_path, instance) as address:
            until = time.monotonic() + HUNG_S
            at_s = 3
            while left and time.monotonic() < until:
                at_s += 1
                page.observed.hear_beat(replace(BEAT, at_ns=at_s * S, started=at_s))
                page.observed.hear_rows(rows(1, S // 2))
                for expression in list(left):
                    asked = expression.replace("$instance", instance)
                    if found(address, asked.replace("$__rate_interval", "10s")):
                        del left[expression]
                time.sleep(0.5)
    assert not left
