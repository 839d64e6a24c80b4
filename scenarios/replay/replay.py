"""The replay: the planned surge, instant by instant, against a real server.

This is the parent's side. It checks that load may be sent, writes the plan into the run's store and beside
the orders, starts the child that is Locust (:mod:`scenarios.replay.generator`), writes down what it tells
(:mod:`scenarios.replay.keeping.scribe`), and watches it (:mod:`scenarios.replay.watching`). Whatever happens,
what was measured stays in the store and no process stays behind.
"""

from __future__ import annotations

import socket
from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import KW_ONLY, dataclass, field
from pathlib import Path

from scenarios.http.allow import Target, check_target, connect
from scenarios.http.manners import Manners
from scenarios.machine.scraper import Scraper
from scenarios.machine.seen import Seen
from scenarios.mail.office import Office
from scenarios.process.open_files import most_visitors, too_few
from scenarios.rehearsal.brought import Brought
from scenarios.rehearsal.recorded import Replayed
from scenarios.replay.keeping.part import judge_end, plan_part
from scenarios.replay.keeping.plan_file import plan_beside, write_plan
from scenarios.replay.keeping.run_store import stored
from scenarios.replay.keeping.scribe import Hear, Scribe
from scenarios.replay.orders import MailOrders, Orders, orders_for, write_orders
from scenarios.replay.watching import Halt, Progress, require_files, require_wanted, watch
from scenarios.replay.workers import ALONE, Team, Workers, working
from simulator.errors import NotKept, Stopped, UsageError
from simulator.outcomes.machine import Baseline
from simulator.outcomes.store import explain_end
from simulator.outcomes.workers import explain_losses
from simulator.plan.plan import Plan
from simulator.scenario.words.rehearsal.requests import Request

SIGNUP = Request(method="POST", path="/signup")
IN_FLIGHT_CAP = 5_000


@dataclass(frozen=True, slots=True)
class Replay:
    """A plan's surge, to whom it is sent, and who hears of it meanwhile."""

    plan: Plan
    _: KW_ONLY
    target: str | Target
    folder: Path
    """Where its orders and its logs lie."""
    db: Path
    """The run's store."""
    part_name: str
    """That of the store which is then filled with what happened."""
    requests: Sequence[Request | None] = (SIGNUP,)
    """Those of the plan's steps, by their numbers."""
    brought: tuple[Brought | None, ...] = ()
    """Who takes each journey."""
    recorded: Replayed | None = None
    """What of a recording each of the planned visits asks for."""
    office: Office | None = None
    """Where the visitors' mails are caught."""
    run: str | None = None
    """The word that their addresses have in common."""
    allowed: Collection[str] = ()
    """Hosts that a person allowed, beside those of the environment."""
    manners: Manners = field(default_factory=Manners)
    in_flight_cap: int = IN_FLIGHT_CAP
    """How many may have a request under way."""
    web_port: int | None = None
    """Where Locust's page is shown."""
    probed: Baseline | None = None
    """The yardstick beside the probe, kept with what is seen of the machine."""
    progress: Progress | None = None
    halt: Halt | None = None
    """Asked five times a second."""
    hear: Hear | None = None
    """Given each batch of rows once it is written, in a thread of its own."""
    scraper: Scraper | None = None
    """Asks the target for its metrics."""
    workers: Workers = ALONE
    """They share the plan."""

    def send(self) -> None:
        """Send it.

        Raises TargetRefused, Unreachable or UsageError before anything is sent; Stopped when the kill
        switch, or somebody, ended the run, and InvalidRun when the child did not end it properly, after what was
        measured is safe.
        """
        checked = check_target(self.target, self.allowed)
        require_wanted(self.halt)
        address = connect(checked)
        self._require_usable()
        cap = self._cap()
        part = plan_part(self.plan, self.db, self.part_name)
        orders = self._orders(checked, address, part, cap)
        seen = Seen(scraper=self.scraper)
        with (
            self._explained(part, seen),
            self._staged(orders) as (scribe, team),
            seen.beside(checked, team.senders),
        ):
            to_come_s, end_s = self.workers.to_come_s, self.plan.end_ns / 1e9
            try:
                watch(team.first, scribe, to_come_s, end_s, self.progress, self.halt)
            finally:  # before who only looks on: a master tells all his workers at once, and hears them out
                team.first.end()
        unkept: NotKept | None = None
        try:
            with stored(self.db) as store:
                seen.keep(store, part, self.probed)
        except NotKept as error:  # told last: how it ended comes first
            unkept = error
        scribe.require_well()
        with stored(self.db) as store:
            explain_losses(store, part, team.losses())
        judge_end(team.first, self.db, part)
        if unkept is not None:
            raise unkept
        if cap < self.in_flight_cap:
            require_files(scribe, self.in_flight_cap)

    def _require_usable(self) -> None:
        """Raises UsageError where the page cannot be shown, or these workers cannot send what is asked."""
        if self.web_port is not None:
            check_port(self.web_port)
        self.workers.require_usable()
        if self.office is not None and not self.workers.alone:
            raise UsageError("mails to visitors reach one process: use --workers 1")

    def _cap(self) -> int:
        """How many may have a request under way, as open files allow. Raises UsageError where nobody may."""
        wanted = self.in_flight_cap
        cap = min(wanted, most_visitors() * self.workers.many)
        if cap < 1:
            raise too_few(wanted, f"as many as {wanted:,} visitors may be under way")
        return cap

    def _orders(self, target: Target, address: str, part: int, cap: int) -> Orders:
        return orders_for(
            self.plan,
            target,
            address,
            self.db,
            part,
            self.manners,
            self.requests,
            in_flight_cap=cap,
            brought=self.brought,
            recorded=self.recorded,
            mail=mail_orders(self.office),
            run=self.run,
        )

    @contextmanager
    def _explained(self, part: int, seen: Seen) -> Iterator[None]:
        """Where the block fails, the store knows why it was stopped, and what was seen of the machine until then."""
        try:
            yield
        except BaseException as fault:
            if isinstance(fault, Stopped):
                with suppress(NotKept), stored(self.db) as store:
                    explain_end(store, part, str(fault))
            with suppress(NotKept), stored(self.db) as store:  # what ended it is what is told
                seen.keep(store, part, self.probed)
            raise

    @contextmanager
    def _staged(self, orders: Orders) -> Iterator[tuple[Scribe, Team]]:
        """Those who send, and who writes down what they tell, until the block ends; their orders lie in the folder.

        Raises NotKept where these cannot be written, and as :func:`scenarios.replay.workers.working` does.
        """
        # by number: a part's name may hold what no file's name can
        path = self.folder / f"orders-{orders.part}.json"
        log = self.folder / f"replay-{orders.part}.log"
        write_orders(path, orders)
        write_plan(plan_beside(path), self.plan.timetable().arrivals())
        try:
            with (
                mails_for(self.office, orders.run) as mails,
                Scribe(orders.db, orders.part, self.hear) as scribe,
                working(
                    self.workers,
                    path,
                    log,
                    scribe.theirs.fileno(),
                    web_port=self.web_port,
                    mails=mails,
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
