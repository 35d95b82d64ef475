"""Enrolling and completing: rows that are written once, and a course that is completed exactly once."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import partial

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.extensions import db
from courses import clock
from courses.authoring.course import Course, Order
from courses.catalogue.editions import EditionView, edition
from courses.catalogue.outline import outline_of
from courses.jobs.models import Outbox
from courses.learning.completing import (
    NotALesson,
    StepLocked,
    TooSoon,
    complete_lesson,
    record_quiz,
    require_open,
    seconds_left,
)
from courses.learning.enrolling import NotEnrolled, RequirementsMissing, Standing, enrol, standing, standings
from courses.learning.models import Completion, Enrolment
from courses.learning.progress import progress
from tests.people import Somebody
from tests.services.crowd import at_once, second_while_first_is_open, writing
from tests.services.editions import course, exam, lesson, practice, prepared, published

NOON = datetime(2026, 11, 24, 4, 0, tzinfo=UTC)
ARSIP = course("arsip", lesson("satu"), practice("cek"), lesson("dua"), exam("ujian"))
FREE = course("bebas", lesson("satu"), lesson("dua"), order=Order.FREE)


def enrolled(who: Somebody, what: Course = ARSIP) -> EditionView:
    view = published(what)
    writing(lambda session: enrol(session, who.id, view))
    return view


def stands(who: Somebody, slug: str = "arsip") -> Standing:
    with Session(db.engine) as session:
        return standing(session, who.id, slug)


def read(session: Session, who: Somebody, step: str, slug: str = "arsip", *, left: int = 0) -> None:
    """Mark a lesson done as the edge does: standing, edition and step read in the same transaction."""
    where = standing(session, who.id, slug)
    view = edition(session, where.edition_id)
    found = view.outline.step(step)
    assert found is not None
    complete_lesson(session, where, view, found, left=left)


def took(session: Session, who: Somebody, step: str, slug: str = "arsip", *, passed: bool = True) -> None:
    """Record a submitted quiz."""
    where = standing(session, who.id, slug)
    view = edition(session, where.edition_id)
    found = view.outline.step(step)
    assert found is not None
    record_quiz(session, where, view, found, passed=passed)


def done(who: Somebody, *steps: str, slug: str = "arsip") -> None:
    for step in steps:
        quiz = step in {"cek", "ujian"}
        writing(partial(took if quiz else read, who=who, step=step, slug=slug))


def completed_events() -> list[int]:
    with Session(db.engine) as session:
        rows = session.scalars(select(Outbox.payload).where(Outbox.topic == "course_completed"))
        return [payload["enrolment_id"] for payload in rows]


class TestEnrolling:
    def test_enrolling_twice_is_enrolling_once(self, learner):
        view = published(ARSIP)
        assert [writing(lambda session: enrol(session, learner.id, view)) for _ in range(3)] == [
            True,
            False,
            False,
        ]
        assert stands(learner).records == {}

    def test_enrolling_eight_times_at_once_is_enrolling_once(self, learner):
        view = published(ARSIP)
        outcomes = at_once(8, lambda session: enrol(session, learner.id, view))
        assert sorted(map(str, outcomes)) == ["False"] * 7 + ["True"]

    def test_without_enrolment_course_or_edition_there_is_one_answer(self, learner, other_learner):
        enrolled(learner)
        for who, slug in ((other_learner, "arsip"), (learner, "hilang"), (learner, "")):
            with pytest.raises(NotEnrolled):
                stands(who, slug)

    def test_a_course_that_requires_another_says_which_are_missing(self, learner):
        enrolled(learner, FREE)
        view = published(course("lanjut", lesson("satu"), requires=("bebas", "hilang")))
        with pytest.raises(RequirementsMissing) as refusal:
            writing(lambda session: enrol(session, learner.id, view))
        assert refusal.value.slugs == ("bebas", "hilang")

    def test_a_required_course_must_be_completed_not_only_begun(self, learner, other_learner):
        enrolled(learner, FREE)
        view = published(course("lanjut", lesson("satu"), requires=("bebas",)))
        done(learner, "satu", slug="bebas")
        with pytest.raises(RequirementsMissing):
            writing(lambda session: enrol(session, learner.id, view))
        done(learner, "dua", slug="bebas")
        assert writing(lambda session: enrol(session, learner.id, view)) is True
        with pytest.raises(RequirementsMissing):
            writing(lambda session: enrol(session, other_learner.id, view))

    def test_who_is_enrolled_stays_so_when_a_new_edition_requires_more(self, learner):
        enrolled(learner, FREE)
        view = published(replace(FREE, requires=("hilang",)))
        assert writing(lambda session: enrol(session, learner.id, view)) is False

    def test_a_standing_says_everything_in_one_row(self, learner):
        with clock.pinned(NOON):
            view = enrolled(learner)
            done(learner, "satu", "cek", "dua")
            writing(lambda session: took(session, learner, "ujian", passed=False))
        where = stands(learner)
        assert where.records == {"satu": None, "cek": None, "dua": None, "ujian": False}
        assert (where.slug, where.edition_id, where.enrolled_at, where.completed_at) == (
            "arsip",
            view.id,
            NOON,
            None,
        )

    def test_courses_of_a_person_come_latest_first_and_nobody_elses(self, learner, other_learner):
        with clock.pinned(NOON) as move:
            enrolled(learner)
            move(NOON + timedelta(days=1))
            enrolled(learner, FREE)
            enrolled(other_learner, FREE)
        with Session(db.engine) as session:
            assert [where.slug for where in standings(session, learner.id)] == ["bebas", "arsip"]

    def test_a_standing_follows_the_current_edition_and_keeps_its_records(self, learner):
        enrolled(learner)
        done(learner, "satu")
        second = published(replace(ARSIP, parts=(lesson("baru"), *ARSIP.parts)))
        assert (stands(learner).edition_id, stands(learner).records) == (second.id, {"satu": None})


class TestCompletingLessons:
    def test_done_twice_is_done_once_and_keeps_its_first_time(self, session, learner):
        enrolled(learner)
        with clock.pinned(NOON) as move:
            done(learner, "satu")
            move(NOON + timedelta(hours=1))
            done(learner, "satu")
        row = session.scalars(select(Completion)).one()
        assert (row.step_id, row.done_at, row.passed) == ("satu", NOON, None)

    def test_a_locked_step_is_refused(self, learner):
        enrolled(learner)
        with pytest.raises(StepLocked) as refusal:
            writing(lambda session: read(session, learner, "dua"))
        assert (refusal.value.facts, refusal.value.status) == ({"step": "dua"}, 403)
        assert stands(learner).records == {}

    def test_a_lesson_read_too_fast_is_refused_with_the_seconds_that_are_left(self, learner):
        enrolled(learner)
        with pytest.raises(TooSoon) as refusal:
            writing(lambda session: read(session, learner, "satu", left=12))
        assert refusal.value.seconds == 12
        assert stands(learner).records == {}

    def test_what_is_done_needs_no_time_again(self, learner):
        enrolled(learner)
        done(learner, "satu")
        writing(lambda session: read(session, learner, "satu", left=12))

    @pytest.mark.parametrize("step", ["cek", "ujian"])
    def test_a_quiz_is_not_completed_by_saying_so(self, learner, step):
        enrolled(learner, replace(ARSIP, order=Order.FREE))
        with pytest.raises(NotALesson):
            writing(lambda session: read(session, learner, step))
        assert stands(learner).records == {}

    @pytest.mark.parametrize(
        ("minimum", "usual", "passed", "left"),
        [
            (None, 30, 0, 30),
            (None, 30, 29.2, 1),
            (None, 30, 30, 0),
            (None, 0, 0, 0),
            (180, 30, 179, 1),
            (180, 30, 180, 0),
            (180, 30, 10_000, 0),
            (0, 30, 0, 0),  # the lesson says that it needs none
            (60, 0, 0, 60),
            (None, 30, -5, 35),  # opened by a clock that runs ahead
        ],
    )
    def test_the_least_time_is_the_lessons_own_or_the_usual_one(self, minimum, usual, passed, left):
        said = None if minimum is None else timedelta(seconds=minimum)
        ready = prepared(course("arsip", lesson("satu", minimum=said)))
        [step] = outline_of(ready.course, ready.rendered).steps
        with clock.pinned(NOON):
            assert seconds_left(step, NOON - timedelta(seconds=passed), usual) == left

    def test_in_any_order_everything_is_open(self, learner):
        enrolled(learner, FREE)
        done(learner, "dua", slug="bebas")
        assert stands(learner, "bebas").records == {"dua": None}


class TestRecordingQuizzes:
    @pytest.mark.parametrize(
        ("results", "record"),
        [
            ([False], False),
            ([True], True),
            ([False, True], True),
            ([True, False], True),  # a pass is never taken back
            ([False, False], False),
            ([False, True, False, True], True),
        ],
    )
    def test_a_graded_quiz_is_recorded_by_its_best_result(self, learner, results, record):
        enrolled(learner)
        for passed in results:
            writing(partial(took, who=learner, step="ujian", passed=passed))
        assert stands(learner).records == {"ujian": record}

    @pytest.mark.parametrize("passed", [True, False])
    def test_practice_is_recorded_without_a_result(self, learner, passed):
        enrolled(learner)
        writing(lambda session: took(session, learner, "cek", passed=passed))
        assert stands(learner).records == {"cek": None}

    def test_practice_that_became_graded_can_still_be_passed(self, learner):
        enrolled(learner)
        done(learner, "satu", "cek")
        published(replace(ARSIP, parts=(lesson("satu"), exam("cek"))))
        writing(lambda session: took(session, learner, "cek", passed=False))
        assert stands(learner).records["cek"] is None
        writing(lambda session: took(session, learner, "cek", passed=True))
        assert stands(learner).records["cek"] is True


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


def test_require_open_names_the_step(learner):
    view = enrolled(learner)
    step = view.outline.step("ujian")
    assert step is not None
    with pytest.raises(StepLocked):
        require_open(view, step, {})
    require_open(view, step, {"satu": None, "cek": None, "dua": None})
