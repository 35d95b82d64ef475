"""A forgotten password by mail: a real mail server gets the letter from the worker; its link works once."""

import re
import socket
from datetime import timedelta

import pytest
from aiosmtpd.controller import Controller

from app.extensions import db
from courses import clock
from courses.audit.models import AuditEntry
from courses.jobs.models import Outbox
from courses.notices import SmtpMailer, server_at
from courses.people.models import PasswordReset, Person
from courses.people.resetting import MOST_PER_IDENTIFIER
from tests.people import PASSWORD, fields, sign_in
from tests.web.hostile import changed, tables
from tests.web.journeys import work

NEW = "kopi pagi di Ampenan"
LINK = re.compile(r"https?://[^/\s]+(/reset/[\w-]{43})\s")


class Inbox:
    """What a mail server got; `says` is what it answers to a letter."""

    def __init__(self):
        self.letters, self.says = [], "250 OK"

    async def handle_DATA(self, _server, _session, envelope):  # noqa: N802 - aiosmtpd's name
        if self.says.startswith("250"):
            self.letters.append((envelope.rcpt_tos, envelope.content.decode()))
        return self.says


@pytest.fixture
def inbox(app, monkeypatch):
    found = Inbox()
    with socket.create_server(("127.0.0.1", 0)) as trial:
        port = trial.getsockname()[1]
    controller = Controller(found, hostname="127.0.0.1", port=port)
    controller.start()
    mailer = SmtpMailer(server_at(f"smtp://127.0.0.1:{port}"), "bina@example.go.id")
    monkeypatch.setitem(app.extensions["bina"].__dict__, "mailer", mailer)
    yield found
    controller.stop()


def ask(client, identifier):
    form = fields(client.get("/forgot").text) | {"identifier": identifier}
    return client.post("/forgot", data=form)


def link(inbox) -> str:
    return LINK.findall(inbox.letters[-1][1].replace("=\r\n", ""))[0]


def choose(client, address, password=NEW):
    form = fields(client.get(address).text) | {"password": password}
    return client.post(address, data=form)


def signs_in(client, who, password):
    form = fields(client.get("/login").text) | {"identifier": who.nip, "password": password}
    return client.post("/login", data=form).status_code == 303


def test_a_letter_leads_to_a_new_password_once_and_ends_every_session(app, client, inbox, learner):
    mine = sign_in(app.test_client(), learner)
    assert ask(client, learner.email).status_code == 303
    assert inbox.letters == []  # nobody waited for a mail server
    work()
    assert [to for to, _ in inbox.letters] == [[learner.email]]
    address = link(inbox)
    for _ in range(2):
        assert client.get(address).status_code == 200  # looking spends nothing
    assert choose(client, address).status_code == 303
    assert client.get("/me").status_code == 200
    assert mine.get("/me").status_code == 303
    other = app.test_client()
    spent = fields(other.get("/login").text) | {"password": "lain lagi di Ampenan"}
    assert other.get(address).status_code == other.post(address, data=spent).status_code == 404
    assert not signs_in(other, learner, PASSWORD)
    assert signs_in(other, learner, NEW)
    assert db.session.query(AuditEntry).filter_by(act="person.reset", actor_id=learner.id).count() == 1


def test_known_and_unknown_get_one_answer_and_write_the_same_rows(client, inbox, learner):
    answers, wrote = [], []
    for identifier in (learner.email, learner.nip, "nobody@example.id", "199901012020011001"):
        before = tables()
        answer = ask(client, identifier)
        answers.append((answer.status_code, answer.location, client.get("/login").text.count("surel, kami")))
        wrote.append(changed(before))
    assert set(answers) == {(303, "/login", 1)}
    assert all(one == {"password_reset", "outbox"} for one in wrote)
    work()
    assert len(inbox.letters) == 2


def test_neither_the_token_nor_what_was_typed_is_in_a_table(client, inbox, learner):
    ask(client, learner.email)
    work()
    token = link(inbox).rpartition("/")[2]
    rows = [str(vars(row)) for model in (PasswordReset, Outbox) for row in db.session.query(model)]
    assert len(rows) == 2
    assert not any(token in row or learner.email in row for row in rows)


@pytest.mark.parametrize("change", [{"disabled_at": True}, {"password_hash": None}, {"email": None}])
def test_who_may_not_sign_in_or_has_a_code_gets_no_letter(client, inbox, learner, change):
    values = {name: clock.now() if value else None for name, value in change.items()}
    db.session.query(Person).filter_by(id=learner.id).update(values)
    db.session.commit()
    assert ask(client, learner.nip).status_code == 303
    work()
    assert inbox.letters == []


def test_a_link_is_over_after_an_hour(client, inbox, learner):
    ask(client, learner.email)
    work()
    with clock.pinned(clock.now() + timedelta(hours=1, seconds=1)):
        assert client.get(link(inbox)).status_code == 404


@pytest.mark.parametrize("identifier", ["nurul@example.id", "nobody@example.id"])
def test_asking_too_often_is_stopped_for_known_and_unknown_alike(client, inbox, learner, identifier):
    said = [ask(client, identifier).status_code for _ in range(MOST_PER_IDENTIFIER + 1)]
    assert said == [303] * MOST_PER_IDENTIFIER + [429]


def test_a_weak_password_spends_no_link(client, inbox, learner):
    ask(client, learner.email)
    work()
    assert choose(client, link(inbox), "pendek").status_code == 422
    assert choose(client, link(inbox)).status_code == 303


def test_a_server_that_refuses_for_now_gets_the_letter_later_and_no_address_is_told(client, inbox, learner):
    inbox.says = f"451 {learner.email} later"
    ask(client, learner.email)
    work()
    job = db.session.query(Outbox).one()
    assert job.done_at is None
    assert job.trouble
    assert learner.email not in job.trouble
    inbox.says = "250 OK"
    with clock.pinned(clock.now() + timedelta(minutes=5)):
        work()
    assert len(inbox.letters) == 1
