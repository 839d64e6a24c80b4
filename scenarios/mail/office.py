"""Where mails are caught: an SMTP server on this machine, or a command that fetches them.

It lives in a thread of the process that does not send: the replay's child, which does, has its instants to
keep, and is handed each mail as a line on a socket. Kept is only what goes to the run's own visitors;
other mails are taken, since the target would complain, and counted.
"""

from __future__ import annotations

import asyncio
import json
import os
import socket
import sys
import threading
from collections import Counter
from collections.abc import Callable, Coroutine, Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from types import TracebackType
from typing import Any, Self
from weakref import WeakSet

from aiosmtpd.smtp import SMTP, AuthResult, Envelope

from scenarios.http.requests.person import Person
from scenarios.mail.addresses import addresses_in, addresses_of, values_of
from scenarios.mail.boxes import Boxes, Post, Values
from scenarios.mail.commands import Command, command_of
from scenarios.mail.letter import Letter
from scenarios.mail.listening import listening
from simulator.scenario.scenario import Scenario
from simulator.scenario.words.rehearsal.replay import Mail
from simulator.text.wording import format_count

MOST_BYTES = 2 << 20
"""Of one mail; a server that sends more is told so (552)."""
AGAIN_S = 0.5
"""Between two runs of a command for the same visitor."""
AT_ONCE = 4
"""Commands that run at the same time."""
LONGEST_S = 10.0
"""For one run of a command."""
TO_END_S = 5.0
POLITE = 10
"""The niceness of catching mails: whoever sends has the processor first."""

Deliver = Callable[[str, Values], Coroutine[Any, Any, None]]


class Office:
    """Catches mails while its block lasts."""

    def __init__(self, mail: Mail, command: Command | None, addresses: frozenset[str]) -> None:
        """``addresses``: those of the launch's table, in lower case, at which visitors may get mails."""
        self.mail, self.command, self.addresses = mail, command, addresses
        self.domains: set[str] = set()
        self.boxes = Boxes()
        self.counts: Counter[str] = Counter()
        self.failure = ""
        """Why a command failed, the last time that one did."""
        self._deliver: Deliver = self._keep
        self._listening = listening(mail.listen) if mail.listen else None
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._run, name="mail", daemon=True)
        self._slots = asyncio.Semaphore(AT_ONCE)
        self._hearing: asyncio.Task[None] | None = None
        self._server: asyncio.Server | None = None
        self._sessions: WeakSet[Any] = WeakSet()

    @classmethod
    def of(cls, scenario: Scenario, addresses: frozenset[str] = frozenset()) -> Self | None:
        """None where a launch has no mails.

        Raises UsageError where its address is taken, or its command cannot be run.
        """
        replay = scenario.words.replay
        mail = replay.mail if replay is not None else None
        if mail is None:
            return None
        text = mail.command
        command = None if text is None else command_of(text, scenario, "replay.mail.command")
        return cls(mail, command, addresses)

    # Its life

    def __enter__(self) -> Self:
        self._thread.start()
        if self._listening is not None:
            self._do(self._open(self._listening))
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(TO_END_S)

    def _run(self) -> None:
        asyncio.set_event_loop(self._loop)
        if sys.platform == "linux":  # elsewhere threads have no priority of their own
            os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), POLITE)
        try:
            self._loop.run_forever()
            self._loop.run_until_complete(self._end())
        finally:
            if self._listening is not None:
                self._listening.close()
            self._loop.close()

    async def _end(self) -> None:
        """Whoever is still connected is left, and what goes on is ended."""
        if self._server is not None:
            self._server.close()
        for session in self._sessions:
            if session.transport is not None:
                session.transport.abort()
        left = asyncio.all_tasks() - {asyncio.current_task()}
        for task in left:
            task.cancel()
        await asyncio.gather(*left, return_exceptions=True)
        await asyncio.sleep(0)  # for the transports to let go
        await self._loop.shutdown_default_executor()

    def _do(self, work: Coroutine[Any, Any, None]) -> None:
        asyncio.run_coroutine_threadsafe(work, self._loop).result(TO_END_S)

    async def _open(self, listening: socket.socket) -> None:
        self._server = await self._loop.create_server(self._session, sock=listening)

    def _session(self) -> SMTP:
        session = SMTP(
            self,
            data_size_limit=MOST_BYTES,
            enable_SMTPUTF8=True,
            hostname="surgeproof",
            ident="surgeproof",
            authenticator=lambda *_: AuthResult(success=True),
            auth_require_tls=False,
            loop=self._loop,
        )
        self._sessions.add(session)
        return session

    def expect(self, run: str) -> None:
        """From now on mails to that run's visitors are theirs."""
        self.domains.add(f"{run}.invalid".casefold())

    # Mails that come by SMTP

    async def handle_DATA(self, _server: SMTP, _session: object, envelope: Envelope) -> str:  # noqa: N802
        """What aiosmtpd asks once a mail is whole."""
        own = [address for address in envelope.rcpt_tos if self.is_own(address)]
        self.counts["foreign"] += len(envelope.rcpt_tos) - len(own)
        content = envelope.content
        letter = Letter.of(content if isinstance(content, bytes) and own else b"")
        found = letter.values(self.mail.capture)
        for address in own:
            self.counts["kept"] += 1
            await self._deliver(address, found)
        return "250 taken"

    def is_own(self, address: str) -> bool:
        """Whether a visitor of this run may have it."""
        plain = address.strip("<> ").casefold()
        return plain.rpartition("@")[2] in self.domains or plain in self.addresses

    async def _keep(self, address: str, letter: Values) -> None:
        self.boxes.put(address, letter)

    # Mails that a command fetches

    async def fetch(self, values: Mapping[str, str]) -> None:
        """Run the command until it prints something, or for as long as the visitor waits."""
        assert self.command is not None, "nobody asks else"
        until_s = self._loop.time() + self.mail.within_ns / 1e9
        while (left_s := until_s - self._loop.time()) > 0:
            async with self._slots:
                printed = await asyncio.to_thread(self.printed, values, min(left_s, LONGEST_S))
            if printed.strip():
                self.counts["kept"] += 1
                found = Letter.printed(printed).values(self.mail.capture)
                await self._deliver(values["email"], found)
                return
            await asyncio.sleep(AGAIN_S)

    def printed(self, values: Mapping[str, str], most_s: float) -> bytes:
        """What one run of the command printed; nothing where it failed, which is kept apart."""
        assert self.command is not None, "nobody asks else"
        try:
            code, said = self.command.run(values, most_s)
        except OSError as error:
            code, said = 1, str(error).encode()
        if code == 0:
            return said
        last = said.decode(errors="replace").strip().rpartition("\n")[2][:100]
        self.failure = last or ("it took too long" if code is None else f"exit code {code}")
        self.counts["failed"] += 1
        return b""

    # Who reads them

    def post_of(self, person: Person) -> Post:
        """The mails of somebody of this process."""

        def ask() -> None:
            values = values_of(person)
            self._loop.call_soon_threadsafe(lambda: self._loop.create_task(self.fetch(values)))

        wanted = ask if self.command is not None else None
        addresses = addresses_of(person)
        return Post(self.boxes, addresses, self.mail.capture, self.mail.within_ns, wanted)

    @contextmanager
    def handing_on(self) -> Iterator[socket.socket]:
        """The other end of a socket, on which a child process gets each mail, and asks for its own."""
        ours, its = socket.socketpair()
        try:
            self._do(self._serve(ours))
            yield its
        finally:
            its.close()
            self._do(self._stop_serving())

    async def _stop_serving(self) -> None:
        self._deliver = self._keep
        if self._hearing is not None:
            self._hearing.cancel()
            await asyncio.gather(self._hearing, return_exceptions=True)

    async def _serve(self, ours: socket.socket) -> None:
        reader, writer = await asyncio.open_connection(sock=ours)

        async def hand_on(address: str, letter: Values) -> None:
            with suppress(OSError):  # the child has ended
                writer.write(json.dumps({"to": address, "found": letter}).encode() + b"\n")
                await writer.drain()

        async def hear() -> None:
            tasks = set()
            try:
                while line := await reader.readline():
                    tasks.add(task := self._loop.create_task(self.fetch(json.loads(line))))
                    task.add_done_callback(tasks.discard)
            except OSError:
                pass  # the child has ended
            finally:
                writer.transport.abort()
                for task in tasks:
                    task.cancel()
                await asyncio.sleep(0)

        self._deliver = hand_on
        self._hearing = self._loop.create_task(hear())

    # What there is to say

    def told(self) -> str:
        """How many mails came, in a sentence."""
        kept, foreign, failed = (self.counts[key] for key in ("kept", "foreign", "failed"))
        said = f"mails to visitors: {format_count(kept)}"
        if foreign:
            said += f"; to others, which were thrown away: {format_count(foreign)}"
        if failed:
            said += f"; the command failed {format_count(failed)} times ({self.failure})"
        return said


@contextmanager
def mails(scenario: Scenario, data: Path | None) -> Iterator[Office | None]:
    """The launch's mails are caught while the block lasts; ``data`` is the table with its people's addresses.

    Raises UsageError where that cannot be.
    """
    office = Office.of(scenario, addresses_in(data))
    if office is None:
        yield None
        return
    with office:
        yield office
