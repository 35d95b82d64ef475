"""A course, and learners who are enrolled in it and do its steps: what tests of learning share."""

from datetime import UTC, datetime
from functools import partial

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.extensions import db
from courses.authoring.course import Course, Order
from courses.catalogue.editions import EditionView, edition
from courses.jobs.models import Outbox
from courses.learning.completing import (
    complete_lesson,
    record_quiz,
)
from courses.learning.enrolling import Standing, enrol, standing
from tests.people import Somebody
from tests.services.crowd import writing
from tests.services.editions import course, exam, lesson, practice, published

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
