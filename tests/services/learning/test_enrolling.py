"""Enrolling: once, after what is required, and a standing that says everything in one row."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy.orm import Session

from app.extensions import db
from courses import clock
from courses.learning.enrolling import NotEnrolled, RequirementsMissing, enrol, standings
from tests.services.crowd import at_once, writing
from tests.services.editions import course, lesson, published
from tests.services.learning.learners import (
    ARSIP,
    FREE,
    NOON,
    done,
    enrolled,
    stands,
    took,
)


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
