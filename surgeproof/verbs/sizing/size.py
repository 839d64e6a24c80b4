"""``surgeproof size``: the cheapest system that holds, with a certificate; of a file, or of few words."""

from __future__ import annotations

import json
import shlex
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from reports.files.size_record import size_record
from reports.sentences.sizing.size import say_waits
from reports.terminal.horizon import horizon_record, horizon_text
from reports.terminal.questions import questions_text
from reports.terminal.size import size_text
from scenarios.brought.question import VARIED, Question
from simulator.advice.horizon.found import Course
from simulator.advice.horizon.horizon import LONG_NS, long_horizon
from simulator.advice.size.answer import Sizing
from simulator.errors import UsageError
from simulator.scenario.scenario import Scenario
from simulator.text.harmless import harmless
from surgeproof.cluster import on
from surgeproof.progress import progress
from surgeproof.verbs.predicting.planning import Wanted, made_of, sizing_answer
from surgeproof.verbs.sizing.found import Found, Subject, asked_further, found_of, subject_of
from surgeproof.verbs.sizing.order import Order
from surgeproof.verbs.sizing.words import Words, asked_in, patient, written

FORMAT = 1
QUICK = 100_000
"""Of so many people at the most is told what longer waits would save: each of these is a search."""


def run(
    name: str | None, words: Words, order: Order, *, wanted: Wanted | None, cluster: str | None
) -> int:
    """Print how much is needed; 0 where something in range holds, 1 where nothing does."""
    order.require_enough()
    if name is None:
        return of_question(words, order, wanted=wanted, cluster=cluster)
    if words.given:
        raise UsageError(
            f"{' and '.join(words.given)} {'are' if len(words.given) > 1 else 'is'} for a launch without a"
            f" file; {name} says these itself (change a value with --set)"
        )
    subject = subject_of(order.launch(name), order)
    if not order.vary and subject.plan.horizon_ns > LONG_NS:
        return of_years(subject, order, wanted)
    with on(cluster):
        found = found_of(subject, order)
        found = told(found, order)
        write(found, order, ["surgeproof", "size", name], wanted)
    return found.exit_code


def of_question(words: Words, order: Order, *, wanted: Wanted | None, cluster: str | None) -> int:
    """The same of a launch in few words, and what it saves if people may wait in the line."""
    if not words.given:
        raise UsageError(
            "name a launch or a file, or say in few words:"
            ' --people 6000 --within "10 min" --service "120 ms" --p95 "2 s"'
        )
    order.require_no_file()
    question = words.question()
    if words.write is not None:
        written(words.write, question)
    order = replace(order, vary=order.vary or VARIED, brief=wanted is None)
    with on(cluster):
        found = found_of(subject_of(asked_in(question), order), order)
        waits = [] if found.interrupted else waiting_longer(question, found.sizing, order)
        found = told(found, order, waits, list(question.assumed()))
        write(found, order, ["surgeproof", "size", *words.typed()], wanted)
    if words.write is not None and not order.as_json:
        print(f"next: edit it; surgeproof size {harmless(shlex.quote(str(words.write)))}")
    return found.exit_code


def waiting_longer(question: Question, sizing: Sizing, order: Order) -> list[tuple[int, Sizing]]:
    """How much is needed if people may wait longer in the line, by that wait in ns."""
    if question.people > QUICK or sizing.certificate is None:
        return []
    order = replace(order, brief=True)
    return [
        (each.wait_ns, found_of(subject_of(asked_in(each), order), order, around=False).sizing)
        for each in patient(question)
    ]


def of_years(subject: Subject, order: Order, wanted: Wanted | None) -> int:
    """Print until when today's system holds; 1 where it does not, likely, to the end of the horizon."""
    if wanted is not None:
        raise UsageError(
            "--report is of a launch of 30 days at most (--set launch.horizon='30 days', or say what may be"
            " bought with --vary)"
        )
    people, plan = subject.people, subject.plan
    opening = people.launch.clock.opening
    with progress("looking for the busiest days") as step:
        found = long_horizon(
            people, subject.engine, seed=plan.seed, told=lambda note: step(0, 0, note)
        )
    if order.as_json:
        record = header("horizon", subject.scenario, order)
        record["horizon"] = horizon_record(plan, opening, found)
        print(json.dumps(record, indent=2, ensure_ascii=False, allow_nan=False))
    else:
        print(horizon_text(plan, opening, found), end="")
    return 0 if found.end(Course.LIKELY).at_ns is None else 1


def told(
    found: Found,
    order: Order,
    waits: Sequence[tuple[int, Sizing]] = (),
    assumed: Sequence[str] = (),
) -> Found:
    """Print it at once, and then what is asked next; for a program all of it at the end."""
    if order.as_json:
        found = asked_further(found, order)
        record = record_of(found, order, waits, assumed)
        print(json.dumps(record, indent=2, ensure_ascii=False, allow_nan=False))
        return found
    notes = [*say_waits(found.sizing, waits), *assumed]
    print(size_text(found.sizing, notes, today=not assumed), end="", flush=True)
    if order.brief:
        return found
    found = asked_further(found, order)
    print(f"\n{questions_text(found.sizing, datetime.now(UTC))}", end="")
    return found


def record_of(
    found: Found, order: Order, waits: Sequence[tuple[int, Sizing]], assumed: Sequence[str]
) -> dict[str, Any]:
    """All of it, for a program."""
    record = header("sizing", found.subject.scenario, order) | size_record(found.sizing)
    if assumed:
        record["assumed"] = list(assumed)
    if waits:
        record["if_people_wait"] = [
            {"p95_s": wait_ns / 1e9, **size_record(each)} for wait_ns, each in waits
        ]
    return record


def header(document: str, scenario: Scenario, order: Order) -> dict[str, Any]:
    """What a record is of."""
    return {
        "format": FORMAT,
        "document": document,
        "scenario": scenario.name,
        "variant": order.variant,
        "settings": list(scenario.settings),
        "seed": order.seed,
        "engine": order.engine,
    }


def write(found: Found, order: Order, command: Sequence[str], wanted: Wanted | None) -> None:
    """The planner's report, if one is wanted."""
    if wanted is None:
        return
    subject = found.subject
    made = made_of([*command, *order.typed()], subject.scenario, subject.plan, subject.engine)
    answer = sizing_answer(
        subject.people, made, found.sizing, subject.engine, interrupted=found.interrupted
    )
    wanted.write(answer)
