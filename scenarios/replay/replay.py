"""The replay: the planned surge, instant by instant, against a real server.

This is the parent's side. It checks that load may be sent, writes the plan into the run's store and beside
the orders, starts the child that is Locust (:mod:`scenarios.replay.generator`), writes down what it tells
(:mod:`scenarios.replay.keeping.scribe`), and watches it. Whatever happens, what was measured stays in the
store and no process stays behind.
"""

from __future__ import annotations

import socket
import time
from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path

from scenarios.http.allow import Target, check_target, connect
from scenarios.http.manners import Manners
from scenarios.machine.scraper import Scraper
from scenarios.machine.seen import Seen
from scenarios.mail.office import Office
from scenarios.process.open_files import most_visitors, too_few
from scenarios.rehearsal.brought import Brought
from scenarios.rehearsal.recorded import Replayed
from scenarios.replay.beats import Beat
from scenarios.replay.generator import TO_END_S, Child
from scenarios.replay.keeping.part import judge_end, plan_part
from scenarios.replay.keeping.plan_file import plan_beside, write_plan
from scenarios.replay.keeping.scribe import Hear, Scribe
from scenarios.replay.orders import MailOrders, Orders, orders_for, write_orders
from scenarios.replay.run_store import identity, require_same, stored
from scenarios.replay.workers import ALONE, Team, Workers, working
from simulator.errors import InvalidRun, NotKept, Stopped, UsageError
from simulator.outcomes.machine import Baseline
from simulator.outcomes.store import explain_end
from simulator.outcomes.workers import explain_losses
from simulator.plan.plan import Plan
from simulator.scenario.words.rehearsal.requests import Request

SIGNUP = Request(method="POST", path="/signup")
IN_FLIGHT_CAP = 5_000
LOOK_EVERY_S = 0.2
TO_BEGIN_S = 60.0
"""For the child to start and warm up: 1.5 s, and far more on a machine that is busy."""
SILENT_S = 15.0
"""It beats every second; who is not sent for so long is late beyond any measure."""

Progress = Callable[[Beat], None]
Halt = Callable[[], str]
"""Why somebody wants the replay to end; nothing while nobody does."""


def replay(
    plan: Plan,
    *,
    target: str | Target,
    folder: Path,
    db: Path,
    part_name: str,
    requests: Sequence[Request | None] = (SIGNUP,),
    brought: tuple[Brought | None, ...] = (),
    recorded: Replayed | None = None,
    office: Office | None = None,
    run: str | None = None,
    allowed: Collection[str] = (),
    manners: Manners | None = None,
    in_flight_cap: int = IN_FLIGHT_CAP,
    web_port: int | None = None,
    probed: Baseline | None = None,
    progress: Progress | None = None,
    halt: Halt | None = None,
    hear: Hear | None = None,
    scraper: Scraper | None = None,
    workers: Workers = ALONE,
) -> None:
    """Send the plan's surge to the target; what happened is then in the store's part of that name.

    ``requests`` are those of the plan's steps, by their numbers, ``brought`` who takes each journey, and
    ``recorded`` what of a recording each of the planned visits asks for.
    In ``office`` their mails are caught; ``run`` is the word that their addresses have in common. ``allowed`` names hosts that a
    person allowed, beside those of the environment. ``probed`` is the yardstick beside the probe, kept with what is seen of the machine.
    ``halt`` is asked five times a second. ``hear`` is given each batch of rows once it is written, in a thread of its own. ``workers``
    share the plan. ``scraper`` asks the target for its metrics.

    Raises TargetRefused, Unreachable or UsageError before anything is sent; Stopped when the kill
    switch, or somebody, ended the run, and InvalidRun when the child did not end it properly, after what was
    measured is safe.
    """
    checked = check_target(target, allowed)
    require_wanted(halt)
    address = connect(checked)
    if web_port is not None:
        check_port(web_port)
    workers.require_usable()
    if office is not None and not workers.alone:
        raise UsageError("mails to visitors reach one process: use --workers 1")
    cap = min(in_flight_cap, most_visitors() * workers.many)
    if cap < 1:
        raise too_few(in_flight_cap, f"as many as {in_flight_cap:,} visitors may be under way")
    part = plan_part(plan, db, part_name)
    orders = orders_for(
        plan,
        checked,
        address,
        db,
        part,
        manners or Manners(),
        requests,
        in_flight_cap=cap,
        brought=brought,
        recorded=recorded,
        mail=mail_orders(office),
        run=run,
    )
    seen = Seen(scraper=scraper)
    try:
        with (
            staged(orders, plan, folder, workers, office, web_port, hear) as (scribe, team),
            seen.beside(checked, team.senders),
        ):
            try:
                watch(team.first, scribe, workers.to_come_s, plan.end_ns / 1e9, progress, halt)
            finally:  # before who only looks on: a master tells all his workers at once, and hears them out
                team.first.end()
    except BaseException as fault:
        if isinstance(fault, Stopped):
            with suppress(NotKept), stored(db) as store:
                explain_end(store, part, str(fault))
        with suppress(NotKept), stored(db) as store:  # what ended it is what is told
            seen.keep(store, part, probed)
        raise
    scribe.require_well()
    with stored(db) as store:
        seen.keep(store, part, probed)
        explain_losses(store, part, team.losses())
    judge_end(team.first, db, part)
    if cap < in_flight_cap:
        require_files(scribe, in_flight_cap)


@contextmanager
def staged(
    orders: Orders,
    plan: Plan,
    folder: Path,
    workers: Workers,
    office: Office | None,
    web_port: int | None,
    hear: Hear | None,
) -> Iterator[tuple[Scribe, Team]]:
    """Those who send, and who writes down what they tell, until the block ends; they have their orders in the folder.

    Raises NotKept where these cannot be written, and as :func:`scenarios.replay.workers.working` does.
    """
    # by number: a part's name may hold what no file's name can
    path, log = folder / f"orders-{orders.part}.json", folder / f"replay-{orders.part}.log"
    write_orders(path, orders)
    write_plan(plan_beside(path), plan.timetable().arrivals())
    try:
        with (
            mails_for(office, orders.run) as mails,
            Scribe(orders.db, orders.part, hear) as scribe,
            working(
                workers, path, log, scribe.theirs.fileno(), web_port=web_port, mails=mails
            ) as team,
        ):
            scribe.theirs.close()
            yield scribe, team
    finally:
        plan_beside(path).unlink(missing_ok=True)


def mail_orders(office: Office | None) -> MailOrders | None:
    if office is None:
        return None
    mail = office.mail
    by_command = office.command is not None
    return MailOrders(capture=mail.capture, within_ns=mail.within_ns, by_command=by_command)


@contextmanager
def mails_for(office: Office | None, run: str) -> Iterator[int | None]:
    """The descriptor by which a child gets its visitors' mails; None where there are none."""
    if office is None:
        yield None
        return
    office.expect(run)
    with office.handing_on() as socket:
        yield socket.fileno()


def check_port(port: int) -> None:
    """Raises UsageError where Locust's page could not be shown."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except (OSError, OverflowError) as error:
            raise UsageError(
                f"port {port} cannot be used for the page ({error}): choose another"
            ) from error


def require_wanted(halt: Halt | None) -> None:
    """Raises Stopped where somebody wants no more to be sent."""
    if halt is not None and (why := halt()):
        raise Stopped(why)


def watch(
    child: Child,
    scribe: Scribe,
    to_come_s: float,
    end_s: float,
    progress: Progress | None,
    halt: Halt | None = None,
) -> None:
    """Wait for the child and pass on its beats.

    Raises Stopped if somebody wants it to end; InvalidRun if it shows no sign of life, or is not done when it should be; NotKept if the
    store is gone or full: then no more load is sent, of which nothing would be known.
    """
    last_ns, known = -1, identity(scribe.db)
    began_s = seen_s = time.monotonic()
    while not child.ends_within(LOOK_EVERY_S):
        require_same(scribe.db, known)
        require_wanted(halt)
        scribe.require_well()
        now_s, beat = time.monotonic(), scribe.beat
        if beat is not None and beat.at_ns > last_ns:
            last_ns, seen_s = beat.at_ns, now_s
            if progress is not None:
                progress(beat)
        silent_s = now_s - seen_s
        if silent_s > (to_come_s + TO_BEGIN_S if beat is None else SILENT_S):
            raise InvalidRun(
                f"the load generator showed no sign of life for {silent_s:.0f} s and was stopped:"
                f" was it frozen, or the machine overloaded? Its log is {child.log}"
            )
        if now_s - began_s > to_come_s + TO_BEGIN_S + end_s + TO_END_S:
            raise InvalidRun("the replay did not end on time, and was stopped")


def require_files(scribe: Scribe, wanted: int) -> None:
    """Raises InvalidRun where visitors were not sent for want of open files."""
    beat = scribe.beat
    if beat is not None and beat.at_cap:
        raise too_few(wanted, f"{beat.at_cap:,} visitors were not sent: too many were under way")
