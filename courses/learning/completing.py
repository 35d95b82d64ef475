"""Completing steps. The last one that was missing completes the course, once, and says so in the outbox."""

from datetime import datetime, timedelta

from sqlalchemy import bindparam, select, update
from sqlalchemy.orm import Session

from courses import clock
from courses.asking import Asked, engine_name
from courses.catalogue.editions import EditionView
from courses.catalogue.outline import OutlineStep
from courses.database import insert_if_absent
from courses.errors import Forbidden
from courses.jobs import post
from courses.learning.enrolling import Standing, records_of, records_text
from courses.learning.models import Completion, Enrolment
from courses.learning.progress import Records, open_steps, progress

_ENROLMENT, _COMPLETION = Enrolment.__table__.c, Completion.__table__.c
_HOLD = Asked(
    select(_ENROLMENT.id).where(_ENROLMENT.id == bindparam("enrolment_id")).with_for_update(key_share=True)
)
_RECORDS = Asked(records_text(bindparam("enrolment_id")))


class StepLocked(Forbidden):
    """A step before this one is still to be done."""


class NotALesson(Forbidden):
    """A quiz is done by submitting it, not by saying so."""


class TooSoon(Forbidden):
    """The least time on the page has not passed; `seconds` are left."""

    def __init__(self, seconds: int) -> None:
        super().__init__(seconds=seconds)
        self.seconds = seconds


def require_open(edition: EditionView, step: OutlineStep, records: Records) -> None:
    """Refuse a step that is not open yet.

    Raises:
        StepLocked: it is not.
    """
    if step.id not in open_steps(edition.outline, records):
        raise StepLocked(step=step.id)


def seconds_left(step: OutlineStep, opened_at: datetime, least_seconds: int) -> int:
    """Seconds until a lesson opened at `opened_at` may be done; `least_seconds` where it does not say."""
    least = least_seconds if step.minimum is None else step.minimum
    passed = clock.now() - opened_at
    return max(0, -(-(timedelta(seconds=least) - passed) // timedelta(seconds=1)))


def complete_lesson(
    session: Session, standing: Standing, edition: EditionView, step: OutlineStep, *, left: int
) -> None:
    """Mark a lesson done; twice is once.

    Done again it still looks whether the course is complete: a new edition may ask for less than before.

    Args:
        session: a writing transaction.
        standing: read in the same transaction.
        edition: the current edition of the course.
        step: the lesson.
        left: from `seconds_left`.

    Raises:
        NotALesson: it is a quiz.
        StepLocked: it is not open yet.
        TooSoon: the least time has not passed.
    """
    if step.quiz is not None:
        raise NotALesson(step=step.id)
    require_open(edition, step, standing.records)
    if left > 0 and step.id not in standing.records:
        raise TooSoon(left)
    _record(session, standing, edition, step.id, None)


def record_quiz(
    session: Session, standing: Standing, edition: EditionView, step: OutlineStep, *, passed: bool
) -> None:
    """Record that a quiz was submitted. A pass once recorded is never taken back by a later attempt."""
    graded = step.quiz is not None and step.quiz.graded
    _record(session, standing, edition, step.id, passed if graded else None)


def _record(
    session: Session, standing: Standing, edition: EditionView, step_id: str, passed: bool | None
) -> None:
    values = {
        "enrolment_id": standing.enrolment_id,
        "step_id": step_id,
        "edition_id": edition.id,
        "done_at": clock.now(),
        "passed": passed,
    }
    # Two steps done at the same moment must see each other, or neither would be the last one. On SQLite they
    # cannot be. A weaker lock than the whole row: both may hold the row as a parent already, and would wait
    # for each other forever.
    if engine_name(session) != "sqlite":
        _HOLD.first(session, enrolment_id=standing.enrolment_id)
    fresh = insert_if_absent(session, Completion, values)
    if not fresh and passed:
        session.execute(
            update(Completion)
            .where(Completion.enrolment_id == standing.enrolment_id, Completion.step_id == step_id)
            .where(Completion.passed.is_not(True))
            .values(passed=True, done_at=clock.now(), edition_id=edition.id)
        )
    _settle(session, standing, edition)


def _settle(session: Session, standing: Standing, edition: EditionView) -> None:
    row = _RECORDS.first(session, enrolment_id=standing.enrolment_id)
    assert row is not None  # noqa: S101 - an aggregate has one row
    if not progress(edition.outline, records_of(row[0])).complete:
        return
    completed = session.execute(
        update(Enrolment)
        .where(Enrolment.id == standing.enrolment_id, Enrolment.completed_at.is_(None))
        .values(completed_at=clock.now(), completed_edition_id=edition.id)
    )
    if getattr(completed, "rowcount", 0):
        post(session, "course_completed", enrolment_id=standing.enrolment_id)
