"""Lines about requests: in production one for each, which names the route and never what was said there."""

import json
import re

import pytest

from app import create_app
from app.extensions import db
from tests.conftest import OwnContextClient, settings_for

SECRET = "an-invented-secret-of-more-than-32-bytes"


@pytest.fixture
def production(app, tmp_path):
    """The same database, served by production's rules."""
    more = {"env": "production", "secret_key": SECRET, "base_url": "https://bina.example.go.id"}
    made = create_app(settings_for(tmp_path, database_url=app.extensions["bina"].settings.database, **more))
    made.test_client_class = OwnContextClient
    made.config["PROPAGATE_EXCEPTIONS"] = False
    yield made
    with made.app_context():
        db.engine.dispose()
    create_app(settings_for(tmp_path))  # plain lines again


@pytest.fixture
def lines(capfd):
    def lines() -> list[dict]:
        return [json.loads(line) for line in capfd.readouterr().err.splitlines()]

    return lines


BASE = "https://bina.example.go.id"


def test_a_line_for_each_request_names_the_route_and_the_person(production, course, learner, lines):
    client = production.test_client()
    lines()
    client.get("/courses/contoh?q=rahasia", base_url=BASE)
    [line] = lines()
    assert {key: line[key] for key in ("event", "method", "route", "status", "person")} == {
        "event": "request",
        "method": "GET",
        "route": "/courses/<course>",
        "status": 200,
        "person": None,
    }
    assert line["ms"] > 0
    assert re.fullmatch(r"[0-9a-f]{16}", line["request_id"])
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT[\d:.]+Z", line["timestamp"])


def test_the_person_is_an_id(production, course, learner, lines):
    client = production.test_client()
    with production.app_context():
        sign_in_there(client, learner)
    lines()
    client.get("/me", base_url=BASE)
    said = lines()
    assert [line["person"] for line in said] == [learner.id]
    assert learner.nip not in json.dumps(said)
    assert learner.name not in json.dumps(said)


def sign_in_there(client, who) -> None:
    with client.session_transaction(base_url=BASE) as cookie:
        cookie["_user_id"], cookie["_fresh"] = token_of(who), True


def token_of(who) -> str:
    from courses.database import begin_writing
    from courses.people.sessions import open_session

    begin_writing(db.session())
    token = open_session(db.session(), who.id, 30)
    db.session.commit()
    return token


@pytest.mark.parametrize("address", ["/nowhere/198704122011012003", "/courses/198704122011012003?nip=1987"])
def test_neither_path_nor_query_is_written(production, lines, address):
    lines()
    production.test_client().get(address, base_url=BASE)
    production.test_client().post("/login", data={"identifier": "198704122011012003"}, base_url=BASE)
    said = json.dumps(lines())
    assert "1987" not in said
    assert '"status": 404' in said
    assert '"status": 400' in said


@pytest.mark.parametrize("good", ["abcdefgh", "0123-ABCD-" * 6 + "0123"])
def test_a_good_request_id_is_taken(client, good):
    assert client.get("/healthz", headers={"X-Request-Id": good}).headers["X-Request-Id"] == good


@pytest.mark.parametrize(
    "bad", ["", "short", "a" * 65, "abcdefgh\u00e9", "abc defgh", "abcdefgh;x", '"}{"abcdef']
)
def test_any_other_is_replaced(client, bad):
    given = client.get("/healthz", headers={"X-Request-Id": bad}).headers.getlist("X-Request-Id")
    assert len(given) == 1
    assert re.fullmatch("[0-9a-f]{16}", given[0])


def test_the_reference_of_an_error_is_the_id_of_its_request(production, lines, monkeypatch):
    def broken(*_):
        raise ValueError("broken")

    monkeypatch.setitem(production.view_functions, "catalogue.index", broken)
    broken.access = "public"  # type: ignore[attr-defined]
    lines()
    answer = production.test_client().get(
        "/courses/", headers={"X-Request-Id": "reference-01"}, base_url=BASE
    )
    assert answer.status_code == 500
    assert "reference-01" in answer.text
    trouble, line = lines()
    assert (trouble["request_id"], trouble["level"], line["status"]) == ("reference-01", "error", 500)
    assert "ValueError: broken" in trouble["exception"]


def test_development_says_nothing_about_requests(client, capfd):
    client.get("/healthz")
    assert capfd.readouterr().err == ""
