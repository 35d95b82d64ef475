"""The lesson page: few queries, no write, order and least time kept, whole without scripts."""

from datetime import timedelta

import pytest
from sqlalchemy import event

from app.extensions import db
from courses import clock
from courses.catalogue.editions import forget
from courses.learning.models import Completion
from tests.people import fields, sign_in
from tests.web.journeys import enrol, past_minimum, read


@pytest.fixture
def reader(client, course, learner):
    sign_in(client, learner)
    enrol(client)
    return client


@pytest.fixture
def statements(app):
    seen: list[str] = []

    def note(_connection, _cursor, statement, *_):
        if not statement.startswith(("BEGIN", "COMMIT", "ROLLBACK", "PRAGMA")):
            seen.append(statement)

    event.listen(db.engine, "before_cursor_execute", note)
    yield seen
    event.remove(db.engine, "before_cursor_execute", note)


@pytest.mark.parametrize("memory", ["cold", "warm"])
def test_a_view_is_at_most_three_queries_and_no_write(reader, statements, memory):
    reader.get("/learn/contoh/arsip")
    if memory == "cold":
        forget()
    statements.clear()
    assert reader.get("/learn/contoh/arsip").status_code == 200
    assert len(statements) <= 3, statements
    assert all(statement.lstrip().upper().startswith("SELECT") for statement in statements), statements


def test_a_session_seen_long_ago_is_touched_once(reader, statements):
    with clock.pinned(clock.now() + timedelta(minutes=11)):
        statements.clear()
        reader.get("/learn/contoh/arsip")
        reader.get("/learn/contoh/arsip")
    writes = [statement for statement in statements if not statement.lstrip().upper().startswith("SELECT")]
    assert len(writes) == 1
    assert "UPDATE session SET seen_at" in writes[0].replace('"', "")


def test_what_the_author_wrote_is_on_the_page(reader):
    html = reader.get("/learn/contoh/arsip").text
    assert "Arsip adalah rekaman kegiatan." in html
    assert "<table>" in html
    assert "Catatan" in html
    assert "/media/" in html
    assert 'href="/learn/contoh/simpan"' in html


def test_a_step_opens_after_the_one_before(reader):
    assert reader.get("/learn/contoh/susut").status_code == 303
    answer = reader.get("/learn/contoh/simpan")
    assert answer.location == "/learn/contoh/arsip"
    assert read(reader, "arsip").location == "/learn/contoh/simpan"
    assert reader.get("/learn/contoh/simpan").status_code == 200


def test_the_least_time_is_kept_by_the_signed_opening_time(reader):
    read(reader, "arsip")
    form = fields(reader.get("/learn/contoh/simpan").text)
    early = reader.post("/learn/contoh/simpan/done", data=form)
    assert early.status_code == 303
    assert "opened=" in early.location
    page = reader.get(early.location).text
    assert "detik lagi" in page
    with clock.pinned(clock.now() + timedelta(seconds=61)):
        kept = fields(page)
        assert kept["opened"] == form["opened"]
        assert reader.post("/learn/contoh/simpan/done", data=kept).location == "/learn/contoh/quiz/cek"


@pytest.mark.parametrize("opened", ["", "forged", "WzEsMSwic2ltcGFuIiwxXQ.x"])
def test_an_opening_time_that_is_not_ours_counts_as_now(reader, opened):
    read(reader, "arsip")
    form = fields(reader.get("/learn/contoh/simpan").text) | {"opened": opened}
    with clock.pinned(clock.now() + timedelta(minutes=5)):
        assert "opened=" in reader.post("/learn/contoh/simpan/done", data=form).location


def test_an_opening_time_of_another_lesson_does_not_count(reader):
    other = fields(reader.get("/learn/contoh/arsip").text)["opened"]
    read(reader, "arsip")
    form = fields(reader.get("/learn/contoh/simpan").text) | {"opened": other}
    with clock.pinned(clock.now() + timedelta(minutes=5)):
        assert "opened=" in reader.post("/learn/contoh/simpan/done", data=form).location


def test_done_twice_is_done_once(reader):
    form = fields(reader.get("/learn/contoh/arsip").text)
    first = reader.post("/learn/contoh/arsip/done", data=form)
    second = reader.post("/learn/contoh/arsip/done", data=form)
    assert first.location == second.location
    assert db.session.query(Completion).count() == 1


def test_the_same_operation_with_another_body_is_refused(reader):
    form = fields(reader.get("/learn/contoh/arsip").text)
    reader.post("/learn/contoh/arsip/done", data=form)
    assert reader.post("/learn/contoh/arsip/done", data=form | {"more": "x"}).status_code == 409


def test_one_goes_on_where_one_left_off(reader):
    read(reader, "arsip")
    assert reader.get("/learn/contoh/").location == "/learn/contoh/simpan"
    past_minimum(reader, "simpan")
    assert reader.get("/learn/contoh/").location == "/learn/contoh/quiz/cek"


def test_an_unknown_step_answers_404(reader):
    assert reader.get("/learn/contoh/nothing").status_code == 404


def test_somebody_who_is_not_enrolled_is_led_to_the_course(client, course, other_learner):
    sign_in(client, other_learner)
    assert client.get("/learn/contoh/arsip").location == "/courses/contoh"
