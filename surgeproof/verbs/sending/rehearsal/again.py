"""A rehearsal predicted once more with what was learned in it: the parts of its prediction's error."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace

from reports.run.folder import RunFolder
from reports.run.past.again import Again, Measured
from reports.run.past.came import STEPS, parts_unknown
from simulator.errors import NotKept, SurgeproofError
from simulator.outcomes.rows import Block
from simulator.plan.launches import predict
from simulator.plan.plan import Plan
from simulator.units import frozen_ints
from simulator.verdict.truth.as_served import as_served
from simulator.verdict.truth.machine.changed import Yardstick as Pieces
from simulator.verdict.truth.machine.changed import as_machine
from simulator.verdict.truth.machine.witness import worked
from simulator.verdict.truth.parts import Step
from simulator.verdict.truth.recovered import recovered
from simulator.verdict.truth.suspects.found import suspects_of
from simulator.verdict.truth.took import took_of
from surgeproof.endings import Terminated, tell
from surgeproof.progress import counted, progress
from surgeproof.verbs.sending.rehearsal.rehearsal import Rehearsal

INTERRUPTED = "interrupted while they were looked for; the run is judged all the same"


def predict_again(rehearsal: Rehearsal, folder: RunFolder, launches: int) -> None:
    """Predict it once more, and keep that.

    Where that cannot be, or nobody wants to wait for it, the run is judged all the same, and says so.
    """
    label, measured = rehearsal.label, Measured()
    try:
        rows = folder.observed_rows(label)
        if rows is None or not len(rows.attempts):
            return
        measured, plans = learned(rehearsal, folder, rows)
        predictions = {}
        for part in (Step.MACHINE, Step.AT_MOST, Step.SERVICE):
            if (plan := plans.get(part)) is not None:
                with progress(f"{label}: predicting {STEPS[part]}") as step:
                    predictions[part] = predict(plan, rehearsal.engine, launches, counted(step))
        folder.save_again(label, Again(measured=measured, predictions=predictions))
        return
    except SurgeproofError as error:
        why = str(error)
    except (KeyboardInterrupt, Terminated):
        why = INTERRUPTED
    tell(f"{label}: {parts_unknown(why)}")
    with suppress(NotKept):  # then no report can say it
        folder.save_again(label, Again(measured=replace(measured, untold=why)))


def learned(
    rehearsal: Rehearsal, folder: RunFolder, rows: Block
) -> tuple[Measured, dict[Step, Plan]]:
    """How machine and services really were, and the rehearsal with either."""
    label, plan = rehearsal.label, rehearsal.plan
    services = recovered(rows, plan.system)
    served = as_served(plan, services)
    plans = {Step.SERVICE: served} if served is not None else {}
    changed = None
    machine = folder.machine(label)
    computing = rehearsal.probed.computing if rehearsal.probed is not None else None
    if machine is not None and machine.probed is not None and machine.comparable:
        looks = folder.looks(label)
        pieces = Pieces(
            probed_ns=machine.probed.piece_ns,
            at_ns=frozen_ints(machine.at_ns - machine.wall_ns),
            pieces_ns=machine.cpu_ns,
            computing=computing or 1.0,
            worked=worked(plan.system, services, machine, computing, rows=rows, looks=looks),
        )
        changed = pieces.changed
        if changed.agreed:
            plans[Step.MACHINE] = as_machine(plan, pieces)
        elif changed.untold:
            plans[Step.AT_MOST] = as_machine(plan, pieces.at_most)
    suspects = suspects_of(rows, plan.system, services, machine)
    measured = Measured(took=took_of(plan, services), changed=changed, suspects=suspects)
    return measured, plans
