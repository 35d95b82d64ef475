"""Figures for whoever has the token, counted by every process; and the hosts and proxies in front of us."""

import os
import subprocess
import sys

import pytest
from flask import request

from app import create_app, metrics
from app.extensions import db
from app.security import public
from courses.jobs import post
from tests.conftest import OwnContextClient, settings_for
from tests.services.crowd import writing

TOKEN = "a-token-that-nobody-guesses"
PRODUCTION = {
    "env": "production",
    "secret_key": "an-invented-secret-of-more-than-32-bytes",
    "base_url": "https://bina.example.go.id",
}


@pytest.fixture
def serve(app, tmp_path):
    """The same database, served with other settings."""
    made = []

    def serve(**more):
        url = app.extensions["bina"].settings.database
        one = create_app(settings_for(tmp_path, database_url=url, **more))
        one.test_client_class = OwnContextClient
        made.append(one)
        return one

    yield serve
    for one in made:
        with one.app_context():
            db.engine.dispose()
    create_app(settings_for(tmp_path))  # logs as plain lines again


@pytest.fixture
def counting(serve, tmp_path, monkeypatch):
    from prometheus_client import values

    monkeypatch.setenv(metrics.DIRECTORY, str(tmp_path / "metrics"))
    kind = values.MultiProcessValue()
    close_files = values._multi_process_cleanups[-1]
    monkeypatch.setattr(values, "ValueClass", kind)
    yield serve(metrics_token=TOKEN).test_client()
    close_files()


def asked(client, token: str = TOKEN) -> dict[str, float]:
    answer = client.get("/metrics", headers={"Authorization": f"Bearer {token}"})
    assert answer.status_code == 200
    assert answer.content_type == "text/plain; version=0.0.4; charset=utf-8"
    lines = [line.rpartition(" ") for line in answer.text.splitlines() if not line.startswith("#")]
    return {name: float(value) for name, _, value in lines}


def test_without_a_token_in_the_settings_there_is_no_such_page(client):
    for headers in ({}, {"Authorization": "Bearer "}, {"Authorization": f"Bearer {TOKEN}"}):
        assert client.get("/metrics", headers=headers).status_code == 404


@pytest.mark.parametrize(
    "given", [None, "", "Bearer ", TOKEN, f"Bearer {TOKEN}x", f"Bearer {TOKEN[:-1]}", "é"]
)
def test_whoever_lacks_the_token_learns_nothing(counting, given):
    answer = counting.get("/metrics", headers={} if given is None else {"Authorization": given})
    assert (answer.status_code, answer.headers["WWW-Authenticate"]) == (401, "Bearer")
    assert "bina_" not in answer.text


def test_requests_are_counted_by_route_and_status(counting, course):
    for address in ("/courses/contoh", "/courses/contoh?a=1", "/courses/none", "/none"):
        counting.get(address)
    counting.open("/healthz", method="FROBNICATE")
    found = asked(counting)
    route = 'route="/courses/<course>"'
    assert found[f'bina_requests_total{{method="GET",{route},status="200"}}'] == 2
    assert found[f'bina_requests_total{{method="GET",{route},status="404"}}'] == 1
    assert found['bina_requests_total{method="GET",route="-",status="404"}'] == 1
    assert found[f"bina_request_seconds_count{{{route}}}"] == 3
    assert found[f'bina_request_seconds_bucket{{le="+Inf",{route}}}'] == 3
    assert not [name for name in found if "contoh" in name or "FROBNICATE" in name]


def test_what_another_process_counted_is_added(counting, tmp_path):
    counting.get("/healthz")
    program = (
        "from pathlib import Path\n"
        "from app import create_app\n"
        "from tests.conftest import settings_for\n"
        f"app = create_app(settings_for(Path({str(tmp_path)!r}), metrics_token={TOKEN!r}))\n"
        "app.test_client().get('/healthz')\n"
    )
    subprocess.run([sys.executable, "-c", program], check=True, env={**os.environ, "PYTHONPATH": "."})
    name = 'bina_requests_total{method="GET",route="/healthz",status="200"}'
    assert asked(counting)[name] == 2
    metrics.forget_the_dead(tmp_path / "metrics")
    assert asked(counting)[name] == 1


def test_jobs_and_refused_sign_ins(counting):
    before = asked(counting)
    assert (before["bina_database_up"], before["bina_outbox_waiting"]) == (1, 0)
    writing(lambda session: post(session, "course_completed", enrolment_id=1))
    writing(lambda session: session.execute(db.text("UPDATE outbox SET trouble = 'x'")))
    counting.application.config["WTF_CSRF_ENABLED"] = False
    counting.post("/login", data={"identifier": "nobody@example.id", "password": "not-the-password"})
    after = asked(counting)
    assert (after["bina_outbox_waiting"], after["bina_outbox_failed"]) == (1, 1)
    assert after["bina_sign_in_failures"] == 1


@pytest.mark.parametrize(
    ("host", "status"),
    [
        ("bina.example.go.id", 200),
        ("BINA.example.go.id:443", 200),
        ("127.0.0.1:8000", 200),
        ("[::1]:8000", 200),
        ("evil.example", 400),
        ("bina.example.go.id.evil.example", 400),
        ("bina.example.go.id@evil.example", 400),
        ("[::1", 400),
        ("a b", 400),
    ],
)
def test_production_answers_to_its_own_names_only(serve, host, status):
    answer = serve(**PRODUCTION).test_client().get("/healthz", headers={"Host": host})
    assert answer.status_code == status
    assert "Content-Security-Policy" in answer.headers
    assert "evil" not in answer.text


def test_more_names_may_be_given(serve):
    client = serve(hosts="belajar.example, lain.example").test_client()
    said = {
        name: client.get("/", headers={"Host": name}).status_code for name in ("lain.example", "x.example")
    }
    assert said == {"lain.example": 200, "x.example": 400}


@pytest.mark.parametrize(("proxies", "expected"), [(0, "127.0.0.1"), (1, "10.0.0.3"), (2, "10.0.0.2")])
def test_as_many_proxies_are_believed_as_there_are(serve, proxies, expected):
    one = serve(proxies=proxies)
    one.view_functions["health.alive"] = public(lambda: str(request.remote_addr))
    forged = {"X-Forwarded-For": "10.0.0.1, 10.0.0.2, 10.0.0.3", "X-Forwarded-Host": "evil.example"}
    assert one.test_client().get("/healthz", headers=forged).text == expected
