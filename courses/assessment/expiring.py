"""Attempts whose time ran out and that nobody submitted: graded on what was saved."""

from datetime import timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from courses import clock
from courses.assessment.models import Attempt
from courses.assessment.taking import OPEN, submit
from courses.catalogue.models import CourseRow
from courses.learning.enrolling import standing
from courses.learning.models import Enrolment


def something_expired(session: Session, grace: timedelta) -> bool:
    """Whether an open attempt ended longer ago than the grace, without locking anything."""
    ended = select(Attempt.id).where(Attempt.state == OPEN, Attempt.deadline < clock.now() - grace).limit(1)
    return session.scalar(ended) is not None


def grade_expired(session: Session, grace: timedelta, limit: int = 50) -> int:
    """Grade the attempts that ended longer ago than the grace, oldest first; return how many."""
    rows = session.execute(
        select(Attempt, Enrolment.person_id, CourseRow.slug)
        .join(Enrolment, Enrolment.id == Attempt.enrolment_id)
        .join(CourseRow, CourseRow.id == Enrolment.course_id)
        .where(Attempt.state == OPEN, Attempt.deadline < clock.now() - grace)
        .order_by(Attempt.deadline)
        .limit(limit)
        .with_for_update(of=Attempt, skip_locked=True)
    ).all()
    # Enrolments are locked in one order, so that two workers wait for each other instead of forever.
    for attempt, person_id, slug in sorted(rows, key=lambda row: row[0].enrolment_id):
        submit(session, standing(session, person_id, slug), attempt, None, grace=grace)
    return len(rows)
