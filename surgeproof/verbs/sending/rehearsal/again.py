"""A rehearsal predicted once more with what was learned in it: the parts of its prediction's error."""

from __future__ import annotations

from reports.run.folder import RunFolder
from reports.run.past.again import Again, Measured
from reports.run.past.came import STEPS
from simulator.errors import SurgeproofError
from simulator.plan.launches import predict
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


def predict_again(rehearsal: Rehearsal, folder: RunFolder, launches: int) -> None:
    """Predict it once more, and keep that.

    Where that cannot be, or nobody wants to wait for it, the run is judged all the same.
    """
    unknown = "the parts of the prediction's error are not known"
    try:
        _predict_again(rehearsal, folder, launches)
    except SurgeproofError as error:
        tell(f"{rehearsal.label}: {unknown}: {error}")
    except (KeyboardInterrupt, Terminated):
        tell(f"{rehearsal.label}: interrupted, so {unknown}")


def _predict_again(rehearsal: Rehearsal, folder: RunFolder, launches: int) -> None:
    label, plan = rehearsal.label, rehearsal.plan
    rows = folder.observed_rows(label)
    if rows is None or not len(rows.attempts):
        return
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
    predictions = {}
    for part in (Step.MACHINE, Step.SERVICE):
        if (other := plans.get(part)) is not None:
            with progress(f"{label}: predicting {STEPS[part]}") as step:
                predictions[part] = predict(other, rehearsal.engine, launches, counted(step))
    suspects = suspects_of(rows, plan.system, services, machine)
    measured = Measured(took=took_of(plan, services), changed=changed, suspects=suspects)
    folder.save_again(label, Again(measured=measured, predictions=predictions))
