"""Taking a quiz: the key stays inside, the server keeps the time, nothing is taken from the client."""

from datetime import timedelta
from fractions import Fraction

import pytest

from app.extensions import db
from courses import clock
from courses.assessment.models import Attempt
from tests.people import fields, sign_in
from tests.web.journeys import enrol, past_minimum, post, right_answers, start, submit, work

QUIZ = "/learn/contoh/quiz"


@pytest.fixture
def reader(client, course, learner):
    sign_in(client, learner)
    enrol(client)
    for lesson in ("arsip", "simpan"):
        past_minimum(client, lesson)
    return client


@pytest.fixture
def examinee(reader):
    start(reader, "cek")
    submit(reader, "cek", {"q-1": "2"})
    past_minimum(reader, "susut")
    return reader


def test_practice_opens_the_next_step_once_submitted(reader):
    assert reader.get("/learn/contoh/susut").status_code == 303
    start(reader, "cek")
    answer = submit(reader, "cek", {"q-1": "9"})
    assert answer.location == f"{QUIZ}/cek/result/1"
    assert reader.get("/learn/contoh/susut").status_code == 200


def test_practice_shows_feedback_at_once(reader):
    page = start(reader, "cek")
    assert "Lihat tabelnya" not in page
    submit(reader, "cek", {"q-1": "9"})
    result = reader.get(f"{QUIZ}/cek/result/1").text
    assert "Lihat tabelnya" in result


def test_an_exam_shows_its_answers_only_after_the_pass(examinee):
    start(examinee, "ujian")
    submit(examinee, "ujian", {})
    failed = examinee.get(f"{QUIZ}/ujian/result/1").text
    assert "0%" in failed
    assert "Belum lulus" in failed
    assert "Penyusutan butuh bukti" not in failed
    page = start(examinee, "ujian")
    submit(examinee, "ujian", right_answers(page, "bank/arsip"))
    passed = examinee.get(f"{QUIZ}/ujian/result/2").text
    assert "100%" in passed
    assert any(words in passed for words in ("Penyusutan butuh bukti", "Pejabat boleh", "Delapan huruf"))


def test_attempts_are_counted(examinee):
    for _ in range(3):
        start(examinee, "ujian")
        submit(examinee, "ujian", {})
    page = examinee.get(f"{QUIZ}/ujian").text
    assert "Semua kesempatan sudah dipakai" in page
    answer = examinee.post(
        f"{QUIZ}/ujian/start", data=fields(examinee.get("/courses/contoh").text) | _operation()
    )
    assert answer.status_code in {400, 403}
    assert db.session.query(Attempt).filter_by(step_id="ujian").count() == 3


def test_one_resumes_where_one_stopped(examinee):
    page = start(examinee, "ujian")
    answers = right_answers(page, "bank/arsip")
    base = f"{QUIZ}/ujian/attempt"
    saved = examinee.post(base, data={**fields(page), "action": "save", **answers})
    assert saved.status_code == 303
    assert "Lanjutkan mengerjakan" in examinee.get(f"{QUIZ}/ujian").text
    again = examinee.get(base).text
    assert db.session.query(Attempt).filter_by(step_id="ujian").count() == 1
    for values in answers.values():
        for value in values if isinstance(values, list) else [values]:
            assert f'value="{value}"' in again
    assert again.count("checked") == sum(len(v) for v in answers.values() if isinstance(v, list))


def test_sent_again_after_the_next_attempt_began_it_gets_its_reply_and_the_next_stays_open(examinee):
    page = start(examinee, "ujian")
    # One choice of the first attempt: the second never gives it out.
    chosen = next(one for one in right_answers(page, "bank/arsip").items() if isinstance(one[1], list))
    form = {**fields(page), "action": "submit", **dict([chosen])}
    first = examinee.post(f"{QUIZ}/ujian/attempt", data=form)
    start(examinee, "ujian")
    again = examinee.post(f"{QUIZ}/ujian/attempt", data=form)
    assert (again.status_code, again.location) == (303, first.location)
    attempts = db.session.query(Attempt).filter_by(step_id="ujian").order_by(Attempt.number)
    assert [(one.state, one.passed) for one in attempts] == [("graded", False), ("open", None)]


def test_time_is_the_servers(examinee):
    page = start(examinee, "ujian")
    answers = right_answers(page, "bank/arsip")
    form = {**fields(page), "action": "submit", **answers}
    with clock.pinned(clock.now() + timedelta(minutes=15, seconds=30)):
        answer = examinee.post(f"{QUIZ}/ujian/attempt", data=form)
    assert answer.location == f"{QUIZ}/ujian/result/1"
    attempt = db.session.query(Attempt).filter_by(step_id="ujian").one()
    assert attempt.earned == 0
    assert attempt.passed is False


def test_a_submission_on_its_way_when_time_ends_is_taken(examinee):
    page = start(examinee, "ujian")
    form = {**fields(page), "action": "submit", **right_answers(page, "bank/arsip")}
    with clock.pinned(clock.now() + timedelta(minutes=15, seconds=5)):
        examinee.post(f"{QUIZ}/ujian/attempt", data=form)
    assert db.session.query(Attempt).filter_by(step_id="ujian").one().passed is True


def test_what_was_saved_is_graded_when_nobody_submits(app, examinee):
    from app.cli.worker import expire

    page = start(examinee, "ujian")
    examinee.post(
        f"{QUIZ}/ujian/attempt", data={**fields(page), "action": "save", **right_answers(page, "bank/arsip")}
    )
    with clock.pinned(clock.now() + timedelta(minutes=16)):
        expire()
    assert db.session.query(Attempt).filter_by(step_id="ujian").one().passed is True


@pytest.mark.parametrize(
    "extra",
    [
        {"score": "100"},
        {"earned": "3"},
        {"passed": "true"},
        {"number": "9"},
        {"person_id": "1"},
        {"state": "graded"},
    ],
)
def test_nothing_a_client_claims_counts(examinee, extra):
    start(examinee, "ujian")
    submit(examinee, "ujian", extra)
    attempt = db.session.query(Attempt).filter_by(step_id="ujian").one()
    assert (attempt.earned, attempt.passed, attempt.number) == (Fraction(0), False, 1)


def test_a_choice_this_attempt_never_gave_out_is_refused_and_nothing_is_graded(examinee):
    page = start(examinee, "ujian")
    form = {**fields(page), "action": "submit", "q-1": "AAAAAAAA", "q-2": "AAAAAAAA", "q-3": "AAAAAAAA"}
    answer = examinee.post(f"{QUIZ}/ujian/attempt", data=form)
    # A text question takes any text; of three drawn from this bank at least one has choices.
    assert answer.status_code == 422
    assert db.session.query(Attempt).filter_by(step_id="ujian").one().state == "open"


def test_passing_the_last_quiz_completes_the_course_and_queues_an_award(examinee, admin):
    page = start(examinee, "ujian")
    submit(examinee, "ujian", right_answers(page, "bank/arsip"))
    work()
    assert "Menunggu persetujuan" in examinee.get("/me").text
    sign_in(examinee, admin)
    assert "Baiq Nurul Aini" in examinee.get("/admin/certificates").text


def test_autosave_answers_in_json_with_the_number_as_read(reader):
    page = start(reader, "cek")
    form = {**fields(page), "action": "save", "q-1": "1.234,50"}
    answer = reader.post(f"{QUIZ}/cek/attempt", data=form, headers={"Accept": "application/json"})
    assert answer.json["read_as"] == {"q-1": "1.234,50"}


def _operation() -> dict[str, str]:
    return {"operation": "0123456789abcdef0123"}


def test_starting_needs_its_own_form(examinee):
    assert post(examinee, f"{QUIZ}/ujian", f"{QUIZ}/ujian/start").location == f"{QUIZ}/ujian/attempt"
