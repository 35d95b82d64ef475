"""Handing a quiz in: graded by the server, once, and the step is completed with it."""

from dataclasses import replace
from fractions import Fraction
from functools import partial
from threading import Barrier

import pytest
from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from app.extensions import db
from courses.assessment import planning, taking
from courses.assessment.grading import grade
from courses.assessment.models import Response
from courses.assessment.responses import answers_of, questions_of
from courses.assessment.taking import (
    AttemptClosed,
    Submitted,
    attempts,
    held_attempt,
    mark,
    submit,
)
from courses.authoring.course import NumberAnswers, Order
from courses.learning.completing import record_quiz
from tests.services.assessment.quizzes import (
    GRACE,
    NOON,
    RIGHT,
    SECOND,
    WRONG,
    arsip,
    begun,
    filled,
    handed_in,
    kept,
    saved,
    started,
    tried,
    where,
)
from tests.services.crowd import at_once, second_while_first_is_open, writing
from tests.services.editions import NUMBER, QUESTIONS, course, exam, lesson, practice, published
from tests.services.engines import only


class TestSubmitting:
    @pytest.mark.parametrize(
        ("answers", "only", "earned", "passed"),
        [
            (RIGHT, (), 3, True),
            (WRONG, (), 0, False),
            (RIGHT, ("asli", "tahun"), 2, False),  # 66.67 of 70
            ({}, ("nothing",), 0, False),
        ],
    )
    def test_the_server_grades_and_the_mark_decides(self, learns, at, answers, only, earned, passed):
        who = learns(arsip())
        begun(who)
        at(90 * SECOND)
        done = writing(lambda session: handed_in(session, who, {**RIGHT, **answers}, *only))
        assert done == Submitted(1, Fraction(earned), Fraction(3), passed, False)
        [attempt] = tried(who)
        assert (attempt.state, attempt.submitted_at) == ("graded", NOON + 90 * SECOND)
        assert Submitted(1, attempt.earned or Fraction(0), Fraction(3), passed, False) == done
        assert (attempt.possible, attempt.passed) == (done.possible, passed)

    @pytest.mark.parametrize(("mark", "passed"), [("200/3", True), ("66", True), ("67", False)])
    def test_two_of_three_points_are_exactly_two_thirds(self, learns, mark, passed):
        who = learns(arsip(pass_percent=Fraction(mark)))
        begun(who)
        done = writing(lambda session: handed_in(session, who, RIGHT, "asli", "tahun"))
        assert done.passed is passed

    def test_points_weigh(self, learns):
        heavy = (replace(QUESTIONS[0], points=Fraction(5, 2)), *QUESTIONS[1:])
        who = learns(course("arsip", replace(exam("ujian"), questions=heavy), order=Order.FREE))
        begun(who)
        done = writing(lambda session: handed_in(session, who, RIGHT, "asli"))
        assert (done.earned, done.possible) == (Fraction(5, 2), Fraction(9, 2))

    def test_the_stored_grade_is_what_an_independent_grading_gives(self, learns):
        who = learns(arsip(attempts=0, shuffle_questions=True, shuffle_choices=True))
        for answers in (WRONG, {**RIGHT, "tahun": "3"}, {**WRONG, "pemicu": [0, 1, 2]}, RIGHT):
            begun(who)
            writing(partial(handed_in, who=who, answers=answers))
        with Session(db.engine) as session:
            for attempt in attempts(session, where(session, who), "ujian"):
                plan, given = planning.from_data(attempt.plan), answers_of(session, attempt)
                rows = questions_of(session, attempt, plan)
                shares = [
                    grade(p.type, r.key, given[n], "id").share
                    for n, (p, r) in enumerate(zip(plan, rows, strict=True))
                ]
                assert attempt.earned == sum(shares)
                stored = session.scalars(
                    select(Response.earned)
                    .where(Response.attempt_id == attempt.id)
                    .order_by(Response.position)
                )
                assert stored.all() == shares

    def test_submitted_twice_is_refused_and_graded_once(self, learns):
        who = learns(arsip())
        begun(who)
        writing(lambda session: handed_in(session, who, WRONG))
        with pytest.raises(AttemptClosed) as refusal:
            writing(lambda session: handed_in(session, who, RIGHT))
        assert refusal.value.facts == {"number": 1}
        assert [attempt.earned for attempt in tried(who)] == [0]
        assert kept(who)["tahun"] == {"text": "3"}

    def test_who_saw_it_open_before_another_handed_it_in_is_refused_all_the_same(self, learns):
        who = learns(arsip())
        begun(who)

        def unheld(session: Session) -> Submitted:
            place = where(session, who)
            return submit(session, place, attempts(session, place, "ujian")[-1], None, grace=GRACE)

        outcome = second_while_first_is_open(lambda session: handed_in(session, who, RIGHT), unheld)
        assert isinstance(outcome, AttemptClosed)
        assert [attempt.earned for attempt in tried(who)] == [3]

    def test_of_eight_submissions_at_once_one_is_graded(self, learns):
        who = learns(arsip())
        begun(who)
        outcomes = at_once(8, lambda session: handed_in(session, who, RIGHT))
        assert sorted(type(outcome).__name__ for outcome in outcomes) == ["AttemptClosed"] * 7 + ["Submitted"]
        assert [attempt.earned for attempt in tried(who)] == [3]

    @only("postgresql")
    def test_two_quizzes_handed_in_at_the_same_moment_do_not_hold_each_other_up(self, learns, monkeypatch):
        who = learns(course("arsip", exam("ujian"), exam("lain"), order=Order.FREE))
        for step in ("ujian", "lain"):
            writing(partial(started, who=who, step=step))
        together, steps = Barrier(2), iter(["ujian", "lain"])

        def meeting(*args, **kwargs) -> None:
            together.wait(5)
            record_quiz(*args, **kwargs)

        def hand_in(session: Session) -> bool:
            place = where(session, who)
            attempt = held_attempt(session, place, next(steps))
            return submit(
                session, place, attempt, mark(session, attempt, filled(attempt, RIGHT)), grace=GRACE
            ).passed

        monkeypatch.setattr(taking, "record_quiz", meeting)
        assert at_once(2, hand_in) == [True, True]
        with Session(db.engine) as session:
            assert where(session, who).completed_at is not None

    def test_a_pass_completes_the_step_in_the_same_transaction(self, session, learns):
        who = learns(arsip())
        begun(who)
        writing(lambda session: handed_in(session, who, RIGHT))
        assert where(session, who).records == {"ujian": True}
        assert where(session, who).completed_at is not None

    def test_a_failure_is_recorded_and_a_later_pass_wins(self, learns):
        who = learns(arsip())
        for answers, record in ((WRONG, False), (WRONG, False), (RIGHT, True)):
            begun(who)
            writing(partial(handed_in, who=who, answers=answers))
            with Session(db.engine) as session:
                assert where(session, who).records == {"ujian": record}

    def test_practice_is_done_whatever_was_answered(self, learns):
        who = learns(course("arsip", practice("ujian"), order=Order.FREE))
        begun(who)
        writing(lambda session: handed_in(session, who, WRONG))
        with Session(db.engine) as session:
            assert where(session, who).records == {"ujian": None}

    def test_it_is_graded_by_the_edition_it_was_taken_under(self, learns):
        who = learns(arsip())
        begun(who)
        harder = replace(NUMBER, answers=NumberAnswers(()))
        published(course("arsip", replace(exam("ujian"), questions=(harder,)), order=Order.FREE))
        assert writing(lambda session: handed_in(session, who, RIGHT)).earned == 3

    def test_it_counts_though_the_quiz_left_the_course_meanwhile(self, learns):
        who = learns(arsip())
        begun(who)
        published(course("arsip", lesson("satu"), order=Order.FREE))
        assert writing(lambda session: handed_in(session, who, RIGHT)).passed
        with Session(db.engine) as session:
            assert where(session, who).records == {"ujian": True}


def test_a_dropped_response_is_graded_as_unanswered(learns):
    who = learns(arsip())
    begun(who)
    writing(lambda session: saved(session, who, RIGHT))
    writing(lambda session: session.execute(delete(Response).where(Response.position == 0)))
    assert writing(lambda session: handed_in(session, who, None)).earned == 2
