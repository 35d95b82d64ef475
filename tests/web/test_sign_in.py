"""Signing in: one answer for known and unknown people, and sessions that end at once."""

import pytest
from sqlalchemy import update

from app.extensions import db
from courses import clock
from courses.people.models import Person, SignIn
from courses.people.signing_in import MOST_PER_IDENTIFIER
from tests.people import PASSWORD, fields, sign_in


def _sign_in(client, identifier: str, password: str = PASSWORD, **more):
    page = client.get("/login", query_string=more)
    form = fields(page.text) | {"identifier": identifier, "password": password, **more}
    return client.post("/login", data=form)


@pytest.mark.parametrize(
    "identifier",
    ["198704122011012003", "19870412 201101 2 003", "nurul@example.id", " NURUL@example.id "],
)
def test_a_person_signs_in_by_number_or_mail(client, learner, identifier):
    answer = _sign_in(client, identifier)
    assert answer.status_code == 303
    assert client.get("/me").status_code == 200


def test_a_new_session_at_every_sign_in_and_none_after_signing_out(client, learner):
    _sign_in(client, learner.nip)
    first = client.get_cookie("bina").value
    client.post("/logout", data=fields(client.get("/me").text))
    assert client.get("/me").location.startswith("/login")
    assert db.session.query(SignIn).count() == 0
    client.set_cookie("bina", first)
    assert client.get("/me").location.startswith("/login")


def test_the_token_is_not_in_the_table(client, learner):
    _sign_in(client, learner.nip)
    with client.session_transaction() as cookie:
        assert db.session.query(SignIn).filter_by(token_hash=cookie["_user_id"]).count() == 0


def test_a_disabled_person_is_out_at_once(client, learner):
    sign_in(client, learner)
    assert client.get("/me").status_code == 200
    db.session.execute(update(Person).values(disabled_at=clock.now()))
    db.session.commit()
    assert client.get("/me").status_code == 303
    assert _sign_in(client, learner.nip).status_code == 422


@pytest.mark.parametrize("identifier", ["198704122011012003", "199901012020011001", "nobody@example.id", "x"])
def test_a_refusal_says_nothing_about_who_exists(client, learner, identifier):
    answer = _sign_in(client, identifier, "wrong-password")
    assert answer.status_code == 422
    assert "tidak cocok" in answer.text


@pytest.mark.parametrize("identifier", ["198704122011012003", "nobody@example.id"])
def test_many_failures_close_the_door_for_known_and_unknown_alike(client, learner, identifier):
    for _ in range(MOST_PER_IDENTIFIER):
        assert _sign_in(client, identifier, "wrong-password").status_code == 422
    answer = _sign_in(client, identifier)
    assert answer.status_code == 429
    assert "Terlalu banyak percobaan" in answer.text


def test_an_empty_form_names_its_fields(client, learner):
    answer = _sign_in(client, "", "")
    assert answer.status_code == 422
    assert "Isi NIP atau alamat surel Anda." in answer.text
    assert "Isi kata sandi Anda." in answer.text


@pytest.mark.parametrize(
    ("target", "goes"),
    [
        ("/me", "/me"),
        ("/courses/contoh?a=1", "/courses/contoh?a=1"),
        ("https://evil.example/", "/"),
        ("//evil.example/", "/"),
        ("/\\evil.example", "/"),
        ("/%09/evil.example", "/%09/evil.example"),
        ("\t//evil.example", "/"),
        ("javascript:alert(1)", "/"),
        ("", "/"),
    ],
)
def test_after_signing_in_one_stays_on_this_site(client, learner, target, goes):
    assert _sign_in(client, learner.nip, next=target).location == goes
