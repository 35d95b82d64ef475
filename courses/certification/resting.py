"""Courses that are done but whose certificate has to wait for the days that its hours want (`pace`)."""

from dataclasses import dataclass
from datetime import date, datetime, time
from decimal import Decimal
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from courses import clock
from courses.assessment.models import Attempt
from courses.catalogue.models import Edition
from courses.certification.models import Award
from courses.certification.pace import earliest
from courses.learning.models import Completion, Enrolment


@dataclass(frozen=True, slots=True)
class Pace:
    """How many JP count a day (0: no limit), and the zone in which days are counted."""

    per_day: Decimal
    zone: ZoneInfo


@dataclass(frozen=True, slots=True)
class Resting:
    """A completed course whose certificate comes on a later day."""

    title: str
    hours: Decimal
    comes_on: date


def comes_on(session: Session, enrolment: Enrolment, hours: Decimal, pace: Pace) -> date:
    """The first day on which the certificate of a completed enrolment may be made."""
    assert enrolment.completed_at is not None  # noqa: S101 - only completed enrolments are asked about
    completed_on = clock.local_date(enrolment.completed_at, pace.zone)
    if pace.per_day <= 0:
        return completed_on
    done = session.scalars(select(Completion.done_at).where(Completion.enrolment_id == enrolment.id))
    tried = session.scalars(select(Attempt.submitted_at).where(Attempt.enrolment_id == enrolment.id))
    moments = [*done, *(moment for moment in tried if moment is not None)]
    return earliest(hours, pace.per_day, {clock.local_date(one, pace.zone) for one in moments}, completed_on)


def begins(day: date, zone: ZoneInfo) -> datetime:
    """The moment at which a day begins where the office is."""
    return datetime.combine(day, time(), zone)


def resting(session: Session, person_id: int, pace: Pace) -> list[Resting]:
    """The completed courses of a person that have no award yet because their day has not come."""
    if pace.per_day <= 0:
        return []
    rows = session.execute(
        select(Enrolment, Edition.title, Edition.hours)
        .join(Edition, Edition.id == Enrolment.completed_edition_id)
        .outerjoin(Award, Award.enrolment_id == Enrolment.id)
        .where(Enrolment.person_id == person_id, Award.id.is_(None))
        .order_by(Enrolment.completed_at)
    )
    today = clock.local_date(clock.now(), pace.zone)
    found = [Resting(title, hours, comes_on(session, one, hours, pace)) for one, title, hours in rows]
    return [one for one in found if one.comes_on > today]
