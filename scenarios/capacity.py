"""How many a target serves at once, and how many may wait: told by itself, or by the caller."""

from __future__ import annotations

from dataclasses import dataclass

import httpx
from prometheus_client.parser import text_string_to_metric_families

from scenarios.answer import json_object
from simulator.errors import UsageError
from simulator.terms import MOST

HEALTH = {"workers": "servers", "queue": "waiting_room"}
METRICS = {"signup_workers": "servers", "signup_queue_limit": "waiting_room"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Capacity:
    """How much a station can hold, and who said so."""

    servers: int
    waiting_room: int
    source: str


async def find_capacity(
    client: httpx.AsyncClient, servers: int | None, waiting_room: int | None
) -> Capacity:
    """What the caller gives; where he gives nothing, what the target tells.

    Raises UsageError where neither is known.
    """
    given = {"servers": servers, "waiting_room": waiting_room}
    known = {name: value for name, value in given.items() if value is not None}
    source = "given to the probe"
    if len(known) < len(given):
        path, told = await ask(client)
        source = f"told by {path}" + "".join(f", {name} given to the probe" for name in known)
        known = told | known
    if len(known) < len(given):
        missing = " and ".join(name.replace("_", " ") for name in given if name not in known)
        raise UsageError(
            f"{client.base_url} does not tell its {missing} in /healthz or /metrics: give them"
        )
    return Capacity(**known, source=source)


async def ask(client: httpx.AsyncClient) -> tuple[str, dict[str, int]]:
    """Where the target tells its capacity, and what it tells."""
    told = read_health(await client.get("/healthz"))
    if told:
        return "/healthz", told
    return "/metrics", read_metrics(await client.get("/metrics"))


def read_health(answer: httpx.Response) -> dict[str, int]:
    found = json_object(answer.content)
    return {
        HEALTH[name]: round(value)
        for name, value in found.items()
        if name in HEALTH and is_count(value)
    }


def is_count(value: object) -> bool:
    if not isinstance(value, int | float) or isinstance(value, bool):
        return False
    return 0 <= value <= MOST and value % 1 == 0


def read_metrics(answer: httpx.Response) -> dict[str, int]:
    if answer.status_code != 200:
        return {}
    try:
        families = list(text_string_to_metric_families(answer.text))
    except ValueError:
        return {}
    samples = (sample for family in families for sample in family.samples)
    return {
        METRICS[found.name]: round(found.value)
        for found in samples
        if found.name in METRICS and is_count(found.value)
    }
