"""Lists of awards and certificates: a person's own, and the admin's, paged by key."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from sqlalchemy import select
from sqlalchemy.orm import Session

from courses.catalogue.models import Edition
from courses.certification.models import Award, Certificate
from courses.people.models import Person, Unit

PAGE = 50


@dataclass(frozen=True, slots=True)
class Held:
    """A paper of a person, or the wait for it. `state`: waiting, signing, issued, revoked or declined."""

    title: str
    hours: Decimal
    state: str
    earned_at: datetime
    number: str
    code: str
    issued_on: date | None
    reason: str


@dataclass(frozen=True, slots=True)
class Waiting:
    """An award that waits for approval."""

    id: int
    person_name: str
    unit_name: str
    course_title: str
    completed_at: datetime
    hours: Decimal


@dataclass(frozen=True, slots=True)
class Numbered:
    """A certificate in the admin's list."""

    id: int
    number: str
    person_name: str
    course_title: str
    issued_at: datetime
    state: str
    code: str


def held_by(session: Session, person_id: int) -> list[Held]:
    """Every award of a person with its latest certificate, the newest first."""
    rows = session.execute(
        select(Award, Edition.title, Edition.hours)
        .join(Edition, Edition.id == Award.edition_id)
        .where(Award.person_id == person_id)
        .order_by(Award.id.desc())
    )
    papers: dict[int, Certificate] = {}
    for certificate in session.scalars(
        select(Certificate).where(Certificate.person_id == person_id).order_by(Certificate.id)
    ):
        papers[certificate.award_id] = certificate
    return [_held(found, title, hours, papers.get(found.id)) for found, title, hours in rows]


def hours_in_year(session: Session, person_id: int, year: int) -> Decimal:
    """JP of a person's certificates in force that were issued in a year, where the office is."""
    hours = session.scalars(
        select(Edition.hours)
        .join(Award, Award.edition_id == Edition.id)
        .join(Certificate, Certificate.award_id == Award.id)
        .where(Certificate.person_id == person_id, Certificate.state == "issued", Certificate.year == year)
    )
    return sum(hours, Decimal())


def waiting(session: Session, after: int | None = None) -> Sequence[Waiting]:
    """A page of awards that wait, the oldest first, beginning after the given id."""
    query = (
        select(Award.id, Person.name, Unit.name, Edition.title, Award.earned_at, Edition.hours)
        .join(Person, Person.id == Award.person_id)
        .outerjoin(Unit, Unit.id == Person.unit_id)
        .join(Edition, Edition.id == Award.edition_id)
        .where(Award.state == "waiting")
        .order_by(Award.id)
        .limit(PAGE + 1)
    )
    if after is not None:
        query = query.where(Award.id > after)
    return [Waiting(row[0], row[1], row[2] or "", row[3], row[4], row[5]) for row in session.execute(query)]


def numbered(session: Session, state: str = "", before: int | None = None) -> Sequence[Numbered]:
    """A page of certificates (in a state, if given), the newest first, beginning before the given id."""
    query = (
        select(
            Certificate.id,
            Certificate.number,
            Person.name,
            Edition.title,
            Certificate.numbered_at,
            Certificate.state,
            Certificate.code,
        )
        .join(Award, Award.id == Certificate.award_id)
        .join(Edition, Edition.id == Award.edition_id)
        .join(Person, Person.id == Certificate.person_id)
        .order_by(Certificate.id.desc())
        .limit(PAGE + 1)
    )
    if state:
        query = query.where(Certificate.state == state)
    if before is not None:
        query = query.where(Certificate.id < before)
    return [Numbered(*row) for row in session.execute(query)]


def _held(found: Award, title: str, hours: Decimal, certificate: Certificate | None) -> Held:
    state = certificate.state if certificate else found.state
    return Held(
        title=title,
        hours=hours,
        state=state,
        earned_at=found.earned_at,
        number=certificate.number if certificate and state != "signing" else "",
        code=certificate.code if certificate and state != "signing" else "",
        issued_on=certificate.issued_on if certificate else None,
        reason=(certificate.revoked_why if certificate else found.reason) or "",
    )
