"""What an operator does during a rehearsal (``--at "10 s" --run "systemctl restart app"``), and what came of it."""

from __future__ import annotations

import os
import re
import shlex
from collections.abc import Iterable, Iterator, Sequence

from reports.run.facts import Act
from reports.sentences import words
from scenarios.brought.secrets import is_secret, looks_secret, names_password, names_secret
from scenarios.http.requests.person import SHORTEST_SECRET
from scenarios.process.operator import HIDDEN, Action, Deed, Operator, arguments_of
from scenarios.replay.keeping.batch import Batch
from scenarios.replay.keeping.scribe import Hear
from simulator.errors import InvalidRun, UsageError
from simulator.plan.plan import Plan
from simulator.text.quantities import WrongQuantity, parse_duration
from simulator.units import NS_PER_S
from surgeproof.endings import tell

MOST = 20
"""Actions in one rehearsal."""
WORD = re.compile(r"[^\s'\"]+")
HEADER = re.compile(r"(?i)\b(?:authorization|cookie|x-[a-z-]*(?:key|token))\s*[:=]\s*([^'\"]+)")
SHELL, SCRIPT = re.compile(r"(?:.*/)?(?:ba|da|z|k|a)?sh"), re.compile(r"-[a-z]*c")
USERS = ("-u", "-U", "--user", "--proxy-user")
"""Options of which many programs take a user and his password."""
USER = re.compile(r"-u(?=[^:=]*:)|--(?:proxy-)?user=")
SHORT = (
    (re.compile(r"(?:.*/)?(?:mysql|mariadb)[a-z-]*"), "-p"),
    (re.compile(r"(?:.*/)?sshpass"), "-p"),
    (re.compile(r"(?:.*/)?redis-cli"), "-a"),
)
"""Programs whose option for a password has one letter."""
LOGIN = re.compile(r"://[^/\s'\"]*:([^/\s'\"@]+)@")


def actions_of(at: Sequence[str], run: Sequence[str]) -> tuple[Action, ...]:
    """Those of a command line. Raises UsageError where one could not be done."""
    if len(at) != len(run):
        raise UsageError(
            f"--at is there {words.times(len(at), 'time')} and --run {words.times(len(run), 'time')}: each --run"
            ' needs its instant, as in --at "10 s" --run "systemctl restart app"'
        )
    if len(at) > MOST:
        raise UsageError(f"at most {MOST} times --run, not {len(at)}")
    return tuple(action_of(*each) for each in zip(at, run, strict=True))


def action_of(at: str, run: str) -> Action:
    """One of them."""
    try:
        at_ns = parse_duration(at)
    except WrongQuantity as wrong:
        raise UsageError(f"--at {wrong}, after the opening") from None
    arguments = arguments_of(run)
    secrets = sorted(set(secrets_of(arguments)) - {""}, key=len, reverse=True)
    return Action(
        at_ns=at_ns,
        arguments=arguments,
        shown=" ".join(quoted(hidden(each, secrets)) for each in arguments),
        secrets=tuple(each for each in secrets if len(each) >= SHORTEST_SECRET),
    )


def require_within(actions: Iterable[Action], plan: Plan) -> None:
    """Raises UsageError where one would come after everything."""
    for action in actions:
        if action.at_ns >= plan.end_ns:
            raise UsageError(
                f"--at {words.duration(action.at_s)} is after the rehearsal's end"
                f" ({words.duration(plan.end_ns / NS_PER_S)}): choose an earlier instant"
            )


# What may be written of a command --------------------------------------------------------------------


def secrets_of(arguments: Sequence[str]) -> Iterator[str]:
    """What of a command line reaches no file: by its name, by its looks, or since a secret variable has it."""
    known = [
        value
        for name, value in os.environ.items()
        if (names_secret(name) or names_password(name)) and len(value) >= SHORTEST_SECRET
    ]
    yield from secret_words(arguments)
    for argument in arguments:
        yield from (value for value in known if value in argument)
        yield from (found[1].strip() for found in HEADER.finditer(argument))
        yield from (found[1] for found in LOGIN.finditer(argument))
        yield from secret_words(words_of(argument))
        if "\\" in argument:  # what a shell makes of it stands there in other letters
            yield from secret_words(WORD.findall(argument))


def words_of(text: str) -> list[str]:
    """What a shell would read an argument as, for it may be one's script."""
    try:
        return shlex.split(text)
    except ValueError:
        return WORD.findall(text)


def secret_words(words: Sequence[str]) -> Iterator[str]:
    """Those of words that stand one after another: by their own name or looks, or by the word before them."""
    before, short, shell = "", "", False
    for word in words:
        script = shell and SCRIPT.fullmatch(before)  # whose words are read one by one
        name, equals, value = word.partition("=")
        if equals and not script and (is_secret(name, value) or names_password(name)):
            yield value
        elif looks_secret(word) or is_flag_of_secret(before) or (short and before == short):
            yield word
        elif ":" in word and (before in USERS or USER.match(word)):
            yield word.partition(":")[2]
        elif short and word.startswith(short):
            yield word.removeprefix(short)
        if short and before.startswith(short):  # the next one is another program's
            short = ""
        short = next((each for made, each in SHORT if made.fullmatch(word)), short)
        shell = shell or SHELL.fullmatch(word) is not None
        before = word


def is_flag_of_secret(word: str) -> bool:
    """Whether what follows an option is a secret.

    >>> is_flag_of_secret("--api-key"), is_flag_of_secret("-v"), is_flag_of_secret("--password=known")
    (True, False, False)
    """
    return word.startswith("-") and "=" not in word and (names_secret(word) or names_password(word))


def hidden(text: str, secrets: Iterable[str]) -> str:
    """A command without its secrets."""
    for secret in secrets:
        text = text.replace(secret, HIDDEN)
    return text


def quoted(argument: str) -> str:
    """As a shell would be told it; what is hidden needs no quotation.

    >>> quoted("API_TOKEN=…"), quoted("echo …")
    ('API_TOKEN=…', "'echo …'")
    """
    plain = argument.replace(HIDDEN, "x")
    return argument if shlex.quote(plain) == plain else shlex.quote(argument)


def clock_of(operator: Operator) -> Hear:
    """What tells him when the plan's clock begins: a batch of the load's senders says so."""

    def hear(batch: Batch) -> None:
        if batch.opened_ns is not None:
            operator.open(batch.opened_ns)

    return hear


# What is said of them -------------------------------------------------------------------------------------


def announced(actions: Iterable[Action]) -> list[str]:
    """For a dry run."""
    return [
        f"{words.duration(each.at_s)} after the opening {each.shown} is run on this machine (--run)"
        for each in actions
    ]


def acts_of(operator: Operator) -> tuple[Act, ...]:
    """For the reports."""
    return tuple(
        Act(
            at_ns=deed.action.at_ns,
            command=deed.action.shown,
            began_ns=deed.began_ns,
            took_ns=deed.took_ns,
            failure=deed.failure,
        )
        for deed in operator.deeds
    )


def in_words(deed: Deed) -> str:
    """What became of an action, in a sentence."""
    said = f": {deed.last_words}" if deed.last_words else ""
    if deed.began_ns is None:
        return f"{deed.action.shown}, due {words.duration(deed.action.at_s)} after the opening, was not run ({deed.failure})"
    ran = (
        f"{deed.action.shown} was run {words.duration(deed.began_ns / NS_PER_S)} after the opening"
    )
    if deed.failure:
        return f"{ran}, and {deed.failure}{said}"
    took = words.duration(deed.took_ns / NS_PER_S)
    return f"{ran}, and ended well after {took}{said}"


def tell_of(operator: Operator) -> tuple[str, ...]:
    """Say what became of each, and give the sentences back."""
    said = tuple(in_words(deed) for deed in operator.deeds)
    for sentence in said:
        tell(f"operator: {sentence}")
    return said


def require_done(operator: Operator) -> None:
    """Raises InvalidRun where something that was asked for did not happen: the run did not test it."""
    for deed in operator.deeds:
        if deed.failure:
            raise InvalidRun(
                f"what was to be tested did not happen: {in_words(deed)}; mend the command, and run it again"
            )
