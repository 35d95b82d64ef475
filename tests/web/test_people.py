"""Looking after people in the browser: the list, a person's page, and every act there."""

import re

import pytest
from sqlalchemy import select

from app.extensions import db
from courses.audit.models import AuditEntry
from courses.people.models import AccessEntry, Person, PersonNumber, RoleGrant, SignIn, Unit
from tests.people import PASSWORD, fields, make, sign_in

SITI = {
    "name": "Siti Aminah",
    "nip": "19950505 202012 2 003",
    "email": "Siti@example.id",
    "position": "Guru",
    "unit": "",
}


@pytest.fixture
def desk(client, learner, admin):
    return sign_in(client, admin)


def send(client, page, address, **said):
    """Post a form as it stands on a page."""
    return client.post(address, data={**fields(client.get(page).text), **said})


def one(model, **by):
    db.session.rollback()
    return db.session.query(model).filter_by(**by).one()


def test_the_list_shows_masked_numbers_and_keeps_filters_in_the_address(desk, learner, other_learner):
    page = desk.get("/admin/people?q=nur&state=active").text
    assert "Baiq Nurul Aini" in page
    assert "I Made Sudana" not in page
    assert "1987••••••••••2003" in page
    assert learner.nip not in page
    assert 'value="nur"' in page
    assert '<option value="active" selected>' in page


@pytest.mark.parametrize(
    "query", ["unit=x", "unit=-1", "after=999999", "role=raja", "state=%27", "q=%25", "q=" + "a" * 500]
)
def test_odd_filters_are_no_fault(desk, query):
    assert desk.get(f"/admin/people?{query}").status_code == 200


def test_a_person_is_made_found_and_in_the_trail(desk, admin):
    unit = one(Unit).id
    answer = send(desk, "/admin/people/new", "/admin/people/new", **{**SITI, "unit": str(unit)})
    made = one(Person, name="Siti Aminah")
    assert answer.location == f"/admin/people/{made.id}"
    assert (made.email, made.unit_id, made.password_hash) == ("siti@example.id", unit, None)
    assert one(PersonNumber, person_id=made.id).number == "199505052020122003"
    entry = one(AuditEntry, act="person.create")
    assert (entry.actor_id, entry.subject_id, entry.details) == (admin.id, made.id, {})
    assert "Siti Aminah" in desk.get("/admin/people?q=siti").text


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"name": ""}, "Isi nama lengkap."),
        ({"name": "аdmin"}, "Nama hanya memuat"),
        ({"nip": "123"}, "NIP terdiri atas 18 angka."),
        ({"nip": "", "email": ""}, "Isi NIP, atau surel"),
        ({"email": "siti"}, "Tuliskan alamat surel"),
        ({"nip": "198704122011012003"}, "sudah dimiliki orang lain"),
        ({"nip": "", "email": "NURUL@example.id"}, "sudah dimiliki orang lain"),
        ({"position": "x" * 121}, "Paling banyak 120 karakter."),
    ],
)
def test_a_refused_form_keeps_what_was_typed_and_says_why(desk, wrong, said):
    answer = send(desk, "/admin/people/new", "/admin/people/new", **{**SITI, **wrong, "rank": "Penata"})
    assert answer.status_code == 422
    assert said in answer.text
    assert 'id="problems"' in answer.text
    assert 'value="Penata"' in answer.text
    assert db.session.query(Person).count() == 2


def test_a_new_number_ends_the_old_one_and_both_find(desk, learner):
    page = f"/admin/people/{learner.id}/edit"
    new = {"name": learner.name, "nip": "198704122024212001", "email": learner.email, "unit": ""}
    assert send(desk, page, page, **new).status_code == 303
    ended = one(PersonNumber, number=learner.nip)
    assert ended.ended_at is not None
    assert one(PersonNumber, ended_at=None, person_id=learner.id).number == "198704122024212001"
    shown = desk.get(f"/admin/people/{learner.id}").text
    assert re.search('1987••••••••••2001</strong> <span class="pill">PPPK', shown)
    assert learner.name in desk.get(f"/admin/people?q={learner.nip}").text
    assert {"nip", "unit_id"} <= set(one(AuditEntry, act="person.change").details["fields"])
    back = {**new, "nip": learner.nip}
    assert send(desk, page, page, **back).status_code == 303
    assert one(PersonNumber, number=learner.nip).ended_at is None


def test_disabling_ends_sessions_at_once_and_enabling_lets_in_again(app, desk, learner):
    theirs = sign_in(app.test_client(), learner)
    page = f"/admin/people/{learner.id}"
    assert theirs.get("/me").status_code == 200
    assert send(desk, page, f"{page}/disable").status_code == 303
    assert theirs.get("/me").status_code == 303
    assert db.session.query(SignIn).filter_by(person_id=learner.id).count() == 0
    said = {"identifier": learner.nip, "password": PASSWORD}
    assert send(theirs, "/login", "/login", **said).status_code == 422
    assert send(desk, page, f"{page}/enable").status_code == 303
    assert send(theirs, "/login", "/login", **said).status_code == 303


def test_nobody_shuts_themselves_out(desk, admin, learner):
    answer = send(desk, f"/admin/people/{learner.id}", f"/admin/people/{admin.id}/disable")
    assert answer.status_code == 409
    assert one(Person, id=admin.id).disabled_at is None


def test_a_role_is_given_works_at_once_and_is_taken(app, desk, learner, other_learner):
    page = f"/admin/people/{learner.id}"
    theirs = sign_in(app.test_client(), learner)
    assert theirs.get("/admin/people").status_code == 404
    unit = one(Unit).id
    assert send(desk, page, f"{page}/roles", role="office_admin", unit=str(unit)).status_code == 303
    assert "I Made Sudana" in theirs.get("/admin/people").text
    grant = one(RoleGrant, person_id=learner.id)
    assert send(desk, page, f"{page}/roles/{grant.id}/take").status_code == 303
    assert theirs.get("/admin/people").status_code == 404
    db.session.rollback()
    acts = db.session.scalars(select(AuditEntry.act).where(AuditEntry.subject_id == learner.id)).all()
    assert [act for act in acts if act.startswith("role")] == ["role.grant", "role.take"]


@pytest.mark.parametrize(
    ("said", "status"),
    [
        ({"role": "raja"}, 422),
        ({"role": "office_admin"}, 422),
        ({"role": "office_admin", "unit": "404"}, 404),
        ({"role": "instructor", "course": "404"}, 404),
        ({"role": "instructor", "course": "x"}, 422),
    ],
)
def test_a_role_that_cannot_be_is_refused(desk, learner, said, status):
    page = f"/admin/people/{learner.id}"
    assert send(desk, page, f"{page}/roles", **said).status_code == status
    assert db.session.query(RoleGrant).count() == 1


def test_an_office_admin_does_not_touch_an_admin_of_her_office(client, office_admin, admin):
    sign_in(client, office_admin)
    page = f"/admin/people/{admin.id}"
    form = fields(client.get("/admin/people/new").text)
    assert client.get(page).status_code == 200
    assert "Ubah data" not in client.get(page).text
    for act in ("disable", "edit"):
        answer = client.post(f"{page}/{act}", data={**form, "name": "X", "nip": admin.nip})
        assert answer.status_code == 403
    assert one(Person, id=admin.id).name == admin.name


def test_an_office_admin_makes_people_only_in_her_office(client, office_admin):
    make("Lain", nip="199505052020122009", email="lain@example.id", unit="Dinas Kesehatan")
    other = one(Unit, name="Dinas Kesehatan").id
    db.session.rollback()
    sign_in(client, office_admin)
    answer = send(client, "/admin/people/new", "/admin/people/new", **{**SITI, "unit": str(other)})
    assert answer.status_code == 422
    answer = send(client, "/admin/people/new", "/admin/people/new", **SITI)
    assert answer.status_code == 422


def test_a_look_at_a_page_is_noted(desk, admin, learner):
    desk.get(f"/admin/people/{learner.id}")
    entry = one(AccessEntry)
    assert (entry.actor_id, entry.person_id) == (admin.id, learner.id)
    desk.get("/admin/people/0")
    assert one(AccessEntry)


def test_units_are_added_below_others_and_renamed(desk):
    office = one(Unit).id
    assert send(desk, "/admin/units", "/admin/units", name="SDN 1", parent=str(office)).status_code == 303
    school = one(Unit, name="SDN 1")
    assert school.parent_id == office
    again = send(desk, "/admin/units", "/admin/units", name="SDN 1")
    assert again.status_code == 422
    assert "Sudah ada unit bernama SDN 1." in again.text
    assert send(desk, "/admin/units", "/admin/units", name="SDN 2", unit=str(school.id)).status_code == 303
    assert one(Unit, id=school.id).name == "SDN 2"


def test_a_form_sent_twice_makes_one_person(desk):
    form = {**fields(desk.get("/admin/people/new").text), **SITI}
    first, second = (desk.post("/admin/people/new", data=form) for _ in range(2))
    assert first.location == second.location
    assert db.session.query(Person).filter_by(name="Siti Aminah").count() == 1
