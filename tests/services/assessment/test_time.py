"""The time of a quiz: the server's, fixed at the start, with a grace; what was saved in time is graded."""

from contextlib import suppress
from dataclasses import replace
from datetime import timedelta
from fractions import Fraction
from functools import partial
from threading import Barrier, BrokenBarrierError

import pytest
from sqlalchemy import text
from sqlalchemy.orm import Session

from app.extensions import db
from courses.assessment import expiring
from courses.assessment.expiring import grade_expired, something_expired
from courses.assessment.taking import (
    held_attempt,
    submit,
)
from courses.authoring.course import Order
from courses.database import begin_writing
from tests.services.assessment.quizzes import (
    GRACE,
    LIMIT,
    NOON,
    RIGHT,
    SECOND,
    arsip,
    begun,
    handed_in,
    saved,
    started,
    tried,
    where,
)
from tests.services.crowd import A_WHILE, at_once, second_while_first_is_open, writing
from tests.services.editions import course, exam, published
from tests.services.engines import only


class TestTime:
    @pytest.mark.parametrize(
        ("later", "late"),
        [
            (LIMIT - SECOND, False),
            (LIMIT, False),
            (LIMIT + GRACE, False),
            (LIMIT + GRACE + SECOND, True),
        ],
    )
    def test_answers_count_until_the_deadline_and_its_grace_and_what_was_saved_counts_after(
        self, learns, at, later, late
    ):
        who = learns(arsip(time=LIMIT))
        begun(who)
        writing(lambda session: saved(session, who, RIGHT, "tahun"))
        at(later)
        done = writing(lambda session: handed_in(session, who, RIGHT))
        assert (done.late, done.earned) == (late, Fraction(1 if late else 3))

    def test_the_deadline_is_fixed_when_the_attempt_starts(self, learns, at):
        who = learns(arsip(time=LIMIT))
        begun(who)
        at(60 * SECOND)
        begun(who)
        published(replace(arsip(time=timedelta(hours=5)), title="Lebih lama"))
        assert tried(who)[0].deadline == NOON + LIMIT

    def test_expired_attempts_are_graded_on_what_was_saved(self, learns, other_learner, at):
        who, other = (
            learns(arsip(time=LIMIT, attempts=2)),
            learns(arsip(time=LIMIT, attempts=2), other_learner),
        )
        for person in (who, other):
            begun(person)
        writing(lambda session: saved(session, who, RIGHT))
        at(LIMIT + GRACE)
        assert _expired() == (False, 0)
        at(LIMIT + GRACE + SECOND)
        assert _expired() == (True, 2)
        assert _expired() == (False, 0)
        assert [attempt.earned for attempt in (*tried(who), *tried(other))] == [3, 0]
        with Session(db.engine) as session:
            assert where(session, who).records == {"ujian": True}
            assert where(session, other).records == {"ujian": False}

    def test_an_attempt_without_answers_is_graded_too(self, learns, at):
        who = learns(arsip(time=LIMIT))
        begun(who)
        at(timedelta(days=1))
        assert _expired() == (True, 1)
        assert (tried(who)[0].earned, tried(who)[0].possible) == (Fraction(0), Fraction(3))

    def test_an_attempt_without_a_limit_never_expires(self, learns, at):
        who = learns(arsip())
        begun(who)
        at(timedelta(days=3650))
        assert _expired() == (False, 0)
        assert tried(who)[0].state == "open"

    def test_two_workers_grade_an_expired_attempt_once(self, learns, at):
        learns(arsip(time=LIMIT))
        who = learns(arsip(time=LIMIT))
        begun(who)
        at(timedelta(days=1))
        outcomes = at_once(4, lambda session: grade_expired(session, GRACE))
        assert sorted(outcomes, key=str) == [0, 0, 0, 1]

    def test_a_submission_and_the_worker_at_the_same_moment_grade_once(self, learns, at):
        who = learns(arsip(time=LIMIT))
        begun(who)
        at(LIMIT + GRACE + SECOND)
        outcome = second_while_first_is_open(
            lambda session: handed_in(session, who, None), lambda session: grade_expired(session, GRACE)
        )
        assert outcome == 0
        assert len(tried(who)) == 1

    @only("postgresql")
    def test_on_postgresql_a_worker_does_not_wait_for_an_attempt_that_is_being_handed_in(
        self, session, learns, at
    ):
        who = learns(arsip(time=LIMIT))
        begun(who)
        at(timedelta(days=1))
        begin_writing(session)
        held_attempt(session, where(session, who), "ujian")

        def impatient(other: Session) -> int:
            other.execute(text("SET LOCAL lock_timeout = '1s'"))
            return grade_expired(other, GRACE)

        assert writing(impatient) == 0

    @only("postgresql")
    def test_two_workers_on_the_same_two_courses_do_not_wait_for_each_other_forever(
        self, learns, other_learner, at, monkeypatch
    ):
        both = course("arsip", exam("ujian", time=LIMIT), exam("lain", time=LIMIT), order=Order.FREE)
        who, other = learns(both), learns(both, other_learner)
        for n, (person, step) in enumerate(
            [(who, "ujian"), (other, "ujian"), (other, "lain"), (who, "lain")]
        ):
            at(n * SECOND)
            writing(partial(started, who=person, step=step))
        at(timedelta(days=1))
        together = Barrier(2)

        def pausing(*args, **kwargs) -> None:
            submit(*args, **kwargs)
            with suppress(BrokenBarrierError):
                together.wait(A_WHILE)

        monkeypatch.setattr(expiring, "submit", pausing)
        assert at_once(2, lambda session: grade_expired(session, GRACE, limit=2)) == [2, 2]

    def test_at_most_so_many_are_graded_in_one_transaction_the_oldest_first(self, learns, other_learner, at):
        who, other = learns(arsip(time=LIMIT)), learns(arsip(time=LIMIT), other_learner)
        begun(other)
        at(SECOND)
        begun(who)
        at(timedelta(days=1))
        assert writing(lambda session: grade_expired(session, GRACE, limit=1)) == 1
        assert [tried(person)[0].state for person in (other, who)] == ["graded", "open"]


def _expired() -> tuple[bool, int]:
    with Session(db.engine) as session:
        something = something_expired(session, GRACE)
    return something, writing(lambda session: grade_expired(session, GRACE))
