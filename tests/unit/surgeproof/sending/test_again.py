"""A rehearsal predicted once more, with the machine and the services as they were."""

import signal
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pytest

from reports.run import store
from reports.run.folder import RunFolder, observed_part
from reports.run.past.again import Again
from scenarios.library import shelf as library
from scenarios.machine.yardstick import in_words, of_stations
from simulator.errors import InvalidRun
from simulator.outcomes import machine as outcomes_of_machine
from simulator.outcomes.machine import Baseline, Strain, open_clock, write_machine
from simulator.outcomes.rows import UNKNOWN, Block, Provenance
from simulator.outcomes.store import append, open_part
from simulator.plan.launches import Prediction
from simulator.plan.resolve import resolve
from simulator.scenario.scenario import read_stations
from simulator.system.pace import Pace
from simulator.verdict.truth.parts import Step
from surgeproof.endings import Terminated
from surgeproof.verbs.sending.rehearsal import again as verb
from surgeproof.verbs.sending.rehearsal.again import INTERRUPTED, predict_again
from surgeproof.verbs.sending.rehearsal.rehearsal import AS_WRITTEN, Rehearsal
from tests.examples import examples
from tests.launches.files import ONE_STEP

SLOWER = 1.4
PROBED = Baseline(piece_ns=3e6, sd_ns=1e5, machine="0123456789ab", computing=0.8)
LAUNCHES = 20


def rehearsal() -> Rehearsal:
    made = Rehearsal.of(AS_WRITTEN, resolve(library.load(str(ONE_STEP))), None, 0)
    return replace(made, probed=PROBED)


def replayed(
    made: Rehearsal, root: Path, here: str | None = PROBED.machine, *, watched: bool = True
) -> RunFolder:
    """The folder of a run on a machine that was slower by that factor all the time.

    Services of the launch that is sent need 0.8 of their time of a core, of which the watch tells.
    """
    folder = RunFolder.create(root, "one-step", datetime(2026, 3, 1, tzinfo=UTC))
    slow = Pace(starts_ns=(0,), factors=(SLOWER,))
    stations = tuple(replace(each, pace=slow) for each in made.plan.system.stations)
    system = replace(made.plan.system, stations=stations)
    rows = made.engine.simulate(made.plan.timetable(500), system).rows()
    pieces = [
        (at_ns, round(SLOWER * PROBED.piece_ns), round(SLOWER * PROBED.piece_ns))
        for at_ns in range(10**8, made.plan.end_ns, 10**8)
    ]
    with store.connection(folder.database) as db:
        db.executescript(outcomes_of_machine.SCHEMA)
        plan = made.plan
        part = open_part(
            db, observed_part(made.label), Provenance.OBSERVED, plan.horizon_ns, plan.end_ns
        )
        append(db, part, rows)
        if here is not None:
            open_clock(db, part, 0)
            strain = [spent(made, rows)] if watched else []
            write_machine(db, part, pieces, strain, here=here, probed=PROBED)
    return folder


def spent(made: Rehearsal, rows: Block) -> Strain:
    """All of it in one look."""
    began = rows.attempts[rows.attempts["started"] != UNKNOWN]
    took_ns = float((began["finished"] - began["started"]).sum())
    assert PROBED.computing is not None
    end_ns = made.plan.end_ns
    cores = PROBED.computing * took_ns / end_ns
    return Strain(at_ns=end_ns, for_ns=end_ns, cores=2, busy=cores, steal=0.0, target_cpu=cores)


def again(made: Rehearsal, folder: RunFolder) -> Again:
    predict_again(made, folder, LAUNCHES)
    with store.reading(folder.database) as db:
        return store.read_again(db, made.label)


def test_a_machine_that_slowed_down_has_a_part_of_its_own(tmp_path: Path) -> None:
    made = rehearsal()

    found = again(made, replayed(made, tmp_path))

    assert set(found.predictions) == {Step.MACHINE, Step.SERVICE}
    changed = found.measured.changed
    assert changed is not None
    assert changed.ratio == pytest.approx(SLOWER)
    (took,) = found.measured.took
    assert took.low <= SLOWER <= took.high
    # With the machine as it was, as much of the servers' time is needed as with the services as they were.
    busy = [
        np.mean([launch.service.mean_ns() for launch in found.predictions[step].launches])
        for step in (Step.MACHINE, Step.SERVICE)
    ]
    assert busy[0] == pytest.approx(busy[1], rel=0.1)


def test_where_nobody_saw_what_the_target_used_the_machine_has_no_part(tmp_path: Path) -> None:
    """The piece alone may have been slowed by the load beside it."""
    made = rehearsal()

    found = again(made, replayed(made, tmp_path, watched=False))

    assert set(found.predictions) == {Step.AT_MOST, Step.SERVICE}  # what it was at most
    assert found.measured.changed is not None
    assert found.measured.changed.moved
    assert not found.measured.changed.differs


def test_another_machine_says_nothing_of_this_one(tmp_path: Path) -> None:
    made = rehearsal()

    for number, here in enumerate(("ffffffffffff", None)):
        found = again(made, replayed(made, tmp_path / str(number), here))
        assert set(found.predictions) == {Step.SERVICE}
        assert found.measured.changed is None


@examples("ended, said",
    ("Ctrl-C", KeyboardInterrupt(), INTERRUPTED),
    ("SIGTERM", Terminated(signal.SIGTERM), INTERRUPTED),
    ("a failure", InvalidRun("too little memory"), "too little memory"),
)  # fmt: skip
def test_where_the_parts_are_not_found_the_run_is_judged_and_says_so(
    ended: BaseException,
    said: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """What was measured before stays; what was predicted with the first of two parts alone would mislead."""
    made = rehearsal()
    predicted: list[Prediction] = []

    def predict(*_: object) -> Prediction:
        if predicted:
            raise ended
        predicted.append(Prediction(engine="compiled", launches=[]))
        return predicted[0]

    monkeypatch.setattr(verb, "predict", predict)
    found = again(made, replayed(made, tmp_path))

    assert found.predictions == {}
    assert found.measured.changed is not None
    assert found.measured.untold == said
    (sentence,) = capsys.readouterr().err.splitlines()
    assert sentence == (
        f"surgeproof: as written: the parts of the prediction's error are not known: {said}"
    )


def test_what_the_probe_writes_of_the_machine_is_read_again() -> None:
    text = (
        '[[station]]\nname = "web"\nservers = 1\nwaiting_room = 9\nservice = "40 ms"\n'
        f'{in_words(PROBED)}measured = "probe-1"\n'
    )

    assert of_stations(read_stations(text, "staging.toml")) == PROBED
    assert of_stations(read_stations(text.replace(in_words(PROBED), ""), "staging.toml")) is None
    other = text.replace('"web"', '"read"').replace(PROBED.machine, "ffffffffffff")
    assert of_stations(read_stations(text + other, "staging.toml")) is None
    assert in_words(None) == ""
