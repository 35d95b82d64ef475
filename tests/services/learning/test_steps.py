"""Completing steps: in their order, in their time, once, and a pass is never taken back."""

from dataclasses import replace
from datetime import timedelta
from functools import partial

import pytest
from sqlalchemy import select

from courses import clock
from courses.authoring.course import Order
from courses.catalogue.outline import outline_of
from courses.learning.completing import (
    NotALesson,
    StepLocked,
    TooSoon,
    require_open,
    seconds_left,
)
from courses.learning.models import Completion
from tests.services.crowd import writing
from tests.services.editions import course, exam, lesson, prepared, published
from tests.services.learning.learners import (
    ARSIP,
    FREE,
    NOON,
    done,
    enrolled,
    read,
    stands,
    took,
)


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


def test_require_open_names_the_step(learner):
    view = enrolled(learner)
    step = view.outline.step("ujian")
    assert step is not None
    with pytest.raises(StepLocked):
        require_open(view, step, {})
    require_open(view, step, {"satu": None, "cek": None, "dua": None})
