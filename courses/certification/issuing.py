"""Issuing: a completed course becomes an award, an approved award a numbered certificate, and a job signs it.

The content is frozen when the number is taken, in one transaction: a refusal gives the number back, so a
series has no gap. The index on awards decides which of two approvals is the one.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

from sqlalchemy import select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from courses import audit, clock, randomness
from courses.authoring.course import CertificateKind, Issue
from courses.catalogue.editions import EditionView, edition
from courses.certification.document import CertificateContent, ModuleHours, share_hours
from courses.certification.models import Award, Certificate, NumberSequence
from courses.certification.numbering import format_number
from courses.certification.resting import Pace, begins, comes_on
from courses.database import insert_if_absent, violates
from courses.errors import Conflict, NotFound
from courses.jobs import post
from courses.learning.models import Enrolment
from courses.people.models import Person, Unit
from courses.people.persons import current_nip


class AwardNotFound(NotFound):
    """There is no such award."""


class AlreadyIssued(Conflict):
    """The award has a certificate in force."""


class AlreadyDecided(Conflict):
    """Somebody decided about the award before."""


class NumberTaken(Conflict):
    """Another pattern gave a certificate that number before: the pattern in the settings has to change."""


@dataclass(frozen=True, slots=True)
class Issuer:
    """Who issues, as printed, and how numbers are built; `hours_per_day` as in `pace`, 0: no limit."""

    institution: str
    issuer: str
    city: str
    signer_name: str
    signer_nip: str
    signer_position: str
    pattern: str
    classification: str
    unit: str
    base_url: str
    zone: ZoneInfo
    hours_per_day: Decimal = Decimal(0)


def award(session: Session, enrolment_id: int, issuer: Issuer) -> None:
    """Turn a completed enrolment into an award, and at once into a certificate where the course says so.

    A course done in fewer days than its hours want (`pace`) is asked about again on the first day that
    they allow. Idempotent: an enrolment has one award, whoever asks and however often.
    """
    enrolment = session.get(Enrolment, enrolment_id)
    if enrolment is None or enrolment.completed_at is None or enrolment.completed_edition_id is None:
        return
    outline = edition(session, enrolment.completed_edition_id).outline
    day = comes_on(session, enrolment, outline.hours, Pace(issuer.hours_per_day, issuer.zone))
    if day > clock.local_date(clock.now(), issuer.zone):
        post(session, "course_completed", due=begins(day, issuer.zone), enrolment_id=enrolment.id)
        return
    fresh = insert_if_absent(
        session,
        Award,
        {
            "enrolment_id": enrolment.id,
            "person_id": enrolment.person_id,
            "course_id": enrolment.course_id,
            "edition_id": enrolment.completed_edition_id,
            "state": "waiting",
            "earned_at": enrolment.completed_at,
        },
    )
    if fresh and outline.certificate_issue == Issue.AUTOMATIC:
        made = session.scalars(select(Award).where(Award.enrolment_id == enrolment_id)).one()
        approve(session, made.id, issuer, by=audit.SYSTEM)


def approve(session: Session, award_id: int, issuer: Issuer, *, by: int) -> int:
    """Approve an award: number its certificate, freeze what is printed, ask for the signature.

    Args:
        session: a writing transaction.
        award_id: of an award.
        issuer: printed on it.
        by: the person who approves; 0 for the system.

    Returns:
        The id of the certificate.

    Raises:
        AwardNotFound: there is no such award.
        AlreadyIssued: a certificate of it is in force.
        AlreadyDecided: it was declined.
        NumberTaken: the pattern gives a number that another pattern gave before.
    """
    found = session.get(Award, award_id, with_for_update=True)
    if found is None:
        raise AwardNotFound(award=award_id)
    if found.state == "declined":
        raise AlreadyDecided(award=award_id)
    certificate = _numbered(session, found, issuer)
    session.execute(
        update(Award)
        .where(Award.id == award_id)
        .values(state="approved", decided_at=clock.now(), decided_by=by or None)
    )
    audit.record(session, "certificate.approve", ("certificate", certificate.id), actor_id=by, award=award_id)
    post(session, "certificate_numbered", certificate_id=certificate.id)
    return certificate.id


def approve_all(session: Session, award_ids: Iterable[int], issuer: Issuer, *, by: int) -> None:
    """Approve several awards: all of them, or none and the refusal of one; see `approve`.

    They are locked first, in the order of their ids, so that two people who decide about the same ones wait
    for each other instead of forever.
    """
    picked = sorted(set(award_ids))
    session.execute(select(Award.id).where(Award.id.in_(picked)).order_by(Award.id).with_for_update())
    for award_id in picked:
        approve(session, award_id, issuer, by=by)


def decline(session: Session, award_id: int, reason: str, *, by: int) -> None:
    """Decline a waiting award, with a reason the person will read.

    Raises:
        AwardNotFound: there is no such award.
        AlreadyDecided: it is not waiting any more.
    """
    if session.get(Award, award_id) is None:
        raise AwardNotFound(award=award_id)
    declined = session.execute(
        update(Award)
        .where(Award.id == award_id, Award.state == "waiting")
        .values(state="declined", decided_at=clock.now(), decided_by=by, reason=reason)
    )
    if not getattr(declined, "rowcount", 0):
        raise AlreadyDecided(award=award_id)
    audit.record(session, "certificate.decline", ("award", award_id), actor_id=by, reason=reason)


def _numbered(session: Session, found: Award, issuer: Issuer) -> Certificate:
    award_id = found.id  # cannot be asked for any more once the insert was refused
    now = clock.now()
    today = clock.local_date(now, issuer.zone)
    series = f"{issuer.pattern}|{issuer.classification}|{issuer.unit}"
    sequence = _next_number(session, series, today.year)
    number = format_number(
        issuer.pattern,
        sequence=sequence,
        unit=issuer.unit,
        issued_on=today,
        classification=issuer.classification,
    )
    code = randomness.code()
    certificate = Certificate(
        award_id=award_id,
        person_id=found.person_id,
        course_id=found.course_id,
        code=code,
        number=number,
        series=series,
        year=today.year,
        sequence=sequence,
        state="signing",
        content=_content(session, found, issuer, (number, code, now)).to_json(),
        issued_on=today,
        numbered_at=now,
    )
    session.add(certificate)
    try:
        session.flush()
    except IntegrityError as error:
        if violates(error, "uq_certificate_in_force", "certificate.award_id"):
            raise AlreadyIssued(award=award_id) from error
        if violates(error, "uq_certificate_number", "certificate.number"):
            raise NumberTaken(number=number) from error
        raise
    return certificate


def _next_number(session: Session, series: str, year: int) -> int:
    """Take the next number; the row stays locked until the transaction ends, and a rollback gives it back."""
    insert_if_absent(session, NumberSequence, {"series": series, "year": year, "value": 0})
    return session.scalars(
        update(NumberSequence)
        .where(NumberSequence.series == series, NumberSequence.year == year)
        .values(value=NumberSequence.value + 1)
        .returning(NumberSequence.value)
    ).one()


def _content(
    session: Session, found: Award, issuer: Issuer, given: tuple[str, str, datetime]
) -> CertificateContent:
    number, code, now = given
    person = session.get_one(Person, found.person_id)
    unit = session.get(Unit, person.unit_id) if person.unit_id else None
    enrolment = session.get_one(Enrolment, found.enrolment_id)
    view = edition(session, found.edition_id)
    return CertificateContent(
        institution=issuer.institution,
        issuer=issuer.issuer,
        emblem=issuer.city[:1].upper(),
        number=number,
        kind=CertificateKind(view.outline.certificate_kind),
        name=person.name,
        nip=current_nip(session, person.id),
        rank=person.rank,
        grade=person.grade,
        position=person.position,
        unit=unit.name if unit else "",
        title=view.outline.title,
        hours=view.outline.hours,
        begun_on=clock.local_date(enrolment.enrolled_at, issuer.zone),
        completed_on=clock.local_date(found.earned_at, issuer.zone),
        issued_on=clock.local_date(now, issuer.zone),
        city=issuer.city,
        signer_name=issuer.signer_name,
        signer_nip=issuer.signer_nip,
        signer_position=issuer.signer_position,
        verify_address=f"{issuer.base_url}/verify/{code}",
        provider=view.outline.provider,
        partners=view.outline.partners,
        modules=tuple(_modules(view)),
    )


def _modules(view: EditionView) -> Iterator[ModuleHours]:
    """The lines of the second page: modules, and steps that stand in none, with their share of the hours."""
    parts: list[tuple[str, int]] = []
    seen: set[int] = set()
    for step in view.outline.steps:
        if step.module is None:
            parts.append((step.title, step.minutes))
        elif step.module not in seen:
            seen.add(step.module)
            module = view.outline.modules[step.module]
            parts.append((module.title, module.minutes))
    shares: Sequence[Decimal] = share_hours(view.outline.hours, [minutes for _title, minutes in parts])
    for (title, _minutes), hours in zip(parts, shares, strict=True):
        yield ModuleHours(title, hours)
