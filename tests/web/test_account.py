"""A person's account in the browser: what is kept, how pages look, the password, sessions, who looked."""

import re

import pytest

from app.account import own
from app.extensions import db
from courses.audit.models import AuditEntry
from courses.database import begin_writing
from courses.people import access
from courses.people.access import note_access
from courses.people.models import AccessEntry, Person, SignIn, SignInFailure
from courses.people.signing_in import MOST_PER_IDENTIFIER
from tests.people import PASSWORD, fields, sign_in
from tests.web.hostile import changed, tables

NEW = "kopi pagi di Ampenan"
PHONE = "Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 Chrome/131.0.0.0 Mobile Safari/537.36"


@pytest.fixture
def mine(client, learner):
    return sign_in(client, learner)


def send(client, address, **said):
    return client.post(address, data={**fields(client.get("/account").text), **said})


def signs_in(client, learner, password, agent=PHONE):
    form = fields(client.get("/login").text) | {"identifier": learner.nip, "password": password}
    return client.post("/login", data=form, headers={"User-Agent": agent}).status_code == 303


def test_what_the_office_keeps_is_shown_to_its_person_and_cannot_be_sent(mine, learner):
    page = mine.get("/account").text
    for words in (learner.name, "19870412 201101 2 003", learner.email, "Dinas Pendidikan", "Guru Ahli Muda"):
        assert words in page
    before = tables()
    send(mine, "/account/display", language="id", theme="", name="Raja", email="x@example.id", unit="1")
    assert "person" not in changed(before)


def test_a_theme_is_chosen_and_holds_on_every_page_and_device(app, client, mine, course, learner):
    lesson = "/courses/contoh"
    assert 'data-theme=""' in mine.get(lesson).text
    assert send(mine, "/account/display", language="id", theme="dark").status_code == 303
    other = sign_in(app.test_client(), learner)
    for browser in (mine, other):
        for page in ("/", lesson, "/account", "/nowhere"):
            assert '<html lang="id" data-theme="dark">' in browser.get(page).text
    assert re.search(r'value="dark" checked', mine.get("/account").text)
    send(mine, "/account/display", language="id", theme="")
    assert 'data-theme=""' in other.get(lesson).text
    assert "data-theme" not in app.test_client().get(lesson).text


def test_a_kept_page_has_the_theme_of_its_reader_alone(app, mine, course, other_learner):
    send(mine, "/account/display", language="id", theme="dark")
    theirs = sign_in(app.test_client(), other_learner)
    for _ in range(2):
        assert 'data-theme="dark"' in mine.get("/courses/").text
        assert 'data-theme=""' in theirs.get("/courses/").text


def test_a_language_is_chosen_for_the_person_and_overrules_what_this_device_had(app, mine, learner):
    mine.get("/language/id")
    answer = send(mine, "/account/display", language="en", theme="")
    assert answer.status_code == 303
    assert '<html lang="en"' in mine.get("/account").text
    assert '<html lang="en"' in sign_in(app.test_client(), learner).get("/account").text


@pytest.mark.parametrize("said", [{"language": "xx"}, {"language": "id", "theme": "sepia"}, {}])
def test_what_pages_cannot_be_is_refused_and_changes_nothing(mine, said):
    before = tables()
    assert send(mine, "/account/display", **said).status_code == 422
    assert changed(before) == set()


def test_a_new_password_for_the_old_one_ends_every_other_session(app, mine, learner):
    other = app.test_client()
    assert signs_in(other, learner, PASSWORD)
    answer = send(mine, "/account/password", old=PASSWORD, new=NEW)
    assert (answer.status_code, answer.location) == (303, "/account")
    assert "sudah diganti" in mine.get("/account").text
    assert other.get("/me").status_code == 303
    assert not signs_in(other, learner, PASSWORD)
    assert signs_in(other, learner, NEW)
    assert db.session.query(AuditEntry).filter_by(act="person.password", actor_id=learner.id).count() == 1


def test_sent_twice_it_is_one_change_and_one_answer(mine, learner):
    form = {**fields(mine.get("/account").text), "old": PASSWORD, "new": NEW}
    first, second = (mine.post("/account/password", data=form) for _ in range(2))
    assert (first.status_code, first.location) == (second.status_code, second.location) == (303, "/account")
    assert db.session.query(AuditEntry).filter_by(act="person.password").count() == 1


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("bukan-ini", NEW, "tidak cocok"),
        ("", NEW, "Isi kata sandi Anda sekarang."),
        (PASSWORD, "", "Isi kata sandi baru."),
        (PASSWORD, "pendek", "Paling sedikit 10 karakter"),
        (PASSWORD, "x" * 201, "Paling banyak 200 karakter"),
        (PASSWORD, "198704122011012003", "Jangan gunakan nama"),
        (PASSWORD, "nurul@example.id", "Jangan gunakan nama"),
    ],
)
def test_a_refused_change_says_where_and_changes_nothing(mine, learner, old, new, said):
    before = db.session.get_one(Person, learner.id).password_hash
    db.session.rollback()
    answer = send(mine, "/account/password", old=old, new=new)
    assert answer.status_code == 422
    assert said in answer.text
    assert 'id="problems"' in answer.text
    db.session.rollback()
    assert db.session.get_one(Person, learner.id).password_hash == before
    assert db.session.query(SignIn).count() == 1


def test_guessing_the_old_password_is_stopped_and_signing_in_is_not(app, mine, learner):
    said = [send(mine, "/account/password", old="bukan-ini", new=NEW) for _ in range(MOST_PER_IDENTIFIER + 1)]
    assert [one.status_code for one in said] == [422] * MOST_PER_IDENTIFIER + [429]
    assert "Terlalu banyak percobaan" in said[-1].text
    assert send(mine, "/account/password", old=PASSWORD, new=NEW).status_code == 429
    assert db.session.query(SignInFailure).count() == MOST_PER_IDENTIFIER
    db.session.rollback()
    assert signs_in(app.test_client(), learner, PASSWORD)


def test_sessions_are_known_by_their_device_and_end_at_once(app, mine, learner):
    other = app.test_client()
    assert signs_in(other, learner, PASSWORD)
    page = mine.get("/account").text
    assert "Chrome, Android" in page
    assert "Perangkat tidak dikenal" in page  # the one at hand, which came without a name
    (end,) = re.findall(r'action="(/account/sessions/[0-9a-f]{64}/end)"', page)
    assert send(mine, end).status_code == 303
    assert other.get("/me").status_code == 303
    assert mine.get("/me").status_code == 200
    assert send(mine, end).status_code == 303  # ended is ended


def test_nobody_ends_anothers_session(app, mine, other_learner):
    theirs = sign_in(app.test_client(), other_learner)
    name = db.session.query(SignIn.token_hash).filter_by(person_id=other_learner.id).scalar()
    db.session.rollback()
    send(mine, f"/account/sessions/{name}/end")
    send(mine, "/account/sessions/end")
    assert theirs.get("/me").status_code == 200


def test_all_others_end_with_one_press(app, mine, learner):
    others = [app.test_client() for _ in range(2)]
    assert all(signs_in(one, learner, PASSWORD) for one in others)
    assert send(mine, "/account/sessions/end").status_code == 303
    assert [one.get("/me").status_code for one in others] == [303, 303]
    assert "Akhiri semua sesi lain" not in mine.get("/account").text


def test_who_looked_is_told_to_the_person_alone_page_by_page(
    app, mine, learner, other_learner, admin, monkeypatch
):
    for module in (access, own):
        monkeypatch.setattr(module, "PAGE", 2)
    desk = sign_in(app.test_client(), admin)
    assert "Belum ada yang melihat" in mine.get("/account/looks").text
    for _ in range(3):
        desk.get(f"/admin/people/{learner.id}")
    first = mine.get("/account/looks").text
    assert first.count(admin.name) == 2
    (after,) = re.findall(r'href="(/account/looks\?before=\d+)"', first)
    assert mine.get(after).text.count(admin.name) == 1
    theirs = sign_in(app.test_client(), other_learner)
    assert admin.name not in theirs.get("/account/looks").text
    begin_writing(db.session())
    note_access(db.session(), learner.id, learner.id)
    db.session.commit()
    assert "Anda sendiri" in mine.get("/account/looks").text


def test_a_look_at_ones_own_account_is_no_look(mine):
    mine.get("/account")
    mine.get("/account/looks")
    assert db.session.query(AccessEntry).count() == 0
