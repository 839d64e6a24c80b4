"""A launch of requests that were brought: written, checked, predicted; and refused in a sentence."""

import json
import tomllib
from pathlib import Path

from fastapi import Depends, FastAPI
from fastapi.security import HTTPBearer
from pydantic import BaseModel

from tests.end_to_end.command import surgeproof
from tests.examples import examples
from tests.launches.hars import bearer, django, entry, form, har, openid, sent_json

SPEC = Path(__file__).parents[1] / "launches" / "petstore.yaml"


class Person(BaseModel):
    """Who signs up."""

    email: str
    password: str


class Token(BaseModel):
    """What he gets."""

    access_token: str


def fastapi() -> bytes:
    """The description that FastAPI makes of an application."""
    app = FastAPI()

    @app.post("/signup", status_code=201)
    def signup(person: Person) -> Token:
        return Token(access_token=person.email)

    @app.get("/me", dependencies=[Depends(HTTPBearer())])
    def me() -> dict[str, str]:
        return {}

    return json.dumps(app.openapi()).encode()


@examples("option, raw, more, says",
    ("Django", "--from-har", django(), [], "4 requests to shop.example.org"),
    ("a bearer token", "--from-har", bearer(), ["--expect", "20000"], "3 requests to api.example.org"),
    ("OpenID", "--from-har", openid(), ["--host", "shop.example.org"], "3 requests to shop.example.org"),
    ("a description", "--from-openapi", SPEC.read_bytes(), [], "1 of 4 operations"),
    ("FastAPI", "--from-openapi", fastapi(), ["--operation", "POST /signup", "--operation", "GET /me"], "2 of 2 operations"),
)  # fmt: skip
def test_it_is_valid_and_all_of_it_is_assumed(
    option: str, raw: bytes, more: list[str], says: str, tmp_path: Path
) -> None:
    brought, mine = tmp_path / "brought.json", tmp_path / "mine.toml"
    brought.write_bytes(raw)
    done = surgeproof("new", mine, option, brought, *more)
    assert (done.returncode, done.stderr) == (0, "")
    assert mine.stat().st_mode & 0o777 == 0o600, "it is made of what somebody typed"
    people = f"{int(more[1]):,}" if "--expect" in more else "1,000"
    assert done.stdout.startswith(f"{mine}: a launch for {people} people, with {says}\n")
    checked = surgeproof("check", mine)
    assert (checked.returncode, checked.stderr) == (0, "")
    assert f"{people} in 1 h" in checked.stdout
    assert "figures   0 sourced or measured, " in checked.stdout
    shown = surgeproof("show", mine, "--toml")
    assert (shown.returncode, shown.stdout) == (0, mine.read_text())


def test_fastapis_own_description_gives_a_token(tmp_path: Path) -> None:
    (tmp_path / "spec.json").write_bytes(fastapi())
    chosen = ("--operation", "POST /signup", "--operation", "GET /me")
    surgeproof("new", "my.toml", "--from-openapi", "spec.json", *chosen, cwd=tmp_path)
    text = (tmp_path / "my.toml").read_text()
    assert 'capture = { access_token = "json:access_token" }' in text
    assert 'headers = { Authorization = "Bearer ${access_token}" }' in text


@examples("words, sentence",
    ("exists", ["old.toml", "--from-har", "a.har"], "exists and is not overwritten"),
    ("none", ["x.toml"], "give one of --like, --from-har, --from-openapi; the command has none of them"),
    ("two", ["x.toml", "--from-har", "a.har", "--like", "b"], "the command has --like and --from-har"),
    ("a host of nothing", ["x.toml", "--like", "b", "--host", "h"], "give --from-har"),
    ("an operation of nothing", ["x.toml", "--from-har", "a.har", "--operation", "h"], "give --from-openapi"),
    ("no file", ["x.toml", "--from-har", "none.har"], "none.har cannot be read: no such file or directory"),
    ("a folder", ["x.toml", "--from-openapi", "."], ". cannot be read: is a directory"),
    ("no HAR", ["x.toml", "--from-har", "old.toml"], "old.toml: is no HAR"),
    ("no description", ["x.toml", "--from-openapi", "a.har"], "does not say its version"),
    ("nobody", ["x.toml", "--from-har", "a.har", "--expect", "0"], "greater than or equal to 1"),
)  # fmt: skip
def test_what_is_wrong_is_one_sentence_and_writes_nothing(
    words: list[str], sentence: str, tmp_path: Path
) -> None:
    (tmp_path / "old.toml").write_text("mine")
    (tmp_path / "a.har").write_bytes(django())
    done = surgeproof("new", *words, cwd=tmp_path)

    assert done.returncode == 2
    assert sentence in done.stderr
    assert "Traceback" not in done.stderr
    assert sorted(file.name for file in tmp_path.iterdir()) == ["a.har", "old.toml"]
    assert (tmp_path / "old.toml").read_text() == "mine"


def test_one_person_is_a_launch_too(tmp_path: Path) -> None:
    (tmp_path / "a.har").write_bytes(django())
    surgeproof("new", "one.toml", "--from-har", "a.har", "--expect", "1", cwd=tmp_path)
    done = surgeproof("check", "one.toml", cwd=tmp_path)
    assert "1 in 1 h" in done.stdout, done.stderr


def test_fields_may_be_called_as_our_own_words_are(tmp_path: Path) -> None:
    """Whatever "source" means in a launch file, in a form it is a field; also in a launch made like it."""
    fields = {"source": "ads", "assumed": "x", "measured": "yes", "times": "3 s", "file": "a.csv"}
    raw = har(
        entry("POST", "http://h.example/a?source=web", post=form(**fields)),
        entry("POST", "http://h.example/b", at_s=1, post=sent_json({"source": "web", "step": [{"law": 1}]})),
    )  # fmt: skip
    (tmp_path / "a.har").write_bytes(raw)
    (tmp_path / "people.csv").write_text("email\na@example.com\n")
    surgeproof("new", "one.toml", "--from-har", "a.har", cwd=tmp_path)
    with (tmp_path / "one.toml").open("a") as file:
        file.write('\n[data]\nfile = "people.csv"\n')
    made = surgeproof("new", "two.toml", "--like", "one.toml", "--expect", "1200", cwd=tmp_path)
    assert (made.returncode, made.stderr) == (0, "")
    one, two = (tomllib.loads((tmp_path / name).read_text()) for name in ("one.toml", "two.toml"))
    assert one["journey"] == two["journey"]
    assert one["journey"][0]["step"][0]["request"]["form"] == fields
    assert two["data"] == {"file": "people.csv"}
    checked = surgeproof("check", "two.toml", cwd=tmp_path)
    assert (checked.returncode, checked.stderr) == (0, "")
