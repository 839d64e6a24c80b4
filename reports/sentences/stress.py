"""What a stress test found, in sentences."""

from __future__ import annotations

from reports.sentences import words
from reports.sentences.change import change_text, toll_text
from simulator.advice.disturbance.found import WANTED, Cure, Reaction, Stressed, Sweep
from simulator.advice.disturbance.trigger import Disturbance, Trigger
from simulator.advice.why.ending import RECOVERED_SHARE
from simulator.plan.peaks import opened
from simulator.plan.plan import Plan
from simulator.units import NS_PER_S
from simulator.verdict.chance import SHARE_THAT_MUST_HOLD
from simulator.verdict.criteria import Outcome


def stress_sentence(plan: Plan, found: Stressed) -> str:
    """The verdict, in one sentence without a full stop."""
    subject = f"the {plan.subject}"
    many = words.times(found.launches, "launch")
    if not found.judged:
        return (
            f"{subject} is inconclusive under stress: too few people come in its last window,"
            f" {found.wanted:,} of {WANTED:,} in {many}"
        )
    if not found.sweeps:
        return f"{subject} is predicted not to serve its demand even undisturbed: {_calm(found)}"
    fatal = [sweep for sweep in found.sweeps if sweep.outcome is Outcome.FAILS]
    if fatal:
        said = "; ".join(_failure(plan, sweep) for sweep in fatal)
        return f"{subject} is predicted not to recover by itself: {said}"
    if found.outcome is Outcome.INCONCLUSIVE:
        reasons = [] if not found.undisturbed_lost else [f"undisturbed already, {_calm(found)}"]
        open_ = (sweep for sweep in found.sweeps if sweep.outcome is Outcome.INCONCLUSIVE)
        reasons += [_open(plan, sweep) for sweep in open_]
        said = "; ".join(reasons)
        return f"{subject} is inconclusive under stress: {said}; more --launches would tell"
    tried = ", and from ".join(_span(plan, sweep) for sweep in found.sweeps)
    return f"{subject} is predicted to recover by itself, in all of {many}: from {tried}"


def moment_text(plan: Plan, found: Stressed) -> str:
    """When it is disturbed, and why then."""
    moment = found.moment
    name = plan.system.stations[moment.station].name
    rate = words.rate(moment.per_s)
    said = f"disturbed {opened(moment.at_ns)}, when {rate} want to be served at {name}"
    if not moment.early:
        return f"{said}: the peak"
    later = f"{words.rate(moment.peak_per_s)} {opened(moment.peak_ns)}"
    return f"{said} (its peak, {later}, leaves no time to recover in)"


def rule_text(found: Stressed) -> str:
    """What is asked of how many launches."""
    share = words.percent(RECOVERED_SHARE)
    since = opened(found.moment.from_ns)
    return (
        f"{words.times(found.launches, 'launch')} of each size (--launches), with the same luck; one has"
        f" recovered if it serves {share} of\nwhat it serves undisturbed in its last window, from"
        f" {since.removeprefix('after ')} on"
    )


def trigger_text(plan: Plan, trigger: Trigger) -> str:
    """What happens to the launch."""
    extent = extent_text(trigger.kind, trigger.size)
    if trigger.kind is Disturbance.PULSE:
        return f"{extent} more people within {words.duration(trigger.lasts_ns / NS_PER_S)}"
    return f"{plan.system.stations[trigger.station].name} down for {extent}"


def extent_text(kind: Disturbance, size: float) -> str:
    """A size by itself."""
    if kind is Disturbance.PULSE:
        return words.count(max(1.0, round(size)))
    return words.duration(size / NS_PER_S)


def _calm(found: Stressed) -> str:
    many = words.times(found.launches, "launch")
    if found.undisturbed_lost:
        return (
            f"in its last window goodput is less than {words.percent(RECOVERED_SHARE)} of it in"
            f" {found.undisturbed_lost:,} of {many}"
        )
    return f"in its last window goodput is {words.percent(found.undisturbed)} of it in {many}"


def _failure(plan: Plan, sweep: Sweep) -> str:
    beyond = sweep.to_heal
    assert beyond is not None, "it fails"
    known = (
        f"all do from {trigger_text(plan, sweep.harmless.trigger)}"
        if sweep.harmless
        else "nothing less was tried"
    )
    return f"from {_lost(plan, beyond)}; {known}); {_cures(plan, sweep)}"


def _lost(plan: Plan, reaction: Reaction) -> str:
    """From what, and how many launches do not; its bracket is left open."""
    low, high = (words.percent(bound) for bound in reaction.interval)
    lost = f"{len(reaction.lost):,} of {words.times(reaction.launches, 'launch')}"
    verb = "does" if len(reaction.lost) == 1 else "do"
    return f"{trigger_text(plan, reaction.trigger)}, {lost} {verb} not ({low} to {high} of all"


def _open(plan: Plan, sweep: Sweep) -> str:
    must = words.percent(1.0 - SHARE_THAT_MUST_HOLD)
    if not sweep.worst.lost:
        many = words.times(sweep.worst.launches, "launch")
        return f"{many} are too few to tell whether {must} of all do not recover"
    return f"from {_lost(plan, sweep.worst)}, where {must} may)"


def _cures(plan: Plan, sweep: Sweep) -> str:
    changes = [_cure(plan, cure) for cure in sweep.cures]
    if not changes:
        return "no single change that was tried would fix it"
    return f"what would fix it: {', or '.join(changes)}"


def _cure(plan: Plan, cure: Cure) -> str:
    said = change_text(cure.tweak, cure.value, plan.system)
    notes = [f"{cure.healed:,} of {cure.launches:,} recover"]
    if cure.tweak.applied(plan.system, cure.value).has_line:
        cost = toll_text(cure.tweak, cure.value, cure.toll, plan.system)
        notes += [cost] if cost else []
    return f"{said} ({', '.join(notes)})"


def _span(plan: Plan, sweep: Sweep) -> str:
    first, last = sweep.reactions[0], sweep.reactions[-1]
    return f"{trigger_text(plan, first.trigger)} up to {trigger_text(plan, last.trigger)}"
