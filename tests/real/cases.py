"""The launches that are sent to real servers, and where their accounts are counted."""

from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import dataclass
from functools import partial
from importlib.util import find_spec
from pathlib import Path

from tests import postgres
from tests.real import sites
from tests.real.mails import free_port
from tests.real.running import killing
from tests.real.sites import Site

LAUNCHES = Path(__file__).parent / "launches"
USERS = "SELECT email FROM auth_user"
TOKENS = "SELECT mail FROM users"
VERIFIED = f"{USERS} JOIN members_address ON user_id = auth_user.id WHERE verified"
DJANGO = ("django", "gunicorn")
FASTAPI = ("fastapi", "multipart")


@dataclass(frozen=True, kw_only=True)
class Running:
    """A server that a launch is sent to."""

    site: Site
    launch: Path | None = None
    """A launch file that was made for it, in place of the case's own."""
    meanwhile: Callable[[], AbstractContextManager[None]] = nullcontext
    """What happens to it while the launch is sent."""


@dataclass(frozen=True, kw_only=True)
class Case:
    """A launch, the server that it is sent to, and what an account is there."""

    server: str
    """What people call it."""
    launch: str
    """The name of its file."""
    start: Callable[[Path], AbstractContextManager[Running]]
    accounts: str
    """A question in SQL for their addresses."""
    made_by: str
    """The name of the step that makes an account."""
    variant: str | None = None
    like: str | None = None
    """Which launch's requests are probed, where its own are not all served."""
    packages: tuple[str, ...] = ()
    """What must be there beside what ``dev`` installs."""
    exit_codes: tuple[int, ...] = (0,)
    some_unheard: bool = False
    """Whether some get no answer, whose accounts nobody was told of."""

    @property
    def missing(self) -> list[str]:
        """What would have to be installed first."""
        lacks_postgres = "psycopg2" in self.packages and postgres.installed() is None
        return missing(self.packages) + ["PostgreSQL"] * lacks_postgres

    @property
    def file(self) -> Path:
        return LAUNCHES / f"{self.launch}.toml"

    @property
    def probed(self) -> Path:
        """The file whose requests are measured."""
        return LAUNCHES / f"{self.like or self.launch}.toml"

    def __str__(self) -> str:
        return self.launch if self.variant is None else f"{self.launch}, {self.variant}"


def missing(packages: Iterable[str]) -> list[str]:
    """Which of these modules nobody has installed."""
    return [name for name in packages if find_spec(name) is None]


@contextmanager
def club(folder: Path) -> Iterator[Running]:
    with sites.django("club", folder) as site:
        yield Running(site=site)


@contextmanager
def club_that_sends_back(folder: Path) -> Iterator[Running]:
    with sites.django("club", folder, CLUB_SENDS_BACK="yes") as site:
        yield Running(site=site)


@contextmanager
def club_of_mortals(folder: Path) -> Iterator[Running]:
    with sites.django("club", folder) as site:
        yield Running(site=site, meanwhile=partial(killing, site.leader))


@contextmanager
def club_by_mail(folder: Path) -> Iterator[Running]:
    port = free_port()
    launch = folder / "verified-by-mail.toml"
    launch.write_text((LAUNCHES / launch.name).read_text("utf-8").replace(":1025", f":{port}"))
    with sites.django("club", folder, CLUB_SMTP_PORT=str(port)) as site:
        yield Running(site=site, launch=launch)


@contextmanager
def shop(folder: Path) -> Iterator[Running]:
    with sites.django("shop", folder, SHOP_SIGNUP_LIMIT="1000/s/ip") as site:
        yield Running(site=site)


@contextmanager
def bearer(folder: Path) -> Iterator[Running]:
    with sites.bearer(folder) as site:
        yield Running(site=site)


@contextmanager
def slow_bearer(folder: Path) -> Iterator[Running]:
    with sites.bearer(folder, hash_cost=15, threads=2) as site:
        yield Running(site=site)


@contextmanager
def forum(folder: Path) -> Iterator[Running]:
    with sites.openid(folder) as (site, _):
        yield Running(site=site)


@contextmanager
def kinto(folder: Path) -> Iterator[Running]:
    initdb = postgres.installed()
    assert initdb is not None
    with sites.kinto(folder, initdb) as site:
        yield Running(site=site)


CASES = (
    Case(server="Django, its own form, gunicorn", launch="django-form", start=club,
         accounts=USERS, made_by="send", packages=DJANGO),
    Case(server="django-allauth, JSON, gunicorn", launch="allauth-json", start=shop,
         accounts=USERS, made_by="signup", packages=(*DJANGO, "allauth")),
    Case(server="FastAPI, bearer tokens, uvicorn", launch="bearer-token", start=bearer,
         accounts=TOKENS, made_by="register", packages=FASTAPI),
    Case(server="a forum and its identity provider", launch="openid-chain", start=forum,
         accounts="SELECT email FROM members", made_by="consent", packages=FASTAPI),
    Case(server="Kinto, PostgreSQL, gunicorn", launch="kinto-account", start=kinto,
         accounts="SELECT id FROM objects WHERE resource_name = 'account'", made_by="account",
         packages=("kinto", "gunicorn", "psycopg2", "sqlalchemy")),
    Case(server="Django, a form shown again at 200", launch="form-shown-again", like="django-form",
         start=club, accounts=USERS, made_by="send", packages=DJANGO),
    Case(server="Django, a form shown again at 200", launch="form-shown-again", like="django-form",
         variant="followed", start=club, accounts=USERS, made_by="send", packages=DJANGO),
    Case(server="Django, a form shown again at 200", launch="form-shown-again", like="django-form",
         variant="page-read", start=club, accounts=USERS, made_by="send", packages=DJANGO),
    Case(server="Django, a form led back to by 302", launch="form-sent-back", like="django-form",
         start=club_that_sends_back, accounts=USERS, made_by="send", packages=DJANGO),
    Case(server="Django, a form led back to by 302", launch="form-sent-back", like="django-form",
         variant="followed", start=club_that_sends_back, accounts=USERS, made_by="send",
         packages=DJANGO),
    Case(server="Django, verified by mail", launch="verified-by-mail", start=club_by_mail,
         accounts=VERIFIED, made_by="verify", packages=DJANGO),
    Case(server="FastAPI, clients give up", launch="bearer-overloaded", start=slow_bearer,
         accounts=TOKENS, made_by="register", packages=FASTAPI,
         exit_codes=(1, 3), some_unheard=True),
    Case(server="Django's form, clients give up", launch="form-overloaded", start=club,
         accounts=USERS, made_by="send", packages=DJANGO, exit_codes=(1, 3), some_unheard=True),
    Case(server="Django's form, workers are killed", launch="form-bereft", start=club_of_mortals,
         accounts=USERS, made_by="send", packages=DJANGO, exit_codes=(0, 1, 3), some_unheard=True),
)  # fmt: skip
