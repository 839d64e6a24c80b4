"""The launches that are sent, and the stations that they are predicted with, as files."""

from __future__ import annotations

import json
from collections.abc import Mapping

from tests.validation.runs.loads import Extent, Kind, Load
from tests.validation.runs.probed import Probed
from tests.validation.servers.site import Configuration, Limit

TIMEOUT_S = 6
"""At 1.1 times the capacity hardly anybody waits so long, at 1.3 times most do in the end."""
CROWD_S = 4
"""So many seconds of the capacity stand at the door of a countdown, times its share."""

HEAD = """\
format = 1

[launch]
name = "{name}"
story = "Validation: {name}."
opening = 2027-03-01T12:00:00+01:00
time_zone = "Europe/Paris"
horizon = "{horizon} s"

[[people]]
name = "everybody"
client_timeout = "{timeout} s"
{retries}
[[surge]]
people = "everybody"
{surge}
{waitlist}
{stations}
[[journey]]
name = "signup"
[[journey.step]]
name = "create"
{step}
request = {{ method = "POST", path = "/signup", json = {{ email = "${{email}}", password = "${{password}}" }} }}

[objectives.signup]
p50 = "{timeout} s"
errors = 0.5

[replay]
for = "{horizon} s"
drain = "{drain} s"
health = "/healthz"
{line}
"""
STATION = """\
[[station]]
name = "app"
servers = 1
waiting_room = 1000
service = "100 ms"
"""
"""Before anything is measured."""
RETRIES = 'retries = { attempts = 3, backoff = "1 s", cap = "4 s" }\n'
LIMIT = """
[[station]]
name = "limit"
kind = "quota"
waiting_room = {waiting_room}
service = {{ law = "fixed", mean = "0.001 ms" }}
quota = {{ rate = "{rate}/s", burst = {burst} }}
"""


def launch_text(load: Load, rate_per_s: float, extent: Extent, configuration: Configuration) -> str:
    """A whole launch file, whose arrivals begin at the opening.

    ``rate_per_s``: the share of the capacity, in people a second.
    """
    surge = surge_of(load, rate_per_s, extent)
    line, limit = configuration.line, configuration.limit
    waitlist = spoken = ""
    if line is not None:
        waitlist = (
            f'[waitlist]\npolicy = "fifo"\npoll_every = "{line.poll_every}"\n'
            f"release = {line.release}\n"
        )
        spoken = '[replay.line]\npreset = "plain"\n'
    return HEAD.format(
        name=f"{load.kind}-{load.share:g}".replace(".", "-"),
        horizon=extent.lasts_s(load), timeout=TIMEOUT_S, drain=extent.drain_s, surge=surge, step=step_of(configuration),
        retries=RETRIES if load.kind is Kind.COUNTDOWN else "",
        waitlist=waitlist, line=spoken, stations=STATION + (limit_text(limit) if limit else ""),
    )  # fmt: skip


def surge_of(load: Load, rate_per_s: float, extent: Extent) -> str:
    """Who comes. A line has cleared at 1.2 times the window, if the capacity is right."""
    window_s = extent.window_s
    if load.kind is Kind.FLAT:
        return f'shape = "constant"\nrate = "{rate_per_s:.4g}/s"\n'
    if load.kind is Kind.LINE:
        until_s = 1.2 * window_s / load.share
        return f'shape = "constant"\nrate = "{rate_per_s:.4g}/s"\nuntil = "{until_s:.3g} s"\n'
    return (
        f'shape = "countdown"\ncrowd = {round(CROWD_S * rate_per_s)}\n'
        'reaction = { median = "2 s", cv = 1.0 }\n'
        f'rate = "{0.5 * rate_per_s / load.share:.4g}/s"\ndecay = "{window_s} s"\n'
    )


def stations_text(probe: str, probed: Probed, configuration: Configuration) -> str:
    """The probe's file, and what the operator reads in the server's own configuration."""
    text = with_words(probe, configuration.told)
    limit = configuration.limit
    return text if limit is None else by_name(text, probed) + limit_text(limit)


def with_words(text: str, words: Mapping[str, str | int]) -> str:
    """The first station with these words in place of those it has."""
    head, mark, rest = text.partition("[[station]]\n")
    lines = [line for line in rest.splitlines() if line.partition(" =")[0] not in words]
    told = [f"{word} = {json.dumps(value)}" for word, value in words.items()]
    return "\n".join([f"{head}{mark}{lines[0]}", *told, *lines[1:]]) + "\n" if mark else text


def by_name(text: str, probed: Probed) -> str:
    """A station without the requests that it serves, so that a launch may say where it stands.

    What it serves costs what the station does: there is one request.
    """
    head, _, _ = text.partition("[station.serves]")
    return head.replace(f'name = "{probed.name}"', 'name = "app"')


def limit_text(limit: Limit) -> str:
    """A station that lets so many through."""
    rate = f"{limit.rate_per_s:g}"
    return LIMIT.format(waiting_room=limit.waiting_room, rate=rate, burst=limit.burst)


def step_of(configuration: Configuration) -> str:
    """Where the signup is done."""
    if configuration.limit is None:
        return 'at = "app"'
    return 'at = "limit"\ncalls = [{ at = "app" }]'


def capacity_per_s(probed: Probed, configuration: Configuration) -> float:
    """Of all of it, as it was measured and as its operator knows it."""
    limit = configuration.limit
    return probed.capacity_per_s if limit is None else min(probed.capacity_per_s, limit.rate_per_s)
