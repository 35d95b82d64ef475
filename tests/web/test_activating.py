"""A code leads to a password, once; and a forgotten password to a new code."""

import re
from datetime import timedelta

import pytest

from app.extensions import db
from courses import clock
from courses.people.models import ActivationCode, Person, Unit
from tests.people import fields, sign_in
from tests.web.test_people import send

PASSWORD = "kopi pagi di Ampenan"
CODE = re.compile(r"</span>([0-9a-z]{4}-[0-9a-z]{4}-[0-9a-z]{4})</p>")


@pytest.fixture
def code(app, learner, admin) -> str:
    desk = sign_in(app.test_client(), admin)
    page = f"/admin/people/{learner.id}"
    answer = send(desk, page, f"{page}/code")
    assert answer.status_code == 201
    return CODE.findall(answer.text)[0]


def activate(client, learner, code, password=PASSWORD):
    said = {"identifier": learner.nip, "code": code, "password": password}
    return send(client, "/activate", "/activate", **said)


def test_a_code_leads_to_a_password_and_in_and_only_once(app, client, learner, code):
    typed = code.upper().replace("-", " ").replace("1", "l")
    assert activate(client, learner, typed).status_code == 303
    assert client.get("/me").status_code == 200
    other = app.test_client()
    assert activate(other, learner, code).status_code == 422
    assert send(other, "/login", "/login", identifier=learner.nip, password=PASSWORD).status_code == 303


def test_a_new_code_ends_sessions_the_password_and_the_code_before(app, client, learner, admin, code):
    assert activate(client, learner, code).status_code == 303
    desk, page = sign_in(app.test_client(), admin), f"/admin/people/{learner.id}"
    first, second = (CODE.findall(send(desk, page, f"{page}/code").text)[0] for _ in range(2))
    assert client.get("/me").status_code == 303
    other = app.test_client()
    assert send(other, "/login", "/login", identifier=learner.nip, password=PASSWORD).status_code == 422
    assert activate(other, learner, first).status_code == 422
    assert activate(other, learner, second).status_code == 303


def test_the_table_knows_no_code(code):
    assert code not in str(vars(db.session.query(ActivationCode).one()))


@pytest.mark.parametrize(
    ("password", "said"),
    [
        ("pendek", "Paling sedikit 10 karakter"),
        ("x" * 201, "Paling banyak 200 karakter"),
        ("198704122011012003", "Jangan gunakan nama"),
        ("baiq nurul aini spd", "Jangan gunakan nama"),
    ],
)
def test_a_weak_password_spends_no_code(client, learner, code, password, said):
    answer = activate(client, learner, code, password)
    assert answer.status_code == 422
    assert said in answer.text
    assert activate(client, learner, code).status_code == 303


def test_a_code_ends_after_thirty_days_and_with_the_account(client, learner, code):
    with clock.pinned(clock.now() + timedelta(days=30)):
        assert activate(client, learner, code).status_code == 422
    db.session.query(Person).filter_by(id=learner.id).update({"disabled_at": clock.now()})
    db.session.commit()
    assert activate(client, learner, code).status_code == 422


def test_another_persons_code_is_refused_and_guessing_is_stopped(client, other_learner, code):
    seen = [activate(client, other_learner, code).status_code for _ in range(9)]
    assert seen == [422] * 8 + [429]


def test_a_sheet_has_a_code_for_each_who_waits_and_a_second_sheet_none(client, office_admin, learner):
    db.session.query(Person).filter_by(id=learner.id).update({"password_hash": None})
    db.session.commit()
    unit = str(db.session.query(Unit.id).scalar())
    db.session.rollback()
    sign_in(client, office_admin)
    form = {**fields(client.get("/admin/people/codes").text), "unit": unit}
    sheet = client.post("/admin/people/codes", data=form)
    assert sheet.status_code == 201
    assert len(CODE.findall(sheet.text)) == 1
    assert "Baiq Nurul Aini" in sheet.text
    again = client.post("/admin/people/codes", data=form)
    assert again.location.endswith("/admin/people/codes")
    assert CODE.findall(send(client, "/admin/people/codes", "/admin/people/codes", unit=unit).text) == []
