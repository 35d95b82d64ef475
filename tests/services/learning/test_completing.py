"""Completing a course: exactly once, whoever comes at the same moment, and no new edition undoes it."""

from dataclasses import replace
from functools import partial

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.extensions import db
from courses import clock
from courses.authoring.course import Order
from courses.learning.models import Completion, Enrolment
from courses.learning.progress import progress
from tests.services.crowd import at_once, second_while_first_is_open, writing
from tests.services.editions import course, exam, lesson, published
from tests.services.learning.learners import (
    FREE,
    NOON,
    completed_events,
    done,
    enrolled,
    read,
    stands,
    took,
)


class TestCompletingCourses:
    def test_the_last_step_completes_the_course_once_and_says_so_once(self, learner):
        view = enrolled(learner)
        done(learner, "satu", "cek", "dua")
        assert (stands(learner).completed_at, completed_events()) == (None, [])
        with clock.pinned(NOON):
            done(learner, "ujian")
        where = stands(learner)
        assert (where.completed_at, completed_events()) == (NOON, [where.enrolment_id])
        done(learner, "ujian", "satu", "cek")
        assert (stands(learner).completed_at, completed_events()) == (NOON, [where.enrolment_id])
        with Session(db.engine) as session:
            assert session.scalars(select(Enrolment.completed_edition_id)).one() == view.id

    def test_a_failed_exam_does_not_complete_a_course_to_be_passed(self, learner):
        enrolled(learner)
        done(learner, "satu", "cek", "dua")
        writing(lambda session: took(session, learner, "ujian", passed=False))
        assert completed_events() == []
        writing(lambda session: took(session, learner, "ujian", passed=True))
        assert len(completed_events()) == 1

    def test_a_failed_exam_completes_a_course_of_taking_part(self, learner):
        enrolled(learner, course("arsip", lesson("satu"), exam("ujian"), kind="keikutsertaan"))
        done(learner, "satu")
        writing(lambda session: took(session, learner, "ujian", passed=False))
        assert len(completed_events()) == 1

    def test_two_last_steps_done_at_the_same_moment_complete_it_once(self, learner):
        enrolled(learner, FREE)
        outcome = second_while_first_is_open(
            lambda session: read(session, learner, "satu", "bebas"),
            lambda session: read(session, learner, "dua", "bebas"),
        )
        assert outcome is None
        assert len(completed_events()) == 1
        assert stands(learner, "bebas").completed_at is not None

    def test_many_last_steps_done_at_once_complete_it_once(self, learner):
        names = [f"langkah-{n}" for n in range(8)]
        enrolled(learner, course("bebas", *map(lesson, names), order=Order.FREE))
        left = iter(names)
        outcomes = at_once(8, lambda session: read(session, learner, next(left), "bebas"))
        assert outcomes == [None] * 8
        assert len(completed_events()) == 1

    def test_the_same_last_step_sent_eight_times_at_once_completes_it_once(self, learner):
        enrolled(learner, FREE)
        done(learner, "satu", slug="bebas")
        assert at_once(8, lambda session: read(session, learner, "dua", "bebas")) == [None] * 8
        assert len(completed_events()) == 1

    def test_a_new_edition_takes_no_completion_back(self, learner):
        enrolled(learner, FREE)
        done(learner, "satu", "dua", slug="bebas")
        published(replace(FREE, parts=(*FREE.parts, lesson("tiga"))))
        where = stands(learner, "bebas")
        assert where.completed_at is not None
        done(learner, "tiga", slug="bebas")
        assert completed_events() == [where.enrolment_id]

    def test_who_has_done_all_that_a_new_edition_asks_completes_it_by_any_step(self, learner):
        enrolled(learner, FREE)
        done(learner, "satu", slug="bebas")
        view = published(replace(FREE, parts=(lesson("satu"),)))
        assert progress(view.outline, stands(learner, "bebas").records).complete
        done(learner, "satu", slug="bebas")
        assert len(completed_events()) == 1

    def test_a_step_that_left_the_course_counts_for_nothing(self, learner):
        enrolled(learner, FREE)
        done(learner, "satu", slug="bebas")
        view = published(replace(FREE, parts=(lesson("dua"), lesson("tiga"))))
        assert progress(view.outline, stands(learner, "bebas").records).percent == 0

    def test_of_two_learners_each_completes_their_own(self, learner, other_learner):
        for who in (learner, other_learner):
            enrolled(who, FREE)
        done(learner, "satu", slug="bebas")
        done(other_learner, "dua", slug="bebas")
        assert completed_events() == []
        assert [stands(who, "bebas").records for who in (learner, other_learner)] == [
            {"satu": None},
            {"dua": None},
        ]
        done(learner, "dua", slug="bebas")
        assert completed_events() == [stands(learner, "bebas").enrolment_id]
        assert stands(other_learner, "bebas").completed_at is None

    def test_a_pass_is_recorded_for_this_quiz_of_this_learner_alone(self, learner, other_learner):
        both = course("arsip", exam("ujian"), exam("lain"), order=Order.FREE)
        for who in (learner, other_learner):
            enrolled(who, both)
            for step in ("ujian", "lain"):
                writing(partial(took, who=who, step=step, passed=False))
        writing(lambda session: took(session, learner, "ujian", passed=True))
        assert stands(learner).records == {"ujian": True, "lain": False}
        assert stands(other_learner).records == {"ujian": False, "lain": False}

    def test_every_row_names_the_edition_it_was_done_under(self, session, learner):
        first = enrolled(learner, FREE)
        done(learner, "satu", slug="bebas")
        second = published(replace(FREE, title="Bebas lagi"))
        done(learner, "dua", slug="bebas")
        rows = session.execute(select(Completion.step_id, Completion.edition_id))
        assert dict(rows.all()) == {"satu": first.id, "dua": second.id}
        assert session.scalar(select(func.count()).select_from(Completion)) == 2
