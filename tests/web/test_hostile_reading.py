"""Reading writes nothing: every table is the same before and after everything that can be read was read."""

import re
from collections.abc import Iterator
from datetime import timedelta

import pytest
from sqlalchemy import select

from app.extensions import db
from courses import clock
from courses.certification.models import Award, Certificate
from courses.people.models import SignIn
from tests.people import sign_in
from tests.web.hostile import changed, sound, tables
from tests.web.journeys import finish, post, start, work
from tests.web.test_access import READS

MENU = re.compile(rb'<span class="sr">Menu (?:for )?([^<]*)</span>')
LINK = re.compile(r'(?:href|src|action)="(/[^"#]*)')


@pytest.mark.parametrize("role", ["visitor", "learner", "admin"])
def test_no_page_writes(busy_office, role):
    client, before = busy_office[role], tables()
    read_pages = set(_crawl(client))
    assert len(read_pages) > {"visitor": 10, "learner": 20, "admin": 20}[role]
    assert changed(before) <= {"access_entry"}  # who looked at whose page


@pytest.mark.parametrize("role", ["visitor", "learner", "admin"])
def test_every_page_names_its_reader_and_nobody_else_in_its_menu(busy_office, role, learner, admin):
    client, who = busy_office[role], {"learner": learner, "admin": admin}.get(role)
    named = {address: MENU.findall(client.get(address).data) for address in _crawl(client)}
    assert {name for names in named.values() for name in names} == ({who.name.encode()} if who else set())
    assert who is None or any(address.startswith("/verify/") and names for address, names in named.items())


def test_only_when_a_session_was_seen_is_written_and_once_in_ten_minutes(busy_office):
    client, before = busy_office["learner"], tables()
    seen = _seen()
    with clock.pinned(clock.now() + timedelta(minutes=11)):
        list(_crawl(client))
    assert changed(before) == set()
    touched = {name for name, at in _seen().items() if at != seen[name]}
    assert len(touched) == 1


def test_the_digest_sees_one_changed_cell(busy_office):
    before = tables()
    post(busy_office["admin"], "/admin/certificates", "/learn/contoh/enrol")
    assert changed(before) <= {"operation", "enrolment"}
    assert changed(before)


def _crawl(client) -> Iterator[str]:
    """Every address of the URL map, and every one that a page leads to; what a page shows is in it."""
    queue, seen = [address for address, *_ in READS.values()], set[str]()
    while queue:
        address = queue.pop(0).replace("&amp;", "&")
        if address in seen or address.startswith("/static/"):
            continue
        seen.add(address)
        for method in ("GET", "HEAD"):
            answer = sound(client.open(address, method=method), address)
        answer = client.get(address)
        if answer.mimetype == "text/html":
            queue += LINK.findall(answer.text)
        yield address


def _seen() -> dict[str, object]:
    found: dict[str, object] = dict(db.session.execute(select(SignIn.token_hash, SignIn.seen_at)).all())
    db.session.rollback()
    return found


@pytest.fixture
def busy_office(app, course, learner, other_learner, admin):
    """Everything there is to read: attempts open and graded, certificates valid, revoked and waited for."""
    clients = {role: app.test_client() for role in ("visitor", "learner", "admin")}
    other = sign_in(app.test_client(), other_learner)
    sign_in(clients["learner"], learner)
    sign_in(clients["admin"], admin)
    for client in (clients["learner"], other, clients["admin"]):
        finish(client)
    work()
    for award in db.session.scalars(select(Award.id).order_by(Award.id).limit(2)).all():
        post(clients["admin"], "/admin/certificates", "/admin/certificates/approve", award=award)
    work()
    latest = db.session.scalars(select(Certificate.id).order_by(Certificate.id.desc())).first()
    page = f"/admin/certificates/{latest}"
    db.session.rollback()
    post(clients["admin"], page, f"{page}/revoke", reason="Salah orang")
    start(clients["learner"], "cek")
    return clients
