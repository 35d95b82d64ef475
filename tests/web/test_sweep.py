"""Every route, as everybody: what may be kept, what a form carries, that no answer asks anybody else.

The routes are those of `test_access.READS`, which fails while a route has no line there. That reading writes
nothing and that every answer has its headers, `test_hostile_requests` says of every verb.
"""

import socket

import pytest
from lxml import html as lxml_html
from werkzeug.test import TestResponse

from app.static_files import tree_hash
from tests.people import sign_in
from tests.web.hostile import changed, sound, tables
from tests.web.test_access import READS, WRITES

ROLES = ["visitor", "learner", "instructor", "office_admin", "admin"]
ADDRESSES = sorted({line[0] for line in READS.values()} | {"/nowhere", "/learn/nothing/here", "/static/no"})
HERE = {"127.0.0.1", "::1", "localhost"}


@pytest.fixture(params=ROLES)
def somebody(request, client, course, learner, instructor, office_admin, admin):
    people = {"learner": learner, "instructor": instructor, "office_admin": office_admin, "admin": admin}
    if request.param != "visitor":
        sign_in(client, people[request.param])
    return client


@pytest.fixture
def calls_out(monkeypatch) -> list[object]:
    """Whom our process tried to reach beside this machine; none of it gets through."""
    tried: list[object] = []

    def watched(real):
        def connect(self, address):
            if self.family != socket.AF_UNIX and address[0] not in HERE:
                tried.append(address)
                raise ConnectionRefusedError(address)
            return real(self, address)

        return connect

    for name in ("connect", "connect_ex"):
        monkeypatch.setattr(socket.socket, name, watched(getattr(socket.socket, name)))

    def no_names(host, *_args, **_named):
        tried.append(host)
        return []

    monkeypatch.setattr(socket, "getaddrinfo", no_names)
    return tried


def test_what_is_ones_own_is_kept_nowhere(somebody):
    for address in ADDRESSES:
        answer = sound(somebody.get(address), address)
        assert answer.headers["Cache-Control"] == "no-store", address
        assert "Cookie" in answer.headers["Vary"], address


def test_what_is_named_by_its_content_is_kept_for_ever(client):
    answer = client.get(f"/static/{tree_hash()}/bina.css")
    assert answer.status_code == 200
    assert "immutable" in answer.headers["Cache-Control"]
    assert "Set-Cookie" not in answer.headers
    answer.close()


def test_every_form_that_writes_carries_its_token_and_its_operation(somebody):
    seen = 0
    for address in ADDRESSES:
        for form in _forms(somebody.get(address)):
            names = {field.get("name") for field in form.iter("input", "button", "textarea", "select")}
            if form.get("method", "get") == "get":
                assert "csrf_token" not in names, address
                continue
            seen += 1
            assert "csrf_token" in names, (address, form.get("action"))
            assert "operation" in names or _by_nobody(form, address), (
                address,
                form.get("action"),
            )
    assert seen > 0


def test_no_cookie_is_readable_by_scripts_or_sent_from_elsewhere(somebody):
    said = [cookie for address in ADDRESSES for cookie in somebody.get(address).headers.getlist("Set-Cookie")]
    for cookie in said:
        assert "HttpOnly" in cookie, cookie
        assert "SameSite=Lax" in cookie, cookie


def test_no_request_of_anybody_makes_us_ask_somebody_else(somebody, calls_out):
    before = tables()
    for address in ADDRESSES:
        sound(somebody.get(address), address)
    for address, *_ in WRITES.values():
        sound(somebody.post(address, data={"url": "http://evil.example/", "next": "http://evil.example/"}))
    assert calls_out == []
    assert changed(before) == set()


def test_the_watch_over_calls_hears_them(calls_out):
    with pytest.raises(ConnectionRefusedError), socket.socket() as one:
        one.connect(("192.0.2.1", 80))
    assert calls_out == [("192.0.2.1", 80)]


def _forms(answer: TestResponse) -> list[lxml_html.HtmlElement]:
    if answer.status_code != 200 or answer.mimetype != "text/html":
        return []
    return list(lxml_html.document_fromstring(answer.data).iter("form"))


def _by_nobody(form: lxml_html.HtmlElement, address: str) -> bool:
    """The few writes by people not signed in: signing in, activating, asking for a letter, a check."""
    where = (form.get("action") or address).split("?")[0]
    return where in {"/login", "/logout", "/activate", "/forgot", "/verify/"}
