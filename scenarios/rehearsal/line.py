"""The line as it is rehearsed: first come, first served, let in at a rate, or open."""

from __future__ import annotations

from collections.abc import Iterator

from simulator.plan.plan import PredictedOnly
from simulator.scenario.words.changes import Change
from simulator.scenario.words.document import Document
from simulator.scenario.words.rehearsal.replay import Replay
from simulator.scenario.words.terms import word
from simulator.scenario.words.waitlist import Release, Waitlist

SHARE = 0.75
"""Of the target's capacity: what a line is let in at that cannot be let in as the launch does."""
LOOK_EVERY_NS = 2_000_000_000
"""Where the launch tells people at once; over HTTP they have to ask."""
UNSENT_RELEASES = ("batch", "slots", "feedback")
OF_THE_RELEASE = "waitlist.release."


def line_sent(line: Waitlist, replay: Replay) -> Waitlist:
    """The line without what no target lets people wait by."""
    changed = {
        "policy": policy_sent(line.policy),
        "opens_ns": 0,
        "places": None,
        "call_expires_ns": None,
        "expired": "out",
        "poll_every_ns": line.poll_every_ns or LOOK_EVERY_NS,
    }
    if unsent_release(line, replay) is not None:
        changed["release"] = Release(share_of_capacity=SHARE)
    return line.model_copy(update=changed)


def policy_sent(policy: str) -> str:
    return "open" if policy == "open" else "fifo"


def unsent_release(line: Waitlist, replay: Replay) -> str | None:
    """The way of release that cannot be sent, if it is one.

    A rate for all people of the launch would let a few of them in as if there were no line.
    """
    too_fast: tuple[str, ...] = ("rate_per_s",) if replay.demand_factor < 1 else ()
    for way in (*UNSENT_RELEASES, *too_fast):
        if line.release is not None and getattr(line.release, way) is not None:
            return way
    return None


def changes_sent(words: Document, replay: Replay) -> tuple[Change, ...]:
    """What operators do to the line that is sent."""
    replaced = unsent_release(words.waitlist, replay) is not None
    return tuple(change_sent(change, replaced=replaced) for change in words.change)


def change_sent(change: Change, *, replaced: bool) -> Change:
    """A change without the levers that the rehearsed line does not have."""
    if isinstance(change.set_, str):
        return change
    kept = {
        key: policy_sent(value) if key == "waitlist.policy" else value
        for key, value in change.set_.items()
        if not (replaced and key.startswith(OF_THE_RELEASE))
    }
    return change.model_copy(update={"set_": kept})


def line_left_out(words: Document, replay: Replay) -> Iterator[PredictedOnly]:
    """What the rehearsed line lacks; nothing where nobody stands in line."""
    policies, line = policies_met(words, replay), words.waitlist
    if policies <= {"open"}:
        return
    yet_to_open = line.opens_ns > replay.from_ns
    for policy in sorted(policies - {"open", "fifo"}):
        if policy != "shuffle-then-fifo" or yet_to_open:
            yield PredictedOnly(
                key=f'waitlist.policy = "{policy}"', instead="first come, first served"
            )
    if yet_to_open:
        yield PredictedOnly(key="waitlist.opens", instead="with a line that opens at the start")
    if line.places is not None:
        yield PredictedOnly(key="waitlist.places", instead="with room for everybody in the line")
    if line.call_expires_ns is not None:
        yield PredictedOnly(key="waitlist.call_expires", instead="with calls that never expire")
    if not line.poll_every_ns:
        yield PredictedOnly(key="waitlist.poll_every", instead="with a poll every 2 s")
    if way := unsent_release(line, replay):
        key = f"{OF_THE_RELEASE}{word(way)}"
        yield PredictedOnly(key=key, instead=f"at {SHARE:g} of the target's capacity")


def policies_met(words: Document, replay: Replay) -> set[str]:
    """The policy at which the rehearsal begins, and those that are set while it lasts."""
    end_ns = replay.from_ns + replay.for_ns + replay.drain_ns
    found = [(-1, str(words.waitlist.policy))]
    found += [(change.at_ns, change.policy) for change in words.change if change.policy is not None]
    found.sort(key=lambda each: each[0])
    before = [policy for at_ns, policy in found if at_ns <= replay.from_ns]
    return {before[-1], *(policy for at_ns, policy in found if replay.from_ns < at_ns < end_ns)}
