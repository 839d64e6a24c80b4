"""Getting a target ready: its line as the plan has it, and empty.

The reference target tells its line at ``/healthz`` and lets its administrator set it. A target that
tells nothing of a line is taken as it is.
"""

from __future__ import annotations

import math
from typing import Any
from urllib.parse import urlsplit

import httpx

from scenarios.http import bounded
from scenarios.http.allow import Target, checked, secret
from scenarios.http.answers.answer import json_object
from scenarios.http.line import TOKEN_VARIABLE, LineSettings
from scenarios.http.line import Policy as TargetPolicy
from scenarios.http.manners import Manners
from simulator.errors import Misbehaved
from simulator.scenario.words.terms import MOST
from simulator.system.line import Policy, TokenBucket, Waitlist
from simulator.text.wording import format_rate

LONGEST_TOLD = 40
RATE_TOLERANCE = 0.01
"""Share by which a line that cannot be set may be released faster or slower than planned."""


def line_settings(waitlist: Waitlist) -> LineSettings:
    """The plan's line in the target's words."""
    if waitlist.policy is Policy.OPEN:
        return LineSettings()
    poll_every_s, release = waitlist.poll_every_ns / 1e9, waitlist.release
    assert isinstance(release, TokenBucket), "no other release is sent"
    return LineSettings(
        policy=TargetPolicy.FIFO,
        release_rate_per_s=release.rate_per_s,
        burst=release.burst,
        **({"poll_every_s": poll_every_s} if poll_every_s else {}),
    )


def prepare(to: str | Target, waitlist: Waitlist, manners: Manners | None = None) -> bool:
    """Set the target's line as planned, where we may; else see that it is so: whether it told of one.

    A target whose health nobody may ask for, or of which another request tells, is taken as it is; so
    is one whose line speaks other words than ours: it is asked for nothing.

    Raises TargetRefused, Unreachable, or Misbehaved where the line is another one.
    """
    target, manners = checked(to), manners or Manners()
    if manners.line.preset != "surgeproof":
        return False
    asked = manners.health
    found = told_line(target, asked.path) if asked is not None and asked.method == "GET" else None
    if found is None:
        return False
    wanted, token = line_settings(waitlist), secret(TOKEN_VARIABLE)
    if token:
        set_line(target, wanted, token)
    else:
        compare(target.url, found, wanted)
    return True


def told_line(target: Target, path: str = "/healthz") -> dict[str, Any] | None:
    """What the target tells of its line; None where it tells nothing.

    Raises Misbehaved where another server is meant.
    """
    answer = ask(target, "GET", path)
    require_here(answer)
    line = json_object(answer.content).get("line")
    return line if isinstance(line, dict) else None


def require_here(answer: httpx.Response) -> None:
    """Raises Misbehaved where visitors are sent to the same path of another server, or by another scheme."""
    leads, asked = urlsplit(bounded.location(answer)), urlsplit(str(answer.url))
    elsewhere = leads.netloc and (leads.scheme or asked.scheme, leads.netloc) != asked[:2]
    if elsewhere and leads.path.rstrip("/") == asked.path:
        raise Misbehaved(f"{answer.url} {bounded.redirect_in_words(answer)}")


def set_line(target: Target, wanted: LineSettings, token: str) -> None:
    """Turn the levers, and empty the line."""
    known = {"Authorization": f"Bearer {token}"}
    answer = ask(target, "POST", "/admin/line", wanted.levers(clear=True), known)
    if answer.status_code != 200:
        raise Misbehaved(
            f"the target at {target.url} refused to have its line set (status {answer.status_code}): is"
            f" {TOKEN_VARIABLE} the same here and where it was started?"
        )


def compare(url: str, found: dict[str, Any], wanted: LineSettings) -> None:
    """Raises Misbehaved where the target's line is not the planned one."""
    told = found.get("release_rate_per_s", 0.0)
    rate = float(told) if isinstance(told, int | float) and told < MOST else math.nan
    closed = wanted.policy is TargetPolicy.FIFO
    same_rate = abs(rate - wanted.release_rate_per_s) <= RATE_TOLERANCE * wanted.release_rate_per_s
    if found.get("policy") == wanted.policy and (same_rate or not closed):
        return
    at = "" if math.isnan(rate) else f" at {format_rate(rate)}"
    planned = (
        f"{format_rate(wanted.release_rate_per_s)}, first come, first served" if closed else "open"
    )
    raise Misbehaved(
        f"the line of the target at {url} is {policy_told(found)}{at}, but should be"
        f" {planned}: set {TOKEN_VARIABLE} here and for `surgeproof serve`, to have it set"
    )


def policy_told(found: dict[str, Any]) -> str:
    """What the target calls its policy, as far as a sentence bears it."""
    told = found.get("policy")
    if not isinstance(told, str):
        return "of an unknown policy"
    return told if len(told) <= LONGEST_TOLD else f"{told[:LONGEST_TOLD]}..."


def ask(
    target: Target,
    method: str,
    path: str,
    body: object = None,
    more: dict[str, str] | None = None,
) -> httpx.Response:
    """One request, with ``more`` headers than each has. Raises Unreachable or Misbehaved."""
    return bounded.request_now(target, method, path, headers=more or {}, body=body)
