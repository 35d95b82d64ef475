"""Completed courses and their papers, for tests: rows put in place as learning would have left them."""

from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from app.extensions import db
from courses import clock
from courses.authoring.course import Course
from courses.catalogue.editions import EditionView
from courses.certification.issuing import Issuer, approve, award
from courses.certification.keys import SigningKey
from courses.certification.models import Award, Certificate
from courses.certification.signed import SignedDocument, make_document, mark_issued
from courses.certification.signing import LocalSigner
from courses.learning.enrolling import enrol
from courses.learning.models import Enrolment
from courses.people.persons import NewPerson, create_person
from courses.storage import LocalObjects
from tests.people import Somebody
from tests.services.crowd import writing
from tests.services.editions import course, lesson, published

NOON = datetime(2026, 11, 24, 4, 0, tzinfo=UTC)
ISSUER = Issuer(
    institution="Pemerintah Kota Mataram",
    issuer="BKPSDM Kota Mataram",
    city="Mataram",
    signer_name="Drs. H. Lalu Wirajaya, M.Si.",
    signer_nip="197001011995031001",
    signer_position="Kepala BKPSDM",
    pattern="{klasifikasi}/{urut:05}/{unit}/{bulan_romawi}/{tahun}",
    classification="800.2.3",
    unit="BKPSDM",
    base_url="https://bina.example",
    zone=ZoneInfo("Asia/Makassar"),
)
ARSIP = course("arsip", lesson("satu"))


@dataclass(frozen=True)
class Desk:
    """What signing needs: a signer, its key, and a store."""

    signer: LocalSigner
    key: SigningKey
    objects: LocalObjects

    @classmethod
    def at(cls, signer: LocalSigner, key: SigningKey, folder: Path) -> "Desk":
        """A desk with a store in a folder."""
        return cls(signer, key, LocalObjects(folder))

    def make(self, certificate_id: int) -> SignedDocument | None:
        """Set and sign a document, as the worker does before it writes."""
        with Session(db.engine) as session:
            return make_document(session, certificate_id, (self.signer, self.key, self.objects))

    def issue(self, certificate_id: int) -> bytes:
        """Set, sign and issue a certificate; return its bytes."""
        document = self.make(certificate_id)
        assert document is not None, "it does not wait for a signature"
        writing(lambda session: mark_issued(session, certificate_id, document))
        return self.objects.get(document.sha256)


def completed(person_id: int, what: Course = ARSIP, at: datetime = NOON) -> int:
    """An enrolment of a person that is completed; its id."""
    view = published(what)
    return writing(lambda session: _complete(session, person_id, view, at))


def _complete(session: Session, person_id: int, view: EditionView, at: datetime) -> int:
    enrol(session, person_id, view)
    mine = (Enrolment.person_id == person_id, Enrolment.course_id == view.course_id)
    done = {"completed_at": at, "completed_edition_id": view.id}
    session.execute(update(Enrolment).where(*mine).values(done))
    return session.scalars(select(Enrolment.id).where(*mine)).one()


def earned(who: Somebody, what: Course = ARSIP, at: datetime = NOON) -> int:
    """An award of a person; its id."""
    enrolment_id = completed(who.id, what, at)
    writing(lambda session: award(session, enrolment_id, ISSUER))
    with Session(db.engine) as session:
        return session.scalars(select(Award.id).where(Award.enrolment_id == enrolment_id)).one()


def many_waiting(size: int) -> None:
    """So many awards of as many people, in one transaction."""
    people, view = crowd(size), published(ARSIP)

    def act(session: Session) -> None:
        for who in people:
            award(session, _complete(session, who.id, view, NOON), ISSUER)

    writing(act)


def approved(award_id: int, issuer: Issuer = ISSUER, *, by: int = 0) -> int:
    """The certificate of an award, numbered; its id."""
    return writing(lambda session: approve(session, award_id, issuer, by=by))


def crowd(size: int) -> list[Somebody]:
    """So many people."""

    def act(session: Session) -> list[Somebody]:
        names = [f"Orang {n}" for n in range(size)]
        return [Somebody(create_person(session, NewPerson(name)), name, "", "") for name in names]

    return writing(act)


def paper(certificate_id: int) -> Certificate:
    """The row of a certificate."""
    with Session(db.engine, expire_on_commit=False) as session:
        return session.get_one(Certificate, certificate_id)


def decision(award_id: int) -> Award:
    """The row of an award."""
    with Session(db.engine, expire_on_commit=False) as session:
        return session.get_one(Award, award_id)


def wita(*when: int) -> datetime:
    """A moment where the office is, in UTC."""
    return datetime(*when, tzinfo=clock.WITA).astimezone(UTC)  # type: ignore[arg-type, misc]
