"""The line as it is rehearsed: first come, first served, let in at a rate, or open.

A target without a line gets everybody at once: that is what would happen to it, and no gate of the
replay's own stands in the place of one that nobody has built.
"""

from __future__ import annotations

from collections.abc import Iterator

from simulator.plan.plan import PredictedOnly
from simulator.scenario.words.changes import Change
from simulator.scenario.words.document import Document
from simulator.scenario.words.laws import NEVER
from simulator.scenario.words.rehearsal.replay import Replay
from simulator.scenario.words.terms import word
from simulator.scenario.words.waitlist import Release, Waitlist

SHARE = 0.75
"""Of the target's capacity: what a line is let in at that cannot be let in as the launch does."""
LOOK_EVERY_NS = 2_000_000_000
"""Where the launch tells people at once; over HTTP they have to ask."""
UNSENT_RELEASES = ("batch", "slots", "feedback")
OF_THE_LINE = "waitlist."
OF_THE_RELEASE = "waitlist.release."
NO_LINE = {
    "policy": "open", "opens_ns": 0, "places": None, "release": None, "poll_every_ns": 0,
    "call_expires_ns": None, "expired": "out",
}  # fmt: skip


def line_sent(line: Waitlist, replay: Replay) -> Waitlist:
    """The line without what no target lets people wait by."""
    if has_none(replay):
        return line.model_copy(update=NO_LINE)
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


def has_none(replay: Replay) -> bool:
    """Whether the target has no line."""
    return replay.line_spoken.preset == "none"


def policy_sent(policy: str) -> str:
    return "open" if policy == "open" else "fifo"


def unsent_release(line: Waitlist, replay: Replay) -> str | None:
    """The way of release that cannot be sent, if it is one.

    The reference protocol knows a rate alone; the target's own line lets in as it does, by slots or
    by what it measures too. A rate for all people of the launch would let a few of them in as if
    there were no line, and so would slots.
    """
    unsent: tuple[str, ...] = UNSENT_RELEASES
    if replay.demand_factor < 1:
        unsent = (*UNSENT_RELEASES, "rate_per_s")
    elif replay.line_spoken.preset != "surgeproof":
        unsent = ()
    for way in unsent:
        if line.release is not None and getattr(line.release, way) is not None:
            return way
    return None


def changes_sent(words: Document, replay: Replay) -> tuple[Change, ...]:
    """What operators do to the line that is sent."""
    gone: tuple[str, ...] = ()
    if unsent_release(words.waitlist, replay) is not None:
        gone = (OF_THE_RELEASE,)
    if has_none(replay):
        gone = (OF_THE_LINE,)
    return tuple(change_sent(change, gone) for change in words.change)


def change_sent(change: Change, gone: tuple[str, ...]) -> Change:
    """A change without the levers that the rehearsed line does not have: what they begin with."""
    if isinstance(change.set_, str):
        return change
    kept = {
        key: policy_sent(value) if key == "waitlist.policy" else value
        for key, value in change.set_.items()
        if not key.startswith(gone)
    }
    return change.model_copy(update={"set_": kept})


def line_left_out(words: Document, replay: Replay) -> Iterator[PredictedOnly]:
    """What the rehearsed line lacks; nothing where nobody stands in line."""
    policies, line = policies_met(words, replay), words.waitlist
    if policies <= {"open"}:
        return
    if has_none(replay):
        yield PredictedOnly(
            key="waitlist", instead="with everybody sent at once: the target has no line"
        )
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
    if replay.line_spoken.preset != "surgeproof":
        yield from _of_another(words, replay)


def _of_another(words: Document, replay: Replay) -> Iterator[PredictedOnly]:
    """What nobody can tell a line that is not ours, or see of it."""
    spoken = replay.line_spoken
    instead = "as fast as the target's own line lets in: set that to the same"
    yield PredictedOnly(key="waitlist.release", instead=instead)
    if spoken.leave is None and any(group.patience.law != NEVER.law for group in words.people):
        instead = "with people who leave the line without a word"
        yield PredictedOnly(key="people.patience", instead=instead)


def line_in_words(words: Document, replay: Replay) -> str:
    """How people wait, where the launch file says it; empty where it says nothing, or has no line."""
    if replay.line is None or policies_met(words, replay) <= {"open"}:
        return ""
    spoken = replay.line_spoken
    if spoken.preset == "none":
        return "the target has no line: everybody is sent at once, as the rehearsal is predicted"
    if spoken.preset == "surgeproof":
        return f"people join it at POST {replay.endpoints.line}, as the reference protocol says"
    if spoken.join is not None:
        looked = f", and look at {spoken.ask}" if spoken.ask else ", and ask again there"
        return f"the target's own: people join it at {spoken.join}{looked}"
    whose = f" ({spoken.preset})" if spoken.preset else ""
    return (
        f"the target's own{whose}, at the first request of each journey: who is told to wait asks"
        " again, and whoever is not has entered"
    )


def policies_met(words: Document, replay: Replay) -> set[str]:
    """The policy at which the rehearsal begins, and those that are set while it lasts."""
    end_ns = replay.from_ns + replay.for_ns + replay.drain_ns
    found = [(-1, str(words.waitlist.policy))]
    found += [(change.at_ns, change.policy) for change in words.change if change.policy is not None]
    found.sort(key=lambda each: each[0])
    before = [policy for at_ns, policy in found if at_ns <= replay.from_ns]
    return {before[-1], *(policy for at_ns, policy in found if replay.from_ns < at_ns < end_ns)}
