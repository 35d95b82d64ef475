"""When the database does not answer, a page says so, says when to come back, and nothing pretends."""

import pytest
from sqlalchemy.exc import OperationalError

from tests.people import sign_in


@pytest.fixture
def away(client, course, learner, monkeypatch):
    sign_in(client, learner)

    def gone(*_):
        raise OperationalError("SELECT", {}, Exception("server closed the connection"))

    monkeypatch.setattr("app.security.signed_in", gone)
    return client


@pytest.mark.parametrize("page", ["/me", "/", "/learn/contoh/arsip", "/admin/certificates"])
def test_every_page_answers_503_and_when_to_come_back(away, page):
    answer = away.get(page)
    assert answer.status_code == 503
    assert answer.headers["Retry-After"] == "5"
    assert "sudah tersimpan tetap aman" in answer.text
    assert answer.headers["Content-Security-Policy"]


def test_being_alive_needs_no_database(away):
    assert away.get("/healthz").status_code == 200
